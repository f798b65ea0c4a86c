//! The envelope of every answer: `{message, messageType, errorCode, data}`.
//!
//! An envelope with ERROR is an error whatever the HTTP status. One with WARNING is a
//! success with something to say. Without an envelope, any status other than 2xx is an
//! error.

use serde_json::{Map, Value};

use super::endpoints::Operation;
use super::error::RedtrustError;
use super::secrets;
use crate::domain::error_class::ErrorClass;
use crate::domain::is_printable;
use crate::domain::issuance::ServerMessage;
use crate::domain::json;

/// Longest error code and message that is kept, in characters.
const LONGEST_CODE: usize = 100;
const LONGEST_MESSAGE: usize = 1000;

/// An answer that was a success.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// `data`.
    pub(super) data: Value,
    /// What a WARNING said.
    pub(super) warning: Option<ServerMessage>,
}

/// Reads an answer to `operation`. `secrets` are removed from the server's words, in case
/// it repeats them.
pub(super) fn read(
    operation: Operation,
    status: u16,
    body: &[u8],
    secrets: &[&str],
) -> Result<Answer, RedtrustError> {
    let success = (200..300).contains(&status);
    if !operation.wears_envelope() {
        return if success {
            Ok(Answer {
                data: String::from_utf8_lossy(body).into(),
                warning: None,
            })
        } else {
            Err(RedtrustError::Rejected {
                code: format!("HTTP_{status}"),
                message: said(&String::from_utf8_lossy(body), LONGEST_MESSAGE, secrets),
                status,
            })
        };
    }
    match Envelope::parse(body, secrets) {
        Some(Envelope::Error(ServerMessage {
            code,
            text: message,
        })) => {
            let bad_token = ErrorClass::of(&code, &message) == ErrorClass::BadToken;
            if status == 401 || (operation.is_protected() && bad_token) {
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
        Some(Envelope::Success(answer)) if success => Ok(answer),
        Some(Envelope::Success(_)) => Err(RedtrustError::Malformed {
            cause: format!("status {status} with a SUCCESS envelope"),
        }),
        None if success => Err(RedtrustError::Malformed {
            cause: format!("{} bytes that are no envelope", body.len()),
        }),
        None => Err(RedtrustError::Unavailable { status }),
    }
}

enum Envelope {
    Success(Answer),
    Error(ServerMessage),
}

impl Envelope {
    fn parse(body: &[u8], secrets: &[&str]) -> Option<Self> {
        // Some servers put a byte order mark before the JSON.
        let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
        let mut fields: Map<String, Value> = json::read(body).ok()?;
        let said = ServerMessage {
            code: words(&fields, "errorCode", LONGEST_CODE, secrets),
            text: words(&fields, "message", LONGEST_MESSAGE, secrets),
        };
        let data = fields.remove("data").unwrap_or(Value::Null);
        let kind = fields.get("messageType")?.as_str()?.trim();
        match kind.to_ascii_uppercase().as_str() {
            "ERROR" => Some(Self::Error(said)),
            "WARNING" => Some(Self::Success(Answer {
                data,
                warning: Some(said),
            })),
            "SUCCESS" => Some(Self::Success(Answer {
                data,
                warning: None,
            })),
            _ => None,
        }
    }
}

/// A text field as one short line; a number becomes its digits.
fn words(fields: &Map<String, Value>, name: &str, longest: usize, secrets: &[&str]) -> String {
    match fields.get(name) {
        Some(Value::String(text)) => said(text, longest, secrets),
        Some(Value::Number(number)) => said(&number.to_string(), longest, secrets),
        _ => String::new(),
    }
}

fn said(text: &str, longest: usize, secrets: &[&str]) -> String {
    shortened(&secrets::removed(text, secrets), longest)
}

/// `text` as one line without invisible characters, cut to `longest` characters.
pub(super) fn shortened(text: &str, longest: usize) -> String {
    text.chars()
        .map(|c| if is_printable(c) { c } else { ' ' })
        .take(longest)
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(operation: Operation, status: u16, body: &[u8]) -> Result<Answer, RedtrustError> {
        super::read(operation, status, body, &["canary-1"])
    }

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
                read(Operation::CsrCreate, status, b"<html>no</html>").unwrap_err(),
                RedtrustError::Unavailable { status }
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
    fn a_warning_is_a_success_whose_words_are_kept_without_what_is_secret() {
        let body = br#"{"message":"canary-1 expires soon","messageType":"WARNING",
            "errorCode":"SOON","data":{"a":1}}"#;
        let answer = read(Operation::CsrCreate, 200, body).unwrap();
        assert_eq!(answer.data["a"], 1);
        let said = ServerMessage {
            code: "SOON".into(),
            text: "… expires soon".into(),
        };
        assert_eq!(answer.warning, Some(said));
        assert!(matches!(
            read(Operation::CsrCreate, 500, body),
            Err(RedtrustError::Malformed { .. })
        ));
    }

    #[test]
    fn no_part_of_a_secret_stays_where_an_error_is_cut() {
        let code = format!("{}canary-1", "x".repeat(LONGEST_CODE - 4));
        let error = read(Operation::CsrCreate, 400, &error(&code)).unwrap_err();
        assert!(!error.to_string().contains("cana"), "{error}");
    }

    #[test]
    fn a_byte_order_mark_is_forgiven() {
        let body = [b"\xEF\xBB\xBF", OK].concat();
        assert!(read(Operation::Login, 200, &body).is_ok());
    }

    #[test]
    fn what_a_server_says_stays_on_one_short_line() {
        let text = format!("a\r\nb\u{2028}c\u{202E}{}", "x".repeat(5000));
        let kept = shortened(&text, LONGEST_MESSAGE);
        assert!(kept.starts_with("a  b c"));
        assert_eq!(kept.chars().count(), LONGEST_MESSAGE);
    }
}
