//! Answers as people read them, and what two versions of a draft do not share.

use super::wizard::Page;
use crate::domain::connection::{InfoField, RequestOptions};
use crate::services::issue::{Answers, Draft, Field};
use crate::web::handlers::names;
use crate::web::page::Frame;

/// A field that was saved elsewhere with another answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    /// The field's label.
    pub label: String,
    /// What is stored.
    pub stored: String,
    /// What stands in this window.
    pub here: String,
}

/// An answer for people: choices by their labels, groups by their names.
pub fn answer(field: Field, answers: &Answers, offer: &RequestOptions, frame: &Frame) -> String {
    let text = answers.text(field);
    let label = match field {
        Field::Kind => text.parse().ok().map(names::kind),
        Field::DocumentType => text.parse().ok().map(names::document),
        Field::GroupIds => return groups(answers, offer),
        _ => None,
    };
    match label {
        Some(label) => frame.of_key(&label).into_owned(),
        None => text.trim().to_owned(),
    }
}

fn groups(answers: &Answers, offer: &RequestOptions) -> String {
    let numbers = answers.groups(offer).unwrap_or_default();
    let names = numbers.into_iter().filter_map(|number| offer.group(number));
    let names: Vec<_> = names.map(|group| group.name.as_str()).collect();
    names.join(", ")
}

/// What stands on these pages and was stored otherwise than it is `here`.
pub fn differences(
    pages: &[Page],
    stored: &Draft,
    here: &Answers,
    frame: &Frame,
) -> Vec<Difference> {
    let (kept, offer) = (&stored.answers, &stored.offer);
    let kinds = [kept.kind(), here.kind()];
    let asked = |field: &&Field| {
        let stands = |page: &Page| kinds.iter().any(|kind| page.fields(*kind).contains(field));
        pages.iter().any(stands)
    };
    let fields = Field::ALL.iter().filter(asked).map(|field| Difference {
        label: frame.of_key(&names::field(*field)).into_owned(),
        stored: answer(*field, kept, offer, frame),
        here: answer(*field, here, offer, frame),
    });
    let typed_here = |_: &&InfoField| pages.contains(&Page::Options);
    let info = offer
        .info
        .iter()
        .filter(typed_here)
        .map(|field| Difference {
            label: field.label.clone(),
            stored: kept.info_text(field).to_owned(),
            here: here.info_text(field).to_owned(),
        });
    let differs = |one: &Difference| one.stored != one.here;
    fields.chain(info).filter(differs).collect()
}
