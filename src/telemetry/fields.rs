//! The fields of spans as JSON.

use std::fmt;

use tracing::span::Record;
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::{JsonFields, Writer};
use tracing_subscriber::fmt::{FormatFields, FormattedFields};

/// Writes a field that is known later behind those that are there, each being recorded once.
/// The library alone would read and write all of them anew, with every request.
#[derive(Default)]
pub(super) struct Fields(JsonFields);

impl<'w> FormatFields<'w> for Fields {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'w>, fields: R) -> fmt::Result {
        self.0.format_fields(writer, fields)
    }

    fn add_fields(
        &self,
        current: &'w mut FormattedFields<Self>,
        fields: &Record<'_>,
    ) -> fmt::Result {
        let mut new = FormattedFields::<JsonFields>::new(String::new());
        self.0.format_fields(new.as_writer(), fields)?;
        current.fields = joined(&current.fields, &new.fields);
        Ok(())
    }
}

/// Two JSON objects as one.
fn joined(known: &str, new: &str) -> String {
    match (inner(known), inner(new)) {
        (one, "") | ("", one) => format!("{{{one}}}"),
        (known, new) => format!("{{{known},{new}}}"),
    }
}

fn inner(object: &str) -> &str {
    let rest = object.strip_prefix('{').unwrap_or_default();
    rest.strip_suffix('}').unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_later_stands_behind_what_is_there() {
        for (known, new, both) in [
            (r#"{"a":1}"#, r#"{"b":"}{"}"#, r#"{"a":1,"b":"}{"}"#),
            (r#"{"a":1}"#, "{}", r#"{"a":1}"#),
            ("{}", r#"{"b":2}"#, r#"{"b":2}"#),
            ("", r#"{"b":2}"#, r#"{"b":2}"#),
            ("", "", "{}"),
        ] {
            assert_eq!(joined(known, new), both);
        }
    }
}
