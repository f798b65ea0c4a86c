//! The envelope of every answer: `{message, messageType, errorCode, data}`.
//!
//! An envelope with ERROR is an error whatever the HTTP status. Without an envelope,
//! any status other than 2xx is an error.

use serde_json::{Map, Value};

use super::endpoints::Operation;
use super::error::RedtrustError;

/// Longest error code and message that is kept, in characters.
const LONGEST_CODE: usize = 100;
const LONGEST_MESSAGE: usize = 1000;

/// Returns the `data` of an answer to `operation`.
pub(super) fn read(operation: Operation, status: u16, body: &[u8]) -> Result<Value, RedtrustError> {
    let success = (200..300).contains(&status);
    if !operation.wears_envelope() {
        return if success {
            Ok(Value::Null)
        } else {
            Err(RedtrustError::Rejected {
                code: format!("HTTP_{status}"),
                message: shortened(&String::from_utf8_lossy(body), LONGEST_MESSAGE),
                status,
            })
        };
    }
    match Envelope::parse(body) {
        Some(Envelope::Error { code, message }) => {
            if status == 401 || (operation.is_protected() && says_bad_token(&code)) {
                Err(RedtrustError::Unauthorized { code, message })
            } else {
                Err(RedtrustError::Rejected {
                    code,
                    message,
                    status,
                })
            }
        }
        // 401 means that the call was not executed, even without an envelope.
        _ if status == 401 => Err(RedtrustError::Unauthorized {
            code: "HTTP_401".to_owned(),
            message: String::new(),
        }),
        Some(Envelope::Success { data }) if success => Ok(data),
        Some(Envelope::Success { .. }) => Err(RedtrustError::Malformed {
            cause: format!("status {status} with a SUCCESS envelope"),
        }),
        None if success => Err(RedtrustError::Malformed {
            cause: format!("{} bytes that are no envelope", body.len()),
        }),
        None => Err(RedtrustError::Unavailable { status }),
    }
}

enum Envelope {
    Success { data: Value },
    Error { code: String, message: String },
}

impl Envelope {
    fn parse(body: &[u8]) -> Option<Self> {
        // Some servers put a byte order mark before the JSON.
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        let Ok(Value::Object(mut fields)) = serde_json::from_slice(body) else {
            return None;
        };
        let kind = fields.get("messageType")?.as_str()?.trim();
        if kind.eq_ignore_ascii_case("ERROR") {
            Some(Self::Error {
                code: words(&fields, "errorCode", LONGEST_CODE),
                message: words(&fields, "message", LONGEST_MESSAGE),
            })
        } else if kind.eq_ignore_ascii_case("SUCCESS") {
            let data = fields.remove("data").unwrap_or(Value::Null);
            Some(Self::Success { data })
        } else {
            None
        }
    }
}

/// A text field as one short line; a number becomes its digits.
fn words(fields: &Map<String, Value>, name: &str, longest: usize) -> String {
    match fields.get(name) {
        Some(Value::String(text)) => shortened(text, longest),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// `text` as one line without control characters, cut to `longest` characters.
fn shortened(text: &str, longest: usize) -> String {
    text.chars()
        .map(|c| match c {
            '\u{2028}' | '\u{2029}' => ' ',
            c if c.is_control() => ' ',
            c => c,
        })
        .take(longest)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// Whether an error code says that the access token is invalid. The list of codes is
/// \[open\]. Codes for missing permission must not match, because a match triggers a
/// needless refresh and sign-in.
fn says_bad_token(code: &str) -> bool {
    let code = code.to_ascii_uppercase();
    let names = |word: &str| code.contains(word);
    matches!(
        code.as_str(),
        "UNAUTHORIZED" | "UNAUTHENTICATED" | "NOT_AUTHENTICATED"
    ) || (names("TOKEN") && (names("INVALID") || names("EXPIRED") || names("REVOKED")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OK: &[u8] = br#"{"message":"","messageType":"SUCCESS","errorCode":"OK","data":{"a":1}}"#;

    fn error(code: &str) -> Vec<u8> {
        format!(r#"{{"message":"m","messageType":"ERROR","errorCode":"{code}","data":{{}}}}"#)
            .into_bytes()
    }

    #[test]
    fn an_error_counts_whatever_the_status() {
        for status in [200, 400, 500] {
            let Err(RedtrustError::Rejected {
                code, status: got, ..
            }) = read(Operation::CsrCreate, status, &error("NO"))
            else {
                panic!("{status}")
            };
            assert_eq!((code.as_str(), got), ("NO", status));
        }
    }

    #[test]
    fn a_bad_token_is_distinguished_from_a_refusal_only_if_a_token_was_sent() {
        let unauthorized = |operation, code: &str| {
            matches!(
                read(operation, 200, &error(code)),
                Err(RedtrustError::Unauthorized { .. })
            )
        };
        assert!(unauthorized(Operation::CsrFinalize, "ACCESS_TOKEN_EXPIRED"));
        assert!(unauthorized(Operation::Logout, "Unauthorized"));
        assert!(!unauthorized(
            Operation::CsrCreate,
            "NOT_AUTHORIZED_TO_ISSUE"
        ));
        assert!(!unauthorized(
            Operation::CsrFinalize,
            "REQUEST_CODE_INVALID"
        ));
        assert!(!unauthorized(
            Operation::LoginByTempToken,
            "TEMP_TOKEN_INVALID"
        ));
    }

    #[test]
    fn a_401_is_not_executed_with_or_without_an_envelope() {
        for body in [&b""[..], b"<html>", OK, &error("X")] {
            assert!(matches!(
                read(Operation::CsrCreate, 401, body),
                Err(RedtrustError::Unauthorized { .. })
            ));
        }
    }

    #[test]
    fn a_bad_status_without_an_envelope_is_not_an_answer_from_redtrust() {
        for status in [302, 403, 429, 500, 503] {
            assert_eq!(
                read(Operation::CsrCreate, status, b"<html>no</html>"),
                Err(RedtrustError::Unavailable { status })
            );
        }
    }

    #[test]
    fn a_success_envelope_with_a_bad_status_is_not_trusted() {
        assert!(matches!(
            read(Operation::CsrFinalize, 500, OK),
            Err(RedtrustError::Malformed { .. })
        ));
    }

    #[test]
    fn a_byte_order_mark_is_forgiven() {
        let body = [b"\xEF\xBB\xBF", OK].concat();
        assert!(read(Operation::Login, 200, &body).is_ok());
    }

    #[test]
    fn what_a_server_says_stays_on_one_short_line() {
        let text = format!("a\r\nb\u{2028}c{}", "x".repeat(5000));
        let kept = shortened(&text, LONGEST_MESSAGE);
        assert!(kept.starts_with("a  b c"));
        assert_eq!(kept.chars().count(), LONGEST_MESSAGE);
    }
}
