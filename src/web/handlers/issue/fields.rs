//! From a page's form to the answers of a draft, and back.

use super::wizard::Page;
use crate::domain::connection::RequestOptions;
use crate::domain::holder::Kind;
use crate::services::issue::{Answers, Field, info_fields};
use crate::web::page::form::Fields;

/// The answers with what a page's form says. A field that was not sent stays
/// as it was; one that does not stand on the page is passed over.
pub fn applied(page: Page, form: &Fields, before: &Answers, offer: &RequestOptions) -> Answers {
    let mut answers = before.clone();
    for field in page.fields(before.kind()) {
        let mut sent = form.all(field.as_str()).peekable();
        if sent.peek().is_some() {
            let text = match field {
                // Beside the boxes stands an empty one, sent where none is ticked.
                Field::GroupIds => {
                    let ticked = sent.filter(|number| !number.is_empty());
                    ticked.collect::<Vec<_>>().join(" ")
                }
                _ => sent.last().unwrap_or_default().to_owned(),
            };
            answers.set(field, text);
        }
    }
    if page == Page::Options {
        for (name, field) in info_fields(offer) {
            if let Some(sent) = form.all(name).last() {
                answers.info.insert(field.key.clone(), sent.to_owned());
            }
        }
    }
    if page == Page::Kind {
        forget_the_name(before.kind(), &mut answers);
    }
    answers
}

/// What was typed as the name of a seal is no person's name: it does not go
/// along when the kind changes.
fn forget_the_name(before: Option<Kind>, answers: &mut Answers) {
    if before != answers.kind() {
        answers.common_name.clear();
    }
}

/// The answers as a form shows them.
pub fn shown(answers: &Answers, offer: &RequestOptions) -> Fields {
    let mut fields = Fields::default();
    for field in Field::ALL {
        fields.set(field.as_str(), answers.text(*field));
    }
    for number in answers.groups(offer).unwrap_or_default() {
        fields.push(Field::GroupIds.as_str(), number.to_string());
    }
    for (name, field) in info_fields(offer) {
        fields.set(name, answers.info_text(field));
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(kind: &str, common_name: &str) -> Answers {
        Answers {
            kind: kind.into(),
            common_name: common_name.into(),
            ..Answers::default()
        }
    }

    #[test]
    fn only_the_fields_of_the_page_are_taken() {
        let before = answers("name", "Ana");
        let form = Fields::of([
            ("common_name", "Bea"),
            ("hash_type", "MD5"),
            ("role", "admin"),
        ]);
        let after = applied(Page::Holder, &form, &before, &RequestOptions::default());
        assert_eq!(after, answers("name", "Bea"));
    }

    #[test]
    fn what_was_not_sent_stays() {
        let before = answers("name", "Ana");
        assert_eq!(
            applied(
                Page::Options,
                &Fields::default(),
                &before,
                &RequestOptions::default()
            ),
            before
        );
    }

    #[test]
    fn a_name_does_not_go_along_to_another_kind() {
        let before = answers("name", "Ana");
        let same = applied(
            Page::Kind,
            &Fields::of([("kind", "name")]),
            &before,
            &RequestOptions::default(),
        );
        assert_eq!(same.common_name, "Ana");
        let other = applied(
            Page::Kind,
            &Fields::of([("kind", "person")]),
            &before,
            &RequestOptions::default(),
        );
        assert_eq!(
            (other.kind.as_str(), other.common_name.as_str()),
            ("person", "")
        );
    }

    #[test]
    fn groups_that_were_ticked_come_together() {
        let form = Fields::of([("group_ids", "3"), ("group_ids", "5")]);
        let after = applied(
            Page::Options,
            &form,
            &answers("name", "Ana"),
            &RequestOptions::default(),
        );
        assert_eq!(after.group_ids, "3 5");
    }
}
