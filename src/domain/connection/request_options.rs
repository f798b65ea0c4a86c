//! What a request at a connection may contain besides the holder: groups,
//! further facts, and the server's names for the attributes of a name. Redtrust
//! does not document these in general, so each connection has its own.

use std::collections::{BTreeMap, BTreeSet};

use crate::distinguished_name::{Attribute, DistinguishedName};

/// The attributes whose name on the server can be set. The e-mail address is
/// part of a name only if its attribute name is set.
pub const ATTRIBUTES: [&str; 10] = [
    "cn",
    "givenName",
    "surname",
    "serialNumber",
    "o",
    "organizationIdentifier",
    "ou",
    "title",
    "c",
    EMAIL,
];

/// The one attribute that is not in every name.
pub const EMAIL: &str = "email";

/// Most groups of a connection: a page lists them all.
pub const MOST_GROUPS: usize = 50;

/// Most further facts of a connection.
pub const MOST_INFO: usize = 10;

/// Longest name of a group and longest label, in characters.
const LONGEST: usize = 100;

/// A group that may use a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its number in Redtrust.
    pub number: i64,
    /// Its display name.
    pub name: String,
}

/// A further fact that a request may contain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InfoField {
    /// Redtrust's name for it.
    pub key: String,
    /// The label in the form.
    pub label: String,
}

/// What requests at a connection may contain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RequestOptions {
    /// Groups to choose from.
    pub groups: Vec<Group>,
    /// Further facts to fill in.
    pub info: Vec<InfoField>,
    /// The server's attribute names, where they differ from [`ATTRIBUTES`].
    pub attributes: BTreeMap<String, String>,
}

/// Why a list is not valid. Entries are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestOptionsError {
    /// An entry does not have the required form.
    #[error("entry {0} is not of the form asked for")]
    Form(usize),
    /// An entry repeats the name of an earlier one.
    #[error("entry {0} names what an entry before it names")]
    Twice(usize),
    /// Too many entries.
    #[error("more than {0} entries")]
    TooMany(usize),
}

impl RequestOptions {
    /// The group with this number, if it is offered.
    pub fn group(&self, number: i64) -> Option<&Group> {
        self.groups.iter().find(|group| group.number == number)
    }

    /// The name with the server's attribute names.
    pub fn spelled(&self, name: &DistinguishedName) -> DistinguishedName {
        let spell = |attribute: &Attribute| match self.attributes.get(&attribute.attribute) {
            Some(spelling) => Attribute::new(spelling, &*attribute.value),
            None => attribute.clone(),
        };
        DistinguishedName::new(name.attributes().iter().map(spell).collect())
    }

    /// Whether names contain the e-mail address.
    pub fn sends_email(&self) -> bool {
        self.attributes.contains_key(EMAIL)
    }
}

/// The inverse of [`read_groups`].
pub(super) fn write_groups(groups: &[Group]) -> String {
    lines(groups, |one| format!("{} {}", one.number, one.name))
}

/// The inverse of [`read_info`].
pub(super) fn write_info(info: &[InfoField]) -> String {
    lines(info, |one| format!("{} {}", one.key, one.label))
}

/// The inverse of [`read_attributes`].
pub(super) fn write_attributes(attributes: &BTreeMap<String, String>) -> String {
    let pairs: Vec<_> = attributes.iter().collect();
    lines(&pairs, |(name, spelling)| format!("{name} = {spelling}"))
}

fn lines<T>(all: &[T], line: impl Fn(&T) -> String) -> String {
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The lines of a text that are not blank, with their line numbers.
fn entries(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let numbered = text.lines().enumerate();
    let trimmed = numbered.map(|(at, line)| (at + 1, line.trim()));
    trimmed.filter(|(_, line)| !line.is_empty())
}

/// Reads groups, one per line: `12 Sales`.
pub fn read_groups(text: &str) -> Result<Vec<Group>, RequestOptionsError> {
    let read = |(at, line): (usize, &str)| {
        let (number, name) = line.split_once(char::is_whitespace)?;
        let group = Group {
            number: number.parse().ok()?,
            name: name.trim().to_owned(),
        };
        Some((at, group))
    };
    let parsed = entries(text).map(|entry| read(entry).ok_or(RequestOptionsError::Form(entry.0)));
    check_groups(parsed.collect::<Result<_, _>>()?)
}

/// Reads further facts, one per line: `proident_9b File number`.
pub fn read_info(text: &str) -> Result<Vec<InfoField>, RequestOptionsError> {
    let read = |(at, line): (usize, &str)| {
        let (key, label) = line.split_once(char::is_whitespace)?;
        let field = InfoField {
            key: key.to_owned(),
            label: label.trim().to_owned(),
        };
        Some((at, field))
    };
    let parsed = entries(text).map(|entry| read(entry).ok_or(RequestOptionsError::Form(entry.0)));
    check_info(parsed.collect::<Result<_, _>>()?)
}

/// Reads attribute names, one per line: `surname = 2.5.4.4`.
pub fn read_attributes(text: &str) -> Result<BTreeMap<String, String>, RequestOptionsError> {
    let read = |(at, line): (usize, &str)| {
        let (name, spelling) = line.split_once('=')?;
        Some((at, (name.trim().to_owned(), spelling.trim().to_owned())))
    };
    let parsed = entries(text).map(|entry| read(entry).ok_or(RequestOptionsError::Form(entry.0)));
    check_attributes(parsed.collect::<Result<_, _>>()?)
}

fn check_groups(all: Vec<(usize, Group)>) -> Result<Vec<Group>, RequestOptionsError> {
    let fits = |group: &Group| group.number >= 0 && is_label(&group.name);
    check(all, MOST_GROUPS, fits, |group| group.number)
}

fn check_info(all: Vec<(usize, InfoField)>) -> Result<Vec<InfoField>, RequestOptionsError> {
    let fits = |field: &InfoField| is_name(&field.key, b"_.-") && is_label(&field.label);
    check(all, MOST_INFO, fits, |field| field.key.clone())
}

fn check_attributes(
    all: Vec<(usize, (String, String))>,
) -> Result<BTreeMap<String, String>, RequestOptionsError> {
    let fits = |(name, spelling): &(String, String)| {
        ATTRIBUTES.contains(&name.as_str()) && is_name(spelling, b".-")
    };
    let checked = check(all, ATTRIBUTES.len(), fits, |(name, _)| name.clone())?;
    Ok(checked.into_iter().collect())
}

fn check<T, K: Ord>(
    all: Vec<(usize, T)>,
    most: usize,
    fits: impl Fn(&T) -> bool,
    key: impl Fn(&T) -> K,
) -> Result<Vec<T>, RequestOptionsError> {
    if all.len() > most {
        return Err(RequestOptionsError::TooMany(most));
    }
    let mut seen = BTreeSet::new();
    let one = |(at, entry): (usize, T)| {
        if !fits(&entry) {
            return Err(RequestOptionsError::Form(at));
        }
        match seen.insert(key(&entry)) {
            true => Ok(entry),
            false => Err(RequestOptionsError::Twice(at)),
        }
    };
    all.into_iter().map(one).collect()
}

fn is_label(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= LONGEST && !text.chars().any(char::is_control)
}

/// Whether the text contains only letters, digits and `besides`.
fn is_name(text: &str, besides: &[u8]) -> bool {
    let known = |b: u8| b.is_ascii_alphanumeric() || besides.contains(&b);
    (1..=64).contains(&text.len()) && text.bytes().all(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_shows_reads_back() {
        let offer = RequestOptions {
            groups: read_groups(" 12  Sales dept.\r\n\r\n7 Legal\n").unwrap(),
            info: read_info("proident_9b File number").unwrap(),
            attributes: read_attributes("surname = 2.5.4.4\nemail=E").unwrap(),
        };
        assert_eq!(offer.group(12).unwrap().name, "Sales dept.");
        assert_eq!(offer.group(13), None);
        assert_eq!(
            read_groups(&write_groups(&offer.groups)),
            Ok(offer.groups.clone())
        );
        assert_eq!(read_info(&write_info(&offer.info)), Ok(offer.info.clone()));
        let attributes = read_attributes(&write_attributes(&offer.attributes));
        assert_eq!(attributes, Ok(offer.attributes.clone()));
        assert!(offer.sends_email() && !RequestOptions::default().sends_email());
    }

    #[test]
    fn a_name_is_spelled_as_the_server_wants_it() {
        let offer = RequestOptions {
            attributes: read_attributes("surname = 2.5.4.4").unwrap(),
            ..RequestOptions::default()
        };
        let attribute = |name: &str| Attribute::new(name, "x");
        let name = DistinguishedName::new(vec![attribute("cn"), attribute("surname")]);
        let spelled = DistinguishedName::new(vec![attribute("cn"), attribute("2.5.4.4")]);
        assert_eq!(offer.spelled(&name), spelled);
        assert_eq!(RequestOptions::default().spelled(&name), name);
    }

    #[test]
    fn each_mistake_is_told_with_its_line() {
        use RequestOptionsError as E;
        for (text, why) in [
            ("Sales", E::Form(1)),
            ("1 A\n\nx B", E::Form(3)),
            ("-1 A", E::Form(1)),
            ("1 A\n1 B", E::Twice(2)),
            ("99999999999999999999 A", E::Form(1)),
        ] {
            assert_eq!(read_groups(text), Err(why), "{text}");
        }
        assert_eq!(
            read_groups(&format!("1 {}", "x".repeat(101))),
            Err(E::Form(1))
        );
        let many: String = (0..51).map(|number| format!("{number} x\n")).collect();
        assert_eq!(read_groups(&many), Err(E::TooMany(50)));
        for (text, why) in [
            ("key", E::Form(1)),
            ("ké y", E::Form(1)),
            ("a A\na B", E::Twice(2)),
        ] {
            assert_eq!(read_info(text), Err(why), "{text}");
        }
        for (text, why) in [
            ("surname", E::Form(1)),
            ("shoe = x", E::Form(1)),
            ("cn = a b", E::Form(1)),
            ("cn =", E::Form(1)),
            ("cn = a\ncn = b", E::Twice(2)),
        ] {
            assert_eq!(read_attributes(text), Err(why), "{text}");
        }
    }
}
