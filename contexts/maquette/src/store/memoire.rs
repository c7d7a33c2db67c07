//! What was read before and still holds as long as a generation has not moved.
//!
//! Lists, counts and the values of filters are asked for far more often than the university changes: they are read once after each
//! change. See [`super::generation`] for who says that something changed, [`super::present`] for how soon it is seen.

use std::any::Any;
use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use db::{Db, DbError};

use super::present::Present;

/// Values by key, valid for one generation. Bounded: when it is full it begins again.
#[derive(Debug)]
pub(crate) struct Memoire<K, V> {
    tenu: Mutex<(i64, HashMap<K, V>)>,
    place: usize,
}

impl<K: Eq + Hash, V: Clone> Memoire<K, V> {
    /// Empty, for `place` values at most.
    pub(crate) fn new(place: usize) -> Self {
        Self { tenu: Mutex::default(), place }
    }

    fn tenu(&self) -> MutexGuard<'_, (i64, HashMap<K, V>)> {
        self.tenu.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The value kept at that generation.
    pub(crate) fn lire<Q: ?Sized + Eq + Hash>(&self, generation: i64, cle: &Q) -> Option<V>
    where
        K: std::borrow::Borrow<Q>,
    {
        let tenu = self.tenu();
        if tenu.0 == generation { tenu.1.get(cle).cloned() } else { None }
    }

    /// Keeps a value that was read at that generation, or after it. What an older generation says is not kept.
    pub(crate) fn garder(&self, generation: i64, cle: K, valeur: V) {
        let mut tenu = self.tenu();
        if generation < tenu.0 {
            return;
        }
        if generation > tenu.0 || tenu.1.len() >= self.place {
            tenu.0 = generation;
            tenu.1.clear();
        }
        tenu.1.insert(cle, valeur);
    }
}

/// Pages of lists and the like that are kept: some ten kilobytes each.
const PLACE: usize = 400;

#[derive(Debug)]
struct Lectures(Memoire<String, Arc<dyn Any + Send + Sync>>);

/// What `lire` answers, as it was answered since the last change. `cle` names the question, its year and all that narrows it included;
/// what depends on the day or on who asks must be part of it, or left out.
///
/// # Errors
/// Those of `lire`; they are not kept.
pub(crate) async fn tenu<T, F, Fut>(db: &Db, cle: String, lire: F) -> Result<T, DbError>
where
    T: Clone + Send + Sync + 'static,
    F: FnOnce() -> Fut,
    Fut: Future<Output = Result<T, DbError>>,
{
    let generation = Present::de(db).etat().await?.generations.fil;
    let lectures = db.shared(|| Lectures(Memoire::new(PLACE)));
    let lue = lectures.0.lire(generation, cle.as_str()).and_then(|v| v.downcast_ref::<T>().cloned());
    match lue {
        Some(valeur) => Ok(valeur),
        None => {
            let valeur = lire().await?;
            lectures.0.garder(generation, cle, Arc::new(valeur.clone()));
            Ok(valeur)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_generation_forgets_and_fullness_begins_again() {
        let m: Memoire<String, u8> = Memoire::new(2);
        m.garder(3, "a".into(), 1);
        assert_eq!((m.lire(3, "a"), m.lire(4, "a"), m.lire(2, "a")), (Some(1), None, None));
        m.garder(2, "a".into(), 9);
        assert_eq!(m.lire(3, "a"), Some(1), "a slow reader does not bring the past back");
        m.garder(3, "b".into(), 2);
        m.garder(3, "c".into(), 3);
        assert_eq!((m.lire(3, "a"), m.lire(3, "c")), (None, Some(3)));
        m.garder(4, "d".into(), 4);
        assert_eq!((m.lire(4, "c"), m.lire(4, "d")), (None, Some(4)));
    }
}
