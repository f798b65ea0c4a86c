//! Compares a login URL that another program made with what the portal would sign at
//! the same time for the same connection: part by part, and the first difference by
//! its name.

use super::connection::Connection;
use super::dialect::{TimestampUnit, UrlEncoding};
use super::dialect_finder::{self, Findings, Mistake, Oddity};
use super::login_url::{LoginUrl, LoginUrlError, ParameterName};
use super::millis::Millis;
use super::redirect_url::RedirectUrl;
use super::signing::{self, SigningError, escaped};

/// How many characters of a signature are shown: enough to compare, not to use.
const SHOWN_OF_SIGNATURE: usize = 8;

/// From this number on, a timestamp is in milliseconds.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// Part by part, what the other program sent and what the portal would send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// In the order in which they are compared.
    pub rows: Vec<Row>,
    /// The first difference; `None` if both are the same.
    pub first: Option<Difference>,
    /// The message that the portal would sign.
    pub message: String,
    /// When the other program made its URL.
    pub made_at: Millis,
}

/// One part of both URLs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// A parameter's name, or `server`, `path` or `order`.
    pub name: &'static str,
    /// What the other program sent; signatures are shortened.
    pub theirs: String,
    /// What the portal would send.
    pub ours: String,
    /// Whether both are the same.
    pub same: bool,
}

/// A difference that was recognised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// Another scheme, host or port.
    Server,
    /// Another path.
    Path,
    /// Other names of parameters, or another order.
    Order,
    /// Another `Consumer`.
    Consumer,
    /// Another domain, or one of the two has none.
    Domain,
    /// The redirect URLs differ only in a slash at the end.
    RedirectUrlSlash,
    /// Another redirect URL.
    RedirectUrl,
    /// The same redirect URL, escaped as one of these dialects does it.
    Escaping(Vec<UrlEncoding>),
    /// The timestamp is in this unit.
    TimestampUnit(TimestampUnit),
    /// The partner's name in other letters.
    PartnerCase,
    /// Another partner.
    Partner,
    /// The stored key signed it with these other settings: name and value there.
    Settings(Vec<(&'static str, String)>),
    /// The stored key signed it, without the blanks around it.
    KeyBlank,
    /// The stored key signed it, with a mistake of the other program.
    Mistake(Mistake),
    /// Nothing that is known leads from the stored key to this signature, and the key
    /// looks damaged.
    KeyDamaged(Oddity),
    /// Nothing that is known leads from the stored key to this signature.
    Key,
}

/// Why nothing could be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ComparisonError {
    /// The pasted text is not a login URL.
    #[error(transparent)]
    NotAUrl(#[from] LoginUrlError),
    /// Its timestamp is not a number.
    #[error("the timestamp is not a number")]
    Timestamp,
    /// The portal cannot sign with the stored key.
    #[error(transparent)]
    Signing(#[from] SigningError),
}

/// Compares `pasted` with what `connection` would sign for `redirect_url`.
///
/// # Errors
/// [`ComparisonError`].
pub fn compare(
    connection: &Connection,
    redirect_url: &RedirectUrl,
    pasted: &str,
    now: Millis,
) -> Result<Comparison, ComparisonError> {
    let theirs = LoginUrl::read(pasted)?;
    let (made_at, unit) = time_of(&theirs)?;
    let signed = signing::sign(connection, redirect_url, made_at)?;
    let ours = LoginUrl::read(&signed.url)?;
    let rows = rows(&theirs, &ours);
    let first = rows.iter().find(|row| !row.same);
    let first = match first {
        Some(row) if row.name == ParameterName::Hmac.as_str() => {
            let found = dialect_finder::find(&theirs, &connection.shared_key, now)?;
            Some(of_signature(connection, &found))
        }
        Some(row) => Some(of_row(row.name, &theirs, &ours, unit)),
        None => None,
    };
    Ok(Comparison {
        rows,
        first,
        message: signed.message,
        made_at,
    })
}

/// The time of the timestamp, and its unit.
fn time_of(url: &LoginUrl) -> Result<(Millis, TimestampUnit), ComparisonError> {
    let text = url.text(ParameterName::Timestamp).trim();
    let number: i64 = text.parse().map_err(|_| ComparisonError::Timestamp)?;
    Ok(if number >= MILLISECONDS_FROM {
        (Millis(number), TimestampUnit::Milliseconds)
    } else {
        (Millis::from_secs(number), TimestampUnit::Seconds)
    })
}

fn rows(theirs: &LoginUrl, ours: &LoginUrl) -> Vec<Row> {
    let row = |name, theirs: &str, ours: &str| Row {
        name,
        same: theirs == ours,
        theirs: theirs.to_owned(),
        ours: ours.to_owned(),
    };
    let mut rows = Vec::new();
    // A pasted text may begin with its path or its query.
    if !theirs.base_url.is_empty() {
        rows.push(row("server", &theirs.base_url, &ours.base_url));
    }
    if !theirs.path.is_empty() {
        rows.push(row("path", &theirs.path, &ours.path));
    }
    let order = |url: &LoginUrl| {
        let names = url.parameters.iter().map(|one| one.name.as_str());
        let is_domain = |name: &&str| name.eq_ignore_ascii_case(ParameterName::Domain.as_str());
        names
            .filter(|name| !is_domain(name))
            .collect::<Vec<_>>()
            .join(" ")
    };
    rows.push(row("order", &order(theirs), &order(ours)));
    for name in ParameterName::ALL {
        let raw = |url: &LoginUrl| {
            url.get(*name)
                .map_or_else(String::new, |one| one.raw.clone())
        };
        let mut row = row(name.as_str(), &raw(theirs), &raw(ours));
        if *name == ParameterName::Hmac {
            row.theirs = shortened(&row.theirs);
            row.ours = shortened(&row.ours);
        }
        rows.push(row);
    }
    rows
}

fn shortened(signature: &str) -> String {
    let shown: String = signature.chars().take(SHOWN_OF_SIGNATURE).collect();
    match signature.chars().count() {
        0 => String::new(),
        length => format!("{shown}… ({length})"),
    }
}

/// The difference in a part other than the signature.
fn of_row(name: &str, theirs: &LoginUrl, ours: &LoginUrl, unit: TimestampUnit) -> Difference {
    let both = |name| (theirs.text(name), ours.text(name));
    match name {
        "server" => Difference::Server,
        "path" => Difference::Path,
        "order" => Difference::Order,
        "Consumer" => Difference::Consumer,
        "Domain" => Difference::Domain,
        "RedirectUrl" => {
            let (there, here) = both(ParameterName::RedirectUrl);
            if there == here {
                let raw = theirs.get(ParameterName::RedirectUrl);
                let writes_it = |encoding: &UrlEncoding| {
                    raw.is_some_and(|raw| escaped(here, *encoding) == raw.raw)
                };
                let encodings = UrlEncoding::ALL.iter().copied().filter(writes_it);
                Difference::Escaping(encodings.collect())
            } else if there.trim_end_matches('/') == here.trim_end_matches('/') {
                Difference::RedirectUrlSlash
            } else {
                Difference::RedirectUrl
            }
        }
        "timestamp" => Difference::TimestampUnit(unit),
        _ => {
            let (there, here) = both(ParameterName::Partner);
            match there.to_uppercase() == here.to_uppercase() {
                true => Difference::PartnerCase,
                false => Difference::Partner,
            }
        }
    }
}

/// The difference in the signature, where all else is the same.
fn of_signature(connection: &Connection, findings: &Findings) -> Difference {
    let here = connection.settings.texts();
    let differing = findings.found.iter().map(|found| {
        let settings = found.settings().into_iter();
        let differs = |(name, value): &(&str, String)| here.get(*name) != Some(value);
        (
            settings.filter(differs).collect::<Vec<_>>(),
            found.key_cleaned,
        )
    });
    // The dialect that differs in the fewest settings from the stored one.
    match differing.min_by_key(|(settings, _)| settings.len()) {
        Some((settings, true)) if settings.is_empty() => Difference::KeyBlank,
        Some((settings, _)) => Difference::Settings(settings),
        None => unexplained(findings),
    }
}

/// The difference where no dialect reproduces the signature with the stored key.
fn unexplained(findings: &Findings) -> Difference {
    let damage = findings.odd.iter().find(|odd| odd.is_damage_of_key());
    match (findings.mistakes.first(), damage) {
        (Some(mistake), _) => Difference::Mistake(mistake.clone()),
        (None, Some(damage)) => Difference::KeyDamaged(damage.clone()),
        (None, None) => Difference::Key,
    }
}

#[cfg(test)]
mod tests;
