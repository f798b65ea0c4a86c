//! Answers as shown to people, and the differences between two versions of a draft.

use crate::domain::answers::{Answers, Field, Step};
use crate::domain::connection::{InfoField, RequestOptions};
use crate::i18n::key;
use crate::services::issue::Draft;
use crate::web::handlers::names;
use crate::web::page::Frame;

/// A field that was saved elsewhere with another answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    pub label: String,
    /// The stored answer.
    pub stored: String,
    /// The answer in this window.
    pub here: String,
}

/// An answer as text: the labels of choices, the names of groups.
pub fn answer(field: Field, answers: &Answers, options: &RequestOptions, frame: &Frame) -> String {
    let text = answers.text(field);
    let label = match field {
        Field::Kind => text.parse().ok().map(names::kind),
        Field::DocumentType => text.parse().ok().map(names::document),
        Field::GroupIds => return groups(answers, options),
        Field::OneName if text == "yes" => Some(key("yes")),
        Field::Email => return answers.email().unwrap_or_else(|| text.trim().to_owned()),
        _ => None,
    };
    match label {
        Some(label) => frame.of_key(&label).into_owned(),
        None => text.trim().to_owned(),
    }
}

fn groups(answers: &Answers, options: &RequestOptions) -> String {
    let numbers = answers.groups(options).unwrap_or_default();
    let names = numbers
        .into_iter()
        .filter_map(|number| options.group(number));
    let names: Vec<_> = names.map(|group| group.name.as_str()).collect();
    names.join(", ")
}

/// The fields of these pages whose stored answer differs from `here`.
pub fn differences(
    steps: &[Step],
    stored: &Draft,
    here: &Answers,
    frame: &Frame,
) -> Vec<Difference> {
    let (kept, options) = (stored.answers(), &stored.options);
    let kinds = [kept.kind(), here.kind()];
    let asked = |field: &&Field| {
        let stands = |step: &Step| kinds.iter().any(|kind| step.fields(*kind).contains(field));
        steps.iter().any(stands)
    };
    let fields = Field::ALL.iter().filter(asked).map(|field| Difference {
        label: frame.of_key(&names::field(*field)).into_owned(),
        stored: answer(*field, kept, options, frame),
        here: answer(*field, here, options, frame),
    });
    let typed_here = |_: &&InfoField| steps.contains(&Step::Options);
    let info = options
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
