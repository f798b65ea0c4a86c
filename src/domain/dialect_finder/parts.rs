//! What a signed message can be made of: the values of an example, escaped and named
//! in each of the usual ways. Everything here is a text together with the template
//! that makes it.

use super::escaping::{self, Escaping};
use crate::dialect::UrlEncoding;
use crate::login_url::{LoginUrl, ParameterName};
use crate::signing::{CONSUMER, escaped};

/// A piece of a message, and how a template writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) text: String,
    pub(super) template: String,
}

impl Part {
    fn new(text: impl Into<String>, template: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            template: template.into(),
        }
    }

    /// Text that stands in the template as it is; only a line feed has a name.
    pub(super) fn literal(text: &str) -> Self {
        Self::new(text, text.replace('\n', "{lf}"))
    }

    pub(super) fn placeholder(text: impl Into<String>, name: &str) -> Self {
        Self::new(text, format!("{{{name}}}"))
    }

    pub(super) fn then(&self, next: &Self) -> Self {
        Self::new(
            format!("{}{}", self.text, next.text),
            format!("{}{}", self.template, next.template),
        )
    }
}

/// The parameters that a message can contain.
pub(super) const SLOTS: [ParameterName; 5] = [
    ParameterName::Consumer,
    ParameterName::Domain,
    ParameterName::RedirectUrl,
    ParameterName::Timestamp,
    ParameterName::Partner,
];

/// The place of the timestamp in [`SLOTS`], as a bit.
pub(super) const TIMESTAMP: u8 = 1 << 3;

/// How likely something is: the likeliest is tried in every message, the rest in
/// simple ones only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likely {
    Very,
    Fairly,
    Hardly,
}

/// One way to write each parameter. Also says for which choices of parameters it
/// differs from all tables before it, so that no message is tried twice.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) parts: [Part; 5],
    pub(super) likely: Likely,
    fresh: [bool; 32],
}

impl Table {
    /// Whether these parameters, a bit for each of [`SLOTS`], are written otherwise
    /// than in any table before this one.
    pub(super) fn is_fresh(&self, used: u8) -> bool {
        self.fresh
            .get(usize::from(used))
            .is_some_and(|fresh| *fresh)
    }
}

/// How a name is written, and what is between it and the value.
type Naming = (fn(&str) -> String, &'static str, Likely);

/// How the names of parameters are written in front of the values.
const NAMES: &[Naming] = &[
    (no_name, "", Likely::Very),
    (str::to_owned, "=", Likely::Very),
    (str::to_lowercase, "=", Likely::Fairly),
    (camel, "=", Likely::Hardly),
    (pascal, "=", Likely::Hardly),
    (str::to_uppercase, "=", Likely::Hardly),
    (str::to_owned, "", Likely::Hardly),
    (str::to_lowercase, "", Likely::Hardly),
    (str::to_owned, ":", Likely::Hardly),
    (str::to_lowercase, ":", Likely::Hardly),
];

fn no_name(_: &str) -> String {
    String::new()
}

fn camel(name: &str) -> String {
    with_first(name, |first| first.to_ascii_lowercase())
}

fn pascal(name: &str) -> String {
    with_first(name, |first| first.to_ascii_uppercase())
}

fn with_first(name: &str, change: fn(&char) -> char) -> String {
    let mut rest = name.chars();
    let first = rest.next().map(|first| change(&first));
    first.into_iter().chain(rest).collect()
}

/// Every table, likely ones first.
pub(super) fn tables(url: &LoginUrl) -> Vec<Table> {
    let mut all: Vec<(Likely, [Part; 5])> = Vec::new();
    for (escapes_likely, values) in values(url) {
        for (name, joiner, name_likely) in NAMES {
            // Unusual names with unusual escapes are too unlikely to be tried.
            if *name_likely != Likely::Hardly || escapes_likely == Likely::Very {
                let parts = named(url, &values, |text| name(text) + *joiner);
                all.push((escapes_likely.max(*name_likely), parts));
            }
        }
        // The documented names, where the example has others.
        let mut parts = values;
        for (part, slot) in parts.iter_mut().zip(SLOTS) {
            *part = Part::literal(&format!("{slot}=")).then(part);
        }
        all.push((escapes_likely, parts));
    }
    all.sort_by_key(|(likely, _)| *likely);
    let mut found = Vec::new();
    for (likely, parts) in all {
        add(&mut found, parts, likely);
    }
    found
}

fn named(url: &LoginUrl, values: &[Part; 5], prefix: impl Fn(&str) -> String) -> [Part; 5] {
    let mut parts = values.clone();
    for (part, slot) in parts.iter_mut().zip(SLOTS) {
        let name = url.get(slot).map_or(slot.as_str(), |one| one.name.as_str());
        *part = Part::literal(&prefix(name)).then(part);
    }
    parts
}

fn add(found: &mut Vec<Table>, parts: [Part; 5], likely: Likely) {
    let mut fresh = [true; 32];
    for known in found.iter() {
        let differs: u8 = known
            .parts
            .iter()
            .zip(&parts)
            .enumerate()
            .fold(0, |bits, (at, (one, other))| {
                bits | u8::from(one.text != other.text) << at
            });
        for (used, fresh) in (0_u8..32).zip(&mut fresh) {
            *fresh &= used & differs != 0;
        }
    }
    if fresh.contains(&true) {
        found.push(Table {
            parts,
            likely,
            fresh,
        });
    }
}

/// The values without names: bare, or escaped in each of the ways.
fn values(url: &LoginUrl) -> Vec<(Likely, [Part; 5])> {
    let own = own_encoding(url);
    let mut encodings = vec![None];
    encodings.extend(own.map(Some));
    encodings.extend(UrlEncoding::ALL.iter().copied().map(Some));
    let mut found: Vec<(Likely, [Part; 5])> = Vec::new();
    for redirect_url in encodings {
        for others in [None, Some(UrlEncoding::Rfc3986), redirect_url] {
            let parts = SLOTS.map(|slot| match slot {
                ParameterName::RedirectUrl => value(url, slot, redirect_url, own),
                ParameterName::Timestamp => value(url, slot, None, own),
                _ => value(url, slot, others, own),
            });
            let is_as_sent = redirect_url.is_some() && redirect_url == own;
            let likely = match is_as_sent || redirect_url.is_none() && others.is_none() {
                true => Likely::Very,
                false => Likely::Fairly,
            };
            if !found.iter().any(|(_, known)| same_texts(known, &parts)) {
                found.push((likely, parts));
            }
        }
    }
    found
}

fn same_texts(one: &[Part; 5], other: &[Part; 5]) -> bool {
    one.iter().zip(other).all(|(a, b)| a.text == b.text)
}

/// The encoding in which the redirect URL was sent, the simplest if several write it so.
pub(super) fn own_encoding(url: &LoginUrl) -> Option<UrlEncoding> {
    match escaping::of(url.get(ParameterName::RedirectUrl)?) {
        Escaping::Known(known) => known.first().copied(),
        Escaping::Unknown => None,
    }
}

fn value(
    url: &LoginUrl,
    slot: ParameterName,
    encoding: Option<UrlEncoding>,
    own: Option<UrlEncoding>,
) -> Part {
    let name = match slot {
        ParameterName::Consumer => "consumer",
        ParameterName::Domain => "domain",
        ParameterName::RedirectUrl => "redirect_url",
        ParameterName::Timestamp => "timestamp",
        ParameterName::Partner | ParameterName::Hmac => "partner",
    };
    let bare = url.text(slot);
    if slot == ParameterName::Consumer && bare != CONSUMER {
        // A connection always sends the documented one.
        return Part::literal(bare);
    }
    let Some(encoding) = encoding else {
        return Part::placeholder(bare, name);
    };
    let text = escaped(bare, encoding);
    let as_sent = slot == ParameterName::RedirectUrl && own == Some(encoding);
    match text == bare {
        true => Part::placeholder(bare, name),
        false if as_sent => Part::placeholder(text, "redirect_url_encoded"),
        false => Part::placeholder(text, &format!("{name}:{encoding}")),
    }
}
