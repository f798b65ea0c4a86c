//! A login URL taken apart: what somebody pastes, with each parameter as it was sent
//! and decoded. It reads anything that resembles one; what is wrong with it is for
//! others to judge.

use percent_encoding::percent_decode_str;

use super::string_enum::string_enum;

string_enum! {
    /// The parameters of a login URL, in the documented order and spelling.
    pub enum ParameterName as "parameter" {
        /// The API that is asked for.
        Consumer = "Consumer",
        /// Redtrust's domain; may be left out.
        Domain = "Domain",
        /// Where the person is sent afterwards.
        RedirectUrl = "RedirectUrl",
        /// When the URL was made.
        Timestamp = "timestamp",
        /// The client application's name.
        Partner = "partner",
        /// The signature.
        Hmac = "hmac",
    }
}

/// The parts of a login URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginUrl {
    /// Scheme, host and port as written, such as `https://host:8082`; empty if the
    /// text begins with the path or the query.
    pub base_url: String,
    /// The path as written; empty if the text begins with the query.
    pub path: String,
    /// Every parameter in the order of the query, also unknown and repeated ones.
    pub parameters: Vec<Parameter>,
}

/// A parameter of a login URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name as written.
    pub name: String,
    /// Its value as sent.
    pub raw: String,
    /// Its value, decoded as form data: `+` is a blank. Broken escapes stay as they
    /// are, bytes that are no UTF-8 become replacement characters.
    pub text: String,
}

/// Why a text is not a login URL, or nothing can be found out from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LoginUrlError {
    /// There is no text.
    #[error("the login URL is missing")]
    Empty,
    /// It has no parameters.
    #[error("this is not a login URL: there is nothing behind a question mark")]
    NoQuery,
    /// There is no `hmac`.
    #[error("the login URL has no signature: the parameter hmac is missing")]
    NoSignature,
    /// There is no `timestamp`.
    #[error("the login URL has no timestamp")]
    NoTimestamp,
}

impl LoginUrl {
    /// Reads a URL as people paste it: with blanks, quotes or line ends around or
    /// inside it, with the escapes of HTML or JSON, with a fragment, or without host.
    ///
    /// # Errors
    /// [`LoginUrlError::Empty`] or [`LoginUrlError::NoQuery`].
    pub fn read(pasted: &str) -> Result<Self, LoginUrlError> {
        let text = tidy(pasted);
        if text.is_empty() {
            return Err(LoginUrlError::Empty);
        }
        let (before, query) = match text.split_once('?') {
            Some(parts) => parts,
            None if text.contains('=') => ("", text.as_str()),
            None => return Err(LoginUrlError::NoQuery),
        };
        let (base_url, path) = split_path(before);
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let parameters: Vec<_> = pairs.map(Parameter::read).collect();
        if parameters.is_empty() {
            return Err(LoginUrlError::NoQuery);
        }
        Ok(Self {
            base_url: base_url.to_owned(),
            path: path.to_owned(),
            parameters,
        })
    }

    /// The first parameter of this name, in capital or small letters.
    pub fn get(&self, name: ParameterName) -> Option<&Parameter> {
        self.parameters.iter().find(|one| one.is(name))
    }

    /// The decoded value of a parameter; empty if there is none.
    pub fn text(&self, name: ParameterName) -> &str {
        self.get(name).map_or("", |one| one.text.as_str())
    }

    /// The query as sent, up to but without the signature.
    pub fn query_before_signature(&self) -> String {
        let is_signature = |one: &&Parameter| !one.is(ParameterName::Hmac);
        joined(self.parameters.iter().take_while(is_signature))
    }

    /// The query as sent, with the signature taken out wherever it is.
    pub fn query_without_signature(&self) -> String {
        let is_signature = |one: &&Parameter| !one.is(ParameterName::Hmac);
        joined(self.parameters.iter().filter(is_signature))
    }
}

impl Parameter {
    fn read(pair: &str) -> Self {
        let (name, raw) = pair.split_once('=').unwrap_or((pair, ""));
        Self {
            name: name.to_owned(),
            raw: raw.to_owned(),
            text: decoded(raw),
        }
    }

    /// Whether it has this name, in capital or small letters.
    pub fn is(&self, name: ParameterName) -> bool {
        self.name.eq_ignore_ascii_case(name.as_str())
    }
}

/// Form data decoded: `+` is a blank.
pub fn decoded(raw: &str) -> String {
    let blanks = raw.replace('+', " ");
    percent_decode_str(&blanks).decode_utf8_lossy().into_owned()
}

fn joined<'a>(parameters: impl Iterator<Item = &'a Parameter>) -> String {
    let pairs: Vec<_> = parameters
        .map(|one| format!("{}={}", one.name, one.raw))
        .collect();
    pairs.join("&")
}

/// Scheme, host and port, and the path.
fn split_path(before: &str) -> (&str, &str) {
    let host = before.find("://").map_or(0, |at| at + 3);
    let is_relative = host == 0 && before.starts_with('/');
    let path = match before.get(host..).and_then(|rest| rest.find('/')) {
        Some(at) => host + at,
        None => before.len(),
    };
    match is_relative {
        true => ("", before),
        false => before.split_at_checked(path).unwrap_or((before, "")),
    }
}

/// Takes off what is around a URL in mails, pages, logs and source code.
fn tidy(pasted: &str) -> String {
    // A line that was broken in two, and characters that cannot be seen.
    let mut text: String = pasted.lines().map(str::trim).collect();
    text.retain(|c| {
        !matches!(
            c,
            '\u{FEFF}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{AD}'
        )
    });
    for (written, meant) in [
        ("&amp;", "&"),
        ("&#38;", "&"),
        ("\\u0026", "&"),
        ("\\/", "/"),
        ("\\&", "&"),
        ("\\?", "?"),
        ("\\=", "="),
    ] {
        text = text.replace(written, meant);
    }
    let around = |c: char| c.is_whitespace() || "\"'`<>()[]“”‘’«»,;".contains(c);
    let mut text = text.trim_matches(around);
    for before in ["Location:", "GET ", "curl "] {
        if let Some((start, rest)) = text.split_at_checked(before.len())
            && start.eq_ignore_ascii_case(before)
        {
            text = rest.trim_start_matches(around);
        }
    }
    let text = text.split(" HTTP/").next().unwrap_or(text);
    let text = text.split('#').next().unwrap_or(text);
    text.trim_matches(around).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUERY: &str =
        "Consumer=RA_API&RedirectUrl=https%3a%2f%2fp.example%2fc+d&timestamp=1&partner=P&hmac=ab";

    fn whole() -> String {
        format!("https://r.example:8082/authclient/auth/loginrequest?{QUERY}")
    }

    #[test]
    fn each_part_is_kept_as_sent_and_decoded() {
        let url = LoginUrl::read(&whole()).unwrap();
        assert_eq!(url.base_url, "https://r.example:8082");
        assert_eq!(url.path, "/authclient/auth/loginrequest");
        let redirect = url.get(ParameterName::RedirectUrl).unwrap();
        assert_eq!(redirect.raw, "https%3a%2f%2fp.example%2fc+d");
        assert_eq!(redirect.text, "https://p.example/c d");
        assert_eq!(url.text(ParameterName::Domain), "");
        let signed = QUERY.strip_suffix("&hmac=ab").unwrap();
        assert_eq!(url.query_before_signature(), signed);
        assert_eq!(url.query_without_signature(), signed);
    }

    #[test]
    fn what_is_around_a_pasted_url_does_no_harm() {
        let clean = LoginUrl::read(&whole()).unwrap();
        let url = whole();
        for pasted in [
            format!("  {url}\n"),
            format!("\"{url}\","),
            format!("<{url}>"),
            format!("«{url}»"),
            format!("Location: {url}\r\n"),
            format!("GET {url} HTTP/1.1"),
            format!("curl '{url}'"),
            format!("{url}#top"),
            format!("\u{FEFF}{url}\u{200B}"),
            url.replace('&', "&amp;"),
            url.replace('&', "\\u0026"),
            url.replace('&', "\\&"),
            url.replace('/', "\\/"),
            url.replace('&', "&\r\n    "),
        ] {
            assert_eq!(LoginUrl::read(&pasted).as_ref(), Ok(&clean), "{pasted}");
        }
    }

    #[test]
    fn host_and_path_may_be_missing() {
        let path = LoginUrl::read(&format!("/x/y?{QUERY}")).unwrap();
        assert_eq!((path.base_url.as_str(), path.path.as_str()), ("", "/x/y"));
        let query = LoginUrl::read(QUERY).unwrap();
        assert_eq!((query.base_url.as_str(), query.path.as_str()), ("", ""));
        assert_eq!(query.parameters, path.parameters);
        let host = LoginUrl::read(&format!("https://h?{QUERY}")).unwrap();
        assert_eq!(
            (host.base_url.as_str(), host.path.as_str()),
            ("https://h", "")
        );
    }

    #[test]
    fn names_are_found_in_any_case_and_the_signature_anywhere() {
        let url = LoginUrl::read("?HMAC=ab&Timestamp=1&PARTNER=p&x=2").unwrap();
        assert_eq!(url.text(ParameterName::Hmac), "ab");
        assert_eq!(url.text(ParameterName::Partner), "p");
        assert_eq!(url.query_before_signature(), "");
        assert_eq!(url.query_without_signature(), "Timestamp=1&PARTNER=p&x=2");
    }

    #[test]
    fn a_text_that_is_no_url_is_told() {
        for empty in ["", " \n", "\"\""] {
            assert_eq!(
                LoginUrl::read(empty),
                Err(LoginUrlError::Empty),
                "{empty:?}"
            );
        }
        for bad in ["hello", "https://h/p", "https://h/p?", "?&&"] {
            assert_eq!(LoginUrl::read(bad), Err(LoginUrlError::NoQuery), "{bad}");
        }
    }
}
