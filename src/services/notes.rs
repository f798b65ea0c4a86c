//! Note and tags that the owner of a certificate writes beside it.

use std::sync::Arc;

use super::certificates::own_certificate;
use super::{Caller, Portal};
use crate::domain::certificate::Certificate;
use crate::domain::person_name::{NameError, check_text};
use crate::domain::thumbprint::Thumbprint;
use crate::storage::{StorageError, certificates};

pub use crate::storage::certificates::Note;

/// Longest note, in characters.
const LONGEST_NOTE: usize = 1000;
/// Longest list of tags, in characters.
const LONGEST_TAGS: usize = 200;

/// Result of writing a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Noted {
    Done,
    /// Nothing was written: what is wrong with the note, and with the tags.
    Wrong(Option<NameError>, Option<NameError>),
    /// Nothing was written: this is what stands there by now.
    Stale(Note),
    Missing,
}

/// What is written beside a certificate.
pub async fn of(portal: &Portal, certificate: &Certificate) -> Result<Note, StorageError> {
    certificates::note(&portal.storage, &certificate.id).await
}

/// Writes a note and tags beside this person's certificate, unless others than `seen` stand
/// there by now. Tags are separated by commas; blank ones and repeated ones are dropped.
pub async fn write(
    portal: &Portal,
    who: &Caller,
    thumbprint: &Thumbprint,
    (seen, typed): (Option<Note>, Note),
) -> Result<Noted, StorageError> {
    let Some(certificate) = own_certificate(portal, who, thumbprint).await? else {
        return Ok(Noted::Missing);
    };
    let lines: Result<Vec<String>, NameError> = typed.note.trim().lines().map(checked).collect();
    let lines = lines.and_then(|lines| {
        let note = lines.join("\n");
        match note.chars().count() > LONGEST_NOTE {
            true => Err(NameError::TooLong {
                max: LONGEST_NOTE,
                length: note.chars().count(),
            }),
            false => Ok(note),
        }
    });
    let tags = check(&tags(&typed.tags), LONGEST_TAGS);
    let (note, tags) = match (lines, tags) {
        (Ok(note), Ok(tags)) => (note, tags),
        (note, tags) => return Ok(Noted::Wrong(note.err(), tags.err())),
    };
    let (keys, note) = (Arc::clone(&portal.keys), Note { note, tags });
    let seen = match seen {
        Some(seen) => seen,
        None => of(portal, &certificate).await?,
    };
    let (id, change) = (certificate.id.clone(), (seen.clone(), note.clone()));
    let work = portal.storage.write(move |conn| {
        let (seen, note) = change;
        Box::pin(async move { certificates::set_note(conn, &keys, &id, (&seen, &note)).await })
    });
    if work.await? {
        return Ok(Noted::Done);
    }
    let now = of(portal, &certificate).await?;
    // The form was sent twice, or what is personal was erased.
    Ok(match now == note || now == seen {
        true => Noted::Done,
        false => Noted::Stale(now),
    })
}

fn checked(line: &str) -> Result<String, NameError> {
    check(line, LONGEST_NOTE)
}

/// The text as it may be stored; nothing may be empty.
fn check(text: &str, most: usize) -> Result<String, NameError> {
    match check_text(text, most) {
        Err(NameError::Empty) => Ok(String::new()),
        checked => checked,
    }
}

fn tags(typed: &str) -> String {
    let mut tags: Vec<&str> = Vec::new();
    for tag in typed.split([',', ';', '\n']).map(str::trim) {
        if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags.join(", ")
}

#[cfg(test)]
mod tests {
    use super::tags;

    #[test]
    fn tags_are_listed_once_however_they_are_separated() {
        assert_eq!(
            tags(" Sanidad ,urgente;; Sanidad\nnuevo "),
            "Sanidad, urgente, nuevo"
        );
        assert_eq!(tags(" , ;"), "");
    }
}
