//! What every row added to the ledger goes through: the till, the registration as the form showed it, the row, what follows from it.

use chrono::{DateTime, NaiveDate, Utc};
use db::{Tx, journal};
use kernel::{Actor, Cents, heure_de_besancon};
use serde_json::json;

use super::caisse_fault::CaisseFault;
use super::courrier::annoncer;
use super::lot::{Lot, vu};
use super::recompter::suivre;
use crate::Iexam;
use crate::domain::ecriture::{Moyen, Nature};
use crate::domain::inscription::EtatInscription;
use crate::domain::registre::Ecart;
use crate::domain::sceau::Geste;
use crate::store::caisse::{caisse_lock, ecriture_tenir, especes_en_caisse, jour_ouvert};
use crate::store::ecriture::{Nouvelle, ecritures_add};
use crate::store::inscription::{Inscription, inscription_lock, inscription_read};
use crate::store::periode::periode_list;

/// What was typed, whatever the row is.
#[derive(Clone, Copy, Debug)]
pub struct Saisie<'a> {
    /// Registration.
    pub inscription: i64,
    /// Amount, positive.
    pub montant: Cents,
    /// What the form showed of the registration.
    pub vu: Option<&'a str>,
    /// Of this form alone: sent twice, it writes once.
    pub cle: Option<&'a str>,
}

/// A row that was written, or that the same form had written already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ecrite {
    /// Its number.
    pub id: i64,
    /// Whether it was there already.
    pub deja: bool,
}

/// The registration, held with the till until the end of the transaction.
pub(super) async fn tenue(tx: &Tx, id: i64) -> Result<Inscription, CaisseFault> {
    caisse_lock(&**tx).await?;
    inscription_lock(&**tx, id).await?;
    let i = inscription_read(&**tx, id).await?.ok_or(CaisseFault::Inconnue(id))?;
    let periode = crate::store::periode::periode_read(&**tx, i.periode).await?;
    if let Some(periode) = periode {
        periode.permet(Geste::Argent)?;
    }
    Ok(i)
}

/// The row that the same form wrote, if it did: then nothing else is looked at, not even what changed since.
pub(super) async fn deja(tx: &Tx, cle: Option<&str>) -> Result<Option<Ecrite>, CaisseFault> {
    let Some(cle) = cle else { return Ok(None) };
    let rows = db::sql::select(&**tx, "SELECT id FROM iexam_ecriture WHERE cle = ?", [cle.into()]).await?;
    match rows.first() {
        Some(row) => Ok(Some(Ecrite { id: row.try_get_by_index(0).map_err(db::DbError::from)?, deja: true })),
        None => Ok(None),
    }
}

/// Whether the registration is as the form showed it, and not a draft: a draft owes nothing.
pub(super) fn verifier_vue(i: &Inscription, sent: Option<&str>) -> Result<(), CaisseFault> {
    if sent.is_some_and(|sent| !vu(i).is(sent)) {
        return Err(CaisseFault::Perime);
    }
    if i.etat == EtatInscription::Brouillon {
        return Err(CaisseFault::Ecart(Ecart::Etat(i.etat)));
    }
    Ok(())
}

/// What a row is, once decided.
pub(super) struct Ligne<'a> {
    pub(super) nature: Nature,
    pub(super) moyen: Option<Moyen>,
    /// As the ledger keeps it: signed.
    pub(super) montant: Cents,
    pub(super) libelle: &'a str,
    pub(super) reference: &'a str,
    pub(super) corrige: Option<i64>,
    pub(super) cle: Option<&'a str>,
    pub(super) action: &'static str,
}

impl<'a> Ligne<'a> {
    fn pour(&self, i: &Inscription, jour: NaiveDate) -> Nouvelle<'a> {
        Nouvelle {
            inscription: i.id,
            nature: self.nature,
            moyen: self.moyen,
            montant: self.montant,
            libelle: self.libelle,
            reference: self.reference,
            jour,
            corrige: self.corrige,
        }
    }

    fn entree<'e>(
        &self,
        (i, cle): (&Inscription, &'e str),
        (ecriture, jour): (i64, NaiveDate),
        quand: DateTime<Utc>,
        acteur: &'e Actor,
    ) -> journal::Entry<'e> {
        journal::Entry {
            quand,
            acteur,
            action: self.action,
            objet: "inscription_examen",
            cle,
            avant: Some(json!({ "solde_cents": i.solde.0 })),
            apres: Some(json!({
                "solde_cents": (i.solde + self.montant).0, "ecriture": ecriture, "nature": self.nature.code(),
                "moyen": self.moyen.map(Moyen::code), "montant_cents": self.nature.signe(self.montant).0,
                "jour": jour, "corrige": self.corrige,
            })),
        }
    }
}

/// [`ecrire`] for a lot, a row each, in as few statements as one needs. None of them comes from a form that could be sent twice, nor moves
/// cash.
pub(super) async fn ecrire_lot<'a>(
    iexam: &Iexam,
    tx: &Tx,
    lot: &Lot,
    ligne: impl Fn(&Inscription) -> Ligne<'a>,
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<(), CaisseFault> {
    let jour = jour_ouvert(&**tx, heure_de_besancon(quand).date()).await?;
    let lignes: Vec<_> = lot.faites.iter().map(ligne).collect();
    let nouvelles: Vec<_> = lot.faites.iter().zip(&lignes).map(|(i, ligne)| ligne.pour(i, jour)).collect();
    let ecritures = ecritures_add(&**tx, &nouvelles, quand, acteur).await?;
    let cles: Vec<_> = lot.faites.iter().map(|i| i.id.to_string()).collect();
    let ecrites = lot.faites.iter().zip(&cles).zip(lignes.iter().zip(ecritures));
    let entrees = ecrites.map(|((i, cle), (l, id))| l.entree((i, cle), (id, jour), quand, acteur));
    journal::write_all(&**tx, entrees.collect::<Vec<_>>()).await?;
    suivre(&**tx, &lot.ids(), quand, acteur).await?;
    annoncer(&**tx, &lot.faites, &lot.periodes, &iexam.publique, quand).await?;
    Ok(())
}

/// Writes the row for today, or the first day still open; journals it, lets the registration follow, tells the student.
pub(super) async fn ecrire(
    iexam: &Iexam,
    tx: &Tx,
    i: &Inscription,
    ligne: &Ligne<'_>,
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<Ecrite, CaisseFault> {
    let jour = jour_ouvert(&**tx, heure_de_besancon(quand).date()).await?;
    let id = match ecriture_tenir(&**tx, &ligne.pour(i, jour), ligne.cle, quand, acteur).await? {
        Ok(id) => id,
        Err(id) => return Ok(Ecrite { id, deja: true }),
    };
    if ligne.moyen == Some(Moyen::Especes) && ligne.montant.0 > 0 {
        let caisse = especes_en_caisse(&**tx).await?;
        if caisse.0 < 0 {
            return Err(CaisseFault::Especes { caisse: caisse + ligne.montant });
        }
    }
    journal::write(&**tx, ligne.entree((i, &i.id.to_string()), (id, jour), quand, acteur)).await?;
    suivre(&**tx, &[i.id], quand, acteur).await?;
    let periodes = periode_list(&**tx).await?.into_iter().map(|p| (p.id, p)).collect();
    annoncer(&**tx, std::slice::from_ref(i), &periodes, &iexam.publique, quand).await?;
    Ok(Ecrite { id, deja: false })
}
