//! The name in a certificate: as ordered, displayed and compared.

mod reading;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::characters::is_printable;

/// One attribute of a name, as `csr/create` spells it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Attribute {
    /// Its short name (`cn`) or dotted OID (`2.5.4.3`).
    pub attribute: String,
    /// Its value.
    pub value: String,
}

impl Attribute {
    /// An attribute with this value.
    pub fn new(attribute: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            attribute: attribute.into(),
            value: value.into(),
        }
    }

    /// The dotted OID, if the short name is known or is itself an OID.
    pub fn oid(&self) -> Option<&str> {
        let name = self
            .attribute
            .strip_prefix("OID.")
            .unwrap_or(&self.attribute);
        if is_dotted_oid(name) {
            return Some(name);
        }
        KNOWN
            .iter()
            .find(|known| known.names.iter().any(|n| n.eq_ignore_ascii_case(name)))
            .map(|known| known.oid)
    }

    /// Whether a subject contains it with the same value. One without a known OID cannot be
    /// compared, and counts as contained.
    pub fn is_in(&self, subject: &Subject) -> bool {
        let Some(oid) = self.oid() else {
            return true;
        };
        subject
            .values(oid)
            .any(|value| value.nfc().eq(self.value.nfc()))
    }

    /// The text shown before the `=`.
    fn label(&self) -> &str {
        self.oid()
            .and_then(|oid| KNOWN.iter().find(|known| known.oid == oid))
            .map_or(&self.attribute, |known| known.label)
    }
}

/// A name: attributes in the order they were written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DistinguishedName(Vec<Attribute>);

impl DistinguishedName {
    /// A name with these attributes.
    pub const fn new(attributes: Vec<Attribute>) -> Self {
        Self(attributes)
    }

    /// The attributes, in order.
    pub fn attributes(&self) -> &[Attribute] {
        &self.0
    }

    /// The first common name.
    pub fn common_name(&self) -> Option<&str> {
        self.0
            .iter()
            .find(|attribute| attribute.oid() == Some("2.5.4.3"))
            .map(|attribute| attribute.value.as_str())
    }

    /// Its attributes by OID, as a certificate with this name has them. One without a known
    /// OID is left out.
    pub fn subject(&self) -> Subject {
        let known = |one: &Attribute| Some((one.oid()?.to_owned(), one.value.clone()));
        Subject(self.0.iter().filter_map(known).collect())
    }

    /// The name in readable form, in the order written, with values escaped as
    /// in RFC 4514.
    pub fn preview(&self) -> String {
        let mut text = String::new();
        for attribute in &self.0 {
            if !text.is_empty() {
                text.push_str(", ");
            }
            text.push_str(attribute.label());
            text.push('=');
            push_escaped(&mut text, &attribute.value);
        }
        text
    }

    /// Whether a request's subject is the ordered name: it contains each
    /// ordered attribute with the same value, in any order. An attribute
    /// without a known OID cannot be compared and is skipped.
    pub fn matches(&self, subject: &Subject) -> bool {
        self.0.iter().all(|asked| asked.is_in(subject))
    }
}

/// A parsed subject: dotted OIDs and values, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subject(Vec<(String, String)>);

impl Subject {
    /// A subject with these attributes.
    pub const fn new(attributes: Vec<(String, String)>) -> Self {
        Self(attributes)
    }

    /// All attributes, in order.
    pub fn attributes(&self) -> &[(String, String)] {
        &self.0
    }

    /// The name in readable form, in the format of
    /// [`DistinguishedName::preview`].
    pub fn preview(&self) -> String {
        let attribute = |(oid, value): &(String, String)| Attribute::new(oid, value);
        DistinguishedName::new(self.0.iter().map(attribute).collect()).preview()
    }

    /// Whom it names: the common name, or else the person, the pseudonym, the
    /// organisation; if there is none of these, all it says but for the country. Empty if
    /// it names nobody.
    pub fn holder(&self) -> String {
        let filled = |value: &&str| !value.trim().is_empty();
        let called = |oids: &[&'static str]| {
            let found = oids
                .iter()
                .copied()
                .filter_map(|oid| self.values(oid).find(filled));
            found.collect::<Vec<_>>().join(" ")
        };
        let mut names = CALLED.iter().copied().map(called);
        names.find(|name| !name.is_empty()).unwrap_or_else(|| {
            let others = self.0.iter().filter(|(oid, _)| oid != COUNTRY);
            let others = others.map(|(_, value)| value.as_str()).filter(filled);
            others.collect::<Vec<_>>().join(", ")
        })
    }

    /// The values of the attribute with this OID.
    pub fn values<'a>(&'a self, oid: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(found, _)| found == oid)
            .map(|(_, value)| value.as_str())
    }
}

const COUNTRY: &str = "2.5.4.6";

/// The attributes that name a holder, those first that say it best.
const CALLED: &[&[&str]] = &[
    &["2.5.4.3"],
    &["2.5.4.42", "2.5.4.4"],
    &["2.5.4.65"],
    &["2.5.4.10"],
];

/// RFC 4514, section 2.4.
fn push_escaped(text: &mut String, value: &str) {
    let last = value.chars().count().saturating_sub(1);
    for (at, c) in value.chars().enumerate() {
        match c {
            '\0' => text.push_str("\\00"),
            c if !is_printable(c) => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    text.push_str(&format!("\\{byte:02X}"));
                }
            }
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => {
                text.push('\\');
                text.push(c);
            }
            ' ' if at == 0 || at == last => text.push_str("\\ "),
            '#' if at == 0 => text.push_str("\\#"),
            other => text.push(other),
        }
    }
}

fn is_dotted_oid(text: &str) -> bool {
    let arc = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    text.contains('.') && text.split('.').all(arc)
}

/// An attribute with a known name.
struct Known {
    oid: &'static str,
    label: &'static str,
    names: &'static [&'static str],
}

const fn known(oid: &'static str, label: &'static str, names: &'static [&'static str]) -> Known {
    Known { oid, label, names }
}

const KNOWN: &[Known] = &[
    known("2.5.4.3", "CN", &["cn", "commonName"]),
    known("2.5.4.4", "SN", &["sn", "surname"]),
    known("2.5.4.5", "serialNumber", &["serialNumber"]),
    known("2.5.4.6", "C", &["c", "countryName", "country"]),
    known("2.5.4.7", "L", &["l", "localityName", "locality"]),
    known("2.5.4.8", "ST", &["st", "s", "stateOrProvinceName"]),
    known("2.5.4.9", "STREET", &["street", "streetAddress"]),
    known("2.5.4.10", "O", &["o", "organizationName", "organization"]),
    known(
        "2.5.4.11",
        "OU",
        &["ou", "organizationalUnitName", "organizationalUnit"],
    ),
    known("2.5.4.12", "T", &["t", "title"]),
    known("2.5.4.13", "description", &["description"]),
    known("2.5.4.17", "postalCode", &["postalCode"]),
    known("2.5.4.42", "G", &["g", "gn", "givenName"]),
    known("2.5.4.43", "initials", &["initials"]),
    known("2.5.4.65", "pseudonym", &["pseudonym"]),
    known(
        "2.5.4.97",
        "organizationIdentifier",
        &["organizationIdentifier"],
    ),
    known("0.9.2342.19200300.100.1.1", "UID", &["uid", "userId"]),
    known(
        "0.9.2342.19200300.100.1.25",
        "DC",
        &["dc", "domainComponent"],
    ),
    known("1.2.840.113549.1.9.1", "E", &["e", "email", "emailAddress"]),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(attributes: &[(&str, &str)]) -> DistinguishedName {
        DistinguishedName::new(
            attributes
                .iter()
                .map(|(attribute, value)| Attribute::new(*attribute, *value))
                .collect(),
        )
    }

    fn subject(attributes: &[(&str, &str)]) -> Subject {
        Subject::new(
            attributes
                .iter()
                .map(|(oid, value)| ((*oid).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }

    #[test]
    fn in_json_a_name_is_the_documented_list() {
        let name = name(&[("cn", "Ana")]);
        let json = serde_json::to_string(&name).unwrap();
        assert_eq!(json, r#"[{"attribute":"cn","value":"Ana"}]"#);
        assert_eq!(
            serde_json::from_str::<DistinguishedName>(&json).unwrap(),
            name
        );
    }

    #[test]
    fn people_see_labels_and_escaped_values() {
        let name = name(&[
            ("cn", "Núñez, Ana"),
            ("givenName", " Ana "),
            ("surname", "#1"),
            ("2.5.4.97", "VATES-A58818501"),
            ("o", r#"A+B "C" <D>; \"#),
            ("x-own", "y\0"),
            ("C", "ES"),
        ]);
        assert_eq!(
            name.preview(),
            r#"CN=Núñez\, Ana, G=\ Ana\ , SN=\#1, organizationIdentifier=VATES-A58818501, O=A\+B \"C\" \<D\>\; \\, x-own=y\00, C=ES"#
        );
        assert_eq!(name.common_name(), Some("Núñez, Ana"));
        assert_eq!(DistinguishedName::default().preview(), "");
    }

    #[test]
    fn a_subject_matches_in_any_order_and_with_more_in_it() {
        let asked = name(&[("cn", "José"), ("C", "ES"), ("ou", "b"), ("x-own", "1")]);
        let found = [
            ("2.5.4.6", "ES"),
            ("2.5.4.11", "a"),
            ("2.5.4.11", "b"),
            ("2.5.4.3", "Jose\u{301}"),
        ];
        assert!(asked.matches(&subject(&found)));
    }

    #[test]
    fn another_or_a_missing_value_does_not_match() {
        let asked = name(&[("cn", "Ana"), ("2.5.4.5", "IDCES-12345678Z")]);
        for found in [
            &[("2.5.4.3", "Ana")][..],
            &[("2.5.4.3", "ANA"), ("2.5.4.5", "IDCES-12345678Z")],
            &[("2.5.4.3", "Ana"), ("2.5.4.5", "IDCES-00000000T")],
            &[("2.5.4.3", "IDCES-12345678Z"), ("2.5.4.5", "Ana")],
            &[],
        ] {
            assert!(!asked.matches(&subject(found)), "{found:?}");
        }
    }

    #[test]
    fn every_known_name_leads_to_its_oid_in_any_case() {
        for known in KNOWN {
            for name in known.names {
                for spelt in [name.to_ascii_lowercase(), name.to_ascii_uppercase()] {
                    let attribute = Attribute::new(spelt, "x");
                    assert_eq!(attribute.oid(), Some(known.oid), "{name}");
                }
            }
        }
        assert_eq!(Attribute::new("OID.2.5.4.3", "x").oid(), Some("2.5.4.3"));
        for unknown in ["", ".", "2..5", "x.y", "cnn"] {
            assert_eq!(Attribute::new(unknown, "x").oid(), None, "{unknown}");
        }
    }

    proptest! {
        #[test]
        fn a_value_cannot_forge_another_attribute(value in any::<String>()) {
            let text = name(&[("cn", &value), ("c", "ES")]).preview();
            let head = text.strip_suffix(", C=ES").unwrap();
            // Every comma in the value is escaped, whatever else it contains.
            let bare = head.replace("\\\\", "").replace("\\,", "");
            prop_assert!(!bare.contains(','), "{}", text);
        }
    }
}
