//! Conflicts, dates and what an action did, in words.

use std::collections::BTreeMap;

use ::web::components::{Badge, Tone};
use ::web::{PageError, Redirection};
use chrono::{DateTime, Utc};
use kernel::heure_de_besancon;

use crate::Iexam;
use crate::actions::epreuve_changer::Suites;
use crate::actions::epreuve_poser::{ComptesBouges, designations};
use crate::domain::conflits::{Conflit, Ecart, Sorte};
use crate::domain::epreuve::{Epreuve, Nature};
use crate::store::epreuve::epreuves_read;
use crate::store::epreuve_salle::{lieux, salles_connues};

/// « lun. 13/01/2025 9 h 00 ».
pub(super) fn court(instant: DateTime<Utc>) -> String {
    let h = heure_de_besancon(instant);
    format!("{} {}", h.format("%d/%m/%Y"), kernel::heure_francaise(h))
}

/// A code as a part of an address: whatever is not plainly harmless is written by its bytes.
pub(super) fn segment(texte: &str) -> String {
    let mut out = String::with_capacity(texte.len());
    for octet in texte.bytes() {
        if octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_' | b'~') {
            out.push(char::from(octet));
        } else {
            out.push_str(&format!("%{octet:02X}"));
        }
    }
    out
}

/// « 1 épreuve », « 12 épreuves ».
pub(super) fn epreuves(n: usize) -> String {
    compter(n, "épreuve", "épreuves")
}

pub(super) fn compter(n: usize, un: &str, plusieurs: &str) -> String {
    let dit = kernel::nombre_francais(i64::try_from(n).unwrap_or(i64::MAX));
    format!("{dit} {}", if n > 1 { plusieurs } else { un })
}

pub(super) fn badge_nature(nature: Nature) -> Badge {
    let ton = if nature == Nature::Dossier { Tone::Neutral } else { Tone::Info };
    Badge::new(ton, nature.libelle())
}

pub(super) fn ton(sorte: Sorte) -> Tone {
    match sorte {
        Sorte::Chevauchement | Sorte::Capacite => Tone::Danger,
        Sorte::CentreFerme | Sorte::SalleInactive => Tone::Action,
        Sorte::TropProche => Tone::Warning,
    }
}

pub(super) fn badge_sorte(sorte: Sorte) -> Badge {
    Badge::new(ton(sorte), sorte.libelle())
}

/// Names that sentences need.
pub(super) struct Noms {
    pub(super) epreuves: BTreeMap<i64, Epreuve>,
    pub(super) salles: BTreeMap<i64, String>,
    pub(super) centres: BTreeMap<i64, String>,
}

impl Noms {
    /// Those of some conflicts, in three questions.
    pub(super) async fn lire<'c>(
        iexam: &Iexam,
        conflits: impl IntoIterator<Item = &'c Conflit>,
    ) -> Result<Self, PageError> {
        let mut ids: Vec<i64> = conflits.into_iter().flat_map(|c| c.cle.epreuves.iter().copied()).collect();
        ids.sort_unstable();
        ids.dedup();
        let ids = &ids;
        let lire = |c: db::sea_orm::DatabaseConnection| async move {
            let epreuves = epreuves_read(&c, ids).await?.into_iter().map(|e| (e.id, e)).collect();
            let salles = designations(&salles_connues(&c).await?);
            let centres = lieux(&c).await?.into_iter().map(|(l, nom, _)| (l.id, nom)).collect();
            Ok::<_, db::DbError>(Self { epreuves, salles, centres })
        };
        Ok(iexam.db.read(lire).await?)
    }

    pub(super) fn epreuve(&self, id: i64) -> String {
        self.epreuves
            .get(&id)
            .map_or_else(|| format!("épreuve {id}"), |e| format!("«\u{a0}{}\u{a0}»", e.libelle))
    }

    /// A conflict in one sentence.
    pub(super) fn phrase(&self, c: &Conflit) -> String {
        let eux = |verbe: &str| match c.etudiants.len() {
            0 => String::new(),
            n => format!("{verbe}{}", compter(n, "étudiant", "étudiants")),
        };
        let noms: Vec<String> = c.cle.epreuves.iter().map(|id| self.epreuve(*id)).collect();
        let quand = c.cle.epreuves.first().and_then(|id| self.epreuves.get(id)).and_then(|e| e.debut);
        let le = quand.map(|d| format!(" le {}", court(d))).unwrap_or_default();
        let ensemble = noms.join(" et ");
        match c.cle.sorte {
            Sorte::Chevauchement => format!("{ensemble} se chevauchent{le}{}.", eux(" pour ")),
            Sorte::TropProche => format!(
                "{ensemble}{le} : {} entre les deux au plus court, {} sont demandées{}.",
                compter(usize::try_from(c.nombres.0).unwrap_or(0), "minute", "minutes"),
                c.nombres.1,
                eux(", pour ")
            ),
            Sorte::Capacite => {
                let salles: Vec<&str> =
                    c.cle.salles.iter().filter_map(|s| self.salles.get(s)).map(String::as_str).collect();
                let mot = if salles.len() > 1 { "Salles" } else { "Salle" };
                format!(
                    "{mot} {}{le} : {} candidats pour {} places ({ensemble}).",
                    salles.join(", "),
                    c.nombres.0,
                    c.nombres.1
                )
            }
            Sorte::CentreFerme => {
                let centre = c.cle.centre.and_then(|id| self.centres.get(&id)).map_or("", String::as_str);
                let motif = if c.motif.is_empty() { String::new() } else { format!(" ({})", c.motif) };
                format!(
                    "{ensemble}{le} : le centre {centre} est fermé ce jour-là{motif}{}.",
                    eux(", où sont attendus ")
                )
            }
            Sorte::SalleInactive => {
                let salle = c.cle.salles.first().and_then(|s| self.salles.get(s)).map_or("", String::as_str);
                format!("{ensemble} : la salle {salle} est hors d’usage.")
            }
        }
    }
}

/// Most conflicts told in the message of an action.
const DITS: usize = 2;

/// « 1 conflit résolu. 2 conflits apparaissent : … »; nothing when nothing moved.
pub(super) async fn ecart(iexam: &Iexam, ecart: &Ecart) -> Result<String, PageError> {
    let mut dit = String::new();
    match ecart.resolus.len() {
        0 => {}
        1 => dit.push_str(" Un conflit est résolu."),
        n => dit.push_str(&format!(" {n} conflits sont résolus.")),
    }
    if ecart.nouveaux.is_empty() {
        return Ok(dit);
    }
    let noms = Noms::lire(iexam, ecart.nouveaux.iter().take(DITS)).await?;
    dit.push_str(&match ecart.nouveaux.len() {
        1 => " Un conflit apparaît :".to_owned(),
        n => format!(" {n} conflits apparaissent :"),
    });
    for c in ecart.nouveaux.iter().take(DITS) {
        dit.push(' ');
        dit.push_str(&noms.phrase(c));
    }
    if ecart.nouveaux.len() > DITS {
        dit.push_str(" Les autres sont sur la page « Conflits ».");
    }
    Ok(dit)
}

/// « 2 inscriptions changent de montant. »
pub(super) fn comptes(comptes: &ComptesBouges) -> String {
    let dits = comptes.phrases();
    if dits.is_empty() { String::new() } else { format!(" Pour les comptes : {}.", dits.join(", ")) }
}

/// Where an action ends: what it did, what it moved, which conflicts it made or solved.
pub(super) async fn fini(
    iexam: &Iexam,
    vers: impl Into<String>,
    dit: impl Into<String>,
    suites: &Suites,
) -> Result<Redirection, PageError> {
    let phrase =
        format!("{}{}{}", dit.into(), comptes(&suites.pose.comptes), ecart(iexam, &suites.conflits).await?);
    let ton = if suites.conflits.nouveaux.is_empty() { Tone::Success } else { Tone::Warning };
    Ok(Redirection::to(vers).saying(ton, phrase))
}
