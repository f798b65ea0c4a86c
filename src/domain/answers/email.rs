//! Reads an e-mail address.

use crate::characters::{Hidden, hidden};
use crate::person_name::NameError;

use super::FieldProblem;

/// In characters.
const LONGEST: usize = 255;

/// The longest part before the `@`, and label of a domain (RFC 5321, 4.5.3.1.1; RFC 1035,
/// 2.3.4), in bytes.
const LONGEST_LOCAL: usize = 64;
const LONGEST_LABEL: usize = 63;

/// The address without what mail programs put around it: `mailto:`, a name before `<`,
/// brackets, quotes, a separator at the end. No check can tell whether the mailbox
/// exists.
///
/// # Errors
/// A hidden character, as in every field; or what is left is no address with one `@`
/// and a dot in its domain; or, where it goes into the certificate, letters beyond ASCII.
pub(super) fn read(text: &str, into_certificate: bool) -> Result<String, FieldProblem> {
    if let Some(found) = text.chars().find_map(hidden) {
        return Err(FieldProblem::Name(match found {
            Hidden::Bidi => NameError::Bidi,
            Hidden::ZeroWidth => NameError::ZeroWidth,
            Hidden::Control | Hidden::Meaningless => NameError::Control,
        }));
    }
    let address = bare(text);
    let Some((local, domain)) = address.split_once('@') else {
        return Err(FieldProblem::Email);
    };
    if !is_local(local) || !is_domain(domain) || address.chars().count() > LONGEST {
        return Err(FieldProblem::Email);
    }
    if into_certificate && !address.is_ascii() {
        return Err(FieldProblem::EmailNotAscii);
    }
    Ok(address.to_owned())
}

/// The address alone, as in every form that asks for one.
///
/// # Errors
/// A hidden character, or no address with one `@` and a dot in its domain.
pub fn address(text: &str) -> Result<String, FieldProblem> {
    read(text, false)
}

fn bare(text: &str) -> &str {
    let around = |c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '<' | '>' | ';' | ',' | '"' | '\'' | '«' | '»' | '“' | '”'
            )
    };
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ';' | ','));
    // "Ana Ruiz <ana@example.com>"
    let inner = match text.rsplit_once('<') {
        Some((_, inner)) if text.ends_with('>') => inner,
        _ => text,
    };
    let inner = inner.trim_matches(around);
    let scheme = "mailto:";
    let without = match inner.get(..scheme.len()) {
        Some(start) if start.eq_ignore_ascii_case(scheme) => inner.get(scheme.len()..),
        _ => None,
    };
    without.unwrap_or(inner).trim_matches(around)
}

fn is_local(local: &str) -> bool {
    let of_an_address = |c: char| {
        !c.is_whitespace()
            && !matches!(
                c,
                '@' | ',' | ';' | ':' | '<' | '>' | '(' | ')' | '[' | ']' | '"' | '\\'
            )
    };
    !local.is_empty()
        && local.len() <= LONGEST_LOCAL
        && no_empty_part(local)
        && local.chars().all(of_an_address)
}

fn is_domain(domain: &str) -> bool {
    let of_a_label = |c: char| {
        c.is_alphanumeric() || c == '-' || unicode_normalization::char::is_combining_mark(c)
    };
    let label = |label: &str| {
        label.len() <= LONGEST_LABEL
            && label.chars().all(of_a_label)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.contains('.') && no_empty_part(domain) && domain.split('.').all(label)
}

/// Two dots in a row, or one at an end.
fn no_empty_part(text: &str) -> bool {
    text.split('.').all(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_an_address_is_dropped() {
        for typed in [
            "ana@ejemplo.es",
            " <ana@ejemplo.es> ",
            "ana@ejemplo.es;",
            "ana@ejemplo.es, ",
            "mailto:ana@ejemplo.es",
            "<MAILTO:ana@ejemplo.es>;",
            "'ana@ejemplo.es'",
            "«ana@ejemplo.es»",
            "\"Ruiz, Ana\" <ana@ejemplo.es>",
        ] {
            assert_eq!(
                read(typed, true).as_deref(),
                Ok("ana@ejemplo.es"),
                "{typed}"
            );
        }
    }

    #[test]
    fn an_address_has_one_at_and_a_dot_in_its_domain() {
        for good in [
            "a@b.es",
            "ana.nuñez@correo.example",
            "ana@españa.es",
            "o'neill+x@a-b.co",
        ] {
            assert_eq!(read(good, false).as_deref(), Ok(good), "{good}");
        }
        for bad in [
            "a",
            "@b.es",
            "a@",
            "a@b",
            "a@b@c.es",
            "a b@c.es",
            "a@.b",
            "a@b.",
            "a@b..es",
            "a..b@c.es",
            ".a@b.es",
            "a,b@c.es",
            "a@b_c.es",
            "a@-b.es",
            "a@b-.es",
            "a@b,es",
            "a@b.es, c@d.es",
            "mailto:",
            "<>",
            "a@[127.0.0.1]",
        ] {
            assert_eq!(read(bad, false), Err(FieldProblem::Email), "{bad}");
        }
        let local = |length: usize| read(&format!("{}@b.es", "a".repeat(length)), false);
        assert!(local(64).is_ok() && local(65).is_err());
        let label = |length: usize| read(&format!("a@{}.es", "b".repeat(length)), false);
        assert!(label(63).is_ok() && label(64).is_err());
        let labels = |last: usize| {
            let labels = format!("{}.", "b".repeat(61)).repeat(3);
            read(
                &format!("{}@{labels}{}", "a".repeat(64), "e".repeat(last)),
                false,
            )
        };
        assert!(labels(4).is_ok() && labels(5).is_err());
    }

    #[test]
    fn hidden_characters_are_refused_as_in_every_field() {
        use NameError as E;
        for (typed, why) in [
            ("ana\u{200B}@ejemplo.es", E::ZeroWidth),
            ("\u{202E}ana@ejemplo.es", E::Bidi),
            ("ana@ejemplo.es\u{FEFF}", E::ZeroWidth),
            ("a@b.es\r\nBcc:x", E::Control),
            ("a@b.es\0", E::Control),
        ] {
            assert_eq!(
                read(typed, false),
                Err(FieldProblem::Name(why)),
                "{typed:?}"
            );
        }
    }

    #[test]
    fn only_ascii_goes_into_a_certificate() {
        for typed in ["ana@españa.es", "nuñez@ejemplo.es"] {
            assert!(read(typed, false).is_ok());
            assert_eq!(
                read(typed, true),
                Err(FieldProblem::EmailNotAscii),
                "{typed}"
            );
        }
    }
}
