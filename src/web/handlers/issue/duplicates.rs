//! What exists already for the holder of a request, as its last page says it.

use crate::i18n::{Key, Message, key};
use crate::services::issue::{Duplicate, Found, Likeness};
use crate::web::page::Frame;
use crate::web::routes;

#[derive(Debug, Default)]
pub struct Duplicates {
    /// The same document, or the same name where one has no document.
    pub same: Vec<Line>,
    /// People who are only called the same.
    pub namesakes: Vec<Line>,
}

/// One certificate or request.
#[derive(Debug)]
pub struct Line {
    /// Its page, if it has one.
    pub href: Option<String>,
    pub holder: String,
    /// Masked; empty if there is none.
    pub document: String,
    /// What there is: "valid until", "under way".
    pub what: String,
}

impl Duplicates {
    pub fn of(found: Vec<Duplicate>, frame: &Frame) -> Self {
        let (namesakes, same): (Vec<_>, Vec<_>) = found
            .into_iter()
            .partition(|one| one.likeness == Likeness::Namesake);
        let lines = |all: Vec<Duplicate>| all.into_iter().map(|one| line(one, frame)).collect();
        Self {
            same: lines(same),
            namesakes: lines(namesakes),
        }
    }
}

fn line(one: Duplicate, frame: &Frame) -> Line {
    let (href, what) = what(&one.found, frame);
    Line {
        href,
        holder: frame.holder(&one.holder),
        document: one.document.unwrap_or_default(),
        what: frame.say(&what).into_owned(),
    }
}

/// Its page, and what it is.
fn what(found: &Found, frame: &Frame) -> (Option<String>, Message) {
    match found {
        Found::Certificate(thumbprint, validity) => {
            let with_date = |text: Key| {
                let end = validity.end().map(|end| frame.end(&end));
                text.with("date", end.unwrap_or_default())
            };
            let text = match validity.end() {
                None => key("check-duplicate-valid").into(),
                Some(_) if validity.is_estimated() => {
                    with_date(key("check-duplicate-expires-estimated"))
                }
                Some(_) => with_date(key("check-duplicate-expires")),
            };
            (Some(routes::certificate(thumbprint.as_str())), text)
        }
        Found::Request { id, is_unknown } => {
            let text = match is_unknown {
                true => key("check-duplicate-unknown"),
                false => key("check-duplicate-under-way"),
            };
            (Some(routes::issuance(id)), text.into())
        }
        Found::Line { run, position } => {
            let text = key("check-duplicate-in-run").with("line", *position);
            (Some(routes::run(run)), text)
        }
        Found::Row(row) => (None, key("check-duplicate-row").with("row", *row)),
    }
}
