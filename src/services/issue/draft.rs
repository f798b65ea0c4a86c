//! Drafts: created once; a save is refused if somebody else saved in between.

use std::sync::Arc;

use uuid::Uuid;

use super::origin::origin;
use crate::domain::answers::{Answers, Checked};
use crate::domain::connection::RequestOptions;
use crate::domain::issuance::{Issuance, State};
use crate::domain::thumbprint::Thumbprint;
use crate::services::limiter::{self, Deed};
use crate::services::{Caller, Portal, ids, own};
use crate::storage::{StorageError, certificates, issuances};

/// What a new draft starts with.
#[derive(Debug, Clone)]
pub struct NewDraft {
    /// Generated with the first form, so that a form submitted twice makes one
    /// draft.
    pub id: String,
    /// The answers so far; they must include the kind of holder.
    pub answers: Answers,
    /// The certificate to renew.
    pub renews: Option<Thumbprint>,
}

/// A person's own issuance, and what its connection lets a request contain.
#[derive(Debug, Clone)]
pub struct Draft {
    /// In any state.
    pub issuance: Issuance,
    /// Empty if the connection was removed.
    pub options: RequestOptions,
    /// Whether it renews a certificate with the same data, so that nothing is asked for.
    pub is_repeat: bool,
}

impl Draft {
    /// The answers as typed.
    pub const fn answers(&self) -> &Answers {
        &self.issuance.answers
    }

    /// The answers, checked for its connection.
    pub fn checked(&self) -> Checked<'_> {
        self.answers().checked(&self.options)
    }

    /// Whether it was not submitted yet, or nothing was sent.
    pub fn is_draft(&self) -> bool {
        self.issuance.state == State::Draft
    }
}

/// Result of saving answers.
#[derive(Debug, Clone)]
pub enum Saved {
    Saved,
    /// Somebody else (for example in another tab) saved in between: nothing was
    /// stored.
    Stale(Box<Draft>),
    /// It is no longer a draft: show its page.
    Submitted,
    Missing,
}

/// Most drafts of one person: whoever has so many has lost sight of them.
const MOST: i64 = 1_000;

/// Whether this person may begin another draft by hand, which is counted. Those that a run
/// makes are sent at once.
pub async fn has_room(portal: &Portal, who: &Caller) -> Result<bool, StorageError> {
    let own = issuances::drafts_of(&portal.storage, &who.owner_id).await?;
    Ok(own < MOST && limiter::together(portal, who, Deed::Draft, 1).await? == 1)
}

/// Creates a draft, or finds the one already created. `None` if the id is
/// invalid or belongs to somebody else, or if the kind of holder is missing.
pub async fn begin(
    portal: &Portal,
    who: &Caller,
    new: NewDraft,
) -> Result<Option<Draft>, StorageError> {
    let kind = new.answers.kind().filter(|_| is_canonical(&new.id));
    let Some(kind) = kind else {
        return Ok(None);
    };
    let id = new.id.clone();
    let draft = issuances::NewDraft {
        id: new.id,
        reference: ids::new_reference(),
        owner_id: who.owner_id.clone(),
        connection_id: who.connection_id.clone(),
        sign_in_id: who.sign_in_id.clone(),
        kind,
        holder: new
            .answers
            .checked(&RequestOptions::default())
            .listed_name(),
        answers: new.answers,
        renews: new.renews,
    };
    let (now, keys) = (portal.clock.now(), Arc::clone(&portal.keys));
    portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                issuances::insert_draft(conn, &draft, now).await?;
                issuances::index(conn, &keys, &draft.id).await
            })
        })
        .await?;
    load(portal, who, &id).await
}

/// Whether an id has the form of our own ids. Others are never used as a key.
fn is_canonical(id: &str) -> bool {
    Uuid::parse_str(id).is_ok_and(|read| read.to_string() == id)
}

/// This person's issuance with this id.
pub async fn load(portal: &Portal, who: &Caller, id: &str) -> Result<Option<Draft>, StorageError> {
    let Some(issuance) = own::issuance(portal, who, id).await? else {
        return Ok(None);
    };
    let options = portal.connections.options(&issuance.connection_id).await?;
    Ok(Some(Draft {
        is_repeat: is_repeat(portal, &issuance, &options).await?,
        options,
        issuance,
    }))
}

/// Whether a renewal repeats the order of its certificate. One that is gone blocks the
/// renewal, which the page of the renewal says.
async fn is_repeat(
    portal: &Portal,
    issuance: &Issuance,
    options: &RequestOptions,
) -> Result<bool, StorageError> {
    let Some(thumbprint) = &issuance.renews else {
        return Ok(false);
    };
    let (storage, at, owner) = (&portal.storage, &issuance.connection_id, &issuance.owner_id);
    let Some(found) = certificates::owned(storage, at, owner, [thumbprint; 2]).await? else {
        return Ok(true);
    };
    let origin = origin(portal, &found, options).await?;
    Ok(origin.is_some_and(|origin| origin.is_repeated()))
}

/// Saves a draft's answers if it was not changed since the form was rendered:
/// `seen` is the version that the form shows.
pub async fn save_answers(
    portal: &Portal,
    who: &Caller,
    draft: &Draft,
    seen: i64,
    checked: &Checked<'_>,
) -> Result<Saved, StorageError> {
    let answers = checked.answers();
    if draft.answers() == answers {
        // A form submitted twice, or nothing changed: there is nothing to lose.
        return Ok(Saved::Saved);
    }
    let id = draft.issuance.id.clone();
    let kind = answers.kind().unwrap_or(draft.issuance.kind);
    let (answers, holder) = (answers.clone(), checked.listed_name());
    let (now, keys) = (portal.clock.now(), Arc::clone(&portal.keys));
    let saved = portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                let saved =
                    issuances::save_answers(conn, &id, seen, kind, &answers, &holder, now).await?;
                issuances::index(conn, &keys, &id).await?;
                Ok(saved)
            })
        })
        .await?;
    if saved {
        return Ok(Saved::Saved);
    }
    Ok(match load(portal, who, &draft.issuance.id).await? {
        None => Saved::Missing,
        Some(draft) if draft.is_draft() => Saved::Stale(Box::new(draft)),
        Some(_) => Saved::Submitted,
    })
}

#[cfg(test)]
mod tests {
    use super::is_canonical;

    #[test]
    fn only_ids_as_we_write_them_become_rows() {
        assert!(is_canonical("0190c9a0-7b1e-7c3d-8a4b-0123456789ab"));
        for bad in [
            "",
            "1",
            "0190C9A0-7B1E-7C3D-8A4B-0123456789AB",
            "0190c9a07b1e7c3d8a4b0123456789ab",
            "{0190c9a0-7b1e-7c3d-8a4b-0123456789ab}",
        ] {
            assert!(!is_canonical(bad), "{bad}");
        }
    }
}
