//! Reads `data`. It is lenient where the documents are open: numbers for text, text for
//! numbers, unknown fields. Errors never contain a part of the answer, because it may
//! hold a token. What is kept in clear holds no secret of ours: an answer that repeats one
//! there is not believed.

use serde_json::Value;

use super::envelope::Answer;
use super::error::RedtrustError;
use super::messages::{CsrCreated, Finalized};
use super::secrets;
use crate::domain::is_printable;
use crate::domain::secret::Secret;
use crate::domain::tokens::{TokenPair, parse_expiration, subject_of};

/// Longest accepted token in bytes: it must fit into a header.
const LONGEST_TOKEN: usize = 16 * 1024;

/// Longest accepted request code and certificate id.
const LONGEST_CODE: usize = 255;

/// Reads the answer of the three sign-in calls. Only the person's name in it is kept in
/// clear.
pub(super) fn token_pair(data: &Value, secrets: &[&str]) -> Result<TokenPair, RedtrustError> {
    let access = token(data, "accessToken")?.ok_or_else(|| malformed("no accessToken"))?;
    let refresh = token(data, "refreshToken")?;
    if let Some(name) = subject_of(&access) {
        let refresh = refresh.iter().map(Secret::expose);
        let secrets: Vec<&str> = secrets.iter().copied().chain(refresh).collect();
        keepable("the person's name", name, &secrets)?;
    }
    Ok(TokenPair {
        access,
        refresh,
        expires_at: scalar(data, "expiration")
            .as_deref()
            .and_then(parse_expiration),
    })
}

/// Reads the answer of `csr/create`. A server that takes the request code we sent need
/// not repeat it.
pub(super) fn csr_created(
    answer: Answer,
    sent: Option<&str>,
    secrets: &[&str],
) -> Result<CsrCreated, RedtrustError> {
    let Answer { data, warning } = answer;
    let csr = data.get("csr").and_then(Value::as_str);
    let csr = csr.filter(|csr| !csr.trim().is_empty());
    Ok(CsrCreated {
        request_code: code(&data, "requestCode", secrets)?
            .or_else(|| sent.map(ToOwned::to_owned))
            .ok_or_else(|| malformed("no requestCode"))?,
        csr: csr
            .map(|csr| keepable("csr", csr.to_owned(), secrets))
            .transpose()?,
        warning,
    })
}

/// Reads the answer of `csr/finalize`.
pub(super) fn finalized(answer: Answer, secrets: &[&str]) -> Result<Finalized, RedtrustError> {
    let Answer { data, warning } = answer;
    let thumbprint = scalar(&data, "thumbprint").ok_or_else(|| malformed("no thumbprint"))?;
    Ok(Finalized {
        certificate_id: code(&data, "idCertificate", secrets)?
            .ok_or_else(|| malformed("no idCertificate"))?,
        thumbprint: keepable("thumbprint", thumbprint, secrets)?
            .parse()
            .map_err(|_| malformed("a thumbprint that is none"))?,
        request_code: code(&data, "requestCode", secrets)?,
        warning,
    })
}

pub(super) fn malformed(cause: &str) -> RedtrustError {
    RedtrustError::Malformed {
        cause: cause.to_owned(),
    }
}

/// A text or a number, as text; `None` if it is missing, null or blank.
fn scalar(data: &Value, name: &str) -> Option<String> {
    let text = match data.get(name)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// A token, checked so that it can be sent in a header.
fn token(data: &Value, name: &str) -> Result<Option<Secret>, RedtrustError> {
    let Some(text) = scalar(data, name) else {
        return Ok(None);
    };
    let usable = text.len() <= LONGEST_TOKEN && text.bytes().all(|byte| byte.is_ascii_graphic());
    if usable {
        Ok(Some(Secret::new(text)))
    } else {
        Err(malformed(&format!("{name} is no token")))
    }
}

/// A code or an id; it is stored, shown and sent back unchanged.
fn code(data: &Value, name: &str, secrets: &[&str]) -> Result<Option<String>, RedtrustError> {
    let Some(text) = scalar(data, name) else {
        return Ok(None);
    };
    if text.chars().count() > LONGEST_CODE || !text.chars().all(is_printable) {
        return Err(malformed(&format!("{name} is too long or no text")));
    }
    keepable(name, text, secrets).map(Some)
}

/// `text`, unless a secret stands in it.
fn keepable(name: &str, text: String, secrets: &[&str]) -> Result<String, RedtrustError> {
    match secrets::stand_in(&text, secrets) {
        true => Err(malformed(&format!("{name} repeats a secret"))),
        false => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::millis::Millis;
    use serde_json::json;

    fn answer(data: Value) -> Answer {
        Answer {
            data,
            warning: None,
        }
    }

    #[test]
    fn numbers_are_accepted_for_texts_and_texts_for_numbers() {
        let created =
            csr_created(answer(json!({"requestCode": 42, "csr": "MII"})), None, &[]).unwrap();
        assert_eq!(created.request_code, "42");
        let thumbprint = "ab:cd:".repeat(10);
        let data = json!({"idCertificate": 7, "thumbprint": thumbprint});
        let done = finalized(answer(data), &[]).unwrap();
        assert_eq!(done.certificate_id, "7");
        assert_eq!(done.thumbprint.to_string(), "ABCD".repeat(10));
        let pair = token_pair(
            &json!({"accessToken": "a", "expiration": 1_700_000_000}),
            &[],
        )
        .unwrap();
        assert_eq!(pair.expires_at, Some(Millis(1_700_000_000_000)));
        assert_eq!(pair.refresh, None);
    }

    #[test]
    fn an_unreadable_expiration_is_unknown_not_an_error() {
        let pair = token_pair(&json!({"accessToken": "a", "expiration": "soon"}), &[]).unwrap();
        assert_eq!(pair.expires_at, None);
    }

    #[test]
    fn a_missing_csr_is_accepted_but_a_missing_code_is_not() {
        assert!(
            csr_created(answer(json!({"requestCode": "r"})), None, &[])
                .unwrap()
                .csr
                .is_none()
        );
        for data in [
            json!({"csr": "x"}),
            json!({"requestCode": " "}),
            json!(null),
            json!([]),
        ] {
            assert!(
                csr_created(answer(data.clone()), None, &[]).is_err(),
                "{data}"
            );
        }
    }

    #[test]
    fn a_code_that_we_chose_need_not_be_repeated() {
        let created = csr_created(answer(json!({"csr": "x"})), Some("ours"), &[]).unwrap();
        assert_eq!(created.request_code, "ours");
    }

    #[test]
    fn a_token_that_fits_no_header_is_refused_and_not_repeated() {
        for bad in ["a b", "a\r\nb", &"x".repeat(LONGEST_TOKEN + 1)] {
            let error = token_pair(&json!({"accessToken": bad}), &[]).unwrap_err();
            assert_eq!(error, malformed("accessToken is no token"));
        }
    }

    #[test]
    fn what_repeats_a_secret_or_hides_something_is_not_believed() {
        let secrets = ["canary-1"];
        let thumbprint = "AB".repeat(20);
        for id in ["canary-1", "id:canary-1", "7\u{202E}", "7\u{200B}7"] {
            let data = json!({"idCertificate": id, "thumbprint": thumbprint});
            assert!(finalized(answer(data), &secrets).is_err(), "{id}");
            let data = json!({"requestCode": id, "csr": "MII"});
            assert!(csr_created(answer(data), None, &secrets).is_err(), "{id}");
        }
        let data = json!({"requestCode": "r", "csr": "MII canary-1"});
        assert!(csr_created(answer(data), None, &secrets).is_err());
        let data = json!({"idCertificate": "7", "thumbprint": thumbprint});
        assert!(finalized(answer(data), &[&thumbprint]).is_err());
    }

    #[test]
    fn a_name_that_is_a_secret_is_not_believed() {
        let claims = data_encoding::BASE64URL_NOPAD.encode(br#"{"sub":"is canary-1"}"#);
        let access = format!("e30.{claims}.c2ln");
        let data = json!({"accessToken": access});
        assert!(token_pair(&data, &["canary-1"]).is_err());
        assert!(token_pair(&data, &["another"]).is_ok());
        let data = json!({"accessToken": access, "refreshToken": "canary-1"});
        assert!(token_pair(&data, &[]).is_err());
    }
}
