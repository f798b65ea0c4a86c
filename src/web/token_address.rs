//! Addresses with a temporary token. Only the callback reads one; from every other
//! address a token is taken out by a redirect, so that it stays in no history and in
//! no `Referer`, however it was spelled.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::LOCATION;
use percent_encoding::percent_decode_str;

use super::routes;
use crate::config::PublicUrl;

/// Whether a path or query names a token: `tkn=`, in any case and however escaped.
pub fn carries_token(address: &str) -> bool {
    position(&decoded(address)).is_some()
}

/// The redirect to the same address without its token; `None` if there is none, or
/// if this is the callback, which reads it.
pub fn clean(req: &ServiceRequest, origin: &PublicUrl) -> Option<HttpResponse> {
    let is_page = matches!(*req.method(), Method::GET | Method::HEAD);
    let address = req.uri().path_and_query()?.as_str();
    if !is_page || is_callback(req.path()) || !carries_token(address) {
        return None;
    }
    // The origin comes first: a path such as `//evil` would lead to another site.
    let to = format!("{}{}", origin.as_str(), without_token(address));
    Some(
        HttpResponse::SeeOther()
            .insert_header((LOCATION, to))
            .finish(),
    )
}

fn is_callback(path: &str) -> bool {
    let slug = path.strip_prefix(routes::CALLBACK_PREFIX);
    slug.is_some_and(|slug| !slug.contains('/') && !carries_token(slug))
}

/// The address without its token, and without its query where that is not enough.
pub fn without_token(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let path = path_without_token(path);
    let kept: Vec<&str> = query
        .split('&')
        .filter(|part| !part.is_empty() && !carries_token(part))
        .collect();
    match kept.join("&") {
        query if query.is_empty() || carries_token(&query) => path.into_owned(),
        query => format!("{path}?{query}"),
    }
}

/// A token in the path, as in `/callback/acme&tkn=...`: what is before it.
fn path_without_token(path: &str) -> Cow<'_, str> {
    let text = decoded(path);
    let Some(at) = position(&text) else {
        return Cow::Borrowed(path);
    };
    let before = text.get(..at).unwrap_or_default();
    let before = before.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let is_plain = before
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte));
    if is_plain && before.starts_with('/') {
        Cow::Owned(before.to_owned())
    } else {
        Cow::Borrowed(routes::HOME)
    }
}

/// Without escapes, those of escapes included, in lower case.
fn decoded(address: &str) -> String {
    let mut text = Cow::Borrowed(address);
    for _ in 0..2 {
        if text.contains('%') {
            text = Cow::Owned(percent_decode_str(&text).decode_utf8_lossy().into_owned());
        }
    }
    text.to_ascii_lowercase()
}

/// Where the name of a token begins: a whole word, followed by `=` or by brackets.
fn position(text: &str) -> Option<usize> {
    text.match_indices(routes::TOKEN).find_map(|(at, name)| {
        let before = text.get(..at)?.chars().next_back();
        let after = text.get(at + name.len()..)?.trim_start();
        let is_word = !before.is_some_and(char::is_alphanumeric);
        (is_word && after.starts_with(['=', '['])).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_however_it_is_spelled() {
        for address in [
            "/callback/acme?tkn=a.b.c",
            "/Callback/acme/?TKN=a.b.c",
            "/x?a=1&Tkn=a",
            "/x?%74kn=a",
            "/x?%2574kn=a",
            "/x?tkn%3Da",
            "/x?tkn[]=a",
            "/x?a=1;tkn=a",
            "/x?tkn%20=a",
            "/callback/acme&tkn=a",
            "/callback/acme%3Ftkn=a",
            "/callback/acme/tkn=a",
        ] {
            assert!(carries_token(address), "{address}");
            assert!(!carries_token(&without_token(address)), "{address}");
        }
        for address in ["/", "/x?page=atkn=1", "/tkn", "/x?q=tkn", "/x?token=1", ""] {
            assert!(!carries_token(address), "{address}");
        }
    }

    #[test]
    fn what_is_no_token_stays() {
        for (address, without) in [
            ("/Callback/acme?tkn=a.b.c", "/Callback/acme"),
            ("/x?a=1&tkn=2&b=3", "/x?a=1&b=3"),
            ("/x?a=1;tkn=2&b=3", "/x?b=3"),
            ("/callback/acme&tkn=a?b=1", "/callback/acme?b=1"),
            ("/callback/ac%20me&tkn=a", "/"),
            ("//evil.example&tkn=a", "//evil.example"),
        ] {
            assert_eq!(without_token(address), without);
        }
    }
}
