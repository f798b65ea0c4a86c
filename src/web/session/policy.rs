//! How long sessions last, and how soon their end is known everywhere.

use std::time::Duration;

use crate::storage::sessions::Kind;

/// A session ends after so long without a request.
pub const IDLE: Duration = Duration::from_secs(15 * 60);

/// The end is put off at most so often.
pub(super) const EXTEND_AFTER: Duration = Duration::from_secs(60);

/// A request waits so long for that at most.
pub(super) const TOUCH_WITHIN: Duration = Duration::from_millis(500);

/// How late another node may learn of a sign-out.
pub(super) const CACHED_FOR: Duration = Duration::from_millis(500);

/// A session ends after so long in any case.
pub(super) const fn life(kind: Kind) -> Duration {
    match kind {
        Kind::User => Duration::from_secs(8 * 60 * 60),
        Kind::Admin => Duration::from_secs(4 * 60 * 60),
    }
}
