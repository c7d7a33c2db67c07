//! How one sits exams, as data, and what it costs from which day on.

use chrono::NaiveDate;
use kernel::Cents;

/// Where a modality is sat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lieu {
    /// In one of its centres.
    Centre,
    /// At home.
    Domicile,
}

impl Lieu {
    /// The spelling stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Centre => "centre",
            Self::Domicile => "domicile",
        }
    }

    /// The place of that spelling.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Centre, Self::Domicile].into_iter().find(|l| l.code() == code)
    }
}

/// A way of sitting exams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modalite {
    /// Row.
    pub id: i64,
    /// `presentiel_besancon`, `campus_connecte`, `centre_etranger`, `tele_examen`, or the registry's own.
    pub code: String,
    /// As pages write it.
    pub libelle: String,
    /// Where.
    pub lieu: Lieu,
    /// Whether its hours are supervised, and so charged by the hour.
    pub surveillee: bool,
    /// What to know before choosing it.
    pub consignes: String,
    /// Documents to send, one a line.
    pub pieces: String,
    /// Order on pages.
    pub rang: i64,
    /// Whether periods may offer it.
    pub active: bool,
}

/// What a modality costs from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tarif {
    /// First day.
    pub valide_du: NaiveDate,
    /// Once per registration.
    pub fixe: Cents,
    /// Per supervised hour.
    pub horaire: Cents,
    /// Whether extra time is charged as supervised time. Off unless the university decides so: an arrangement is a right.
    pub majoration_facturee: bool,
}

/// The tariff of a day: the latest begun.
#[must_use]
pub fn tarif_du(tarifs: &[Tarif], jour: NaiveDate) -> Option<Tarif> {
    tarifs.iter().filter(|t| t.valide_du <= jour).max_by_key(|t| t.valide_du).copied()
}
