//! A link to the outside, as last seen, and what a new verification changes of it.

use chrono::{DateTime, Datelike as _, NaiveDateTime, Utc};
use contracts::liens::Verification;
use kernel::{Source, date_francaise, heure_francaise};

/// Whether a link answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Etat {
    /// It gave what was asked.
    Repond,
    /// It did not.
    EnPanne,
    /// It could not be tried, because what leads to it did not answer.
    NonVerifie,
}

impl Etat {
    /// The spelling stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Repond => "repond",
            Self::EnPanne => "en_panne",
            Self::NonVerifie => "non_verifie",
        }
    }

    /// Reads [`Etat::code`] back.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Repond, Self::EnPanne, Self::NonVerifie].into_iter().find(|e| e.code() == code)
    }
}

/// One link: an operation, an endpoint or a table of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lien {
    /// The system.
    pub source: Source,
    /// The operation, endpoint or table.
    pub nom: String,
    /// Place in its source's report.
    pub rang: i64,
    /// Whether it answers.
    pub etat: Etat,
    /// Time to the whole answer of the last try, in milliseconds.
    pub latence_ms: i64,
    /// What was seen, or what is wrong.
    pub detail: String,
    /// What to do, when something is wrong.
    pub remede: Option<String>,
    /// When it was last tried.
    pub verifie_le: DateTime<Utc>,
    /// Since when it is in this state, as far as was seen.
    pub depuis: DateTime<Utc>,
    /// When it last answered.
    pub dernier_bon: Option<DateTime<Utc>>,
}

impl Lien {
    /// « répond », « ne répond pas depuis 14 h 02 », « n’a pas été vérifié depuis lundi 13 janvier 2025 à 9 h 00 ». The instants are
    /// shown through `local`, which knows the reader's clock.
    #[must_use]
    pub fn constat(
        &self,
        maintenant: DateTime<Utc>,
        local: impl Fn(DateTime<Utc>) -> NaiveDateTime,
    ) -> String {
        let depuis = depuis(local(self.depuis), local(maintenant));
        match self.etat {
            Etat::Repond => "répond".to_owned(),
            Etat::EnPanne => format!("ne répond pas depuis {depuis}"),
            Etat::NonVerifie => format!("n’a pas pu être vérifié depuis {depuis}"),
        }
    }
}

/// « 14 h 02 » for today, « hier à 14 h 02 », else the whole date.
#[must_use]
pub fn depuis(instant: NaiveDateTime, maintenant: NaiveDateTime) -> String {
    let heure = heure_francaise(instant);
    match (maintenant.date() - instant.date()).num_days() {
        0 => heure,
        1 => format!("hier à {heure}"),
        _ if instant.year() == maintenant.year() => {
            let date = date_francaise(instant.date());
            let sans_annee = date.rsplit_once(' ').map_or(date.as_str(), |(debut, _)| debut);
            format!("le {sans_annee} à {heure}")
        }
        _ => format!("le {} à {heure}", date_francaise(instant.date())),
    }
}

/// What a verification of a source changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changement {
    /// Links to write.
    pub ecrits: Vec<Lien>,
    /// Links that exist no more.
    pub retires: Vec<String>,
    /// How many are in another state than before.
    pub bascules: u64,
}

/// Compares what is held of `source` with what was just seen.
///
/// A link that the report does not name is gone when everything in the report answers (a table that the extraction no longer
/// announces); when something is down, the link was only out of reach, and says so.
#[must_use]
pub fn rapprocher(
    source: Source,
    tenus: &[Lien],
    rapport: &[Verification],
    maintenant: DateTime<Utc>,
) -> Changement {
    let mut changement = Changement::default();
    for (rang, verification) in rapport.iter().enumerate() {
        let tenu = tenus.iter().find(|l| l.nom == verification.lien);
        let (etat, detail, remede) = match &verification.resultat {
            Ok(vu) => (Etat::Repond, vu.clone(), None),
            Err(panne) => (Etat::EnPanne, panne.detail.clone(), Some(panne.remede.clone())),
        };
        changement.ecrits.push(Lien {
            source,
            nom: verification.lien.clone(),
            rang: i64::try_from(rang).unwrap_or(i64::MAX),
            etat,
            latence_ms: i64::try_from(verification.latence_ms).unwrap_or(i64::MAX),
            detail,
            remede,
            verifie_le: maintenant,
            depuis: tenu.filter(|l| l.etat == etat).map_or(maintenant, |l| l.depuis),
            dernier_bon: if etat == Etat::Repond {
                Some(maintenant)
            } else {
                tenu.and_then(|l| l.dernier_bon)
            },
        });
    }
    let fautif = rapport.iter().find(|v| v.resultat.is_err());
    let tus = tenus.iter().filter(|l| !rapport.iter().any(|v| v.lien == l.nom));
    for tenu in tus {
        let Some(fautif) = fautif else {
            changement.retires.push(tenu.nom.clone());
            continue;
        };
        changement.ecrits.push(Lien {
            etat: Etat::NonVerifie,
            detail: format!("{} ne répond pas : ce lien n’a pas pu être essayé.", fautif.lien),
            remede: fautif.resultat.as_ref().err().map(|p| p.remede.clone()),
            verifie_le: maintenant,
            depuis: if tenu.etat == Etat::NonVerifie { tenu.depuis } else { maintenant },
            ..tenu.clone()
        });
    }
    changement.bascules = changement
        .ecrits
        .iter()
        .filter(|neuf| tenus.iter().find(|l| l.nom == neuf.nom).map(|l| l.etat) != Some(neuf.etat))
        .count() as u64
        + changement.retires.len() as u64;
    changement
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Outage, OutageKind};

    fn instant(texte: &str) -> DateTime<Utc> {
        texte.parse().unwrap()
    }

    fn vu(lien: &str, resultat: Result<&str, &str>) -> Verification {
        Verification {
            lien: lien.into(),
            latence_ms: 12,
            resultat: resultat.map(Into::into).map_err(|detail| Outage {
                source_: Source::Extraction,
                quoi: lien.into(),
                kind: OutageKind::Delai,
                detail: detail.into(),
                remede: "Attendez.".into(),
            }),
        }
    }

    #[test]
    fn a_state_keeps_the_instant_it_began_at() {
        let (t1, t2, t3) = (
            instant("2026-01-05T08:00:00Z"),
            instant("2026-01-05T09:00:00Z"),
            instant("2026-01-05T10:00:00Z"),
        );
        let un = rapprocher(Source::Extraction, &[], &[vu("ETAPE", Ok("12 lignes"))], t1);
        assert_eq!((un.ecrits[0].depuis, un.ecrits[0].dernier_bon, un.bascules), (t1, Some(t1), 1));
        let deux = rapprocher(Source::Extraction, &un.ecrits, &[vu("ETAPE", Err("Délai."))], t2);
        assert_eq!((deux.ecrits[0].depuis, deux.ecrits[0].dernier_bon), (t2, Some(t1)));
        let trois = rapprocher(Source::Extraction, &deux.ecrits, &[vu("ETAPE", Err("Autre."))], t3);
        let lien = &trois.ecrits[0];
        assert_eq!(
            (lien.depuis, lien.verifie_le, trois.bascules),
            (t2, t3, 0),
            "still down since the same instant"
        );
        assert_eq!(lien.detail, "Autre.");
    }

    #[test]
    fn a_link_out_of_reach_is_not_said_to_answer_and_a_vanished_one_goes() {
        let t1 = instant("2026-01-05T08:00:00Z");
        let tenus =
            rapprocher(Source::Extraction, &[], &[vu("manifest.json", Ok("ok")), vu("ETAPE", Ok("ok"))], t1)
                .ecrits;
        let t2 = instant("2026-01-05T09:00:00Z");
        let panne = rapprocher(Source::Extraction, &tenus, &[vu("manifest.json", Err("Délai."))], t2);
        assert_eq!(panne.ecrits[1].etat, Etat::NonVerifie);
        assert!(panne.ecrits[1].detail.contains("manifest.json"));
        assert_eq!(panne.ecrits[1].dernier_bon, Some(t1));
        let sans = rapprocher(Source::Extraction, &tenus, &[vu("manifest.json", Ok("ok"))], t2);
        assert_eq!((sans.retires.as_slice(), sans.ecrits.len()), (&["ETAPE".to_owned()][..], 1));
    }

    #[test]
    fn since_when_is_said_as_one_would() {
        let maintenant = "2026-01-13T18:00:00".parse().unwrap();
        let dit = |instant: &str| depuis(instant.parse().unwrap(), maintenant);
        assert_eq!(dit("2026-01-13T14:02:00"), "14\u{a0}h\u{a0}02");
        assert_eq!(dit("2026-01-12T23:10:00"), "hier à 23\u{a0}h\u{a0}10");
        assert_eq!(dit("2026-01-05T09:00:00"), "le lundi 5 janvier à 9\u{a0}h\u{a0}00");
        assert_eq!(dit("2025-12-31T09:00:00"), "le mercredi 31 décembre 2025 à 9\u{a0}h\u{a0}00");
    }
}
