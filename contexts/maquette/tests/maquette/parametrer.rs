//! Parameters over settings: set, taken back, disputed; on both engines.

use std::collections::BTreeMap;
use std::sync::Arc;

use contracts::parametres::{Origine, Parametre, ParametreFault, Parametres, Pose};
use db::sea_orm::ConnectionTrait;
use db::{Db, DbError, journal};
use kernel::{Actor, AnneeUniversitaire, Role};
use maquette::actions::demander::annee_courante;
use maquette::actions::parametrer::ParametresMaquette;
use maquette::store::maquette::maquette_of;
use maquette::{Outils, Reglages};

fn parametres(db: &Db) -> ParametresMaquette {
    let outils = Outils { db: db.clone(), clock: testkit::clock(), reglages: Reglages::default() };
    let origines = BTreeMap::from([("maquette.seuil_chute".to_owned(), "fichier telemaque.toml".to_owned())]);
    ParametresMaquette { outils, origines: Arc::new(origines) }
}

fn anne() -> Actor {
    Actor::Personne { identifiant: "anne".into(), role: Role::Informatique }
}

async fn un(p: &ParametresMaquette, cle: &str) -> Parametre {
    let groupes = p.groupes().await.unwrap();
    groupes.into_iter().flat_map(|g| g.parametres).find(|p| p.cle == cle).unwrap()
}

async fn poser(p: &ParametresMaquette, cle: &str, valeur: Option<&str>) -> Result<(), ParametreFault> {
    let vu = un(p, cle).await.etat();
    p.poser(Pose { cle, valeur, inchange: &|etat| etat == vu }, &anne()).await
}

async fn lignes(db: &Db, cle: &str) -> Vec<journal::Line> {
    db.read(|c| async move { journal::history(&c, "parametre", cle, 0, 50).await }).await.unwrap()
}

/// Offers collected, as far as parameters care.
async fn collectees(db: &Db, annees: &[u16]) {
    let done: Result<(), DbError> = db
        .write(|tx| async move {
            for annee in annees {
                tx.execute_unprepared(&format!(
                    "INSERT INTO maquette_ensemble (genre, annee, empreinte) VALUES ('etape', {annee}, 'x')"
                ))
                .await?;
            }
            Ok(())
        })
        .await;
    done.unwrap();
}

testkit::db_test!(
    a_threshold_holds_at_its_next_use_and_is_taken_back,
    maquette::MIGRATIONS,
    |db| async move {
        let p = parametres(&db);
        let cle = "maquette.seuil_chute";
        let avant = un(&p, cle).await;
        assert_eq!(
            (avant.valeur.as_str(), &avant.origine),
            ("10", &Origine::Installation("fichier telemaque.toml".into()))
        );

        poser(&p, cle, Some(" 25 ")).await.unwrap();
        assert_eq!(p.outils.a_jour().await.unwrap().reglages.seuil_chute, 25);
        assert_eq!(p.outils.reglages.seuil_chute, 10, "the settings themselves do not move");
        let apres = un(&p, cle).await;
        assert!(matches!(&apres.origine, Origine::Page { par, .. } if par == "anne"), "{:?}", apres.origine);
        assert_eq!((apres.valeur.as_str(), apres.sans_page.as_str()), ("25", "10"));

        poser(&p, cle, None).await.unwrap();
        assert_eq!(p.outils.a_jour().await.unwrap().reglages.seuil_chute, 10);
        let lignes = lignes(&db, cle).await;
        assert_eq!(lignes.len(), 2);
        assert_eq!(
            lignes[1].avant,
            Some(serde_json::json!({ "valeur": "10", "origine": "fichier telemaque.toml" }))
        );
        assert_eq!(lignes[1].apres, Some(serde_json::json!({ "valeur": "25", "origine": "page" })));
        assert_eq!(lignes[0].apres, lignes[1].avant, "the way back is journaled too");
    }
);

testkit::db_test!(
    whoever_saves_on_what_changed_meanwhile_writes_nothing,
    maquette::MIGRATIONS,
    |db| async move {
        let p = parametres(&db);
        let cle = "maquette.reprise_heures";
        let vu = un(&p, cle).await.etat();
        poser(&p, cle, Some("24")).await.unwrap();
        let perime = p.poser(Pose { cle, valeur: Some("48"), inchange: &|etat| etat == vu }, &anne()).await;
        assert!(matches!(perime, Err(ParametreFault::Perime)), "{perime:?}");
        assert_eq!(un(&p, cle).await.valeur, "24");
        assert_eq!(lignes(&db, cle).await.len(), 1, "what was refused is not journaled");
    }
);

testkit::db_test!(what_is_not_a_value_is_refused_with_a_sentence, maquette::MIGRATIONS, |db| async move {
    let p = parametres(&db);
    let naughty = [
        "",
        "-1",
        "101",
        "abc",
        "10; DROP TABLE journal",
        "1e2",
        "١٠",
        "\u{202e}10",
        "NaN",
        "9".repeat(400).as_str(),
    ]
    .map(str::to_owned);
    for faux in naughty {
        let refus = poser(&p, "maquette.seuil_chute", Some(&faux)).await;
        assert!(
            matches!(&refus, Err(ParametreFault::Invalide(phrase)) if phrase.contains("entre 0 et 100")),
            "{faux}: {refus:?}"
        );
    }
    for faux in ["", ",", "SEM'--", "<b>SEM</b>", "SEM\u{0}"] {
        assert!(
            matches!(
                poser(&p, "maquette.natures_semestre", Some(faux)).await,
                Err(ParametreFault::Invalide(_))
            ),
            "{faux}"
        );
    }
    let inconnu = p.poser(Pose { cle: "maquette.rien", valeur: None, inchange: &|_| true }, &anne()).await;
    assert!(matches!(inconnu, Err(ParametreFault::Inconnu(_))));
    assert_eq!(lignes(&db, "maquette.seuil_chute").await.len(), 0);
});

testkit::db_test!(the_year_is_one_that_is_collected_and_comes_back, maquette::MIGRATIONS, |db| async move {
    let p = parametres(&db);
    let cle = "maquette.annee_courante";
    assert_eq!(un(&p, cle).await.valeur, "2023", "the calendar's, of 2 April 2024, before any collection");
    assert!(
        matches!(poser(&p, cle, Some("2024")).await, Err(ParametreFault::Invalide(p)) if p.contains("2024/2025"))
    );
    collectees(&db, &[2023, 2024]).await;
    assert!(un(&p, cle).await.faits[0].contains("2024/2025, 2023/2024"));
    poser(&p, cle, Some("2024/2025")).await.unwrap();
    assert_eq!(annee_courante(&p.outils).await.unwrap(), AnneeUniversitaire::new(2024).unwrap());
    let retrait = poser(&p, cle, None).await;
    assert!(
        matches!(&retrait, Err(ParametreFault::Invalide(p)) if p.contains("ne se retire pas")),
        "{retrait:?}"
    );
    poser(&p, cle, Some("2023")).await.unwrap();
    assert_eq!(annee_courante(&p.outils).await.unwrap(), AnneeUniversitaire::new(2023).unwrap());
});

testkit::db_test!(a_local_maquette_holds_while_kofr_declares_none, maquette::MIGRATIONS, |db| async move {
    let p = parametres(&db);
    let de = async |annee: u16| db.read(|c| async move { maquette_of(&c, annee).await }).await.unwrap();
    assert_eq!(de(2024).await, None);
    poser(&p, "maquette.maquette_locale", Some("2024-2028")).await.unwrap();
    assert_eq!(
        (de(2024).await, de(2028).await, de(2029).await),
        (Some((2024, 2028)), Some((2024, 2028)), None)
    );
    assert!(matches!(
        poser(&p, "maquette.maquette_locale", Some("2028-2024")).await,
        Err(ParametreFault::Invalide(_))
    ));
    poser(&p, "maquette.maquette_locale", Some("")).await.unwrap();
    assert_eq!(de(2024).await, None);
});
