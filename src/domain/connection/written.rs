//! A connection as written in the configuration file or in the form: both are
//! read here, so both get the same checks.

use serde_json::Value;

use super::problem::{KeyProblem, Problem, Problems};
use super::settings::{ConnectionSettings, Kind, SETTINGS, Texts};
use super::{Connection, Slug};
use crate::characters::hidden;
use crate::secret::Secret;

/// The longest shared key, in bytes.
const LONGEST_KEY: usize = 4096;

/// Used by the page that creates connections, so not allowed as a slug.
const RESERVED_SLUG: &str = "new";

/// The form or file entry of a connection.
#[derive(Debug, Clone)]
pub struct Written {
    /// Its name in paths; used only for a new connection.
    pub slug: String,
    /// The shared key; empty keeps the stored one.
    pub shared_key: Secret,
    /// The settings; missing ones stay unchanged.
    pub settings: Texts,
}

impl Written {
    /// The connection that results from changing `stored`, or a new one with
    /// `new_id`. Does not check what depends on the clock or on the operator's
    /// networks.
    ///
    /// # Errors
    /// The problems, in the order of the form.
    pub fn read(
        &self,
        stored: Option<&Connection>,
        new_id: String,
    ) -> Result<Connection, Problems> {
        let mut problems = Problems::new();
        let slug = match stored {
            Some(stored) => Some(stored.slug.clone()),
            None => take(&mut problems, "slug", read_slug(&self.slug)),
        };
        let base = match stored {
            Some(stored) => stored.settings.clone(),
            None => ConnectionSettings::blank(),
        };
        let settings = base.with(&self.settings);
        let settings = settings.map_err(|wrong| problems.extend(wrong)).ok();
        let key = take(
            &mut problems,
            "shared_key",
            read_key(&self.shared_key, stored),
        );
        problems.sort_by_key(|(key, _)| place(key));
        let (Some(slug), Some(settings), Some(shared_key)) = (slug, settings, key) else {
            return Err(problems);
        };
        let connection = match stored {
            None => Connection::new(new_id, slug, settings, shared_key),
            // What is not in the form stays, such as whether it is our own sandbox.
            Some(stored) => Connection {
                slug,
                settings,
                shared_key,
                from_file: false,
                left_file_at: None,
                ..stored.clone()
            },
        };
        // A stored key is not in the form: what does not fit it is the encoding.
        let field = match stored {
            Some(_) if self.shared_key.expose().is_empty() => "key_encoding",
            _ => "shared_key",
        };
        match connection.has_key_encoding() {
            true => Ok(connection),
            false => Err(vec![(field, Problem::Key(KeyProblem::Encoding))]),
        }
    }
}

fn take<T>(problems: &mut Problems, key: &'static str, read: Result<T, Problem>) -> Option<T> {
    read.map_err(|problem| problems.push((key, problem))).ok()
}

/// The position in the form: the slug follows the name, the key follows the
/// domain.
fn place(key: &str) -> usize {
    let at = |key| 2 * SETTINGS.iter().take_while(|one| one.key != key).count();
    match key {
        "slug" => at("name") + 1,
        "shared_key" => at("domain") + 1,
        key => at(key),
    }
}

fn read_slug(text: &str) -> Result<Slug, Problem> {
    match text.trim() {
        RESERVED_SLUG => Err(Problem::SlugTaken),
        text => text.parse().map_err(Problem::Slug),
    }
}

/// The key exactly as written, except for a leading byte order mark. Refuses
/// blanks and line ends at the start or end: they are copying mistakes, and
/// Redtrust would refuse every signature without a reason.
pub(super) fn read_key(new: &Secret, stored: Option<&Connection>) -> Result<Secret, Problem> {
    let text = new.expose();
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    match stored {
        Some(stored) if text.is_empty() => return Ok(stored.shared_key.clone()),
        None if text.is_empty() => return Err(Problem::Key(KeyProblem::Missing)),
        _ => {}
    }
    let problem = if text.len() > LONGEST_KEY {
        KeyProblem::TooLong
    } else if text.contains(|letter| hidden(letter).is_some()) {
        KeyProblem::Characters
    } else if text.trim() != text {
        KeyProblem::Blanks
    } else {
        return Ok(Secret::new(text));
    };
    Err(Problem::Key(problem))
}

impl Kind {
    /// A value of a configuration file as the text that [`super::Setting`]
    /// reads; `None` if it has another type.
    pub fn text_of(self, value: &Value) -> Option<String> {
        match (self, value) {
            (Self::Text | Self::Choice(_), Value::String(text)) => Some(text.clone()),
            (Self::Number, Value::Number(number)) if !number.is_f64() => Some(number.to_string()),
            (Self::Flag, Value::Bool(on)) => Some(if *on { "yes" } else { "" }.to_owned()),
            (Self::Entries(keys), Value::Array(entries)) => {
                let lines = entries.iter().map(|entry| line_of(entry, keys));
                Some(lines.collect::<Option<Vec<_>>>()?.join("\n"))
            }
            (Self::Pairs, Value::Object(pairs)) => {
                let line = |(name, value): (&String, &Value)| {
                    Some(one_line(&format!("{name} = {}", value.as_str()?)))
                };
                Some(
                    pairs
                        .iter()
                        .map(line)
                        .collect::<Option<Vec<_>>>()?
                        .join("\n"),
                )
            }
            _ => None,
        }
    }

    /// The required type in a configuration file, for error messages.
    pub const fn shape(self) -> &'static str {
        match self {
            Self::Text | Self::Choice(_) | Self::File => "a text in quotes",
            Self::Number => "a whole number",
            Self::Flag => "true or false",
            Self::Entries([]) => "a list of texts",
            Self::Entries(_) => "a list of tables, each with the same two keys",
            Self::Pairs => "a table of texts",
        }
    }
}

fn line_of(entry: &Value, keys: &[&str]) -> Option<String> {
    if let ([], Value::String(text)) = (keys, entry) {
        return Some(one_line(text));
    }
    let entry = entry
        .as_object()
        .filter(|entry| entry.len() == keys.len())?;
    let value = |(at, key): (usize, &&str)| match entry.get(*key)? {
        Value::String(text) if at + 1 < keys.len() => Some(one_line(&text.replace(" ", "\0"))),
        Value::String(text) => Some(one_line(text)),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    Some(
        keys.iter()
            .enumerate()
            .map(value)
            .collect::<Option<Vec<_>>>()?
            .join(" "),
    )
}

/// A line end inside an entry would split it in two: replaced by a character
/// that no entry may contain.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], "\0")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::sample;
    use serde_json::json;

    fn written(key: &str) -> Written {
        Written {
            slug: "acme".into(),
            shared_key: Secret::new(key),
            settings: Texts::new(),
        }
    }

    #[test]
    fn an_empty_key_keeps_the_stored_one_and_a_new_connection_needs_one() {
        let stored = sample();
        assert_eq!(
            written("").read(Some(&stored), String::new()),
            Ok(stored.clone())
        );
        let problem = |key, why| ("shared_key", Problem::Key(why)) == key;
        let long = "k".repeat(LONGEST_KEY + 1);
        for (text, why) in [
            ("", KeyProblem::Missing),
            ("\u{FEFF}", KeyProblem::Missing),
            (" k", KeyProblem::Blanks),
            ("k\u{a0}", KeyProblem::Blanks),
            ("k\n", KeyProblem::Characters),
            ("a\u{0}b", KeyProblem::Characters),
            ("a\u{200B}b", KeyProblem::Characters),
            (long.as_str(), KeyProblem::TooLong),
        ] {
            let problems = written(text).read(None, String::new()).unwrap_err();
            assert!(
                problems.into_iter().any(|one| problem(one, why)),
                "{text:?}"
            );
        }
        let marked = written("\u{FEFF}k y")
            .read(Some(&stored), String::new())
            .unwrap();
        assert_eq!(marked.shared_key, Secret::new("k y"));
    }

    #[test]
    fn problems_come_in_the_order_of_the_form() {
        let settings = [("validity_days", "0"), ("domain", "a\0b")];
        let settings = settings.map(|(key, text)| (key.to_owned(), text.to_owned()));
        let all = Written {
            slug: "-".into(),
            settings: settings.into(),
            ..written("")
        };
        let problems = all.read(None, String::new()).unwrap_err();
        let keys: Vec<_> = problems.iter().map(|(key, _)| *key).collect();
        let order = [
            "name",
            "slug",
            "base_url",
            "partner",
            "domain",
            "shared_key",
            "validity_days",
        ];
        assert_eq!(keys, order);
    }

    #[test]
    fn a_value_of_another_shape_is_no_text() {
        for (kind, good, text) in [
            (Kind::Number, json!(7), "7"),
            (Kind::Flag, json!(true), "yes"),
            (Kind::Entries(&[]), json!(["a", "b\nc"]), "a\nb\0c"),
            (
                Kind::Entries(&["number", "name"]),
                json!([{"name": "Sales", "number": 3}]),
                "3 Sales",
            ),
            (Kind::Pairs, json!({"cn": "CN"}), "cn = CN"),
        ] {
            assert_eq!(kind.text_of(&good).as_deref(), Some(text));
            for bad in [
                json!(1.5),
                json!([1]),
                json!([{"number": 3}]),
                json!({"cn": 1}),
                json!(null),
            ] {
                assert_eq!(kind.text_of(&bad), None, "{kind:?} {bad}");
            }
        }
        assert_eq!(Kind::Text.text_of(&json!(5)), None);
    }
}
