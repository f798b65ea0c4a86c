//! Converts between a page's form and the answers of a draft.

use crate::domain::answers::{Answers, Field, Step, info_fields};
use crate::domain::connection::RequestOptions;
use crate::domain::holder::Kind;
use crate::web::page::form::Fields;

/// Applies a page's form to the answers. A field that was not sent keeps its value;
/// a field of another step is ignored.
pub fn applied(step: Step, form: &Fields, before: &Answers, options: &RequestOptions) -> Answers {
    let mut answers = before.clone();
    for field in step.fields(before.kind()) {
        let mut sent = form.all(field.as_str()).peekable();
        if sent.peek().is_some() {
            let text = match field {
                // An empty hidden field is sent along, so that the form contains the
                // field even if no box is ticked.
                Field::GroupIds => {
                    let ticked = sent.filter(|number| !number.is_empty());
                    ticked.collect::<Vec<_>>().join(" ")
                }
                _ => sent.last().unwrap_or_default().to_owned(),
            };
            answers.set(field, text);
        }
    }
    if step == Step::Options {
        for (name, field) in info_fields(options) {
            if let Some(sent) = form.all(name).last() {
                answers.info.insert(field.key.clone(), sent.to_owned());
            }
        }
    }
    if step == Step::Kind {
        forget_the_name(before.kind(), &mut answers);
    }
    answers
}

/// A name typed for one kind of holder, such as a seal, does not fit another kind, so
/// it is dropped when the kind changes.
fn forget_the_name(before: Option<Kind>, answers: &mut Answers) {
    if before != answers.kind() {
        answers.set(Field::CommonName, "");
    }
}

/// The answers as a form shows them.
pub fn filled(answers: &Answers, options: &RequestOptions) -> Fields {
    let mut fields = Fields::default();
    for field in Field::ALL {
        fields.set(field.as_str(), answers.text(*field));
    }
    for number in answers.groups(options).unwrap_or_default() {
        fields.push(Field::GroupIds.as_str(), number.to_string());
    }
    for (name, field) in info_fields(options) {
        fields.set(name, answers.info_text(field));
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(kind: &str, common_name: &str) -> Answers {
        Answers::with([(Field::Kind, kind), (Field::CommonName, common_name)])
    }

    fn sent<const N: usize>(step: Step, form: [(&str, &str); N], before: &Answers) -> Answers {
        applied(step, &Fields::of(form), before, &RequestOptions::default())
    }

    #[test]
    fn only_the_fields_of_the_step_are_read() {
        let form = [
            ("common_name", "Bea"),
            ("hash_type", "MD5"),
            ("role", "admin"),
        ];
        let after = sent(Step::Holder, form, &answers("name", "Ana"));
        assert_eq!(after, answers("name", "Bea"));
    }

    #[test]
    fn what_was_not_sent_stays() {
        let before = answers("name", "Ana");
        assert_eq!(sent(Step::Options, [], &before), before);
    }

    #[test]
    fn a_name_is_dropped_when_the_kind_changes() {
        let before = answers("name", "Ana");
        let same = sent(Step::Kind, [("kind", "name")], &before);
        assert_eq!(same.text(Field::CommonName), "Ana");
        let other = sent(Step::Kind, [("kind", "person")], &before);
        assert_eq!(other, answers("person", ""));
    }

    #[test]
    fn ticked_groups_are_joined() {
        let form = [("group_ids", "3"), ("group_ids", "5")];
        let after = sent(Step::Options, form, &answers("name", "Ana"));
        assert_eq!(after.text(Field::GroupIds), "3 5");
    }
}
