//! Lends the connections of a pool, one for each statement or transaction, and keeps them
//! between two of them: the pool asks the database about every connection that comes back to
//! it, which takes as long as a short statement.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

use super::open::ACQUIRE;

/// A connection that nobody wanted for so long goes back to the pool.
const KEPT_FOR: Duration = Duration::from_secs(1);

/// Connections that wait for the next statement, the last used at the end.
#[derive(Debug)]
pub(super) struct Kept {
    /// One for each connection that the pool may open: whoever holds one of them gets a
    /// connection, a kept one or one of the pool.
    places: Arc<Semaphore>,
    /// What becomes of a connection whose query was dropped before its answer was complete.
    dropped: Fate,
    idle: Mutex<Vec<(Instant, PoolConnection<Any>)>>,
}

impl Kept {
    /// `remote`: whether an answer may never come.
    pub(super) fn of(pool: &AnyPool, remote: bool) -> Self {
        let most = usize::try_from(pool.options().get_max_connections()).unwrap_or(1);
        Self {
            places: Arc::new(Semaphore::new(most)),
            dropped: match remote {
                true => Fate::Closed,
                false => Fate::Returned,
            },
            idle: Mutex::default(),
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<(Instant, PoolConnection<Any>)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn number(&self) -> usize {
        self.idle().len()
    }

    /// Gives all kept connections back to the pool.
    pub(super) fn forget(&self) {
        let all = mem::take(&mut *self.idle());
        drop(all);
    }

    /// The one that was used last, and to the pool those that nobody wanted.
    fn take(&self) -> Option<PoolConnection<Any>> {
        let mut idle = self.idle();
        let old = idle.partition_point(|(since, _)| since.elapsed() > KEPT_FOR);
        let forgotten: Vec<_> = idle.drain(..old).collect();
        let last = idle.pop();
        drop(idle);
        drop(forgotten);
        last.map(|(_, conn)| conn)
    }

    fn put(&self, pool: &AnyPool, conn: PoolConnection<Any>) {
        let mut idle = self.idle();
        if !pool.is_closed() {
            idle.push((Instant::now(), conn));
        }
    }
}

impl Drop for Kept {
    /// There may be no runtime any more in which the pool could look at them.
    fn drop(&mut self) {
        for (_, conn) in self.idle().drain(..) {
            drop(conn.detach());
        }
    }
}

/// What becomes of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is closed: returning it would wait for an answer that may never come.
    Closed,
    /// The pool looks whether it is still good.
    Returned,
    Kept,
}

/// A connection on loan. Unless an answer settles it, its query counts as dropped.
pub(super) struct Lent {
    conn: Option<PoolConnection<Any>>,
    fate: Fate,
    pool: AnyPool,
    kept: Arc<Kept>,
    _place: OwnedSemaphorePermit,
}

impl Lent {
    /// One that waits, or else one of the pool.
    pub(super) async fn of(kept: &Arc<Kept>, pool: &AnyPool) -> Result<Self, sqlx::Error> {
        let lent = async {
            let place = Arc::clone(&kept.places).acquire_owned().await;
            let place = place.map_err(|_| sqlx::Error::PoolClosed)?;
            Ok(match kept.take() {
                Some(conn) => (place, conn),
                None => (place, pool.acquire().await?),
            })
        };
        let (place, conn) = timeout(ACQUIRE, lent)
            .await
            .unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
        Ok(Self {
            conn: Some(conn),
            fate: kept.dropped,
            pool: pool.clone(),
            kept: Arc::clone(kept),
            _place: place,
        })
    }

    pub(super) fn conn(&mut self) -> Result<&mut AnyConnection, sqlx::Error> {
        self.conn.as_deref_mut().ok_or(sqlx::Error::PoolClosed)
    }

    /// Declares that no query is running on it, and that the last one was answered.
    pub(super) const fn settle(&mut self) {
        self.fate = Fate::Kept;
    }

    /// Leaves it to the pool whether it is still good.
    pub(super) const fn give_back(&mut self) {
        self.fate = Fate::Returned;
    }

    /// Says what becomes of it behind this answer.
    pub(super) fn settle_by<T>(&mut self, answer: &Result<T, sqlx::Error>) {
        match answer {
            Ok(_) => self.settle(),
            // A network error is no complete answer.
            Err(sqlx::Error::Io(_)) => {}
            Err(_) => self.give_back(),
        }
    }

    /// Takes it out of the pool for good.
    pub(super) fn detach(mut self) -> Result<AnyConnection, sqlx::Error> {
        let conn = self.conn.take().ok_or(sqlx::Error::PoolClosed)?;
        Ok(conn.detach())
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(mut conn) = self.conn.take() else {
            return;
        };
        match self.fate {
            Fate::Kept => self.kept.put(&self.pool, conn),
            Fate::Returned => drop(conn),
            Fate::Closed => conn.close_on_drop(),
        }
    }
}
