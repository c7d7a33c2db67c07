//! Undoing a change set: what each of its changes becomes when taken back, and which sets cancel out. Pure.
//!
//! Nothing is deleted: a row that was added is closed, with its trace. An undo is itself a change set, so that undoing it does again
//! what it took back.

use std::collections::HashSet;

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::diff::{Changement, Sorte};
use super::genre::{Colonne, Genre, SorteColonne};
use super::valeur::Valeur;

/// Cause under which the changes of an undo are shown.
pub const CAUSE: &str = "annulation";

/// A change as its set keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Fait {
    /// Kind of row.
    pub genre: Genre,
    /// What happened.
    pub sorte: Sorte,
    /// Business key.
    pub cle: Box<[Valeur]>,
    /// Fields before: those that differ for a modification, all of them otherwise, none for an addition.
    pub avant: Option<Map<String, Value>>,
    /// Fields after, likewise; none for an addition.
    pub apres: Option<Map<String, Value>>,
}

/// The row that a change speaks of, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presente {
    /// Its number.
    pub id: i64,
    /// Whether it is closed.
    pub ferme: bool,
    /// Its fields.
    pub champs: Box<[Valeur]>,
}

/// The row is no longer as the change left it: taking the change back would lose what came since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Differe;

/// A value out of a change set.
fn lire(colonne: &Colonne, v: &Value) -> Valeur {
    match (colonne.sorte, v) {
        (SorteColonne::Texte, Value::String(t)) => t.as_str().into(),
        (SorteColonne::Entier | SorteColonne::Centi, Value::Number(n)) => n.as_i64().into(),
        (SorteColonne::Oui, Value::Bool(b)) => (*b).into(),
        (SorteColonne::Jour, Value::String(j)) => j.parse::<NaiveDate>().ok().into(),
        _ => Valeur::Absent,
    }
}

/// A key out of a change set: nothing when it is not one of this kind.
#[must_use]
pub fn lire_cle(genre: Genre, cle: &Value) -> Option<Box<[Valeur]>> {
    let (colonnes, parts) = (genre.description().cle, cle.as_array()?);
    (colonnes.len() == parts.len()).then(|| colonnes.iter().zip(parts).map(|(c, v)| lire(c, v)).collect())
}

/// `champs`, those that `dits` names taking its values.
fn avec(genre: Genre, champs: &[Valeur], dits: &Map<String, Value>) -> Box<[Valeur]> {
    let valeur = |(c, v): (&Colonne, &Valeur)| dits.get(c.nom).map_or_else(|| v.clone(), |dit| lire(c, dit));
    genre.champs().iter().zip(champs).map(valeur).collect()
}

/// What taking `fait` back does to its row.
///
/// # Errors
/// [`Differe`]: something else changed the row since.
pub fn inverse(fait: &Fait, presente: &Presente) -> Result<Changement, Differe> {
    let genre = fait.genre;
    let laisse = |dits: &Option<Map<String, Value>>| {
        dits.as_ref().is_none_or(|dits| avec(genre, &presente.champs, dits) == presente.champs)
    };
    // A closing that kept its row's fields left them as they were.
    let attendu = match fait.sorte {
        Sorte::Fermeture if fait.apres.is_none() => laisse(&fait.avant),
        _ => laisse(&fait.apres),
    };
    if presente.ferme != (fait.sorte == Sorte::Fermeture) || !attendu {
        return Err(Differe);
    }
    let rendus = fait.avant.as_ref().map(|dits| avec(genre, &presente.champs, dits));
    let (sorte, apres) = match fait.sorte {
        Sorte::Ajout => (Sorte::Fermeture, Box::default()),
        Sorte::Modification => (Sorte::Modification, rendus.unwrap_or_default()),
        Sorte::Fermeture => (Sorte::Reouverture, rendus.unwrap_or_else(|| presente.champs.clone())),
        // Closed again, and with the fields it was closed with.
        Sorte::Reouverture => {
            (Sorte::Fermeture, rendus.filter(|r| *r != presente.champs).unwrap_or_default())
        }
    };
    let (id, avant) = (Some(presente.id), presente.champs.clone());
    Ok(Changement { genre, sorte, id, cle: fait.cle.clone(), avant, apres })
}

/// An applied set: its number, and the one it undoes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applique {
    /// Its number.
    pub id: i64,
    /// The set that it undoes.
    pub annule: Option<i64>,
}

/// Sets that leave no trace in the rows: those undone, and the undos that did it. `appliques` goes from the oldest to the latest.
#[must_use]
pub fn neutres(appliques: &[Applique]) -> HashSet<i64> {
    let mut neutres = HashSet::new();
    for a in appliques.iter().rev() {
        if let Some(annule) = a.annule
            && !neutres.contains(&a.id)
        {
            neutres.extend([a.id, annule]);
        }
    }
    neutres
}

/// The undo that took `id` back and still stands.
#[must_use]
pub fn annulee_par(appliques: &[Applique], id: i64) -> Option<i64> {
    let neutres = neutres(appliques);
    appliques.iter().rev().find(|a| a.annule == Some(id) && neutres.contains(&id)).map(|a| a.id)
}

/// The applied sets after `id` on which undoing it would tread, if they touched the same rows.
#[must_use]
pub fn suivants(appliques: &[Applique], id: i64) -> Vec<i64> {
    let neutres = neutres(appliques);
    appliques.iter().map(|a| a.id).filter(|a| *a > id && !neutres.contains(a)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};

    use proptest::prelude::*;

    use super::*;
    use crate::domain::diff::{Tenu, comparer};
    use crate::domain::valeur::{Ligne, empreinte};

    const GENRE: Genre = Genre::VersionEtape;

    type Table = BTreeMap<Box<[Valeur]>, Presente>;

    fn ligne(code: u8, libelle: Option<u8>, a_distance: bool) -> Ligne {
        Ligne::new(
            [format!("E{code}").into(), "1".into()],
            [
                libelle.map(|l| format!("Étape « {l} »")).into(),
                Valeur::Absent,
                a_distance.into(),
                true.into(),
            ],
        )
    }

    fn garde(c: &Changement) -> Fait {
        let champs = c.genre.champs();
        let differe: Vec<usize> = c.champs_changes().collect();
        let objet = |v: &[Valeur]| {
            (!v.is_empty()).then(|| {
                let dits = champs.iter().zip(v).enumerate();
                dits.filter(|(i, _)| c.sorte != Sorte::Modification || differe.contains(i))
                    .map(|(_, (col, v))| (col.nom.to_owned(), v.json()))
                    .collect()
            })
        };
        let apres = (c.sorte != Sorte::Ajout).then(|| objet(&c.apres)).flatten();
        Fait { genre: c.genre, sorte: c.sorte, cle: c.cle.clone(), avant: objet(&c.avant), apres }
    }

    fn appliquer(table: &mut Table, changements: &[Changement]) {
        for c in changements {
            let id = table.len() as i64;
            let row =
                table.entry(c.cle.clone()).or_insert(Presente { id, ferme: false, champs: Box::default() });
            row.ferme = c.sorte == Sorte::Fermeture;
            if !c.apres.is_empty() {
                row.champs.clone_from(&c.apres);
            }
        }
    }

    fn collecter(table: &mut Table, recus: Vec<Ligne>) -> Vec<Fait> {
        let tenus: HashMap<_, _> = table
            .iter()
            .map(|(cle, p)| (cle.clone(), Tenu { id: p.id, empreinte: empreinte(&p.champs), ferme: p.ferme }))
            .collect();
        let mut avant: HashMap<_, _> = table.values().map(|p| (p.id, p.champs.clone())).collect();
        let mut changements = comparer(GENRE, tenus, recus).changements;
        changements.iter_mut().for_each(|c| c.completer(&mut avant));
        appliquer(table, &changements);
        changements.iter().map(garde).collect()
    }

    fn annuler(table: &mut Table, faits: &[Fait]) -> Vec<Fait> {
        let changements: Vec<_> =
            faits.iter().map(|f| inverse(f, table.get(&f.cle).unwrap()).unwrap()).collect();
        appliquer(table, &changements);
        changements.iter().map(garde).collect()
    }

    /// What readers see, and what closed rows hold; a row that is new since `anciennes` counts only while open.
    fn vue(table: &Table, anciennes: &Table) -> Table {
        table
            .iter()
            .filter(|(cle, p)| !p.ferme || anciennes.contains_key(*cle))
            .map(|(c, p)| (c.clone(), p.clone()))
            .collect()
    }

    fn recus() -> impl Strategy<Value = Vec<Ligne>> {
        proptest::collection::btree_map(0_u8..8, (proptest::option::of(0_u8..3), any::<bool>()), 0..8)
            .prop_map(|m| m.into_iter().map(|(code, (l, d))| ligne(code, l, d)).collect())
    }

    proptest! {
        #[test]
        fn undoing_gives_back_what_was_before_and_undoing_the_undo_what_was_after(
            suite in proptest::collection::vec(recus(), 1..6)
        ) {
            let mut table = Table::new();
            let mut etats = vec![(Table::new(), Vec::new())];
            for recus in suite {
                let faits = collecter(&mut table, recus);
                etats.push((table.clone(), faits));
            }
            // From the latest to the oldest, each undone, done again, and undone.
            for i in (1..etats.len()).rev() {
                let (avant, apres) = (&etats[i - 1].0, &etats[i].0);
                let defait = annuler(&mut table, &etats[i].1);
                prop_assert_eq!(vue(&table, avant), vue(avant, avant));
                let refait = annuler(&mut table, &defait);
                prop_assert_eq!(vue(&table, apres), vue(apres, apres));
                annuler(&mut table, &refait);
                prop_assert_eq!(vue(&table, avant), vue(avant, avant));
            }
            prop_assert!(table.values().all(|p| p.ferme));
        }
    }

    #[test]
    fn what_came_since_stands_in_the_way() {
        let mut table = Table::new();
        collecter(&mut table, vec![ligne(1, Some(1), true)]);
        let faits = collecter(&mut table, vec![ligne(1, Some(2), true)]);
        let mut ailleurs = table.clone();
        for p in ailleurs.values_mut() {
            p.champs[2] = false.into();
        }
        assert!(
            inverse(&faits[0], ailleurs.values().next().unwrap()).is_ok(),
            "another field is no obstacle"
        );
        for p in table.values_mut() {
            p.champs[0] = "repris à la main".into();
        }
        assert_eq!(inverse(&faits[0], table.values().next().unwrap()), Err(Differe));
    }

    #[test]
    fn a_set_and_its_undo_cancel_out_until_the_undo_is_undone() {
        let a = |id, annule| Applique { id, annule };
        let mut sets = vec![a(1, None), a(2, None), a(3, Some(2))];
        assert!(suivants(&sets, 1).is_empty());
        assert_eq!(annulee_par(&sets, 2), Some(3));
        sets.push(a(4, Some(3)));
        assert_eq!(suivants(&sets, 1), [2]);
        assert_eq!((annulee_par(&sets, 2), annulee_par(&sets, 3)), (None, Some(4)));
        sets.push(a(5, Some(2)));
        assert!(suivants(&sets, 1).is_empty());
        assert_eq!(annulee_par(&sets, 2), Some(5));
    }
}
