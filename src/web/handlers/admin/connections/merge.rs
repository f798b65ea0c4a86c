//! What becomes of a form when somebody else changed its connection meanwhile: the changes
//! of both are joined field by field.

use super::fields::{self, SHOWN, VERSION, comparable, mark};
use crate::domain::connection::{Connection, SETTINGS};
use crate::i18n::{Lang, key};
use crate::web::page::form::{FieldErrors, Fields};
use crate::web::page::stale::stored_now;
use crate::web::page::{Frame, Tone};

/// A form joined with what is stored now.
#[derive(Debug)]
pub(super) struct Merge {
    /// The form to show, as if made from what is stored now.
    pub(super) fields: Fields,
    /// The settings that only the other one changed.
    taken: Vec<&'static str>,
    /// The settings that both changed, each to something else.
    clashes: Vec<&'static str>,
}

impl Merge {
    pub(super) fn of(typed: Fields, stored: &Connection) -> Self {
        let shown = Fields::parse(typed.get(SHOWN).as_bytes());
        let now = fields::of(&stored.settings, stored.version);
        let mine = fields::sent(&typed).settings;
        let (mut fields, mut taken, mut clashes) = (typed, Vec::new(), Vec::new());
        for name in SETTINGS.iter().map(|setting| setting.key) {
            let now = now.get(name);
            let was = |text: &str| shown.get(name) == mark(text);
            match mine.get(name) {
                Some(text) if comparable(text) == comparable(now) => {}
                Some(text) if !was(text) => {
                    if !was(now) {
                        clashes.push(name);
                    }
                }
                Some(_) => {
                    taken.push(name);
                    fields.set(name, now);
                }
                None => fields.set(name, now),
            }
        }
        for name in [VERSION, SHOWN] {
            fields.set(name, now.get(name));
        }
        Self {
            fields,
            taken,
            clashes,
        }
    }

    /// What is stored now beside each clash, and what is wrong with the others.
    pub(super) fn errors(&self, lang: Lang, stored: &Connection) -> FieldErrors {
        let joined = fields::sent(&self.fields).settings;
        let problems = stored.settings.with(&joined).err().unwrap_or_default();
        let (wrong, now) = (fields::errors(&problems), stored.settings.texts());
        let mut errors = FieldErrors::new();
        for name in SETTINGS.iter().map(|setting| setting.key) {
            if self.clashes.contains(&name) {
                let now = now.get(name).map_or("", String::as_str);
                let label = lang.of(fields::label(name)).into_owned();
                errors.add(name, stored_now(label, fields::said(lang, name, now)));
            } else if let Some(message) = wrong.get(name) {
                errors.add(name, message.clone());
            }
        }
        errors
    }

    /// Says above the page that nothing was saved yet, `by` whom it was changed, and which
    /// fields hold what.
    pub(super) fn told(&self, frame: Frame, by: String) -> Frame {
        let lang = frame.lang;
        let labels = |names: &[&'static str]| {
            let labels = names.iter().map(|name| lang.of(fields::label(name)));
            labels.collect::<Vec<_>>().join("; ")
        };
        let text = match self.clashes.is_empty() {
            true => key("admin-connection-stale-joined").with("by", by),
            false => key("admin-connection-stale")
                .with("by", by)
                .with("fields", labels(&self.clashes)),
        };
        let frame = frame.banner(Tone::Warning, text);
        if self.taken.is_empty() {
            return frame;
        }
        let taken = labels(&self.taken);
        let text = key("form-stale-taken").with("fields", taken);
        frame.banner(Tone::Info, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::connection::{ConnectionSettings, Texts};
    use crate::domain::secret::Secret;

    fn stored(version: i64, changes: &[(&str, &str)]) -> Connection {
        let blank = ConnectionSettings::blank();
        let own = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        let first = [
            ("name", "Acme"),
            ("base_url", "https://acme.example"),
            ("partner", "acme"),
        ];
        let texts: Texts = first.iter().chain(changes).map(own).collect();
        let settings = blank.with(&texts).unwrap();
        let slug = "acme".parse().unwrap();
        let made = Connection::new("id".to_owned(), slug, settings, Secret::new("key"));
        Connection { version, ..made }
    }

    /// The form of the first version, with these changes, as a browser sends it.
    fn typed(changes: &[(&str, &str)]) -> Fields {
        let first = stored(1, &[("groups", "3 Sales\n4 Law")]);
        let mut fields = fields::of(&first.settings, first.version);
        fields.set("groups", "3 Sales\r\n4 Law");
        for (name, text) in changes {
            fields.set(name, *text);
        }
        fields
    }

    #[test]
    fn what_one_of_two_changed_is_joined_and_only_a_clash_is_an_error() {
        let mine = [
            ("name", "Mine"),
            ("partner", "BOTH"),
            ("direct_login", "yes"),
        ];
        let theirs = [
            ("name", "Theirs"),
            ("partner", "BOTH"),
            ("validity_days", "31"),
            ("ignore_case", "yes"),
            ("groups", "3 Sales\n4 Law"),
        ];
        let now = stored(2, &theirs);
        let merge = Merge::of(typed(&mine), &now);
        assert_eq!(merge.clashes, ["name"]);
        assert_eq!(merge.taken, ["ignore_case", "validity_days"]);
        for (name, text) in [
            ("name", "Mine"),
            ("partner", "BOTH"),
            ("direct_login", "yes"),
            ("ignore_case", "yes"),
            ("validity_days", "31"),
            (VERSION, "2"),
        ] {
            assert_eq!(merge.fields.get(name), text, "{name}");
        }
        let errors = merge.errors(Lang::En, &now);
        let wrong: Vec<_> = errors.iter().map(|(name, _)| *name).collect();
        assert_eq!(wrong, ["name"]);
    }

    #[test]
    fn the_second_time_it_is_compared_with_what_was_shown_then() {
        let second = stored(2, &[("name", "Theirs"), ("groups", "3 Sales\n4 Law")]);
        let again = Merge::of(typed(&[("name", "Mine")]), &second).fields;
        let third = stored(3, &[("name", "Theirs"), ("groups", "")]);
        let merge = Merge::of(again, &third);
        assert_eq!(merge.clashes, [""; 0], "the clash was seen");
        assert_eq!(merge.taken, ["groups"]);
        assert_eq!(merge.fields.get("name"), "Mine");
    }

    #[test]
    fn without_marks_whatever_differs_is_a_clash_and_what_was_not_sent_is_as_stored() {
        let now = stored(2, &[("name", "Theirs"), ("groups", "3 Sales\n4 Law")]);
        let sent = typed(&[("partner", "mine")]);
        let merge = Merge::of(sent.without(SHOWN).without("validity_days"), &now);
        assert_eq!(merge.clashes, ["name", "partner"]);
        let days = now.settings.validity.to_string();
        assert_eq!(merge.fields.get("validity_days"), days);
    }
}
