//! One or several registrations under the registry's hand: which can be treated, which are left out and why. Previews and actions ask
//! the same function.

use std::collections::BTreeMap;

use ::web::Vu;
use chrono::{DateTime, Utc};
use db::sea_orm::ConnectionTrait;
use db::{DbError, journal};
use kernel::Actor;
use serde_json::json;

use super::registre_fault::RegistreFault;
use crate::domain::inscription::EtatInscription;
use crate::domain::periode::Periode;
use crate::domain::registre::{Ecart, Verbe};
use crate::store::inscription::Inscription;
use crate::store::periode::periode_list;
use crate::store::registre::{registre_lire, registre_lock};

/// Most registrations treated at once.
pub const LOT_MAX: u64 = 5_000;

/// What a verb finds in its hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lot {
    /// Those that it treats.
    pub faites: Vec<Inscription>,
    /// Those left out, and why.
    pub ecartees: Vec<(Inscription, Ecart)>,
    /// Their periods.
    pub periodes: BTreeMap<i64, Periode>,
}

impl Lot {
    /// Numbers of those that are treated.
    #[must_use]
    pub fn ids(&self) -> Vec<i64> {
        self.faites.iter().map(|i| i.id).collect()
    }
}

/// What a page showed of a registration: another value means that somebody else wrote.
#[must_use]
pub fn vu(i: &Inscription) -> Vu {
    let id = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
    Vu::of([
        i.etat.code().to_owned(),
        i.revision.to_string(),
        id(i.modalite),
        id(i.centre),
        i.motif.clone(),
        i.solde.0.to_string(),
        i.du.0.to_string(),
        i.demande_en_attente.to_string(),
    ])
}

/// Sorts these registrations by whether the verb applies.
///
/// # Errors
/// Those of the database.
pub async fn trier<C: ConnectionTrait>(conn: &C, verbe: Verbe, ids: &[i64]) -> Result<Lot, DbError> {
    let periodes: BTreeMap<_, _> = periode_list(conn).await?.into_iter().map(|p| (p.id, p)).collect();
    let mut lot = Lot { periodes, ..Lot::default() };
    for i in registre_lire(conn, ids).await? {
        let Some(periode) = lot.periodes.get(&i.periode) else { continue };
        let ecart = verbe.permis(i.etat, periode.etat).err().or(match verbe {
            Verbe::Verifier if i.demande_en_attente => Some(Ecart::Demande),
            Verbe::Exonerer if i.solde.0 <= 0 => Some(Ecart::RienADevoir),
            Verbe::Relancer if i.courriel.is_empty() => Some(Ecart::SansCourriel),
            _ => None,
        });
        match ecart {
            Some(ecart) => lot.ecartees.push((i, ecart)),
            None => lot.faites.push(i),
        }
    }
    Ok(lot)
}

/// The same, held until the end of the transaction. With `seule`, the value of the form's `vu`, it is one registration that must be as the
/// form showed it.
///
/// # Errors
/// [`RegistreFault`] when there is nothing to treat.
pub async fn prendre<C: ConnectionTrait>(
    conn: &C,
    verbe: Verbe,
    ids: &[i64],
    seule: Option<&str>,
) -> Result<Lot, RegistreFault> {
    registre_lock(conn, ids).await?;
    let lot = trier(conn, verbe, ids).await?;
    if let [id] = ids {
        let tenue = lot.faites.first().or(lot.ecartees.first().map(|(i, _)| i));
        let tenue = tenue.ok_or(RegistreFault::Inconnue(*id))?;
        if seule.is_some_and(|sent| !vu(tenue).is(sent)) {
            return Err(RegistreFault::Perime);
        }
        if let Some((_, ecart)) = lot.ecartees.first() {
            return Err(RegistreFault::Ecart(*ecart));
        }
    }
    if lot.faites.is_empty() { Err(RegistreFault::Vide) } else { Ok(lot) }
}

/// A reason as it is kept: trimmed, one paragraph, at most 500 characters.
///
/// # Errors
/// [`RegistreFault::Motif`] when nothing is said.
pub fn motif(saisi: &str) -> Result<String, RegistreFault> {
    let motif: String = saisi.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(500).collect();
    if motif.chars().filter(|c| c.is_alphanumeric()).count() < 3 {
        Err(RegistreFault::Motif)
    } else {
        Ok(motif)
    }
}

/// One line of the journal for each: its state and reason, before and after.
///
/// # Errors
/// Those of the database.
pub(super) async fn journal_etats<C: ConnectionTrait>(
    conn: &C,
    lot: &Lot,
    action: &str,
    (vers, motif): (impl Fn(&Inscription) -> EtatInscription, &str),
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<(), DbError> {
    let cles: Vec<_> = lot.faites.iter().map(|i| i.id.to_string()).collect();
    let lignes = lot.faites.iter().zip(&cles).map(|(i, cle)| journal::Entry {
        quand,
        acteur,
        action,
        objet: "inscription_examen",
        cle,
        avant: Some(json!({ "etat": i.etat.code(), "motif": i.motif })),
        apres: Some(json!({ "etat": vers(i).code(), "motif": motif })),
    });
    journal::write_all(conn, lignes).await
}
