//! Entries of the audit in a file: for spreadsheets and for programs. The latter has all
//! that an entry's hash is made of, exactly as it is hashed, and the kind of the actor.

use jiff::Timestamp;
use serde_json::json;

use super::csv;
use crate::domain::millis::Millis;
use crate::domain::string_enum::string_enum;
use crate::i18n::{Key, Lang, key};
use crate::services::audit::Entry;

string_enum! {
    /// The format of an exported file.
    #[derive(Default)]
    pub enum Format as "format" {
        /// Semicolons in Spanish, commas in English.
        #[default]
        Csv = "csv",
        /// A JSON object on each line.
        Ndjson = "ndjson",
    }
}

const HEADINGS: [Key; 11] = [
    key("admin-audit-number"),
    key("audit-file-time"),
    key("admin-audit-who"),
    key("audit-kind"),
    key("audit-address"),
    key("audit-action"),
    key("audit-object"),
    key("audit-before"),
    key("audit-after"),
    key("audit-outcome"),
    key("audit-request"),
];

impl Format {
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
        }
    }

    /// How the file begins.
    pub fn head(self, lang: Lang) -> String {
        match self {
            Self::Csv => {
                let headings = HEADINGS.map(|heading| lang.of(heading).into_owned());
                format!("{}{}", csv::BOM, csv::line(lang, &headings))
            }
            Self::Ndjson => String::new(),
        }
    }

    /// The line of an entry.
    pub fn line(self, lang: Lang, entry: &Entry, shown: Shown) -> String {
        match self {
            Self::Csv => csv_line(lang, entry, shown),
            Self::Ndjson => json_line(entry),
        }
    }
}

/// Parts of an entry as people read them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    pub actor: String,
    pub kind: String,
    pub from: String,
    pub action: String,
    pub object: String,
    pub outcome: String,
}

fn csv_line(lang: Lang, entry: &Entry, shown: Shown) -> String {
    let what = entry.what.clone();
    let values = [
        entry.seq.to_string(),
        time(entry.at),
        shown.actor,
        shown.kind,
        shown.from,
        shown.action,
        shown.object,
        what.before.unwrap_or_default(),
        what.after.unwrap_or_default(),
        shown.outcome,
        what.request_id,
    ];
    csv::line(lang, &values)
}

fn json_line(entry: &Entry) -> String {
    let what = &entry.what;
    let line = json!({
        "seq": entry.seq,
        "at": time(entry.at),
        "actor": what.actor,
        "actor_kind": what.kind(),
        "from": what.from,
        "action": what.action,
        "object": what.object,
        "before": what.before,
        "after": what.after,
        "outcome": what.outcome,
        "request_id": what.request_id,
        "hash": data_encoding::HEXLOWER.encode(&entry.hash),
    });
    format!("{line}\n")
}

/// RFC 3339, UTC, to the millisecond.
fn time(at: Millis) -> String {
    let at = Timestamp::from_millisecond(at.0);
    at.map_or_else(|_| String::new(), |at| format!("{at:.3}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::audit::NewEntry;

    fn entry() -> Entry {
        Entry {
            seq: 7,
            at: Millis(1_782_858_600_012),
            what: NewEntry {
                actor: "=cmd".to_owned(),
                action: "user.sign_in".to_owned(),
                object: "line\nbreak".to_owned(),
                after: Some("{\"a\":1}".to_owned()),
                ..NewEntry::default()
            },
            hash: [0xab; 32],
        }
    }

    #[test]
    fn i13_a_name_in_the_audit_is_no_formula() {
        let shown = Shown {
            actor: "=cmd".to_owned(),
            outcome: "=1".to_owned(),
            ..Shown::default()
        };
        let line = Format::Csv.line(Lang::Es, &entry(), shown);
        let start = "\"7\";\"2026-06-30T22:30:00.012Z\";\"'=cmd\";";
        assert!(line.starts_with(start), "{line}");
        assert!(line.contains(";\"'=1\";"), "{line}");
        let columns = Format::Csv.head(Lang::Es).split(';').count();
        assert_eq!(line.split(';').count(), columns);
    }

    #[test]
    fn a_line_for_programs_is_one_line_and_holds_what_is_hashed() {
        let line = Format::Ndjson.line(Lang::Es, &entry(), Shown::default());
        assert_eq!(line.lines().count(), 1);
        let read: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(read["after"], "{\"a\":1}");
        assert_eq!(read["actor_kind"], "user");
        assert_eq!(read["before"], serde_json::Value::Null);
        assert_eq!(read["hash"], "ab".repeat(32));
    }
}
