//! A period with two ways of sitting it, a centre twelve time zones away, three épreuves and four registrations.

use chrono::{DateTime, Utc};
use db::sea_orm::Value;
use db::sql::returning_id;
use db::{Db, DbError, Tx};
use kernel::Clock as _;

use crate::banc::{Banc, banc, instant};

pub struct Monde {
    pub b: Banc,
    pub p1: i64,
    pub tele: i64,
    pub droit: i64,
    pub grec: i64,
    /// `validee`, by tele-exam.
    pub ana: i64,
    /// `validee`, in Nouméa.
    pub bo: i64,
    /// A draft.
    pub cy: i64,
}

pub async fn monde(db: &Db) -> Monde {
    let b = banc(db);
    let p1 = b.periode("P1", "verification").await;
    let tele = b.modalite(p1, "tele_examen", "domicile", (3000, 1200), Some(10)).await;
    let etranger = b.modalite(p1, "centre_etranger", "centre", (5000, 1000), None).await;
    let noumea = b.centre(p1, etranger, "noumea", "Pacific/Noumea", "accepte", Some(3)).await;
    let salle = b.salle(noumea, "Salle 1", 20, false).await;
    let droit = b.epreuve(p1, "DRO101", Some(instant(2025, 1, 13, 8)), Some(180)).await;
    let grec = b.epreuve(p1, "GRE102", None, None).await;
    let annulee = b.epreuve(p1, "ZZZ999", Some(instant(2025, 1, 14, 8)), Some(60)).await;
    b.executer(
        "UPDATE iexam_epreuve SET recherche = 'dro101 droit', libelle = 'Droit civil' WHERE id = ?",
        vec![droit.into()],
    )
    .await;
    b.executer(
        "UPDATE iexam_epreuve SET annulee_le = ? WHERE id = ?",
        vec![instant(2024, 12, 1, 8).into(), annulee.into()],
    )
    .await;
    b.executer(
        "INSERT INTO iexam_epreuve_salle (epreuve, salle) VALUES (?, ?)",
        vec![droit.into(), salle.into()],
    )
    .await;
    let mut m = Monde { b, p1, tele, droit, grec, ana: 0, bo: 0, cy: 0 };
    let validee = Some(instant(2024, 12, 2, 8));
    m.ana = m.inscrire("22000001", "Ana N’Guyen-Đặng", "validee", (Some(tele), None), validee).await;
    m.bo = m.inscrire("22000002", "Bo D’Épinay", "validee", (Some(etranger), Some(noumea)), validee).await;
    m.cy = m.inscrire("22000003", "Cy Łukasz", "brouillon", (None, None), None).await;
    m.inscrire("22000004", "Di Ó", "annulee", (Some(tele), None), validee).await;
    for (inscription, epreuve, decision) in
        [(m.ana, droit, "passe"), (m.ana, grec, "report"), (m.bo, droit, "passe"), (m.cy, droit, "indecis")]
    {
        let valeurs = vec![inscription.into(), epreuve.into(), decision.into()];
        m.b.executer("INSERT INTO iexam_choix (inscription, epreuve, decision) VALUES (?, ?, ?)", valeurs)
            .await;
    }
    let ids = vec![m.ana, m.bo];
    let (ids, quand) = (&ids, m.b.clock.now());
    let compter = |tx: Tx| async move {
        iexam::actions::recompter::recompter(&*tx, ids, quand, &crate::banc::scolarite()).await
    };
    m.b.db.write(compter).await.unwrap();
    m
}

impl Monde {
    async fn inscrire(
        &self,
        etudiant: &str,
        nom: &str,
        etat: &str,
        (modalite, centre): (Option<i64>, Option<i64>),
        validee: Option<DateTime<Utc>>,
    ) -> i64 {
        let tient = etat == "validee";
        let quand = self.b.clock.now();
        let courriel = format!("{etudiant}@etu.example.org");
        let recherche = kernel::fold(&format!("{etudiant} {nom}"));
        let valeurs: Vec<Value> = vec![
            self.p1.into(),
            etudiant.into(),
            nom.into(),
            courriel.into(),
            "L1 Droit".into(),
            etat.into(),
            modalite.into(),
            centre.into(),
            tient.into(),
            quand.into(),
            quand.into(),
            validee.into(),
            recherche.into(),
        ];
        let valeurs = &valeurs;
        let sql = "INSERT INTO iexam_inscription (periode, etudiant, nom, courriel, etapes, etat, modalite, centre, tient_place,
            creee_le, modifiee_le, validee_le, recherche) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id";
        let inserer = |tx: Tx| async move { returning_id(&*tx, sql, valeurs.clone()).await };
        let id = self.b.db.write(inserer).await.unwrap();
        if tient {
            self.b
                .executer(
                    "UPDATE iexam_offre SET prises = prises + 1 WHERE periode = ? AND modalite = ?",
                    vec![self.p1.into(), modalite.into()],
                )
                .await;
            self.b
                .executer(
                    "UPDATE iexam_accord SET prises = prises + 1 WHERE periode = ? AND centre = ?",
                    vec![self.p1.into(), centre.into()],
                )
                .await;
        }
        id
    }

    /// One number out of the database.
    pub async fn compte(&self, sql: &str) -> i64 {
        let lire = |c: db::sea_orm::DatabaseConnection| async move {
            Ok::<_, DbError>(db::sql::count(&c, sql, []).await?.cast_signed())
        };
        self.b.db.read(lire).await.unwrap()
    }
}
