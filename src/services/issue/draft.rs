//! Drafts: begun once, saved by whoever read them last.

use uuid::Uuid;

use super::answers::Answers;
use crate::domain::connection::RequestOptions;
use crate::domain::issuance::State;
use crate::domain::thumbprint::Thumbprint;
use crate::services::{Caller, Portal, ids};
use crate::storage::StorageError;
use crate::storage::issuances::{self, Issuance};

/// What a draft begins with.
#[derive(Debug, Clone)]
pub struct NewDraft {
    /// Made with the first form: a form sent twice makes one draft.
    pub id: String,
    /// What is known so far.
    pub answers: Answers,
    /// The certificate to renew.
    pub renews: Option<Thumbprint>,
}

/// What became of a wish to begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// A draft with this id is there; the form may have been sent before.
    Draft(String),
    /// The id is no id, or another person's.
    Missing,
}

/// A person's own issuance with what was typed.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The row, in whatever state.
    pub issuance: Issuance,
    pub answers: Answers,
    /// What its connection lets a request carry; nothing where it is gone.
    pub offer: RequestOptions,
}

/// What became of saving answers.
#[derive(Debug, Clone)]
pub enum Saved {
    /// They are stored; the number to submit or save with next.
    Saved {
        /// Grows with each save.
        attempt: i64,
    },
    /// Somebody else, in another tab say, saved since: nothing was stored.
    Stale(Box<Draft>),
    /// It is no draft any more: look at its page.
    Submitted,
    /// There is no such draft for this person.
    Missing,
}

/// Begins a draft, or finds it begun.
pub async fn begin(portal: &Portal, who: &Caller, new: NewDraft) -> Result<Begun, StorageError> {
    if !is_canonical(&new.id) {
        return Ok(Begun::Missing);
    }
    let draft = issuances::Draft {
        id: new.id.clone(),
        reference: ids::new_reference(),
        owner_id: who.owner_id.clone(),
        connection_id: who.connection_id.clone(),
        sign_in_id: who.sign_in_id.clone(),
        kind: new.answers.kind.clone(),
        answers: new.answers.to_stored(),
        holder: new.answers.shown_name(),
        renews: new.renews,
    };
    let now = portal.clock.now();
    let made = portal
        .storage
        .write(move |conn| {
            Box::pin(async move { issuances::insert_draft(conn, &draft, now).await })
        })
        .await?;
    let ours = made
        || issuances::owned(&portal.storage, &new.id, &who.owner_id)
            .await?
            .is_some();
    Ok(if ours {
        Begun::Draft(new.id)
    } else {
        Begun::Missing
    })
}

/// An id as we make them: nothing else becomes a key of a row.
fn is_canonical(id: &str) -> bool {
    Uuid::parse_str(id).is_ok_and(|read| read.to_string() == id)
}

/// This person's issuance with this id.
pub async fn load(portal: &Portal, who: &Caller, id: &str) -> Result<Option<Draft>, StorageError> {
    match issuances::owned(&portal.storage, id, &who.owner_id).await? {
        Some(issuance) => with_answers(portal, issuance).await.map(Some),
        None => Ok(None),
    }
}

async fn with_answers(portal: &Portal, issuance: Issuance) -> Result<Draft, StorageError> {
    let answers = Answers::from_stored(&issuance.answers).ok_or_else(|| StorageError::Corrupt {
        table: "issuances",
        id: issuance.id.clone(),
    })?;
    let connections = portal.connections.all().await?;
    let at = connections
        .iter()
        .find(|connection| connection.id == issuance.connection_id);
    Ok(Draft {
        offer: at
            .map(|at| at.settings.request_options.clone())
            .unwrap_or_default(),
        issuance,
        answers,
    })
}

/// Saves a draft's answers if it still stands where the form found it:
/// `seen` is the attempt that the form was made from.
pub async fn save_answers(
    portal: &Portal,
    who: &Caller,
    id: &str,
    seen: i64,
    answers: &Answers,
) -> Result<Saved, StorageError> {
    let Some(draft) = load(portal, who, id).await? else {
        return Ok(Saved::Missing);
    };
    if draft.issuance.state != State::Draft {
        return Ok(Saved::Submitted);
    }
    if draft.answers == *answers {
        // A form sent twice, or nothing changed: there is nothing to lose.
        return Ok(Saved::Saved {
            attempt: draft.issuance.attempt,
        });
    }
    let mut before = draft.issuance;
    before.attempt = seen;
    before.kind.clone_from(&answers.kind);
    let (json, holder, now) = (
        answers.to_stored(),
        answers.shown_name(),
        portal.clock.now(),
    );
    let saved = portal
        .storage
        .write(move |conn| {
            Box::pin(
                async move { issuances::save_answers(conn, &before, &json, &holder, now).await },
            )
        })
        .await?;
    if saved {
        return Ok(Saved::Saved { attempt: seen + 1 });
    }
    Ok(match load(portal, who, id).await? {
        None => Saved::Missing,
        Some(draft) if draft.issuance.state != State::Draft => Saved::Submitted,
        Some(draft) => Saved::Stale(Box::new(draft)),
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
