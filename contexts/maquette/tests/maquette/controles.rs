//! Modalities of assessment, on both engines: read from Kofr, compared, undone, answered.

use crate::banc::{Banc, annee, liste, migrations, offre};
use contracts::maquette::{Controle, Offre};
use jobs::Progress;
use kernel::{Actor, Centi};
use maquette::actions::annuler::{demander, executer};
use maquette::actions::offrir::OffreMaquette;
use maquette::domain::Portee;
use serde_json::{Value, json};

const OUVERTS: &str = "SELECT COUNT(*) FROM maquette_controle WHERE ferme_le IS NULL";

/// A Kofr that speaks of the first element, and of one that Apogée does not know.
fn kofr(banc: &Banc, mccc: Value) {
    let etape =
        json!({ "id": "k1", "code_etape": "L1DRO", "version_etape": "1", "libelle": "L1 Droit", "rang": 1 });
    let mut detail = etape.clone();
    detail["blocs"] = json!([{ "id": "b1", "libelle": "UE", "type": "O", "elements": [
        { "id": "e1", "code_elp": "E000", "nature": "UE", "libelle": "Élément n° 0", "rang": 1, "mccc": mccc },
        { "id": "e2", "code_elp": "ZZZ", "nature": "UE", "libelle": "Inconnu", "rang": 2, "mccc": mccc },
    ] }]);
    let maquettes =
        json!([{ "annee_debut": 2019, "annee_fin": 2023, "libelle": "2019–2024", "etat": "active" }]);
    let formations = json!([{ "id": "f1", "libelle": "Licence Droit", "regimes": [], "etapes": [etape] }]);
    banc.rest.lock().unwrap().extend([
        ("api/v1/maquettes".to_owned(), liste(maquettes)),
        ("api/v1/maquettes/2019/formations".to_owned(), liste(formations)),
        ("api/v1/maquettes/2019/etapes/k1".to_owned(), Some(detail)),
    ]);
}

fn trois() -> Value {
    json!([
        { "session": 1, "nature": "écrit", "duree_minutes": 180, "coefficient": "2" },
        { "session": "2", "nature": "oral", "duree_minutes": 0, "coefficient": "0.50" },
        { "session": "1", "nature": "dossier", "duree_minutes": null, "coefficient": null },
    ])
}

async fn lus(offreur: &OffreMaquette) -> Vec<Controle> {
    let mut lus = offreur.elements(annee(2023), &["E000".into()]).await.unwrap();
    lus.pop().unwrap().controles
}

fn controle(session: u8, nature: &str, duree_min: Option<u32>, coefficient: Option<i64>) -> Controle {
    Controle { session, nature: nature.into(), duree_min, coefficient: coefficient.map(Centi) }
}

testkit::db_test!(they_are_kept_by_session_compared_and_undone, &migrations(), |db| async move {
    let (banc, offreur) = (Banc::new(db.clone()).await, OffreMaquette::new(&db));
    banc.dire(|d| d.structure = offre(3));
    kofr(&banc, trois());
    banc.collecter(Portee::Offre).await;
    let ecrit = controle(1, "écrit", Some(180), Some(200));
    let (dossier, oral) = (controle(1, "dossier", None, None), controle(2, "oral", Some(0), Some(50)));
    let tous = [ecrit, dossier.clone(), oral.clone()];
    assert_eq!(lus(&offreur).await, tous, "by session, then as Kofr orders them; zero is a value");
    assert_eq!(banc.compter(OUVERTS).await, 3, "of what Apogée does not know, nothing");

    let r = banc.collecter(Portee::Offre).await;
    assert_eq!((r.ajoutes, r.modifies, r.fermes), (0, 0, 0), "unchanged");

    let mut change = trois();
    change[0]["duree_minutes"] = 240.into();
    change.as_array_mut().unwrap().pop();
    kofr(&banc, change);
    let r = banc.collecter(Portee::Offre).await;
    let outils = &banc.collecteur.outils;
    assert_eq!((r.ajoutes, r.modifies, r.fermes), (0, 1, 1));
    assert_eq!(lus(&offreur).await, [controle(1, "écrit", Some(240), Some(200)), oral]);
    let groupe =
        "SELECT COUNT(*) FROM maquette_changement WHERE genre = 'controle' AND sorte = 'modification'
        AND cause = 'controle' AND cle = '[\"E000\",1,1]'";
    assert_eq!(banc.compter(groupe).await, 1);

    let (defaite, _) = demander(outils, &banc.queue, r.collecte, None, &Actor::Commande).await.unwrap();
    executer(outils, defaite, &Progress::unwatched()).await.unwrap();
    assert_eq!(lus(&offreur).await, tous);
});

testkit::db_test!(a_session_that_is_neither_is_said_and_not_kept, &migrations(), |db| async move {
    let (banc, offreur) = (Banc::new(db.clone()).await, OffreMaquette::new(&db));
    banc.dire(|d| d.structure = offre(1));
    kofr(&banc, json!([{ "session": "unique", "nature": "écrit" }, { "session": " 1 ", "nature": " " }]));
    banc.collecter(Portee::Offre).await;
    assert_eq!(lus(&offreur).await, [controle(1, "", None, None)]);
    let dite = "SELECT COUNT(*) FROM maquette_anomalie WHERE regle = 'rejet' AND objet = 'controle'
        AND cle_objet = 'E000' AND valeur_a = 'unique' AND ferme_le IS NULL";
    assert_eq!(banc.compter(dite).await, 1);
});
