//! « Pourquoi absent ? », on both engines: each thing that a collection leaves out is found again with its exact rule.

use crate::banc::{Banc, annee, element, liste, migrations, offre};
use async_trait::async_trait;
use contracts::apogee::{
    CleEtape, Conflit, Diplome, Dossier, Fenetre, InscriptionAdministrative, LienEtapeListe,
    LienListeElement, Liste, Rattachement, Rejet, VersionDEtape,
};
use contracts::liens::{EtatDesSources, EtatSource};
use kernel::{Outage, Source};
use maquette::actions::absence::{Demande, Droits, chercher};
use maquette::actions::absence_demander::interroger;
use maquette::domain::Portee;
use maquette::domain::absence::{Chemin, Pas, Renvoi, Reponse, Verdict};
use maquette::domain::ecarte::RegleEcart;
use serde_json::json;

/// Every source answers.
struct Etats;

#[async_trait]
impl EtatDesSources for Etats {
    async fn etats(&self) -> Vec<EtatSource> {
        let etat = |source| EtatSource {
            source,
            en_marche: Some(true),
            depuis: None,
            detail: None,
            remede: None,
            verifie_le: None,
        };
        Source::ALL.into_iter().map(etat).collect()
    }

    async fn constater(&self, _: Source, _: Option<&Outage>) {}
}

async fn demander(banc: &Banc, code: &str, droits: Droits) -> Chemin {
    chercher(&banc.collecteur.outils, &Etats, annee(2023), &Demande::lire(code), droits).await.unwrap()
}

async fn chemin(banc: &Banc, code: &str) -> Chemin {
    demander(banc, code, Droits::TOUT).await
}

async fn maintenant(banc: &Banc, code: &str) -> Vec<Pas> {
    let (c, d) = (&banc.collecteur, Demande::lire(code));
    interroger(&c.outils, &c.sources, &Etats, annee(2023), &d, Droits::TOUT).await.unwrap()
}

/// An offer with an étape of an earlier accreditation, and what only it leads to.
fn deux_accreditations() -> contracts::apogee::Structure {
    let mut s = offre(3);
    let vieux = Fenetre { debut: Some(2014), fin: Some(2018) };
    s.diplomes.push(Diplome {
        code: "DROIT".into(),
        libelle: "Licence Droit".into(),
        libelle_court: None,
        cycle: None,
        type_diplome: None,
    });
    s.versions_etape.push(VersionDEtape {
        etape: "VIEUX".into(),
        version: "100".into(),
        libelle: None,
        composante: None,
        a_distance: true,
    });
    s.etapes.push(contracts::apogee::Etape {
        code: "VIEUX".into(),
        libelle: "Ancienne étape".into(),
        libelle_court: None,
        cycle: None,
    });
    s.rattachements.push(Rattachement {
        diplome: "DROIT".into(),
        version_diplome: "1".into(),
        etape: "VIEUX".into(),
        version_etape: "100".into(),
        recrutement: vieux,
        validation: Fenetre { debut: Some(2014), fin: Some(2019) },
        rang: None,
    });
    s.listes.push(Liste {
        code: "LVIEUX".into(),
        type_liste: "O".into(),
        etat: None,
        libelle: "Ancienne".into(),
    });
    s.liens_etape.push(LienEtapeListe {
        etape: "VIEUX".into(),
        version: "100".into(),
        liste: "LVIEUX".into(),
        min: None,
        max: None,
        ferme_le: None,
    });
    s.elements.push(element("VIEIL", "Ancien cours", 3));
    s.liens_liste.push(LienListeElement { liste: "LVIEUX".into(), element: "VIEIL".into() });
    s
}

testkit::db_test!(what_is_out_of_the_year_is_found_with_its_rule_and_years, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    banc.dire(|d| d.structure = deux_accreditations());
    banc.collecter(Portee::Offre).await;
    for (code, regle) in [
        ("VIEUX", RegleEcart::EtapeHorsAnnee),
        ("VIEUX/100", RegleEcart::VersionEtapeHorsAnnee),
        ("LVIEUX", RegleEcart::ListeHorsAnnee),
        ("VIEIL", RegleEcart::ElementHorsAnnee),
    ] {
        let c = chemin(&banc, code).await;
        assert_eq!(c.verdict, Verdict::Ecarte(regle), "{code}: {c:?}");
    }
    let c = chemin(&banc, "VIEUX/100").await;
    let pas = c.pas.iter().find(|p| p.titre == "Année").unwrap();
    assert!(pas.texte.contains("recrutement 2014–2018, validation 2014–2019"), "{}", pas.texte);
    assert_eq!(pas.renvoi, Some(Renvoi::Collecte(1)));
    let c = chemin(&banc, "VIEIL").await;
    assert!(c.pas.iter().any(|p| p.texte.contains("sous l’étape VIEUX version 100")), "{c:?}");
    assert_eq!(chemin(&banc, "E000").await.verdict, Verdict::Visible);
    assert_eq!(chemin(&banc, "L1DRO/1").await.verdict, Verdict::Visible);
    assert_eq!(chemin(&banc, "RIEN").await.verdict, Verdict::JamaisVu);
});

testkit::db_test!(
    the_same_again_writes_nothing_and_a_change_only_what_changed,
    &migrations(),
    |db| async move {
        let banc = Banc::new(db).await;
        banc.dire(|d| d.structure = deux_accreditations());
        banc.collecter(Portee::Offre).await;
        let lignes = "SELECT COUNT(*) FROM maquette_ecarte";
        let neuves = "SELECT COUNT(*) FROM maquette_ecarte WHERE collecte_id > 1";
        assert_eq!(banc.compter(lignes).await, 4);
        banc.collecter(Portee::Offre).await;
        assert_eq!(banc.compter(neuves).await, 0);

        // The list goes, the years of the étape move: one row forgotten, one written again.
        banc.dire(|d| {
            d.structure.listes.retain(|l| l.code.as_str() != "LVIEUX");
            d.structure.rattachements[1].recrutement.fin = Some(2017);
        });
        banc.collecter(Portee::Offre).await;
        assert_eq!((banc.compter(lignes).await, banc.compter(neuves).await), (3, 1));
        // A simulation leaves it as it is; the étape that comes into the year is forgotten by the next collection.
        banc.dire(|d| d.structure.rattachements[1].recrutement.fin = Some(2023));
        banc.essayer(Portee::Offre, true).await.unwrap();
        assert_eq!(banc.compter(lignes).await, 3);
        banc.collecter(Portee::Offre).await;
        assert_eq!(banc.compter(lignes).await, 0);
    }
);

testkit::db_test!(what_could_not_be_read_is_found_by_its_code, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    banc.dire(|d| {
        d.structure = offre(2);
        d.structure.rejets.push(Rejet {
            table: "ELEMENT_PEDAGOGI".into(),
            ligne: 12,
            colonne: "NBR_CRD_ELP".into(),
            valeur: "six".into(),
            raison: "Ce n'est pas un nombre.".into(),
            cle: "MAUVAIS".into(),
        });
        d.structure.conflits.push(Conflit {
            table: "ELEMENT_PEDAGOGI".into(),
            cle: "E001".into(),
            colonne: "LIB_ELP".into(),
            gardee: "Un".into(),
            ecartee: "Deux".into(),
            lignes: (3, 4),
        });
    });
    banc.collecter(Portee::Offre).await;
    let c = chemin(&banc, "MAUVAIS").await;
    assert_eq!(c.verdict, Verdict::Ecarte(RegleEcart::LigneRejetee));
    assert!(c.pas.iter().any(|p| p.texte.contains("ligne 12") && p.texte.contains("« six »")), "{c:?}");
    let c = chemin(&banc, "E001").await;
    assert_eq!(c.verdict, Verdict::Visible, "the first row is kept");
    assert!(
        c.pas.iter().any(|p| p.reponse == Reponse::Reserve && p.texte.contains("« Deux » est mis de côté"))
    );
});

testkit::db_test!(look_alikes_are_proposed_with_their_spaces_seen, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    banc.dire(|d| {
        d.structure = offre(2);
        d.structure.elements.push(element("IFD\u{a0}E01", "Insécable", 3));
        d.structure.elements.push(element("IFD E02", "Espace", 3));
    });
    banc.collecter(Portee::Offre).await;
    for (tape, semblable) in [("IFDE01", "IFD\u{a0}E01"), ("ifd e01", "IFD\u{a0}E01"), ("IFDEO2", "IFD E02")]
    {
        let c = chemin(&banc, tape).await;
        assert_eq!(c.verdict, Verdict::Ressemble, "{tape}: {c:?}");
        assert!(c.pas.iter().any(|p| p.renvoi == Some(Renvoi::Code(semblable.into()))), "{tape}: {c:?}");
    }
    let vu = chemin(&banc, "IFDE01").await;
    assert!(vu.pas.iter().any(|p| p.texte.contains("IFD⍽E01")), "{vu:?}");
    // Orphans are held, and seen in no tree.
    assert_eq!(chemin(&banc, "IFD E02").await.verdict, Verdict::Masque);
});

testkit::db_test!(what_is_held_but_hidden_or_gone_says_since_when, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    banc.dire(|d| {
        d.structure = offre(6);
        d.structure.elements[0].suspendu = true;
        d.structure.elements[0].motif_suspension = Some("Congé".into());
        d.structure.elements[1].etat = Some("F".into());
    });
    banc.collecter(Portee::Offre).await;
    assert!(chemin(&banc, "E000").await.conclusion.contains("suspendu à la source : « Congé »"));
    assert!(chemin(&banc, "E001").await.conclusion.contains("état « F »"));
    banc.dire(|d| {
        let parti = d.structure.elements.pop().unwrap().code;
        d.structure.liens_liste.retain(|l| l.element != parti);
    });
    let demande = maquette::domain::Demande {
        portee: Portee::Offre,
        annee: Some(annee(2023)),
        simulation: false,
        accepter_chute: true,
    };
    let id = banc.demander(&demande).await;
    banc.collecteur.executer(id, &jobs::Progress::unwatched()).await.unwrap();
    let c = chemin(&banc, "E005").await;
    assert_eq!(c.verdict, Verdict::Parti);
    assert!(c.conseil.contains(&format!("annulez la collecte n° {id}")), "{}", c.conseil);
    let base = c.pas.iter().find(|p| p.titre == "Base").unwrap();
    assert!(base.date.is_some() && base.renvoi == Some(Renvoi::Collecte(id)), "{base:?}");
    assert!(c.pas.iter().any(|p| p.titre == "Vu pour la dernière fois" && p.date.is_some()), "{c:?}");
    // Another year knows nothing of it, but this one does.
    let outils = &banc.collecteur.outils;
    let c = chercher(outils, &Etats, annee(2024), &Demande::lire("E000"), Droits::TOUT).await.unwrap();
    assert_eq!(c.verdict, Verdict::AutreAnnee, "{c:?}");
});

fn dossier(numero: &str, etape: &str, version: &str, etat: &str) -> Dossier {
    Dossier {
        numero: numero.into(),
        ine: None,
        nom: "Nom".into(),
        nom_usage: None,
        prenom: "Prénom".into(),
        naissance: None,
        nationalite: None,
        handicap: false,
        email: None,
        telephone: None,
        adresse: None,
        inscriptions: vec![InscriptionAdministrative {
            etape: CleEtape { etape: etape.into(), version: version.into() },
            occurrence: 1,
            diplome: None,
            version_diplome: None,
            etat: etat.into(),
            regime: None,
            premiere: true,
            payee: false,
            date: None,
        }],
        contrats: Vec::new(),
    }
}

testkit::db_test!(a_student_is_explained_and_the_source_can_be_asked, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    banc.dire(|d| {
        d.structure = deux_accreditations();
        let mut sans = dossier("21900020", "L1DRO", "1", "E");
        sans.inscriptions.clear();
        for lu in [
            dossier("21900001", "L1DRO", "1", "E"),
            dossier("21900018", "L1DRO", "1", "R"),
            dossier("21900099", "VIEUX", "100", "E"),
            sans,
        ] {
            d.dossiers.insert(lu.numero.0.clone(), lu);
        }
    });
    banc.collecter(Portee::Tout).await;
    assert_eq!(chemin(&banc, "21900001").await.verdict, Verdict::Visible);
    let c = chemin(&banc, "21900018").await;
    assert!(c.verdict == Verdict::Masque && c.conclusion.contains("L1DRO · 1 (résiliée)"), "{c:?}");
    assert_eq!(chemin(&banc, "21900099").await.verdict, Verdict::JamaisVu);
    // Without the right, nothing is said of students.
    let c = demander(&banc, "21900001", Droits { etudiants: false, enseignants: true }).await;
    assert_eq!(c.verdict, Verdict::JamaisVu);
    assert!(c.pas.iter().any(|p| p.texte.contains("Vos droits")));

    let pas = maintenant(&banc, "21900099").await;
    assert!(pas[0].reponse == Reponse::Non && pas[0].texte.contains("recrutement 2014–2018"), "{pas:?}");
    assert_eq!(pas[0].renvoi, Some(Renvoi::Code("VIEUX/100".into())));
    assert!(maintenant(&banc, "21900020").await[0].texte.contains("aucune inscription"));
    assert!(maintenant(&banc, "21999999").await[0].texte.contains("ne connaît aucun étudiant"));
    assert_eq!(maintenant(&banc, "21900018").await[0].reponse, Reponse::Reserve);
    banc.dire(|d| d.panne_apres = Some(0));
    let pas = maintenant(&banc, "21900099").await;
    assert!(
        pas[0].reponse == Reponse::Inconnu && pas[0].texte.contains("Pas de réponse en 30 secondes."),
        "{pas:?}"
    );
});

testkit::db_test!(codes_are_asked_of_extraction_kofr_and_eve, &migrations(), |db| async move {
    let banc = Banc::new(db).await;
    banc.dire(|d| d.structure = offre(2));
    let enseignants = json!([{ "numero": "E00001", "nom": "Curie", "prenom": "Marie" }]);
    banc.rest.lock().unwrap().insert("api/v1/enseignants".into(), liste(enseignants));
    banc.collecter(Portee::Offre).await;
    // The source has changed since: an étape of other years has come, and a code with a space.
    banc.dire(|d| {
        d.structure = deux_accreditations();
        d.structure.elements.push(element("TOUT NEUF", "Neuf", 3));
    });
    let dit = async |code: &str| maintenant(&banc, code).await;
    let pas = dit("VIEUX/100").await;
    assert!(pas[0].reponse == Reponse::Oui && pas[0].texte.contains("la version d’étape 100"), "{pas:?}");
    assert!(pas[1].reponse == Reponse::Non && pas[1].texte.contains("recrutement 2014–2018"), "{pas:?}");
    let pas = dit("TOUTNEUF").await;
    assert_eq!(pas[0].reponse, Reponse::Non);
    assert_eq!(pas[1].renvoi, Some(Renvoi::Code("TOUT NEUF".into())), "{pas:?}");
    let pas = dit("E00001").await;
    assert!(pas.iter().any(|p| p.titre.starts_with("Eve") && p.reponse == Reponse::Oui), "{pas:?}");
    banc.dire(|d| d.panne_structure = true);
    banc.rest.lock().unwrap().insert("api/v1/maquettes".into(), None);
    let pas = dit("VIEUX").await;
    assert!(
        pas.iter().filter(|p| p.reponse == Reponse::Inconnu && p.renvoi == Some(Renvoi::Liens)).count() >= 2,
        "{pas:?}"
    );
});
