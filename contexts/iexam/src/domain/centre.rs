//! Where one sits: centres, their rooms, their agreement to a period, their parcels.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

/// A place where exams are sat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Centre {
    /// Row.
    pub id: i64,
    /// Its address in pages: `besancon`, `noumea`.
    pub code: String,
    /// Name.
    pub nom: String,
    /// Street.
    pub adresse: String,
    /// Post code.
    pub code_postal: String,
    /// Town.
    pub ville: String,
    /// Country.
    pub pays: String,
    /// IANA name of its time zone.
    pub fuseau: String,
    /// Whom one writes to.
    pub contact_nom: String,
    /// Their e-mail.
    pub contact_courriel: String,
    /// Their telephone.
    pub contact_telephone: String,
    /// The person named to the service who watches over the exam.
    pub surveillant: String,
    /// Most people at once, when it is known.
    pub capacite: Option<i64>,
    /// Whether it must agree before anybody is sent there.
    pub accord_requis: bool,
    /// Whether periods may use it.
    pub actif: bool,
}

impl Centre {
    /// Its time zone; that of Besançon when its name is not one of this version's list.
    #[must_use]
    pub fn tz(&self) -> Tz {
        self.fuseau.parse().unwrap_or(chrono_tz::Europe::Paris)
    }

    /// « Nouméa, Nouvelle-Calédonie ».
    #[must_use]
    pub fn lieu(&self) -> String {
        format!("{}, {}", self.ville, self.pays)
    }
}

/// A room of a centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Salle {
    /// Row.
    pub id: i64,
    /// Name.
    pub nom: String,
    /// Seats.
    pub capacite: i64,
    /// What it has: « postes informatiques ».
    pub equipement: String,
    /// Set apart for arrangements.
    pub a_part: bool,
    /// Order on pages.
    pub rang: i64,
    /// Whether épreuves may use it.
    pub active: bool,
}

/// Days on which a centre receives nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fermeture {
    /// Row.
    pub id: i64,
    /// First day.
    pub du: NaiveDate,
    /// Last day, included.
    pub au: NaiveDate,
    /// Why.
    pub motif: String,
}

/// What a centre answered for a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EtatAccord {
    /// Nobody has written to it.
    ADemander,
    /// Asked; it has not answered.
    Demande,
    /// It agrees.
    Accepte,
    /// It does not.
    Refuse,
}

impl EtatAccord {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::ADemander, Self::Demande, Self::Accepte, Self::Refuse];

    /// The spelling stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ADemander => "a_demander",
            Self::Demande => "demande",
            Self::Accepte => "accepte",
            Self::Refuse => "refuse",
        }
    }

    /// The state of that spelling.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.code() == code)
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::ADemander => "À demander",
            Self::Demande => "Demandé",
            Self::Accepte => "Accepté",
            Self::Refuse => "Refusé",
        }
    }

    /// Whether it is an answer.
    #[must_use]
    pub fn est_reponse(self) -> bool {
        matches!(self, Self::Accepte | Self::Refuse)
    }
}

/// The agreement of a centre to a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accord {
    /// Row.
    pub id: i64,
    /// Period.
    pub periode: i64,
    /// Centre.
    pub centre: i64,
    /// Where it stands.
    pub etat: EtatAccord,
    /// Places that it gives; none: as many as it holds.
    pub places: Option<i64>,
    /// Places that registrations hold.
    pub prises: i64,
    /// When it was asked.
    pub demande_le: Option<DateTime<Utc>>,
    /// When it answered.
    pub repondu_le: Option<DateTime<Utc>>,
    /// What it said.
    pub reponse: String,
}

/// Which way a parcel travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sens {
    /// Papers, to the centre.
    Aller,
    /// Copies, back.
    Retour,
}

impl Sens {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Aller, Self::Retour];

    /// The spelling stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Aller => "aller",
            Self::Retour => "retour",
        }
    }

    /// The way of that spelling.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.code() == code)
    }

    /// As pages write it.
    #[must_use]
    pub fn libelle(self) -> &'static str {
        match self {
            Self::Aller => "Aller (sujets)",
            Self::Retour => "Retour (copies)",
        }
    }
}

/// A parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Colis {
    /// Row.
    pub id: i64,
    /// Period.
    pub periode: i64,
    /// Centre.
    pub centre: i64,
    /// Which way.
    pub sens: Sens,
    /// Who carries it.
    pub transporteur: String,
    /// Tracking number.
    pub suivi: String,
    /// Copies sent.
    pub copies: i64,
    /// Day it left.
    pub expedie_le: Option<NaiveDate>,
    /// Day it arrived.
    pub recu_le: Option<NaiveDate>,
    /// Copies that arrived.
    pub copies_recues: Option<i64>,
    /// Anything else.
    pub note: String,
}

impl Colis {
    /// Copies that arrived beyond those sent: negative when some are missing; none while it travels.
    #[must_use]
    pub fn ecart(&self) -> Option<i64> {
        self.copies_recues.map(|n| n - self.copies)
    }
}

/// Time zones whose name holds each word, the likeliest for a person first: at most `limite`.
#[must_use]
pub fn fuseaux(recherche: &str, limite: usize) -> Vec<Tz> {
    let mots: Vec<String> = kernel::fold(recherche)
        .split([' ', '/', '_', '-'])
        .filter(|m| !m.is_empty())
        .map(str::to_owned)
        .collect();
    let convient = |tz: &&Tz| {
        let nom = tz.name().to_lowercase().replace('_', " ");
        mots.iter().all(|m| nom.contains(m.as_str()))
    };
    chrono_tz::TZ_VARIANTS.iter().filter(convient).take(limite).copied().collect()
}

/// Names of time zones by continent: what a person chooses from, without the old names and those of fixed offsets.
#[must_use]
pub fn fuseaux_usuels() -> Vec<Tz> {
    const CONTINENTS: [&str; 9] = [
        "Africa/",
        "America/",
        "Antarctica/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    ];
    let mut usuels: Vec<Tz> = chrono_tz::TZ_VARIANTS
        .iter()
        .filter(|tz| CONTINENTS.iter().any(|c| tz.name().starts_with(c)))
        .copied()
        .collect();
    usuels.sort_by_key(|tz| tz.name());
    usuels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_found_by_the_name_of_a_town() {
        let noms = |t| fuseaux(t, 5).into_iter().map(|z| z.name()).collect::<Vec<_>>();
        assert_eq!(noms("noumea"), ["Pacific/Noumea"]);
        assert_eq!(noms("America/Cayenne"), ["America/Cayenne"]);
        assert_eq!(noms("nulle part"), [] as [&str; 0]);
        assert!(fuseaux_usuels().len() > 300);
    }

    #[test]
    fn a_missing_copy_is_seen_once_the_parcel_has_come() {
        let colis = Colis {
            id: 1,
            periode: 1,
            centre: 1,
            sens: Sens::Retour,
            transporteur: "Chronopost".into(),
            suivi: String::new(),
            copies: 12,
            expedie_le: None,
            recu_le: None,
            copies_recues: None,
            note: String::new(),
        };
        assert_eq!(colis.ecart(), None);
        assert_eq!(Colis { copies_recues: Some(11), ..colis }.ecart(), Some(-1));
    }
}
