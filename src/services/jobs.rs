//! Work for a processor that somebody's request asks for, on threads of its own: so much
//! for each person at once, and not for long after nobody waits for it any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::Portal;
use super::shares::{Share, Shares, UsedUp};
use crate::storage::StorageError;

/// Jobs of one person at once: two windows are common.
const PER_OWNER: usize = 2;
/// Jobs of all together.
const IN_ALL: usize = 8;
/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);
/// A job ends after this time: with the wait its request is answered by then.
const LONGEST: Duration = Duration::from_secs(15);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What may be worked on at once.
#[derive(Debug)]
pub struct Jobs(Shares);

impl Default for Jobs {
    fn default() -> Self {
        Self(Shares::new(PER_OWNER, IN_ALL))
    }
}

/// Why a job was not done.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// Too many are under way.
    #[error(transparent)]
    UsedUp(#[from] UsedUp),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A place for work. When it is dropped, as with a request whose client has left, the work
/// is to stop; the place is free once it has.
#[derive(Debug)]
pub struct Job {
    place: Arc<Share>,
    stop: Stop,
}

/// Says whether work is to stop.
#[derive(Debug, Clone)]
pub struct Stop {
    is_dropped: Arc<AtomicBool>,
    until: Instant,
}

impl Stop {
    pub(super) fn within(limit: Duration) -> Self {
        Self {
            is_dropped: Arc::default(),
            until: Instant::now() + limit,
        }
    }

    #[cfg(test)]
    pub(super) fn never() -> Self {
        Self::within(Duration::from_secs(3600))
    }

    /// Asked again and again while something is worked on.
    pub fn is_now(&self) -> bool {
        self.is_dropped.load(Ordering::Relaxed) || Instant::now() >= self.until
    }
}

impl Job {
    /// A place for work that this owner asks for: the id of a user, or of what an admin
    /// works on. Waits for one for a while.
    pub async fn of(portal: &Portal, owner: &str) -> Result<Self, UsedUp> {
        let turn = Stop::within(PATIENCE);
        let place = loop {
            match portal.jobs.0.take(owner, 1) {
                Err(_) if !turn.is_now() => tokio::time::sleep(LOOK_EVERY).await,
                taken => break taken?,
            }
        };
        Ok(Self {
            place: Arc::new(place),
            stop: Stop::within(LONGEST),
        })
    }

    /// Works on a thread where nothing waits for it.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Stop) -> T + Send + 'static,
    ) -> Result<T, JobError> {
        let (place, stop) = (Arc::clone(&self.place), self.stop.clone());
        let done = tokio::task::spawn_blocking(move || {
            let done = work(&stop);
            drop(place);
            done
        });
        let failed = |error: tokio::task::JoinError| StorageError::Unavailable(error.to_string());
        Ok(done.await.map_err(failed)?)
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        self.stop.is_dropped.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_nobody_waits_for_stops_and_keeps_its_place_until_then() {
        let shares = Shares::new(1, 1);
        let job = Job {
            place: Arc::new(shares.take("ana", 1).unwrap()),
            stop: Stop::within(Duration::from_secs(60)),
        };
        let (tell, told) = std::sync::mpsc::channel();
        let work = job.run(move |stop| {
            while !stop.is_now() {
                std::thread::sleep(Duration::from_millis(1));
            }
            told.recv().unwrap();
        });
        assert!(
            tokio::time::timeout(Duration::from_millis(50), work)
                .await
                .is_err()
        );
        drop(job);
        assert_eq!(shares.take("ana", 1).unwrap_err(), UsedUp::Own);
        tell.send(()).unwrap();
        while shares.in_use() > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    #[test]
    fn work_stops_when_its_time_is_over() {
        assert!(Stop::within(Duration::ZERO).is_now());
        assert!(!Stop::within(Duration::from_secs(60)).is_now());
    }
}
