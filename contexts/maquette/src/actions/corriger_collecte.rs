//! What a collection owes to local corrections: those whose day has come end before it reads; those set or ended while it compared
//! are looked at again when it applies.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use db::{DbError, Tx};

use super::comparer::Ecart;
use super::corriger::expirer;
use super::{CollecteFault, CorrectionFault, Outils};
use crate::domain::Changement;
use crate::domain::correction::{Active, Dite, ajuster};
use crate::domain::genre::Genre;
use crate::store::correction::{correction_actives, correction_version, source_refresh};

/// Ends the corrections whose day has come, and says how many.
pub(super) async fn expirer_avant(outils: &Outils) -> Result<Option<String>, CollecteFault> {
    let n = expirer(outils).await.map_err(|fault| match fault {
        CorrectionFault::Base(err) => CollecteFault::Base(err),
        autre => CollecteFault::Base(DbError::Value(autre.to_string())),
    })?;
    Ok(match n {
        0 => None,
        1 => Some(
            "Une correction locale arrivée à son terme a pris fin : la valeur de la source est revenue."
                .to_owned(),
        ),
        n => Some(format!(
            "{n} corrections locales arrivées à leur terme ont pris fin : les valeurs des sources sont revenues."
        )),
    })
}

/// How many fields the collection leaves corrected.
pub(super) fn avis(ecart: &Ecart) -> Option<String> {
    match ecart.dites.iter().filter(|d| d.valeur.is_some()).count() {
        0 => None,
        1 => {
            Some("Une correction locale a été respectée ; ce que dit la source est gardé à côté.".to_owned())
        }
        n => Some(format!(
            "{n} corrections locales ont été respectées ; ce que disent les sources est gardé à côté."
        )),
    }
}

/// What changed under a comparison that is about to be applied.
pub(super) struct Reprise {
    actives: Vec<Active>,
    dites: Vec<Dite>,
    changements: BTreeMap<Genre, Vec<Changement>>,
    genres: BTreeSet<Genre>,
}

impl Reprise {
    /// The changes to apply of a kind.
    pub(super) fn changements<'a>(&'a self, genre: Genre, compares: &'a [Changement]) -> &'a [Changement] {
        self.changements.get(&genre).map_or(compares, Vec::as_slice)
    }

    /// Whether the identity computed of a kind still is that of its rows.
    pub(super) fn tient(&self, genre: Genre) -> bool {
        !self.genres.contains(&genre)
    }
}

/// Looks at corrections again, in the transaction that applies and once it has the writers' turn; nothing when they are as compared.
pub(super) async fn reprendre(tx: &Tx, ecart: &Ecart, annee: u16) -> Result<Option<Reprise>, CollecteFault> {
    if correction_version(&**tx).await? == ecart.version {
        return Ok(None);
    }
    let actives = correction_actives(&**tx, annee).await?;
    let numeros = |la: &[Active]| la.iter().map(|a| (a.id, a.genre)).collect::<BTreeSet<_>>();
    let genres: BTreeSet<Genre> = numeros(&ecart.corrections)
        .symmetric_difference(&numeros(&actives))
        .map(|(_, genre)| *genre)
        .collect();
    let mut dites = ecart.dites.clone();
    let mut changements = BTreeMap::new();
    for (genre, compares) in ecart.changements.iter().filter(|(genre, _)| genres.contains(genre)) {
        let mut repris = compares.clone();
        ajuster(&mut repris, &ecart.corrections, &actives, &mut dites);
        changements.insert(*genre, repris);
    }
    dites.retain(|d| actives.iter().any(|a| a.id == d.correction));
    Ok(Some(Reprise { actives, dites, changements, genres }))
}

/// Keeps what the sources said of corrected fields.
pub(super) async fn retenir(
    tx: &Tx,
    ecart: &Ecart,
    reprise: Option<&Reprise>,
    annee: u16,
    collecte: i64,
    quand: DateTime<Utc>,
) -> Result<(), CollecteFault> {
    let (actives, dites) = match reprise {
        Some(r) => (&r.actives, &r.dites),
        None => (&ecart.corrections, &ecart.dites),
    };
    source_refresh(&**tx, actives, annee, collecte, quand, dites).await?;
    Ok(())
}
