//! Forms that hold all that is stored of something: each sends what it showed with it, so
//! that what was changed elsewhere meanwhile is noticed, and not undone without a word.

use super::banner::Tone;
use super::form::{FieldErrors, Fields, FormView};
use super::frame::Frame;
use crate::i18n::{Key, Message, key};

/// What the form showed, as a form's body. It is only compared: whoever forges it joins the
/// own form otherwise.
const SHOWN: &str = "shown";

/// A form that shows what is stored, and says so when it is sent.
pub fn showing(stored: Fields) -> Fields {
    let (mut fields, shown) = (stored.clone(), stored.to_body());
    fields.set(SHOWN, shown);
    fields
}

/// What a form showed that was sent; `None` of a program that was shown nothing.
pub fn shown(sent: &Fields) -> Option<Fields> {
    let mut shown = sent.all(SHOWN);
    shown.next().map(|shown| Fields::parse(shown.as_bytes()))
}

/// A form that was sent late, joined with what is stored now. Nothing is stored of it yet.
#[derive(Debug)]
pub struct Joined {
    /// As typed, but for what was changed only elsewhere.
    fields: Fields,
    /// What was changed only elsewhere.
    taken: Vec<&'static str>,
    /// What was changed in both places, each to something else.
    clashes: Vec<&'static str>,
}

impl Joined {
    pub fn of(sent: Fields, stored: Fields, names: &[&'static str]) -> Self {
        let shown = shown(&sent).unwrap_or_else(|| stored.clone());
        let mut fields = sent;
        let (mut taken, mut clashes) = (Vec::new(), Vec::new());
        for name in names {
            let (was, here, now) = (
                values(&shown, name),
                values(&fields, name),
                values(&stored, name),
            );
            if now == was || now == here {
                continue;
            }
            if here != was {
                clashes.push(*name);
                continue;
            }
            taken.push(*name);
            fields = fields.without(name);
            for value in stored.all(name) {
                fields.push(*name, value);
            }
        }
        fields.set(SHOWN, stored.to_body());
        Self {
            fields,
            taken,
            clashes,
        }
    }

    /// Whether there is nothing to look at: nobody changed anything to something else.
    pub const fn is_as_typed(&self) -> bool {
        self.taken.is_empty() && self.clashes.is_empty()
    }

    /// The form to look at, and what the page says of it; `said` is what a field is called,
    /// and what is stored in it now.
    pub fn told(self, frame: Frame, said: impl Fn(&str) -> (Key, String)) -> (Frame, FormView) {
        let lang = frame.lang;
        let label = |name: &str| lang.of(said(name).0).into_owned();
        let mut frame = frame.banner(Tone::Warning, key("form-stale"));
        if !self.taken.is_empty() {
            let labels: Vec<String> = self.taken.iter().map(|name| label(name)).collect();
            let text = key("form-stale-taken").with("fields", labels.join("; "));
            frame = frame.banner(Tone::Info, text);
        }
        let mut errors = FieldErrors::new();
        for name in self.clashes {
            errors.add(name, stored_now(label(name), said(name).1));
        }
        (frame, FormView::refused(self.fields, errors))
    }
}

/// What is stored now of a field that was changed in both places. It is named, because the
/// list of all that is wrong says it too.
pub fn stored_now(field: String, value: String) -> Message {
    match value.is_empty() {
        true => key("form-stale-empty").with("field", field),
        false => key("form-stale-field")
            .with("field", field)
            .with("value", value),
    }
}

/// The values of a field, whatever their order, and what browsers do to line ends.
fn values(form: &Fields, name: &str) -> Vec<String> {
    let plain = |value: &str| value.replace("\r\n", "\n").trim().to_owned();
    let mut values: Vec<String> = form.all(name).map(plain).collect();
    values.retain(|value| !value.is_empty());
    values.sort();
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_changed_only_elsewhere_is_taken_and_what_both_changed_clashes() {
        let names = ["note", "tags", "one", "same"];
        let was = [("note", "a\nb"), ("tags", "x"), ("one", "1"), ("same", "")];
        let mut sent = showing(Fields::of(was));
        sent.set("note", "a\r\nb");
        sent.set("tags", "mine");
        sent.set("same", "both");
        let mut stored = Fields::of([("note", "new"), ("tags", "theirs"), ("same", "both")]);
        for one in ["2", "1"] {
            stored.push("one", one);
        }
        let again = stored.to_body();
        let joined = Joined::of(sent, stored, &names);
        assert!(!joined.is_as_typed());
        assert_eq!(joined.taken, ["note", "one"]);
        assert_eq!(joined.clashes, ["tags"]);
        let fields = &joined.fields;
        assert_eq!((fields.get("note"), fields.get("tags")), ("new", "mine"));
        assert_eq!(values(fields, "one"), ["1", "2"]);
        assert_eq!(fields.get(SHOWN), again);
    }

    #[test]
    fn a_form_that_does_not_say_what_it_showed_is_compared_with_nothing() {
        let sent = Fields::of([("note", "mine"), ("tags", "same")]);
        let stored = Fields::of([("note", "theirs"), ("tags", "same")]);
        let joined = Joined::of(sent, stored, &["note", "tags"]);
        assert!(joined.is_as_typed());
        assert_eq!(joined.fields.get("note"), "mine");
    }
}
