//! What the accounts of registrations are computed from, read in bulk.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use db::DbError;
use db::sea_orm::{ConnectionTrait, Value};
use db::sql::{execute, select};
use kernel::{Cents, NumeroEtudiant};

use super::{inconnu, marques};
use crate::domain::amenagement::{Amenagement, amenagement_du};
use crate::domain::decompte::{Decompte, Passee};
use crate::domain::inscription::EtatInscription;
use crate::domain::modalite::{Tarif, tarif_du};

/// A registration, ready for its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ACompter {
    /// Registration.
    pub id: i64,
    /// Student.
    pub etudiant: NumeroEtudiant,
    /// Where it stands.
    pub etat: EtatInscription,
    /// Label of the modality, whether it is supervised, its tariff on the first day of the period.
    pub modalite: Option<(String, bool, Tarif)>,
    /// Épreuves sat, none cancelled, in the order of time.
    pub passees: Vec<Passee>,
}

impl ACompter {
    /// Its account; nothing is owed before a modality is chosen, when no tariff was ever set, or once it is cancelled.
    #[must_use]
    pub fn decompte(&self) -> Decompte {
        match &self.modalite {
            _ if self.etat == EtatInscription::Annulee => Decompte::default(),
            Some((libelle, surveillee, tarif)) => {
                Decompte::calculer(libelle, *surveillee, *tarif, &self.passees)
            }
            None => Decompte::default(),
        }
    }
}

/// The tariffs of modalities.
///
/// # Errors
/// Those of the database.
pub async fn tarif_list<C: ConnectionTrait>(conn: &C) -> Result<BTreeMap<i64, Vec<Tarif>>, DbError> {
    let sql = "SELECT modalite, valide_du, fixe_cents, horaire_cents, majoration_facturee FROM iexam_tarif ORDER BY valide_du";
    let mut tarifs: BTreeMap<i64, Vec<Tarif>> = BTreeMap::new();
    for row in select(conn, sql, []).await? {
        tarifs.entry(row.try_get_by_index(0)?).or_default().push(Tarif {
            valide_du: row.try_get_by_index(1)?,
            fixe: Cents(row.try_get_by_index(2)?),
            horaire: Cents(row.try_get_by_index(3)?),
            majoration_facturee: row.try_get_by_index(4)?,
        });
    }
    Ok(tarifs)
}

/// The arrangements of these students that were not withdrawn.
///
/// # Errors
/// Those of the database.
pub async fn amenagements_de<C: ConnectionTrait>(
    conn: &C,
    etudiants: &[NumeroEtudiant],
) -> Result<BTreeMap<NumeroEtudiant, Vec<Amenagement>>, DbError> {
    let mut tenus: BTreeMap<NumeroEtudiant, Vec<Amenagement>> = BTreeMap::new();
    for tranche in etudiants.chunks(500) {
        let sql = format!(
            "SELECT id, etudiant, valide_du, valide_au, majoration, salle_a_part, ordinateur, secretaire, autre, exception
             FROM iexam_amenagement WHERE retire_le IS NULL AND etudiant IN ({}) ORDER BY etudiant, valide_du, id",
            marques(tranche.len())
        );
        for row in select(conn, &sql, tranche.iter().map(|n| Value::from(n.as_str()))).await? {
            let etudiant = NumeroEtudiant(row.try_get_by_index(1)?);
            let amenagement = Amenagement {
                id: row.try_get_by_index(0)?,
                etudiant: etudiant.clone(),
                valide_du: row.try_get_by_index(2)?,
                valide_au: row.try_get_by_index(3)?,
                majoration: row.try_get_by_index(4)?,
                salle_a_part: row.try_get_by_index(5)?,
                ordinateur: row.try_get_by_index(6)?,
                secretaire: row.try_get_by_index(7)?,
                autre: row.try_get_by_index(8)?,
                exception: row.try_get_by_index(9)?,
            };
            tenus.entry(etudiant).or_default().push(amenagement);
        }
    }
    Ok(tenus)
}

/// These registrations, ready for their accounts. Extra time is that of the day of each épreuve in Besançon; of the first day of the
/// period for one that is not scheduled.
///
/// # Errors
/// Those of the database.
pub async fn a_compter<C: ConnectionTrait>(conn: &C, inscriptions: &[i64]) -> Result<Vec<ACompter>, DbError> {
    let tarifs = tarif_list(conn).await?;
    let mut lus: BTreeMap<i64, (ACompter, NaiveDate)> = BTreeMap::new();
    for tranche in inscriptions.chunks(500) {
        let ids = || tranche.iter().map(|id| Value::from(*id));
        let sql = format!(
            "SELECT i.id, i.etudiant, i.modalite, m.libelle, m.surveillee, p.epreuves_debut, i.etat
             FROM iexam_inscription i JOIN iexam_periode p ON p.id = i.periode LEFT JOIN iexam_modalite m ON m.id = i.modalite
             WHERE i.id IN ({})",
            marques(tranche.len())
        );
        for row in select(conn, &sql, ids()).await? {
            let (id, modalite): (i64, Option<i64>) = (row.try_get_by_index(0)?, row.try_get_by_index(2)?);
            let jour: NaiveDate = row.try_get_by_index(5)?;
            let tarif = modalite.and_then(|m| tarifs.get(&m)).and_then(|t| tarif_du(t, jour));
            let modalite = match tarif {
                Some(tarif) => Some((row.try_get_by_index(3)?, row.try_get_by_index(4)?, tarif)),
                None => None,
            };
            let etudiant = NumeroEtudiant(row.try_get_by_index(1)?);
            let etat = EtatInscription::of_code(&row.try_get_by_index::<String>(6)?)
                .ok_or_else(|| inconnu("iexam_inscription.etat"))?;
            lus.insert(id, (ACompter { id, etudiant, etat, modalite, passees: Vec::new() }, jour));
        }
    }
    let etudiants: Vec<_> = lus.values().map(|(i, _)| i.etudiant.clone()).collect();
    let amenagements = amenagements_de(conn, &etudiants).await?;
    for tranche in inscriptions.chunks(500) {
        let sql = format!(
            "SELECT x.inscription, e.id, e.libelle, e.duree_min, e.surveillee, e.debut
             FROM iexam_choix x JOIN iexam_epreuve e ON e.id = x.epreuve
             WHERE x.decision = 'passe' AND e.annulee_le IS NULL AND x.inscription IN ({})
             ORDER BY x.inscription, e.debut, e.id",
            marques(tranche.len())
        );
        for row in select(conn, &sql, tranche.iter().map(|id| Value::from(*id))).await? {
            let Some((inscription, premier)) = lus.get_mut(&row.try_get_by_index::<i64>(0)?) else {
                continue;
            };
            let debut: Option<DateTime<Utc>> = row.try_get_by_index(5)?;
            let jour = debut.map_or(*premier, |d| kernel::heure_de_besancon(d).date());
            let tenus = amenagements.get(&inscription.etudiant).map(Vec::as_slice).unwrap_or_default();
            inscription.passees.push(Passee {
                epreuve: row.try_get_by_index(1)?,
                libelle: row.try_get_by_index(2)?,
                duree_min: row.try_get_by_index(3)?,
                surveillee: row.try_get_by_index(4)?,
                majoration: amenagement_du(tenus, jour).map_or(0, |a| a.majoration),
            });
        }
    }
    Ok(lus.into_values().map(|(i, _)| i).collect())
}

/// Keeps beside each registration how many épreuves are sat and deferred, and its most extra time.
///
/// # Errors
/// Those of the database.
pub async fn comptes_write<C: ConnectionTrait>(conn: &C, comptes: &[ACompter]) -> Result<(), DbError> {
    for tranche in comptes.chunks(500) {
        let sql = format!(
            "UPDATE iexam_inscription SET
                passees = (SELECT COUNT(*) FROM iexam_choix x JOIN iexam_epreuve e ON e.id = x.epreuve
                    WHERE x.inscription = iexam_inscription.id AND x.decision = 'passe' AND e.annulee_le IS NULL),
                reportees = (SELECT COUNT(*) FROM iexam_choix x JOIN iexam_epreuve e ON e.id = x.epreuve
                    WHERE x.inscription = iexam_inscription.id AND x.decision = 'report' AND e.annulee_le IS NULL)
             WHERE id IN ({})",
            marques(tranche.len())
        );
        execute(conn, &sql, tranche.iter().map(|c| Value::from(c.id))).await?;
        // Few students have extra time: one statement per amount of it.
        let mut par_majoration: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for c in tranche {
            let plus = c.passees.iter().map(|p| p.majoration).max().unwrap_or(0);
            par_majoration.entry(plus).or_default().push(c.id);
        }
        for (majoration, ids) in par_majoration {
            let sql = format!(
                "UPDATE iexam_inscription SET majoration = ? WHERE majoration <> ? AND id IN ({})",
                marques(ids.len())
            );
            let valeurs = [majoration, majoration].into_iter().chain(ids).map(Value::from);
            execute(conn, &sql, valeurs).await?;
        }
    }
    Ok(())
}
