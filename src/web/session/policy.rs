//! How long sessions last, and how quickly all nodes learn of their end.

use std::time::Duration;

use crate::storage::sessions::Kind;

/// A session ends after this time without a request.
pub const IDLE: Duration = Duration::from_secs(15 * 60);

/// The end of a session is moved, and its last use noted, at most this often.
pub(super) const EXTEND_AFTER: Duration = Duration::from_secs(60);

/// The longest time a request waits for the end to be moved.
pub(super) const TOUCH_WITHIN: Duration = Duration::from_millis(500);

/// The longest time until another node notices a sign-out.
pub(super) const CACHED_FOR: Duration = Duration::from_millis(500);

/// The longest life of a session, active or not.
pub(super) const fn life(kind: Kind) -> Duration {
    match kind {
        Kind::User => Duration::from_secs(8 * 60 * 60),
        Kind::Admin => Duration::from_secs(4 * 60 * 60),
    }
}
