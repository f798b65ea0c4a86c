//! How many issuances are worked on at once in this process. Those of runs wait for a place:
//! so many for each owner and for each connection, so that single issuances find room. Of
//! the single ones each owner may have so many, so that others find room too.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::domain::issuance::Issuance;

/// For all runs of one owner.
const PER_OWNER: usize = 4;

/// For all runs at one server, which takes 26 of their calls at once.
const PER_CONNECTION: usize = 8;

/// For the single issuances of one owner: with a run beside them a few of those calls are
/// left to the others.
const SINGLES: usize = 20;

/// The places for runs, by the id of an owner or of a connection.
#[derive(Debug, Default)]
pub struct Places(Mutex<HashMap<String, Arc<Semaphore>>>);

/// Two places; given back when it is dropped.
#[derive(Debug)]
pub struct Place {
    _of_owner: Option<OwnedSemaphorePermit>,
    _of_connection: Option<OwnedSemaphorePermit>,
}

impl Places {
    /// Waits for a place of this owner at this connection. Whoever waits longest gets the
    /// next one.
    pub async fn take(&self, owner_id: &str, connection_id: &str) -> Place {
        let (owner, connection) = (
            self.of(owner_id, PER_OWNER),
            self.of(connection_id, PER_CONNECTION),
        );
        // The semaphores are never closed.
        Place {
            _of_owner: owner.acquire_owned().await.ok(),
            _of_connection: connection.acquire_owned().await.ok(),
        }
    }

    fn of(&self, id: &str, places: usize) -> Arc<Semaphore> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that nobody uses or waits for are forgotten.
        all.retain(|one, places| one == id || Arc::strong_count(places) > 1);
        let new = || Arc::new(Semaphore::new(places));
        Arc::clone(all.entry(id.to_owned()).or_insert_with(new))
    }
}

/// The single issuances under way: whose, and which.
#[derive(Debug, Clone, Default)]
pub struct Singles(Arc<Mutex<Vec<(String, String)>>>);

/// The place of a single issuance; given back when it is dropped.
#[derive(Debug)]
pub struct Single {
    all: Singles,
    which: (String, String),
}

/// The owner of an issuance has as many others under way as one may have.
#[derive(Debug)]
pub struct NoPlace;

impl Singles {
    /// The place of this issuance, which it keeps however often it is asked for at once.
    pub fn take(&self, issuance: &Issuance) -> Result<Single, NoPlace> {
        let (owner, id) = (&issuance.owner_id, &issuance.id);
        let mut taken = self.lock();
        let others = taken.iter().filter(|(of, one)| of == owner && one != id);
        let others = others.map(|(_, one)| one).collect::<HashSet<_>>().len();
        if others >= SINGLES {
            return Err(NoPlace);
        }
        let which = (owner.clone(), id.clone());
        taken.push(which.clone());
        drop(taken);
        let all = self.clone();
        Ok(Single { all, which })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(String, String)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Single {
    fn drop(&mut self) {
        let mut taken = self.all.lock();
        if let Some(at) = taken.iter().position(|which| *which == self.which) {
            taken.swap_remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn an_owner_has_four_places_and_gets_them_back() {
        let places = Places::default();
        let mut taken = Vec::new();
        for _ in 0..PER_OWNER {
            taken.push(places.take("ana", "c").await);
        }
        let soon = Duration::from_millis(20);
        let fifth = tokio::time::timeout(soon, places.take("ana", "c")).await;
        assert!(fifth.is_err());
        let other = tokio::time::timeout(soon, places.take("eva", "c")).await;
        assert!(other.is_ok());
        taken.pop();
        places.take("ana", "c").await;
        drop((taken, other));
        places.take("eva", "d").await;
        assert_eq!(places.0.lock().unwrap().len(), 2);
    }
}
