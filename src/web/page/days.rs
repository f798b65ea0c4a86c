//! The two fields of a filter by date.

use jiff::tz::TimeZone;

use super::dates;
use super::form::FieldErrors;
use crate::i18n::key;

/// The type of a date field: text if the value is not a date, since a date field would
/// show nothing.
pub fn field_type(value: &str) -> &'static str {
    match dates::fits_date_field(value) {
        true => "date",
        false => "text",
    }
}

/// Errors of the fields `from` and `to`: unreadable, or in the wrong order.
pub fn errors(from: &str, to: &str, zone: &TimeZone) -> FieldErrors {
    let mut errors = FieldErrors::new();
    let (first, last) = (dates::day(from, zone), dates::day(to, zone));
    if first.is_none() && !from.trim().is_empty() {
        errors.add("from", key("issuances-from-unreadable"));
    }
    if last.is_none() && !to.trim().is_empty() {
        errors.add("to", key("issuances-to-unreadable"));
    }
    if let (Some(first), Some(last)) = (first, last)
        && last.start < first.start
    {
        errors.add("to", key("issuances-to-before-from"));
    }
    errors
}
