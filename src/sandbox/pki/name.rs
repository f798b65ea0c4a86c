//! Distinguished names that keep every value, in the requested order.

use super::der;

/// A known attribute.
struct Known {
    name: &'static str,
    label: &'static str,
    arcs: &'static [u64],
    form: Form,
    /// Maximum length in characters.
    longest: usize,
}

/// The ASN.1 string type of an attribute's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Utf8,
    /// PrintableString if the characters allow it, otherwise UTF8String.
    PrintableIfPossible,
    /// Two letters as PrintableString.
    Country,
    /// ASCII as IA5String.
    Ia5,
}

const fn known(
    name: &'static str,
    label: &'static str,
    arcs: &'static [u64],
    form: Form,
    longest: usize,
) -> Known {
    Known {
        name,
        label,
        arcs,
        form,
        longest,
    }
}

/// ETSI allows names of persons and organisations to be longer than the 64 of X.520.
const LONG: usize = 256;

const KNOWN: [Known; 12] = [
    known("cn", "CN", &[2, 5, 4, 3], Form::Utf8, LONG),
    known("surname", "surname", &[2, 5, 4, 4], Form::Utf8, LONG),
    known(
        "serialnumber",
        "serialNumber",
        &[2, 5, 4, 5],
        Form::PrintableIfPossible,
        64,
    ),
    known("c", "C", &[2, 5, 4, 6], Form::Country, 2),
    known("o", "O", &[2, 5, 4, 10], Form::Utf8, LONG),
    known("ou", "OU", &[2, 5, 4, 11], Form::Utf8, LONG),
    known("title", "title", &[2, 5, 4, 12], Form::Utf8, 64),
    known("givenname", "givenName", &[2, 5, 4, 42], Form::Utf8, LONG),
    known(
        "organizationidentifier",
        "organizationIdentifier",
        &[2, 5, 4, 97],
        Form::Utf8,
        LONG,
    ),
    // These two attributes have no name here, only an OID.
    known(
        "",
        "dnQualifier",
        &[2, 5, 4, 46],
        Form::PrintableIfPossible,
        64,
    ),
    known(
        "",
        "emailAddress",
        &[1, 2, 840, 113_549, 1, 9, 1],
        Form::Ia5,
        255,
    ),
    known(
        "",
        "DC",
        &[0, 9, 2342, 19_200_300, 100, 1, 25],
        Form::Ia5,
        255,
    ),
];

/// Why a name is invalid.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NameError {
    /// Unknown attribute.
    #[error("attribute {0:?} is not known")]
    UnknownAttribute(String),
    /// Empty value.
    #[error("{0} is empty")]
    Empty(String),
    /// Value longer than the limit.
    #[error("{0} has more than {1} characters")]
    TooLong(String, usize),
    /// Value with forbidden characters.
    #[error("{0} has characters that cannot stand there")]
    Characters(String),
}

/// A distinguished name, as text and as DER.
#[derive(Debug, Default)]
pub(crate) struct Name {
    parts: Vec<Vec<u8>>,
    text: String,
}

impl Name {
    pub(crate) fn push(&mut self, attribute: &str, value: &str) -> Result<(), NameError> {
        let dotted = parse_dotted(attribute);
        let known = KNOWN.iter().find(|known| match &dotted {
            Some(arcs) => known.arcs == arcs.as_slice(),
            None => !known.name.is_empty() && known.name.eq_ignore_ascii_case(attribute),
        });
        let (arcs, form, longest) = match (known, &dotted) {
            (Some(known), _) => (known.arcs, known.form, known.longest),
            (None, Some(arcs)) => (arcs.as_slice(), Form::Utf8, LONG),
            (None, None) => return Err(NameError::UnknownAttribute(attribute.to_owned())),
        };
        let label = known.map_or(attribute, |known| known.label);
        let value_der = encode(label, value, form, longest)?;
        let pair = der::sequence(&[&der::oid(arcs), &value_der]);
        self.parts.push(der::set_of_one(&pair));
        if !self.text.is_empty() {
            self.text.push(',');
        }
        self.text.push_str(label);
        self.text.push('=');
        escape(value, &mut self.text);
        Ok(())
    }

    /// The text for people and the ledger.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        der::element(0x30, &self.parts.concat())
    }
}

fn encode(label: &str, value: &str, form: Form, longest: usize) -> Result<Vec<u8>, NameError> {
    let wrong = || NameError::Characters(label.to_owned());
    if value.trim().is_empty() {
        return Err(NameError::Empty(label.to_owned()));
    }
    if value.chars().any(char::is_control) {
        return Err(wrong());
    }
    if value.chars().count() > longest {
        return Err(NameError::TooLong(label.to_owned(), longest));
    }
    match form {
        Form::Country if value.len() == 2 && value.chars().all(|c| c.is_ascii_alphabetic()) => {
            Ok(der::printable(value))
        }
        Form::Country => Err(wrong()),
        Form::PrintableIfPossible if value.chars().all(is_printable) => Ok(der::printable(value)),
        Form::Ia5 if value.is_ascii() => Ok(der::ia5(value)),
        Form::Ia5 => Err(wrong()),
        Form::Utf8 | Form::PrintableIfPossible => Ok(der::utf8(value)),
    }
}

fn is_printable(c: char) -> bool {
    c.is_ascii_alphanumeric() || " '()+,-./:=?".contains(c)
}

/// The arcs of a dotted object identifier; `None` if the text is not one.
fn parse_dotted(text: &str) -> Option<Vec<u64>> {
    let arcs: Vec<u64> = text
        .split('.')
        .map(|arc| {
            let plain = arc.bytes().all(|byte| byte.is_ascii_digit());
            let shortest = arc == "0" || !arc.starts_with('0');
            (plain && shortest && arc.len() <= 15).then(|| arc.parse().ok())?
        })
        .collect::<Option<_>>()?;
    match arcs.as_slice() {
        [0 | 1, 0..=39, _, ..] | [2, _, _, ..] if arcs.len() <= 20 => Some(arcs),
        _ => None,
    }
}

/// Escapes as in RFC 4514, so that one value cannot look like two.
fn escape(value: &str, out: &mut String) {
    let last = value.chars().count().saturating_sub(1);
    for (at, c) in value.chars().enumerate() {
        let at_the_edge = (c == ' ' && (at == 0 || at == last)) || (c == '#' && at == 0);
        if at_the_edge || "\"+,;<>\\=".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(pairs: &[(&str, &str)]) -> Result<Name, NameError> {
        let mut name = Name::default();
        for (attribute, value) in pairs {
            name.push(attribute, value)?;
        }
        Ok(name)
    }

    #[test]
    fn several_values_of_one_attribute_are_kept_in_order() {
        let name = name(&[("ou", "B"), ("CN", "x, y"), ("ou", "A")]).unwrap();
        assert_eq!(name.text(), "OU=B,CN=x\\, y,OU=A");
        assert_eq!(name.parts.len(), 3);
    }

    #[test]
    fn a_dotted_identifier_is_the_attribute_it_names() {
        assert_eq!(
            name(&[("2.5.4.3", "x")]).unwrap().der(),
            name(&[("cn", "x")]).unwrap().der()
        );
        assert_eq!(
            name(&[("2.5.4.97", "VATES-B1")]).unwrap().text(),
            "organizationIdentifier=VATES-B1"
        );
        for bad in ["3.1.2", "1.40.1", "2.5", "2.05.4", "2..5", ".", "-1.2.3"] {
            assert_eq!(
                name(&[(bad, "x")]).unwrap_err(),
                NameError::UnknownAttribute(bad.to_owned())
            );
        }
    }

    #[test]
    fn invalid_values_in_a_name_are_refused() {
        for (attribute, value) in [
            ("cn", ""),
            ("cn", " "),
            ("cn", "a\0"),
            ("c", "ESP"),
            ("c", "E1"),
            ("1.2.840.113549.1.9.1", "ñ@x.es"),
            ("mail", "x"),
        ] {
            assert!(name(&[(attribute, value)]).is_err(), "{attribute} {value}");
        }
        let long = "x".repeat(65);
        assert!(name(&[("title", &long)]).is_err());
        assert!(name(&[("cn", &long)]).is_ok());
    }

    #[test]
    fn country_and_serial_number_are_printable_strings() {
        let der = name(&[
            ("c", "ES"),
            ("serialNumber", "IDCES-12345678Z"),
            ("cn", "Ñ"),
        ])
        .unwrap()
        .der();
        let has = |needle: &[u8]| der.windows(needle.len()).any(|window| window == needle);
        assert!(has(&[0x13, 2, b'E', b'S']));
        assert!(has(b"\x13\x0FIDCES-12345678Z"));
        assert!(has(&[0x0C, 2, 0xC3, 0x91]));
    }
}
