//! What people who are signed in may do, and how often. Each time leaves something behind
//! that others have to live with: an entry in the audit, which is never pruned, or mail to
//! an address that nobody has confirmed.

use std::sync::Arc;
use std::time::Duration;

use sqlx::AnyConnection;

use super::door::single;
use super::mark::mark;
use crate::domain::allowance::Allowance;
use crate::domain::millis::Millis;
use crate::services::{Caller, Portal, Source};
use crate::storage::seal::{KeyRing, SealError};
use crate::storage::{StorageError, tries};

#[derive(Debug, Clone, Copy)]
pub(in crate::services) enum Deed {
    /// A sign-in with a right password or token.
    SignIn,
    /// A button that leaves entries in the audit: of a request or a batch, an officer's or
    /// an auditor's.
    Press,
    /// Another address for mail, which gets mail at once.
    MailAddress,
    /// A mail of what became of a request, to an address that nobody has confirmed.
    Mail,
    /// A draft of people whom Redtrust does not name. Those of an owner are counted as rows.
    Draft,
    /// A certificate that such people take over.
    TakeOver,
}

impl Deed {
    /// Its name in the log.
    const fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Press => "press",
            Self::MailAddress => "mail_address",
            Self::Mail => "mail",
            Self::Draft => "draft",
            Self::TakeOver => "take_over",
        }
    }

    const fn allowance(self) -> Allowance {
        match self {
            Self::SignIn => Allowance::new(1_000, Duration::from_secs(10)),
            Self::Press => Allowance::new(1_000, Duration::from_secs(12)),
            Self::Mail => Allowance::new(100, Duration::from_secs(60)),
            Self::Draft => Allowance::new(1_000, Duration::from_secs(60)),
            Self::TakeOver => Allowance::new(10_000, Duration::from_secs(9)),
            Self::MailAddress => Allowance::new(5, Duration::from_secs(12 * 60)),
        }
    }
}

/// For whom it is counted what somebody does whom Redtrust does not name: for all of them at
/// this connection and place, as strangers are counted. They share nothing else.
pub(in crate::services) fn nameless(
    keys: &KeyRing,
    connection_id: &str,
    source: &Source,
) -> Result<String, SealError> {
    let place = single(source.from.parse().ok());
    let mark = mark(keys, &["nameless", connection_id, &place])?;
    Ok(data_encoding::HEXLOWER.encode(&mark))
}

/// How many of these deeds may still be done; they are counted. All of them if Redtrust names
/// this person, whose rows are counted instead.
pub(in crate::services) async fn together(
    portal: &Portal,
    who: &Caller,
    deed: Deed,
    wanted: usize,
) -> Result<usize, StorageError> {
    if !who.is_nameless() {
        return Ok(wanted);
    }
    let (keys, whose) = (Arc::clone(&portal.keys), who.counted_as.clone());
    let now = portal.clock.now();
    let counted = portal.storage.write(move |conn| {
        Box::pin(async move {
            let mut done = 0;
            while done < wanted {
                let wait = count(&mut *conn, &keys, deed, &whose, now).await?;
                if wait.is_some() {
                    break;
                }
                done += 1;
            }
            Ok(done)
        })
    });
    counted.await
}

/// Counts a [`Deed::Press`] of whom this stands for: see [`Caller::counted_as`], or the id of
/// an account. Returns how long to wait if there were too many.
///
/// # Errors
/// [`StorageError`]: then it is not counted.
pub async fn press(portal: &Portal, whose: &str) -> Result<Option<Duration>, StorageError> {
    let (keys, whose) = (Arc::clone(&portal.keys), whose.to_owned());
    let now = portal.clock.now();
    let counted = portal.storage.write(move |conn| {
        Box::pin(async move { count(conn, &keys, Deed::Press, &whose, now).await })
    });
    counted.await
}

/// Counts a deed of whom this stands for. Returns how long to wait at most if there were too many:
/// then it must not be done.
pub(in crate::services) async fn count(
    conn: &mut AnyConnection,
    keys: &KeyRing,
    deed: Deed,
    whose: &str,
    now: Millis,
) -> Result<Option<Duration>, StorageError> {
    let (name, allowance) = (deed.name(), deed.allowance());
    let id = mark(keys, &["deed", name, whose])?;
    if tries::spend(conn, &id, allowance, now).await? {
        return Ok(None);
    }
    tracing::warn!(event = "limit_reached", door = name);
    Ok(Some(allowance.cost()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_no_name_is_counted_by_connection_and_place() {
        let keys = KeyRing::new([7; 32]);
        let of = |connection: &str, from: &str| {
            let source = Source {
                from: from.to_owned(),
                ..Source::default()
            };
            nameless(&keys, connection, &source).unwrap()
        };
        assert_eq!(of("a", "2001:db8::1"), of("a", "2001:db8::2"));
        assert_ne!(of("a", "10.0.0.1"), of("a", "10.0.0.2"));
        assert_ne!(of("a", "10.0.0.1"), of("b", "10.0.0.1"));
    }
}
