//! Makes a run that its owner has yet to confirm.

use std::ops::Range;

use crate::domain::certificate_standing::Standing;
use crate::domain::holder::Kind;
use crate::domain::holders_csv::Holders;
use crate::domain::millis::Millis;
use crate::domain::run::{LineState, MOST_LINES, Run, RunKind, RunLine, RunState};
use crate::domain::thumbprint::Thumbprint;
use crate::domain::today::Today;
use crate::services::{Caller, Portal, ids};
use crate::storage::certificates::Kinds;
use crate::storage::{StorageError, certificates, runs};

/// So much of the headings that are not known is kept and shown, in characters.
const LONGEST_IGNORED: usize = 300;

/// Result of making a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// The id of the run.
    Run(String),
    /// Nothing was chosen.
    Nothing,
    /// More lines than one run may have.
    TooMany(usize),
}

/// A run that renews these certificates, each once. Whether each can be renewed is judged
/// when the run is shown, and again when its line is worked on.
pub async fn renew(
    portal: &Portal,
    who: &Caller,
    thumbprints: Vec<Thumbprint>,
) -> Result<Begun, StorageError> {
    let mut lines: Vec<RunLine> = Vec::with_capacity(thumbprints.len());
    let mut seen = std::collections::BTreeSet::new();
    for thumbprint in thumbprints {
        if seen.insert(thumbprint.to_string()) {
            let position = i64::try_from(lines.len() + 1).unwrap_or(i64::MAX);
            lines.push(RunLine {
                thumbprint: Some(thumbprint),
                ..line(position)
            });
        }
    }
    store(portal, who, (RunKind::Renew, String::new()), lines).await
}

/// A run that issues a certificate to each of these holders.
pub async fn issue(portal: &Portal, who: &Caller, file: Holders) -> Result<Begun, StorageError> {
    let options = portal.connections.options(&who.connection_id).await?;
    let ignored = shortened(&file.unknown_headings.join(", "));
    let lines = file.rows.into_iter().map(|row| RunLine {
        holder: row.answers.checked(&options).listed_name(),
        answers: Some(row.answers),
        ..line(row.row)
    });
    store(portal, who, (RunKind::Issue, ignored), lines.collect()).await
}

/// A heading may be as long as a file.
fn shortened(ignored: &str) -> String {
    let mut kept: String = ignored.chars().take(LONGEST_IGNORED).collect();
    if kept.len() < ignored.len() {
        kept.push('…');
    }
    kept
}

fn line(position: i64) -> RunLine {
    RunLine {
        position,
        thumbprint: None,
        answers: None,
        holder: String::new(),
        issuance_id: ids::new_id(),
        state: LineState::Waiting,
        skip: None,
    }
}

async fn store(
    portal: &Portal,
    who: &Caller,
    (kind, ignored): (RunKind, String),
    lines: Vec<RunLine>,
) -> Result<Begun, StorageError> {
    match lines.len() {
        0 => return Ok(Begun::Nothing),
        count if count > MOST_LINES => return Ok(Begun::TooMany(count)),
        _ => {}
    }
    let now = portal.clock.now();
    let run = Run {
        id: ids::new_id(),
        owner_id: who.owner_id.clone(),
        connection_id: who.connection_id.clone(),
        sign_in_id: who.sign_in_id.clone(),
        kind,
        state: RunState::Check,
        hold: None,
        source: who.source.from.clone(),
        request_id: who.source.request_id.clone(),
        ignored,
        created_at: now,
        updated_at: now,
        ended_at: None,
    };
    let id = run.id.clone();
    portal
        .storage
        .write(move |conn| Box::pin(async move { runs::insert(conn, &run, &lines).await }))
        .await?;
    Ok(Begun::Run(id))
}

/// How many of this person's certificates expire soon and can be renewed.
pub async fn count_due(portal: &Portal, who: &Caller) -> Result<usize, StorageError> {
    let range = soon(portal.today());
    let (storage, kinds) = (&portal.storage, Kinds::AllBut(Kind::Seal));
    let counts = certificates::count_expiring(storage, &who.owner_id, kinds, &[range]).await?;
    Ok(usize::try_from(counts.iter().sum::<i64>()).unwrap_or(0))
}

fn soon(today: Today<'_>) -> Range<Millis> {
    Millis(today.now.0 + 1)..Standing::Expiring.range(today).end
}

/// This person's certificates that expire soon and can be renewed unchanged, in order of
/// expiry; at most one more than a run may have.
pub async fn due(portal: &Portal, who: &Caller) -> Result<Vec<Thumbprint>, StorageError> {
    let (now, range) = (portal.clock.now(), soon(portal.today()));
    let limit = u16::try_from(MOST_LINES + 1).unwrap_or(u16::MAX);
    let found = certificates::expiring(&portal.storage, &who.owner_id, range, limit).await?;
    let mut due = Vec::with_capacity(found.len());
    for certificate in found {
        if certificate.renewal_obstacle(now).is_none() {
            due.push(certificate.thumbprint);
        }
    }
    Ok(due)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_of_headings_that_are_not_known_is_kept_than_people_read() {
        assert_eq!(shortened("Teléfono, Fax"), "Teléfono, Fax");
        let most = "ñ".repeat(LONGEST_IGNORED);
        assert_eq!(shortened(&most), most);
        assert_eq!(shortened(&most.repeat(1000)), format!("{most}…"));
    }
}
