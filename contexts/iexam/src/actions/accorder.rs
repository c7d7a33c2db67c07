//! A centre is put in a period, asked, and answers. States of the registrations placed there follow.

use ::web::Vu;
use chrono::{DateTime, Utc};
use db::sea_orm::ConnectionTrait;
use db::sql::select;
use db::{DbError, Tx};
use kernel::Actor;
use serde_json::{Value, json};

use super::centre_regler::centre;
use super::periode_dater::connue;
use super::recompter::suivre;
use super::regler_fault::{Refus, ReglageFault, sans_refus};
use crate::Iexam;
use crate::domain::centre::{Accord, EtatAccord};
use crate::domain::sceau::Geste;
use crate::store::accord::{accord_add, accord_read, accord_remove, accord_write};
use crate::store::centre::centre_actifs;
use crate::store::periode::periode_read;
use crate::store::periode_ecrite::periode_lock;

fn dit(a: &Accord) -> Value {
    json!({ "etat": a.etat.code(), "places": a.places, "demande_le": a.demande_le, "repondu_le": a.repondu_le, "reponse": a.reponse })
}

/// What the form was filled on.
#[must_use]
pub fn accord_vu(a: &Accord) -> Vu {
    Vu::of([dit(a).to_string()])
}

/// What is set of an agreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reponse {
    /// Where it stands.
    pub etat: EtatAccord,
    /// Places that it gives.
    pub places: Option<i64>,
    /// What it said.
    pub reponse: String,
}

async fn journaliser<C: ConnectionTrait>(
    conn: &C,
    (action, centre, periode): (&str, i64, &str),
    avant: Option<Value>,
    apres: Option<Value>,
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<(), ReglageFault> {
    // Said on the centre's own history, under the name of the period.
    let nommer = |v: Value| match v {
        Value::Object(mut champs) => {
            champs.insert("periode".into(), periode.into());
            Value::Object(champs)
        }
        autre => autre,
    };
    let (avant, apres) = (avant.map(nommer), apres.map(nommer));
    super::centre_regler::journaliser(conn, (action, centre), avant, apres, quand, acteur).await
}

/// States of the registrations placed in a centre, in one period or in all that are not closed.
pub(super) async fn suivre_centre<C: ConnectionTrait>(
    conn: &C,
    centre: i64,
    periode: Option<i64>,
    quand: DateTime<Utc>,
    acteur: &Actor,
) -> Result<(), DbError> {
    let seule = if periode.is_some() { "AND i.periode = ?" } else { "" };
    let sql = format!(
        "SELECT i.id FROM iexam_inscription i JOIN iexam_periode p ON p.id = i.periode
         WHERE i.centre = ? AND p.etat NOT IN ('cloturee', 'archivee') {seule} ORDER BY i.id"
    );
    let rows = select(conn, &sql, std::iter::once(centre).chain(periode).map(Into::into)).await?;
    let ids = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<i64>, _>>()?;
    suivre(conn, &ids, quand, acteur).await
}

/// Puts centres in a period: one, or every active one that is not there. How many were.
///
/// # Errors
/// [`ReglageFault`].
pub async fn ajouter(
    iexam: &Iexam,
    periode: i64,
    seul: Option<&str>,
    acteur: &Actor,
) -> Result<u64, ReglageFault> {
    let quand = iexam.clock.now();
    let ecrire = |tx: Tx| async move {
        periode_lock(&*tx, periode).await?;
        let p = connue(periode_read(&*tx, periode).await?, periode)?;
        p.permet(Geste::Reglage)?;
        let centres = match seul {
            Some(code) => vec![centre(&*tx, code).await?],
            None => centre_actifs(&*tx).await?,
        };
        let mut n = 0;
        for c in &centres {
            if accord_add(&*tx, periode, c.id, c.capacite).await? {
                let apres = json!({ "etat": "a_demander", "places": c.capacite });
                let quoi = ("centre_examen.ajouter", c.id, p.nom());
                journaliser(&*tx, (quoi.0, quoi.1, &quoi.2), None, Some(apres), quand, acteur).await?;
                n += 1;
            }
        }
        Ok(n)
    };
    iexam.db.write(ecrire).await
}

/// Sets the agreement of a centre to a period.
///
/// # Errors
/// [`ReglageFault`].
pub async fn accorder(
    iexam: &Iexam,
    periode: i64,
    code: &str,
    r: &Reponse,
    vu: Option<&str>,
    acteur: &Actor,
) -> Result<(), ReglageFault> {
    let quand = iexam.clock.now();
    let reponse = r.reponse.trim();
    let mut refus = Vec::new();
    if r.places.is_some_and(|n| !(0..=100_000).contains(&n)) {
        refus.push(Refus::new("places", "Les places sont un nombre, ou rien si elles ne sont pas comptées."));
    }
    if reponse.chars().count() > 1000 {
        refus.push(Refus::new("reponse", "La réponse tient en 1 000 caractères."));
    }
    if r.etat == EtatAccord::Refuse && reponse.is_empty() {
        refus.push(Refus::new(
            "reponse",
            "Dites ce que le centre a répondu\u{a0}: les étudiants concernés le demanderont.",
        ));
    }
    sans_refus(refus)?;
    let ecrire = |tx: Tx| async move {
        periode_lock(&*tx, periode).await?;
        let p = connue(periode_read(&*tx, periode).await?, periode)?;
        let c = centre(&*tx, code).await?;
        let tenu = accord_read(&*tx, periode, c.id).await?;
        let tenu = tenu.ok_or_else(|| ReglageFault::Inconnu("L’accord du centre pour", p.nom()))?;
        if vu.is_some_and(|vu| !accord_vu(&tenu).is(vu)) {
            return Err(ReglageFault::Change("L’accord"));
        }
        p.permet(Geste::Reglage)?;
        let voulu = Accord {
            etat: r.etat,
            places: r.places,
            reponse: reponse.to_owned(),
            demande_le: match r.etat {
                EtatAccord::ADemander => None,
                _ => tenu.demande_le.or(Some(quand)),
            },
            repondu_le: match (r.etat.est_reponse(), r.etat == tenu.etat) {
                (false, _) => None,
                (true, true) => tenu.repondu_le.or(Some(quand)),
                (true, false) => Some(quand),
            },
            ..tenu.clone()
        };
        if voulu == tenu {
            return Ok(());
        }
        if !accord_write(&*tx, &voulu).await? {
            let phrase = format!(
                "{} inscriptions y tiennent déjà une place\u{a0}: le centre ne peut pas en donner moins.",
                tenu.prises
            );
            return Err(ReglageFault::saisie("places", phrase));
        }
        let quoi = ("centre_examen.accorder", c.id, p.nom());
        journaliser(&*tx, (quoi.0, quoi.1, &quoi.2), Some(dit(&tenu)), Some(dit(&voulu)), quand, acteur)
            .await?;
        suivre_centre(&*tx, c.id, Some(periode), quand, acteur).await?;
        Ok(())
    };
    iexam.db.write(ecrire).await
}

/// Takes a centre out of a period in which nobody holds a place there.
///
/// # Errors
/// [`ReglageFault`].
pub async fn retirer(iexam: &Iexam, periode: i64, code: &str, acteur: &Actor) -> Result<(), ReglageFault> {
    let quand = iexam.clock.now();
    let ecrire = |tx: Tx| async move {
        periode_lock(&*tx, periode).await?;
        let p = connue(periode_read(&*tx, periode).await?, periode)?;
        p.permet(Geste::Reglage)?;
        let c = centre(&*tx, code).await?;
        let Some(tenu) = accord_read(&*tx, periode, c.id).await? else { return Ok(()) };
        if !accord_remove(&*tx, tenu.id).await? {
            let phrase = format!(
                "{} inscriptions y tiennent une place\u{a0}: le centre reste dans la période.",
                tenu.prises
            );
            return Err(ReglageFault::empeche(phrase));
        }
        let quoi = ("centre_examen.retirer", c.id, p.nom());
        journaliser(&*tx, (quoi.0, quoi.1, &quoi.2), Some(dit(&tenu)), None, quand, acteur).await
    };
    iexam.db.write(ecrire).await
}
