//! The address of a request, checked before anything reads it. Each page has exactly
//! one spelling: a second one (`//evil.example/x`, `/%61dmin`, `/./admin`) could pass
//! a proxy's rules or make a link lead to another site.

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use percent_encoding::percent_decode_str;

use super::routes;

/// The answer to an address that is no page's, whatever the routes say; `None` if it
/// may be looked up.
pub fn refuse(req: &ServiceRequest) -> Option<HttpResponse> {
    // The callback judges its query itself: what is wrong with a token has its own page.
    let judges = req.path().starts_with(routes::CALLBACK_PREFIX);
    let is_fit = is_normal(req.path()) && (judges || is_plain(req.query_string()));
    (!is_fit).then(|| HttpResponse::NotFound().finish())
}

/// Whether a path is in normal form: no empty or dotted segment, nothing escaped that
/// needs no escape, no escape that hides a slash or a control character.
pub fn is_normal(path: &str) -> bool {
    let Some(below) = path.strip_prefix('/') else {
        return false;
    };
    let below = below.strip_suffix('/').unwrap_or(below);
    let is_named = |segment: &str| !matches!(segment, "" | "." | "..");
    (path == "/" || below.split('/').all(is_named)) && escapes_are_needed(path) && is_plain(path)
}

/// Whether all bytes may stand in a path, and each escape stands for one that may not.
fn escapes_are_needed(path: &str) -> bool {
    let mut parts = path.split('%');
    let first = parts.next().unwrap_or_default();
    let is_path = |text: &str| text.bytes().all(may_stand_in_path);
    let escaped = |part: &str| {
        let digits = part.get(..2).filter(|two| two.bytes().all(is_hex))?;
        u8::from_str_radix(digits, 16).ok()
    };
    is_path(first)
        && parts.all(|part| {
            let is_needed = |byte: u8| !is_unreserved(byte) && !b"/\\".contains(&byte);
            escaped(part).is_some_and(is_needed) && part.get(2..).is_some_and(is_path)
        })
}

/// Whether nothing in it is a control character, escaped or not.
pub fn is_plain(text: &str) -> bool {
    if text
        .bytes()
        .all(|byte| byte.is_ascii_graphic() && byte != b'%')
    {
        return true;
    }
    // Where an escape is not UTF-8, the handler sees the replacement character.
    let decoded = percent_decode_str(text).decode_utf8_lossy();
    !decoded.chars().any(char::is_control)
}

const fn is_hex(byte: u8) -> bool {
    byte.is_ascii_hexdigit()
}

/// RFC 3986, 2.3.
const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// RFC 3986, 3.3: `pchar` without escapes, and the slash.
fn may_stand_in_path(byte: u8) -> bool {
    is_unreserved(byte) || b"!$&'()*+,;=:@/".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_has_one_spelling() {
        for path in [
            "/",
            "/sign-in",
            "/sign-in/",
            "/certificates/AB%20CD",
            "/callback/acme",
            "/static/app.0123.css",
            "/a/%C3%B1",
            "/x:y@z;a=b,c",
            "/...",
        ] {
            assert!(is_normal(path), "{path}");
        }
        for path in [
            "",
            "*",
            "sign-in",
            "//",
            "//evil.example",
            "/sign-in//",
            "/a//b",
            "/./admin",
            "/admin/..",
            "/admin/.",
            "/%61dmin",
            "/%2e/admin",
            "/%2E%2e/",
            "/a%2fb",
            "/a%5Cb",
            "/\\evil",
            "/a%00",
            "/a%0d%0Ab",
            "/a%7F",
            "/a%C2%85",
            "/a%",
            "/a%4",
            "/a%zz",
            "/a%+1",
            "/a\"b",
            "/ñ",
        ] {
            assert!(!is_normal(path), "{path}");
        }
    }

    #[test]
    fn a_query_has_no_control_characters() {
        assert!(is_plain("q=a%20b&x=%C3%B1&y=%FF"));
        for query in ["q=%00", "%0a=1", "x=%C2%80", "x=%1B[1m"] {
            assert!(!is_plain(query), "{query}");
        }
    }
}
