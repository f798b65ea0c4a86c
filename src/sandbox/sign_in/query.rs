//! Parses the query of a login request and keeps its exact bytes.

use super::super::refusal::{ErrorCode, Refusal};

/// The value of one parameter, as sent and decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Value {
    pub(crate) raw: String,
    pub(crate) text: String,
}

/// A login request with the documented parameters. Their values are not checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LoginQuery {
    /// From `Consumer=` up to `&hmac=`, which is excluded.
    pub(crate) signed_part: String,
    /// `Consumer`.
    pub(crate) consumer: Value,
    /// `Domain`, if present.
    pub(crate) domain: Option<Value>,
    /// `RedirectUrl`.
    pub(crate) redirect_url: Value,
    /// `timestamp`.
    pub(crate) timestamp: Value,
    /// `partner`.
    pub(crate) partner: Value,
    /// `hmac`.
    pub(crate) hmac: Value,
}

impl LoginQuery {
    /// Parses a query: the documented parameters in the documented order, `hmac` last,
    /// no duplicates and no others.
    pub(crate) fn parse(query: &str) -> Result<Self, Refusal> {
        let (signed_part, _) = query
            .rsplit_once("&hmac=")
            .ok_or_else(|| wrong("hmac is missing"))?;
        let mut pairs = query.split('&').peekable();
        let mut next = |name: &str| -> Result<Option<Value>, Refusal> {
            let Some(raw) = pairs.peek().and_then(|pair| value_of(pair, name)) else {
                return Ok(None);
            };
            pairs.next();
            let text = percent_decode(raw)
                .filter(|text| !text.is_empty())
                .ok_or_else(|| wrong(&format!("{name} is empty or badly encoded")))?;
            Ok(Some(Value {
                raw: raw.to_owned(),
                text,
            }))
        };
        let needed = |name: &str, value: Option<Value>| {
            value.ok_or_else(|| wrong(&format!("{name} is missing or not in its place")))
        };
        let consumer = needed("Consumer", next("Consumer")?)?;
        let domain = next("Domain")?;
        let parsed = Self {
            signed_part: signed_part.to_owned(),
            consumer,
            domain,
            redirect_url: needed("RedirectUrl", next("RedirectUrl")?)?,
            timestamp: needed("timestamp", next("timestamp")?)?,
            partner: needed("partner", next("partner")?)?,
            hmac: needed("hmac", next("hmac")?)?,
        };
        match pairs.next() {
            None => Ok(parsed),
            Some(_) => Err(wrong("there is more after hmac")),
        }
    }
}

fn wrong(what: &str) -> Refusal {
    Refusal::because(ErrorCode::MalformedLoginRequest, what)
}

fn value_of<'a>(pair: &'a str, name: &str) -> Option<&'a str> {
    pair.split_once('=')
        .filter(|(given, _)| *given == name)
        .map(|(_, value)| value)
}

/// Percent-decodes form data, in which `+` is a space; `None` for a broken escape or
/// invalid UTF-8.
fn percent_decode(raw: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut rest = raw.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => hex_digit(rest.next()?)? << 4 | hex_digit(rest.next()?)?,
            b'+' => b' ',
            plain => plain,
        });
    }
    String::from_utf8(bytes).ok()
}

fn hex_digit(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        "Consumer=RA_API&RedirectUrl=https%3A%2F%2Fp.example%2Fc&timestamp=1&partner=P&hmac=ab";

    #[test]
    fn the_signed_part_is_what_was_sent() {
        let query = LoginQuery::parse(GOOD).unwrap();
        assert_eq!(query.signed_part, GOOD.strip_suffix("&hmac=ab").unwrap());
        assert_eq!(query.redirect_url.text, "https://p.example/c");
        assert_eq!(query.redirect_url.raw, "https%3A%2F%2Fp.example%2Fc");
        assert_eq!(query.domain, None);
    }

    #[test]
    fn other_forms_are_refused() {
        for bad in [
            "",
            "Consumer=RA_API",
            &GOOD.replace("&hmac=ab", ""),
            &format!("{GOOD}&x=1"),
            &format!("{GOOD}&hmac=ab"),
            &format!("x=1&{GOOD}"),
            &GOOD.replace("&timestamp=1", ""),
            &GOOD.replace("&timestamp=1&partner=P", "&partner=P&timestamp=1"),
            &GOOD.replace("RA_API", "RA_API&Domain="),
            &GOOD.replace("%3A", "%3"),
            &GOOD.replace("%3A", "%FF"),
            &GOOD.replace("partner=P", "partner=P&partner=Q"),
        ] {
            assert!(LoginQuery::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_escaped_separator_stays_inside_its_value() {
        let query = LoginQuery::parse(&GOOD.replace("&Red", "&Domain=x%26RedirectUrl%3Dhttps&Red"));
        assert_eq!(query.unwrap().domain.unwrap().text, "x&RedirectUrl=https");
    }
}
