//! Erases personal data that has been kept for as long as the operator wants: in small
//! batches, each written down in the audit, so that whatever interrupts it, the next run
//! does the rest.

use std::sync::Arc;

use serde_json::json;

use super::audit::entry;
use super::{Actor, Portal};
use crate::domain::audit::Action;
use crate::domain::certificate_file::read_certificates;
use crate::domain::millis::Millis;
use crate::storage::audit::{NewEntry, append};
use crate::storage::issuances::{Erased, erase_some};
use crate::storage::{StorageError, issuers, mail};

/// Rows of one kind that are erased in one transaction.
const BATCH: u16 = 20;

/// Batches of one run; the next one is a minute later.
const BATCHES: usize = 50;

/// Erases what is old enough, if the operator has said what that is.
///
/// # Errors
/// [`StorageError`]: what was erased stays so, the next run does the rest.
pub async fn erase(portal: &Portal) -> Result<(), StorageError> {
    let Some(retention) = portal.retention else {
        return Ok(());
    };
    let ended_before = retention.ended_before(portal.clock.now());
    for _ in 0..BATCHES {
        let erased = erase_batch(portal, ended_before, retention.days()).await?;
        if erased == Erased::default() {
            break;
        }
    }
    let mail = portal
        .storage
        .write(move |conn| Box::pin(async move { mail::purge(conn, ended_before).await }));
    mail.await?;
    forget_files(portal, ended_before).await
}

async fn erase_batch(
    portal: &Portal,
    ended_before: Millis,
    days: u16,
) -> Result<Erased, StorageError> {
    let (keys, now) = (Arc::clone(&portal.keys), portal.clock.now());
    let work = portal.storage.write(move |conn| {
        Box::pin(async move {
            let erased = erase_some(conn, &keys, ended_before, now, BATCH).await?;
            if erased != Erased::default() {
                append(conn, &keys, &written(erased, days), now).await?;
            }
            Ok(erased)
        })
    });
    work.await
}

/// Certificates' files that were kept because of their issuer name their holder.
async fn forget_files(portal: &Portal, ended_before: Millis) -> Result<(), StorageError> {
    let mut old = issuers::all_vouched(&portal.storage).await?;
    old.retain(|file| {
        let read = read_certificates(&file.der).unwrap_or_default();
        read.iter().any(|facts| facts.not_after < ended_before)
    });
    if old.is_empty() {
        return Ok(());
    }
    let work = portal.storage.write(move |conn| {
        Box::pin(async move {
            for file in &old {
                issuers::forget_vouched(conn, file).await?;
            }
            Ok(())
        })
    });
    work.await
}

fn written(erased: Erased, days: u16) -> NewEntry {
    let (actor, action) = (Actor::housekeeping(), Action::PersonalDataErase);
    let mut entry = entry(&actor, action, "personal data");
    let after = json!({
        "requests": erased.issuances,
        "drafts": erased.drafts,
        "certificates_taken_over": erased.taken_over,
        "after_days": days,
    });
    entry.after = Some(after.to_string());
    entry
}
