//! What must hold for anything that a browser or a proxy sends, and for what a
//! spreadsheet gets; see `fuzzing` of the crate.

use std::net::IpAddr;

use actix_web::cookie::Key;
use actix_web::http::header::{COOKIE, HeaderMap, HeaderName, HeaderValue};
use actix_web::test::TestRequest;
use ipnet::IpNet;

use super::csrf::{FILE_LIMIT, FORM_LIMIT, multipart};
use super::formats::csv;
use super::handlers::callback;
use super::{client_addr, routes, session, token_address};
use crate::domain::temp_token::TempToken;
use crate::i18n::Lang;

/// A query at the callback: what counts as a token is told from other addresses too,
/// so that none stays in a log, and two tokens are never one.
pub fn callback_query(bytes: &[u8]) {
    let query = String::from_utf8_lossy(bytes);
    let arrived = callback::arrived(&query);
    assert!(arrived.parameters.len() <= 10);
    // An empty one is none, and is refused as such.
    let Some(tkn) = arrived.tkn.filter(|tkn| !tkn.is_empty()) else {
        return;
    };
    let address = format!("{}demo?{query}", routes::CALLBACK_PREFIX);
    assert!(token_address::carries_token(&address), "{address:?}");
    let without = token_address::without_token(&address);
    assert!(!token_address::carries_token(&without), "{without:?}");
    let tokens = url::form_urlencoded::parse(bytes).filter(|(name, _)| name == routes::TOKEN);
    if tkn.parse::<TempToken>().is_ok() {
        assert_eq!(tokens.count(), 1, "{query:?}");
    }
}

/// A form with a file: the first line is its content type, the rest its body.
pub fn multipart_form(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n');
    let (kind, body) = bytes.split_at(end.unwrap_or(0));
    let kind = String::from_utf8_lossy(kind);
    let Ok(boundary) = multipart::boundary(&kind) else {
        return;
    };
    let body = body.get(1..).unwrap_or_default().to_vec();
    if let Ok((fields, files)) = multipart::parse(body.into(), boundary, FILE_LIMIT) {
        let sizes = fields.pairs().map(|(name, _)| name.len());
        assert!(sizes.sum::<usize>() <= FORM_LIMIT);
        assert!(files.iter().all(|file| file.content.len() <= FILE_LIMIT));
    }
}

const COOKIE_NAME: &str = "rubrica";
const SESSION_ID: &str = "a-session-that-exists";

fn key() -> Key {
    Key::from(&[7; 64])
}

/// The `Cookie` header of a browser with a session, for mutations to begin with.
#[cfg(test)]
pub fn right_cookie() -> String {
    let mut jar = actix_web::cookie::CookieJar::new();
    let cookie = actix_web::cookie::Cookie::new(COOKIE_NAME, SESSION_ID);
    jar.signed_mut(&key()).add(cookie);
    let signed = jar.get(COOKIE_NAME).map(|cookie| cookie.value());
    format!("{COOKIE_NAME}={}", signed.unwrap_or_default())
}

/// A `Cookie` header: no session but one that was signed here.
pub fn session_cookie(bytes: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(bytes) else {
        return;
    };
    let request = TestRequest::default().insert_header((COOKIE, value));
    let request = request.to_http_request();
    if let Some(id) = session::id_in(&request, COOKIE_NAME, &key()) {
        assert_eq!(id, SESSION_ID);
    }
}

/// Lines of `X-Forwarded-For`: a peer that is no trusted proxy is the client, and what a
/// trusted proxy saw counts, whatever stands before it.
pub fn forwarded_headers(bytes: &[u8]) {
    let lines = bytes.split(|byte| *byte == b'\n');
    let lines: Vec<&[u8]> = lines
        .filter(|line| HeaderValue::from_bytes(line).is_ok())
        .collect();
    let headers = forwarded(&lines);
    let networks = ["10.0.0.0/8", "fd00::/8"].map(str::parse::<IpNet>);
    let trusted: Vec<IpNet> = networks.into_iter().filter_map(Result::ok).collect();
    let [stranger, proxy, seen] = [[203, 0, 113, 9], [10, 0, 0, 1], [198, 51, 100, 7]];
    let [stranger, proxy, seen] = [stranger, proxy, seen].map(IpAddr::from);
    assert_eq!(client_addr::client(&trusted, stranger, &headers), stranger);
    let client = client_addr::client(&trusted, proxy, &headers);
    assert_eq!(client, client.to_canonical());
    // A proxy adds a line of its own, or writes behind the last one.
    let added = seen.to_string();
    let last = lines.last().copied().unwrap_or_default();
    let joined = [last, &b", "[..], added.as_bytes()].concat();
    let mut behind = lines.clone();
    behind.pop();
    behind.push(&joined);
    let mut own = lines;
    own.push(added.as_bytes());
    for chain in [own, behind] {
        let headers = forwarded(&chain);
        assert_eq!(client_addr::client(&trusted, proxy, &headers), seen);
    }
}

fn forwarded(lines: &[&[u8]]) -> HeaderMap {
    let name = HeaderName::from_static("x-forwarded-for");
    let mut headers = HeaderMap::new();
    for line in lines {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(name.clone(), value);
        }
    }
    headers
}

/// A line of a CSV file, its values between NULs: it has as many cells as values, and
/// no formula in it, wherever a program splits it.
pub fn csv_line(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let values: Vec<String> = text.split('\0').map(ToOwned::to_owned).collect();
    for lang in [Lang::Es, Lang::En] {
        let line = csv::line(lang, &values);
        let separator = if lang == Lang::Es { ';' } else { ',' };
        assert_eq!(cells(&line, separator), Some(values.len()), "{line:?}");
        for piece in line.split([',', ';', '\t', '\r', '\n', '"']) {
            let begin = piece.trim_start_matches(' ').chars().next();
            let is_formula = begin.is_some_and(|c| "=+-@＝＋－＠﹦﹢﹣﹫−".contains(c));
            assert!(!is_formula, "{line:?}");
        }
    }
}

/// How many quoted cells a line of RFC 4180 has; `None` if it is none.
fn cells(line: &str, separator: char) -> Option<usize> {
    let mut left = line.strip_suffix("\r\n")?;
    let mut count = 0;
    loop {
        left = left.strip_prefix('"')?;
        loop {
            let (_, after) = left.split_once('"')?;
            left = after;
            match left.strip_prefix('"') {
                Some(after) => left = after,
                None => break,
            }
        }
        count += 1;
        if left.is_empty() {
            return Some(count);
        }
        left = left.strip_prefix(separator)?;
    }
}
