//! What Redtrust says in an answer: its envelope, an error page, or the parameters of a
//! redirect. Never what we sent.

use url::Url;

use super::html;
use crate::domain::connection_check::Said;
use crate::domain::signing::SignedLogin;
use crate::redtrust::endpoints::Operation;
use crate::redtrust::envelope::{self, shortened};
use crate::redtrust::error::RedtrustError;

/// Longest code and words that are kept, in characters.
const LONGEST_CODE: usize = 60;
const LONGEST_WORDS: usize = 300;

/// The code of an answer that is no error.
const SUCCESS: &str = "OK";

/// Code and words of an envelope.
pub(super) fn in_envelope(operation: Operation, status: u16, body: &[u8]) -> Option<Said> {
    let (code, words) = match envelope::read(operation, status, body, &[]) {
        Ok(_) => (SUCCESS.to_owned(), String::new()),
        // The code that stands for a status 401 alone, which says nothing of an RA API.
        Err(RedtrustError::Unauthorized { code, .. }) if code == "HTTP_401" => return None,
        Err(
            RedtrustError::Unauthorized { code, message }
            | RedtrustError::Rejected { code, message, .. },
        ) => (code, message),
        Err(_) => return None,
    };
    Some(Said { code, words })
}

pub(super) fn on_page(status: u16, body: &str, login: &SignedLogin) -> Said {
    let envelope = in_envelope(Operation::LoginByTempToken, status, body.as_bytes());
    if let Some(said) = envelope.filter(|said| said.code != SUCCESS) {
        return Said {
            code: cleaned(&said.code, login, LONGEST_CODE),
            words: cleaned(&said.words, login, LONGEST_WORDS),
        };
    }
    let words = html::text(body);
    Said {
        code: code_in(&words, login),
        words: cleaned(&words, login, LONGEST_WORDS),
    }
}

/// Only parameters that name an error: the others may repeat ours.
pub(super) fn in_redirect(location: &Url, login: &SignedLogin) -> Said {
    let names_error = |name: &str| {
        let name = name.to_ascii_lowercase();
        ["err", "message", "reason"]
            .iter()
            .any(|word| name.contains(word))
    };
    let pairs = location.query_pairs();
    let words: Vec<String> = pairs
        .filter(|(name, _)| names_error(name))
        .map(|(_, value)| value.into_owned())
        .collect();
    let words = words.join(" ");
    Said {
        code: code_in(&words, login),
        words: cleaned(&words, login, LONGEST_WORDS),
    }
}

/// The first word that looks like an error code, such as `UNKNOWN_PARTNER`.
fn code_in(words: &str, login: &SignedLogin) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_code = |word: &&str| {
        let capital = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
        word.len() > 4
            && word.contains('_')
            && word.starts_with(|c: char| c.is_ascii_uppercase())
            && word.chars().all(capital)
            && !login.url.contains(*word)
    };
    let code = words
        .split(|c| !is_part(c))
        .find(is_code)
        .unwrap_or_default();
    shortened(code, LONGEST_CODE)
}

/// `text` without what we sent that nobody else may see, as one short line.
fn cleaned(text: &str, login: &SignedLogin, longest: usize) -> String {
    let query = login.url.split_once('?').map_or("", |(_, query)| query);
    let signature = query.rsplit_once("hmac=").map_or("", |(_, hmac)| hmac);
    let mut text = text.to_owned();
    for secret in [query, signature, &login.signature] {
        if !secret.is_empty() {
            text = text.replace(secret, "…");
        }
    }
    let short = shortened(&text, longest);
    match text.trim().chars().count() > longest {
        true => format!("{short}…"),
        false => short,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login() -> SignedLogin {
        SignedLogin {
            url: "https://rt.example/l?Consumer=RA_API&partner=MY_PARTNER&hmac=ab%2Bcdef".into(),
            message: String::new(),
            signature: "ab+cdef".into(),
            timestamp: 0,
        }
    }

    #[test]
    fn the_code_on_a_page_is_found_and_what_we_sent_is_not_shown() {
        let page = "<h1>No</h1><p>RA_API MY_PARTNER: UNKNOWN_PARTNER ab+cdef ab%2Bcdef</p>\
                    <p>?Consumer=RA_API&amp;partner=MY_PARTNER&amp;hmac=ab%2Bcdef</p>";
        let said = on_page(403, page, &login());
        assert_eq!(said.code, "UNKNOWN_PARTNER");
        assert_eq!(said.words, "No RA_API MY_PARTNER: UNKNOWN_PARTNER … … ?…");
    }

    #[test]
    fn an_envelope_on_the_sign_in_page_is_read_too() {
        let body = r#"{"message":"m ab+cdef","messageType":"ERROR","errorCode":"X","data":{}}"#;
        let said = on_page(200, body, &login());
        assert_eq!(said.line(), "X: m …");
    }

    #[test]
    fn a_redirect_says_only_what_its_error_parameters_say() {
        let to = "https://rt.example/e?returnUrl=x%26hmac%3Dab&error=BAD_HMAC&ErrorMessage=no";
        let to = Url::parse(to).unwrap();
        let said = in_redirect(&to, &login());
        assert_eq!(
            (said.code.as_str(), said.words.as_str()),
            ("BAD_HMAC", "BAD_HMAC no")
        );
    }
}
