//! Registrations put straight into the tables, for the registry's tests.

use db::sql::{count, select};
use db::{DbError, Tx};
use iexam::actions::recompter::recompter;
use iexam::domain::ecriture::{Moyen, Nature};
use iexam::store::caisse::ecriture_tenir;
use iexam::store::ecriture::Nouvelle;
use iexam::store::inscription::{Inscription, inscription_read};
use kernel::{Cents, Clock as _};

use super::{Banc, jour, scolarite};

impl Banc {
    /// A registration with its account; it holds its place when its state does, and sits these épreuves.
    pub async fn posee(
        &self,
        periode: i64,
        numero: &str,
        etat: &str,
        (modalite, centre): (i64, Option<i64>),
        epreuves: &[i64],
    ) -> i64 {
        let quand = self.clock.now();
        let validee = (etat != "brouillon").then_some(quand);
        let tient = !matches!(etat, "brouillon" | "annulee");
        self.executer(
            "INSERT INTO iexam_inscription (periode, etudiant, nom, courriel, etat, modalite, centre, tient_place, creee_le, modifiee_le,
                validee_le, recherche, nom_classe, classement, etapes)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'L1 Droit')",
            vec![
                periode.into(),
                numero.into(),
                format!("Prénom Nom{numero}").into(),
                format!("{numero}@etu.example.org").into(),
                etat.into(),
                modalite.into(),
                centre.into(),
                tient.into(),
                quand.into(),
                quand.into(),
                validee.into(),
                format!("prenom nom{numero} {numero}").into(),
                format!("Nom{numero} Prénom").into(),
                format!("nom{numero} prenom").into(),
            ],
        )
        .await;
        let lire = |c: db::sea_orm::DatabaseConnection| async move {
            let rows = select(&c, "SELECT MAX(id) FROM iexam_inscription", []).await?;
            Ok::<i64, DbError>(rows.first().unwrap().try_get_by_index(0)?)
        };
        let id = self.db.read(lire).await.unwrap();
        for epreuve in epreuves {
            self.executer(
                "INSERT INTO iexam_choix (inscription, epreuve, decision) VALUES (?, ?, 'passe')",
                vec![id.into(), (*epreuve).into()],
            )
            .await;
        }
        if tient {
            self.executer(
                "UPDATE iexam_offre SET prises = prises + 1 WHERE periode = ? AND modalite = ?",
                vec![periode.into(), modalite.into()],
            )
            .await;
            if let Some(centre) = centre {
                self.executer(
                    "UPDATE iexam_accord SET prises = prises + 1 WHERE periode = ? AND centre = ?",
                    vec![periode.into(), centre.into()],
                )
                .await;
            }
        }
        self.recompter(id).await;
        id
    }

    /// Its account and its state, brought to what it now costs.
    pub async fn recompter(&self, id: i64) -> Inscription {
        let quand = self.clock.now();
        let recompter = |tx: Tx| async move { recompter(&*tx, &[id], quand, &scolarite()).await };
        self.db.write(recompter).await.unwrap();
        self.lue(id).await
    }

    /// A cheque received, put straight in the ledger.
    pub async fn payer(&self, id: i64, cents: i64) {
        let quand = self.clock.now();
        let payer = |tx: Tx| async move {
            let ecriture = Nouvelle {
                inscription: id,
                nature: Nature::Paiement,
                moyen: Some(Moyen::Cheque),
                montant: Nature::Paiement.signe(Cents(cents)),
                libelle: "Chèque",
                reference: "123",
                jour: jour(2024, 12, 2),
                corrige: None,
            };
            ecriture_tenir(&*tx, &ecriture, None, quand, &scolarite()).await.map(drop)
        };
        self.db.write(payer).await.unwrap();
    }

    pub async fn lue(&self, id: i64) -> Inscription {
        self.db.read(|c| async move { inscription_read(&c, id).await }).await.unwrap().unwrap()
    }

    pub async fn nombre(&self, sql: &'static str) -> u64 {
        self.db.read(|c| async move { count(&c, sql, []).await }).await.unwrap()
    }

    /// Places held in a modality of a period.
    pub async fn prises(&self, modalite: i64) -> u64 {
        let lire = |c: db::sea_orm::DatabaseConnection| async move {
            count(&c, "SELECT prises FROM iexam_offre WHERE modalite = ?", [modalite.into()]).await
        };
        self.db.read(lire).await.unwrap()
    }
}
