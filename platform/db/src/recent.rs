//! What was read a moment ago, and is still what this process last wrote.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::{Db, DbError};

/// How long what other processes write to the same database may stay unseen.
pub const FRAICHEUR: Duration = Duration::from_millis(250);

/// Answers by question. One is given again as long as nothing at all was committed through this handle, and for [`FRAICHEUR`] at most: what
/// this process writes is seen at once, what others write soon. For small things that every request asks; keep it in [`Db::shared`].
#[derive(Debug)]
pub struct Recent<K, V> {
    held: Mutex<HashMap<K, (u64, Instant, V)>>,
    places: usize,
}

impl<K: Eq + Hash, V: Clone> Recent<K, V> {
    /// For `places` answers at most; full, it begins again.
    #[must_use]
    pub fn new(places: usize) -> Self {
        Self { held: Mutex::default(), places }
    }

    fn held(&self) -> MutexGuard<'_, HashMap<K, (u64, Instant, V)>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer of a moment ago, else that of `read`.
    ///
    /// # Errors
    /// Those of `read`; they are not kept.
    pub async fn get<F, Fut>(&self, db: &Db, key: K, read: F) -> Result<V, DbError>
    where
        F: FnOnce() -> Fut,
        Fut: Future<Output = Result<V, DbError>>,
    {
        // Before reading: what is committed meanwhile makes it be read once more.
        let (commits, begun) = (db.commits(), Instant::now());
        if let Some(value) = self.fresh(&key, commits) {
            return Ok(value);
        }
        let value = read().await?;
        let mut held = self.held();
        if held.len() >= self.places {
            held.clear();
        }
        held.insert(key, (commits, begun, value.clone()));
        Ok(value)
    }

    fn fresh<Q: ?Sized + Eq + Hash>(&self, key: &Q, commits: u64) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let held = self.held();
        let (at, read, value) = held.get(key)?;
        (*at == commits && read.elapsed() < FRAICHEUR).then(|| value.clone())
    }
}
