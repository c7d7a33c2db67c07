//! Which room a candidate of an épreuve sits in.

/// A room given to an épreuve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SalleDonnee {
    /// Row.
    pub id: i64,
    /// Its name.
    pub nom: String,
    /// Centre it is in.
    pub centre: i64,
    /// Seats.
    pub capacite: i64,
    /// Set apart for arrangements.
    pub a_part: bool,
    /// Whether it may be used.
    pub active: bool,
}

/// Where a candidate sits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement<'a> {
    /// A room apart, as arranged.
    APart(&'a SalleDonnee),
    /// One of the common rooms.
    Commune(&'a SalleDonnee),
    /// The common room although a room apart is arranged: there is none. Their own end time stays.
    CommuneFaute(&'a SalleDonnee),
    /// No room in that centre.
    Aucune,
}

impl<'a> Placement<'a> {
    /// The room.
    #[must_use]
    pub fn salle(&self) -> Option<&'a SalleDonnee> {
        match self {
            Self::APart(s) | Self::Commune(s) | Self::CommuneFaute(s) => Some(s),
            Self::Aucune => None,
        }
    }
}

/// The rooms in which a candidate of that centre may sit: those set apart when it is arranged and one exists, the common ones otherwise.
/// Nobody else is put in a room apart.
#[must_use]
pub fn salles_possibles(salles: &[SalleDonnee], centre: i64, a_part: bool) -> Vec<&SalleDonnee> {
    let la = |apart: bool| salles.iter().filter(move |s| s.active && s.centre == centre && s.a_part == apart);
    let reservees: Vec<_> = if a_part { la(true).collect() } else { Vec::new() };
    if reservees.is_empty() { la(false).collect() } else { reservees }
}

/// The room of a candidate: the first of those possible, in the order given.
#[must_use]
pub fn placer(salles: &[SalleDonnee], centre: i64, a_part: bool) -> Placement<'_> {
    match salles_possibles(salles, centre, a_part).first() {
        Some(s) if s.a_part => Placement::APart(s),
        Some(s) if a_part => Placement::CommuneFaute(s),
        Some(s) => Placement::Commune(s),
        None => Placement::Aucune,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn salle(id: i64, centre: i64, a_part: bool, active: bool) -> SalleDonnee {
        SalleDonnee { id, nom: format!("S{id}"), centre, capacite: 10, a_part, active }
    }

    #[test]
    fn a_room_apart_is_for_who_it_is_arranged_for() {
        let salles = [salle(1, 7, false, true), salle(2, 7, true, true), salle(3, 8, false, true)];
        assert_eq!(placer(&salles, 7, true), Placement::APart(&salles[1]));
        assert_eq!(placer(&salles, 7, false), Placement::Commune(&salles[0]));
        assert_eq!(placer(&salles, 9, false), Placement::Aucune);
        assert_eq!(placer(&salles[1..2], 7, false), Placement::Aucune, "the room apart is nobody else's");
    }

    #[test]
    fn without_a_room_apart_the_candidate_stays_in_the_common_room() {
        let salles = [salle(1, 7, false, true), salle(2, 7, true, false)];
        assert_eq!(
            placer(&salles, 7, true),
            Placement::CommuneFaute(&salles[0]),
            "the only room apart is out of use"
        );
        assert_eq!(placer(&salles, 7, true).salle().map(|s| s.id), Some(1));
    }
}
