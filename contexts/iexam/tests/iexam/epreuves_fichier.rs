//! Épreuves from a spreadsheet: what it would change, the cells that are wrong, and nothing before it is applied.

use crate::banc::{Banc, banc, instant, migrations, scolarite};
use contracts::maquette::ElementEvalue;
use db::sql::count;
use iexam::actions::epreuve_poser::fiches;
use iexam::actions::epreuves_importer::{abandonner, apercevoir, appliquer, deposer};
use iexam::actions::import_epreuves_fault::ImportFault;
use iexam::domain::conflits::Sorte;

impl Banc {
    fn offrir(&self, codes: &[&str]) {
        for code in codes {
            let element = ElementEvalue {
                code: (*code).into(),
                libelle: format!("Offert {code}"),
                nature: "EC".into(),
                periode: None,
                ects: None,
                responsable: None,
                inscrits: 0,
                controles: Vec::new(),
            };
            self.offre.0.lock().unwrap().offre.push(("L1DROI".into(), "100".into(), element));
        }
    }

    async fn deposer(&self, periode: i64, csv: &str) -> i64 {
        let tableau = tableur::lire(csv.as_bytes(), "epreuves.csv").unwrap();
        deposer(&self.iexam, periode, "epreuves.csv", &tableau, &scolarite()).await.unwrap().unwrap()
    }

    async fn epreuves(&self) -> u64 {
        self.db
            .read(|c| async move { count(&c, "SELECT COUNT(*) FROM iexam_epreuve", []).await })
            .await
            .unwrap()
    }
}

const ENTETES: &str =
    "Élément;Rang;Libellé;Nature;Date;Début;Durée (min);Documents;Sujet;Surveillée;Salles\n";

testkit::db_test!(a_file_shows_only_what_changes_and_writes_when_told, &migrations(), |db| async move {
    let b = banc(&db);
    let p = b.periode("P1", "preparation").await;
    let m = b.modalite(p, "presentiel", "centre", (0, 0), None).await;
    let centre = b.centre(p, m, "paris", "Europe/Paris", "accepte", None).await;
    let a1 = b.salle(centre, "A1", 30, false).await;
    let tenue = b.epreuve(p, "DR1", Some(instant(2025, 1, 10, 8)), Some(180)).await;
    b.epreuve(p, "DR2", None, Some(60)).await;
    b.offrir(&["DR1", "DR2", "DR3"]);
    b.etudiant("22000001", &["DR1", "DR3"]);
    let csv = format!(
        "{ENTETES}DR1;;;;13/01/2025;;;;;;paris/A1\nDR2;1;;;;;60;;;;\nDR3;;;oral;13/01/2025;10h00;20;aucun;C. Bernard;oui;\n"
    );
    let id = b.deposer(p, &csv).await;
    let vu = apercevoir(&b.iexam, id).await.unwrap();
    assert_eq!((vu.constat.changements.len(), vu.constat.inchangees, vu.constat.defauts.len()), (2, 1, 0));
    assert_eq!(b.epreuves().await, 2, "looking writes nothing");
    let (pose, conflits, _) = appliquer(&b.iexam, id, &vu.vu().value(), false, &scolarite()).await.unwrap();
    assert_eq!((pose.creees.len(), pose.changees.len()), (1, 1));
    assert_eq!(conflits.nouveaux[0].cle.sorte, Sorte::Chevauchement, "what it makes is said");
    let lues = b.db.read(|c| async move { fiches(&c, &[tenue, pose.creees[0]]).await }).await.unwrap();
    assert_eq!(
        (lues[0].epreuve.debut, &lues[0].salles),
        (Some(instant(2025, 1, 13, 8)), &vec![a1]),
        "the hour stays"
    );
    assert_eq!(
        (lues[1].epreuve.libelle.as_str(), lues[1].epreuve.debut),
        ("Offert DR3", Some(instant(2025, 1, 13, 9)))
    );
    let deux = appliquer(&b.iexam, id, &vu.vu().value(), false, &scolarite()).await.unwrap_err();
    assert!(matches!(deux, ImportFault::DejaApplique(..)), "{deux:?}");
});

testkit::db_test!(
    each_bad_cell_is_named_and_nothing_is_written_while_one_is,
    &migrations(),
    |db| async move {
        let b = banc(&db);
        let p = b.periode("P1", "preparation").await;
        b.offrir(&["DR1", "DR2", "DR3", "DR4"]);
        b.executer("UPDATE iexam_periode SET epreuves_fin = '2025-03-30'", vec![]).await;
        let csv = format!(
            "{ENTETES}NUL;;;;;;;;;;\nDR1;;;;13/06/2025;9h00;60;;;;\nDR2;;;;30/03/2025;2h30;60;;;;\nDR3;;;;13/01/2025;;;;;;Z9\nDR4;;;;13/01/2025;9h00;60;;;;\n"
        );
        let id = b.deposer(p, &csv).await;
        let vu = apercevoir(&b.iexam, id).await.unwrap();
        let adresses: Vec<&str> = vu.constat.defauts.iter().map(|d| d.adresse.as_str()).collect();
        assert_eq!(adresses, ["A2", "E3", "F4", "F5", "K5"]);
        assert!(
            vu.constat.defauts[2].phrase.contains("n’existe pas le dimanche 30 mars 2025"),
            "{:?}",
            vu.constat.defauts[2]
        );
        let refus = appliquer(&b.iexam, id, &vu.vu().value(), false, &scolarite()).await.unwrap_err();
        assert!(matches!(refus, ImportFault::EnErreur(4)), "{refus:?}");
        assert_eq!(b.epreuves().await, 0);
        let (pose, ..) = appliquer(&b.iexam, id, &vu.vu().value(), true, &scolarite()).await.unwrap();
        assert_eq!(pose.creees.len(), 1, "the right line, when that is chosen");
    }
);

testkit::db_test!(what_moved_since_the_preview_is_refused, &migrations(), |db| async move {
    let b = banc(&db);
    let p = b.periode("P1", "preparation").await;
    b.epreuve(p, "DR1", None, Some(180)).await;
    b.offrir(&["DR1"]);
    let id = b.deposer(p, &format!("{ENTETES}DR1;;;;;;120;;;;\n")).await;
    let vu = apercevoir(&b.iexam, id).await.unwrap();
    b.executer("UPDATE iexam_epreuve SET duree_min = 90", vec![]).await;
    let refus = appliquer(&b.iexam, id, &vu.vu().value(), false, &scolarite()).await.unwrap_err();
    assert!(matches!(refus, ImportFault::Bouge), "{refus:?}");
    b.offre.0.lock().unwrap().muette = true;
    assert!(matches!(apercevoir(&b.iexam, id).await.unwrap_err(), ImportFault::Offre(_)));
    abandonner(&b.iexam, id, &scolarite()).await.unwrap();
    assert!(matches!(apercevoir(&b.iexam, id).await.unwrap_err(), ImportFault::Inconnu(_)));
});
