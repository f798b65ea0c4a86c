//! Finds the dialect of a connection from a login URL that works, and adopts what was
//! found. Between the two, a key that was typed travels sealed in the page.

use std::sync::Arc;

use super::connection_admin::{self, Asked, Changed};
use super::jobs::{Job, JobError};
use super::{Actor, Portal, sealed_key};
use crate::domain::connection::{Connection, Texts, Written};
use crate::domain::dialect_finder::{self, Findings, KeyDifference, compare_keys};
use crate::domain::login_url::{LoginUrl, LoginUrlError};
use crate::domain::secret::Secret;
use crate::storage::StorageError;

/// What an example tells about a connection.
#[derive(Debug)]
pub struct Answer {
    pub findings: Findings,
    /// How the stored key differs from the one that signed the example.
    pub stored_key: KeyDifference,
    /// Whether the stored key signed the example and the typed one did not.
    pub typed_key_is_wrong: bool,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    #[error(transparent)]
    Unusable(#[from] LoginUrlError),
    /// The search itself was not made.
    #[error(transparent)]
    Job(#[from] JobError),
}

/// Searches with the typed key, or with the stored one if none was typed or the typed
/// one leads to nothing.
pub async fn find(
    portal: &Portal,
    connection: &Connection,
    example: &str,
    typed: Secret,
) -> Result<Answer, FindError> {
    let url = LoginUrl::read(example)?;
    let stored = connection.shared_key.clone();
    let is_typed = !typed.expose().trim().is_empty();
    let key = if is_typed { &typed } else { &stored };
    let job = Job::of(portal, &connection.id).await;
    let job = job.map_err(JobError::from)?;
    let mut findings = search(portal, &job, &url, key).await?;
    let mut typed_key_is_wrong = false;
    if is_typed && findings.found.is_empty() {
        let other = search(portal, &job, &url, &stored).await?;
        if !other.found.is_empty() {
            (findings, typed_key_is_wrong) = (other, true);
        }
    }
    let right = findings.found.first().map(|found| &found.key);
    Ok(Answer {
        stored_key: right.map_or(KeyDifference::Same, |right| compare_keys(&stored, right)),
        findings,
        typed_key_is_wrong,
    })
}

/// The search takes a good part of a second.
async fn search(
    portal: &Portal,
    job: &Job,
    url: &LoginUrl,
    key: &Secret,
) -> Result<Findings, FindError> {
    let (url, key, now) = (url.clone(), key.clone(), portal.clock.now());
    let found = job.run(move |_| dialect_finder::find(&url, &key, now));
    found.await?.map_err(FindError::Unusable)
}

/// Gives the connection these settings and, if there is one, the sealed key. Needs the
/// admin's password and is audited as any other change.
pub async fn adopt(
    portal: &Arc<Portal>,
    actor: &Actor,
    id: &str,
    version: i64,
    (settings, sealed_key): (Texts, &str),
    asked: Asked,
) -> Result<Changed, StorageError> {
    let shared_key = match sealed_key {
        "" => Secret::new(""),
        sealed => match sealed_key::open(portal, id, sealed) {
            Some(key) => key,
            None => return Ok(Changed::Missing),
        },
    };
    let written = Written {
        slug: String::new(),
        shared_key,
        settings,
    };
    connection_admin::edit(portal, actor, id, version, &written, asked).await
}
