//! Limits how many answers are streamed at once, per session and in total, so that
//! open pages cannot use up the server.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::session::IdHash;

const PER_SESSION: usize = 3;

const IN_ALL: usize = 256;

/// The number of open streams of each session.
#[derive(Debug, Clone, Default)]
pub struct Streams(Arc<Mutex<HashMap<IdHash, usize>>>);

/// One open stream, counted until it is dropped.
#[derive(Debug)]
pub struct Seat {
    streams: Streams,
    session: IdHash,
}

impl Streams {
    /// Opens one more stream for this session; `None` at the limit.
    pub fn take(&self, session: IdHash) -> Option<Seat> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = open.values().sum();
        let own = open.get(&session).copied().unwrap_or_default();
        if all >= IN_ALL || own >= PER_SESSION {
            return None;
        }
        open.insert(session, own + 1);
        drop(open);
        Some(Seat {
            streams: self.clone(),
            session,
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let lock = &self.streams.0;
        let mut open = lock.lock().unwrap_or_else(PoisonError::into_inner);
        match open.get_mut(&self.session) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                open.remove(&self.session);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_has_three_streams_and_gets_one_back_when_it_ends() {
        let streams = Streams::default();
        let mut seats: Vec<_> = (0..3).map(|_| streams.take([1; 32]).unwrap()).collect();
        assert!(streams.take([1; 32]).is_none());
        assert!(streams.take([2; 32]).is_some());
        seats.pop();
        assert!(streams.take([1; 32]).is_some());
        drop(seats);
        assert!(streams.0.lock().unwrap().is_empty());
    }

    #[test]
    fn the_total_is_limited_too() {
        let streams = Streams::default();
        let session = |number: usize| {
            let mut hash = [0; 32];
            hash[..8].copy_from_slice(&number.to_be_bytes());
            hash
        };
        let seats: Vec<_> = (0..IN_ALL)
            .map(|number| streams.take(session(number)).unwrap())
            .collect();
        assert!(streams.take([9; 32]).is_none());
        drop(seats);
        assert!(streams.take([9; 32]).is_some());
    }
}
