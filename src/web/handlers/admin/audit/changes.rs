//! What an entry of the audit says was changed.

use serde_json::Value;

use super::words::{Reader, Word};
use crate::domain::audit::Action;

/// How one setting changed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) name: Word,
    pub(super) before: Word,
    pub(super) after: Word,
}

impl Change {
    fn of(reader: Reader<'_>, name: &str, before: &Value, after: &Value) -> Self {
        Self {
            name: Word::of_fact(name),
            before: Word::of_value(reader, name, before),
            after: Word::of_value(reader, name, after),
        }
    }

    /// What a test of a connection found.
    fn of_check(_: Reader<'_>, name: &str, before: &Value, after: &Value) -> Self {
        Self {
            name: Word::of_check(name),
            before: Word::of_check_result(before),
            after: Word::of_check_result(after),
        }
    }
}

/// If both sides are settings, only those that differ; otherwise both unchanged.
pub(super) fn changes(reader: Reader<'_>, action: &str, facts: [Option<&str>; 2]) -> Vec<Change> {
    let [before, after] = facts;
    let is_test = action == Action::ConnectionTest.as_str();
    let change: fn(Reader<'_>, &str, &Value, &Value) -> Change = match is_test {
        true => Change::of_check,
        false => Change::of,
    };
    let settings = |text: Option<&str>| match text.map(serde_json::from_str) {
        None => Some(serde_json::Map::new()),
        Some(Ok(Value::Object(settings))) => Some(settings),
        Some(_) => None,
    };
    let (Some(old), Some(new)) = (settings(before), settings(after)) else {
        return vec![Change::of(
            reader,
            "",
            &Value::from(before),
            &Value::from(after),
        )];
    };
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort();
    names.dedup();
    let differing = names
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name));
    let said = |all: &serde_json::Map<String, Value>, name: &str| {
        all.get(name).cloned().unwrap_or_default()
    };
    differing
        .map(|name| change(reader, name, &said(&old, name), &said(&new, name)))
        .filter(|change| change.before != change.after)
        .collect()
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::i18n::{Lang, key};

    fn changed(before: Option<&str>, after: Option<&str>) -> Vec<Change> {
        changed_by("connection.edit", before, after)
    }

    fn changed_by(action: &str, before: Option<&str>, after: Option<&str>) -> Vec<Change> {
        let reader = Reader {
            lang: Lang::En,
            zone: &TimeZone::UTC,
            connections: &[],
        };
        changes(reader, action, [before, after])
    }

    fn word(text: &str) -> Word {
        Word::Other(text.to_owned())
    }

    #[test]
    fn only_what_differs_is_shown() {
        let before = Some(r#"{"name":"A","enabled":true,"domain":null}"#);
        let after = Some(r#"{"name":"<b>B","enabled":true,"domain":""}"#);
        let change = Change {
            name: Word::Known(key("admin-connection-name")),
            before: word("A"),
            after: word("<b>B"),
        };
        assert_eq!(changed(before, after), [change]);
        assert!(changed(None, None).is_empty());
    }

    #[test]
    fn settings_are_called_and_said_as_on_their_form() {
        let before = r#"{"validity_days":"730","ignore_case":"","enabled":true,"x":1}"#;
        let after = r#"{"validity_days":"365","ignore_case":"yes","enabled":false,"x":2}"#;
        let said: Vec<_> = changed(Some(before), Some(after))
            .into_iter()
            .map(|one| [one.name, one.before, one.after])
            .collect();
        let of = |id: &'static str| Word::Known(key(id));
        assert_eq!(
            said,
            [
                [of("audit-enabled"), of("yes"), of("no")],
                [of("admin-connection-ignore-case"), word("No"), word("Yes")],
                [of("admin-connection-validity"), word("730"), word("365")],
                [word("x"), word("1"), word("2")],
            ]
        );
        let made = changed(None, Some(r#"{"role":"officer"}"#));
        let made = &made[0];
        assert_eq!(made.name, of("people-role"));
        assert_eq!(
            (&made.before, &made.after),
            (&word(""), &of("role-officer"))
        );
    }

    #[test]
    fn a_test_has_the_words_of_its_page_and_not_those_of_settings() {
        let after = r#"{"direct_login":"skip","api":"fail"}"#;
        let said: Vec<_> = changed_by("connection.test", None, Some(after))
            .into_iter()
            .map(|one| [one.name, one.before, one.after])
            .collect();
        let of = |id: &'static str| Word::Known(key(id));
        assert_eq!(
            said,
            [
                [of("check-name-api"), word(""), of("check-fail")],
                [of("check-name-direct-login"), word(""), of("check-skip")],
            ]
        );
    }

    #[test]
    fn no_connections_are_said_in_a_word_and_unknown_ones_by_their_ids() {
        let said = |after: &str| changed(None, Some(after)).remove(0).after;
        assert_eq!(
            said(r#"{"connections":[]}"#),
            Word::Known(key("audit-no-connections"))
        );
        assert_eq!(said(r#"{"connections":["1","2"]}"#), word("1, 2"));
    }

    #[test]
    fn a_word_alone_is_the_state_of_a_redirect_url_or_shown_unchanged() {
        let moved = changed(Some("draft"), Some("of old"));
        let draft = Word::Known(key("admin-url-draft"));
        assert_eq!(
            (&moved[0].before, &moved[0].after),
            (&draft, &word("of old"))
        );
    }

    #[test]
    fn what_became_of_a_request_is_said_in_words() {
        let after = r#"{"state":"refused","cause":"rejected","certificate_id":"7"}"#;
        let said = changed(Some(r#"{"state":"creating"}"#), Some(after));
        let values: Vec<&Word> = said.iter().map(|change| &change.after).collect();
        let of = |id: &'static str| Word::Known(key(id));
        let (cause, state) = (of("cause-rejected"), of("state-refused"));
        assert_eq!(values, [&cause, &Word::Other("7".into()), &state]);
        assert!(
            said.iter()
                .all(|change| matches!(change.name, Word::Known(_)))
        );
    }
}
