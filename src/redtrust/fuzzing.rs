//! What must hold for any answer of a server; see `fuzzing`.

use super::answers;
use super::endpoints::Operation;
use super::envelope::{self, Answer};
use super::error::RedtrustError;
use crate::domain::is_printable;

/// Longer than any error code or message that is kept, in characters.
const LONGEST: usize = 1000;

const OPERATIONS: [Operation; 8] = [
    Operation::Login,
    Operation::RefreshToken,
    Operation::LoginByTempToken,
    Operation::Logout,
    Operation::CsrCreate,
    Operation::CsrFinalize,
    Operation::SandboxRedirectUrl,
    Operation::SandboxCa,
];

/// Reads an answer: its first byte is the call, the next two are the status.
pub fn envelope(bytes: &[u8]) {
    let [operation, high, low, body @ ..] = bytes else {
        return;
    };
    let Some(operation) = OPERATIONS.get(usize::from(operation % 8)) else {
        return;
    };
    let status = u16::from_be_bytes([*high, *low]);
    match envelope::read(*operation, status, body, &[]) {
        Ok(answer) => {
            assert!((200..300).contains(&status), "{status} is no success");
            if let Some(said) = &answer.warning {
                is_kept(&said.code, &said.text);
            }
            data(answer);
        }
        Err(RedtrustError::Rejected { code, message, .. }) => is_kept(&code, &message),
        Err(RedtrustError::Unauthorized { code, message }) => {
            assert!(status == 401 || operation.is_protected());
            is_kept(&code, &message);
        }
        Err(other) => assert!(!other.nothing_was_sent(), "{other} after an answer"),
    }
}

/// What is kept is one short line.
fn is_kept(code: &str, message: &str) {
    for text in [code, message] {
        assert!(text.chars().count() <= LONGEST);
        assert!(text.chars().all(is_printable));
    }
}

/// What is taken out of `data` can be sent in a header, stored and shown.
fn data(answer: Answer) {
    if let Ok(pair) = answers::token_pair(&answer.data, &[]) {
        assert!(pair.access.expose().bytes().all(|b| b.is_ascii_graphic()));
    }
    let copy = Answer {
        data: answer.data.clone(),
        warning: None,
    };
    if let Ok(created) = answers::csr_created(copy, None, &[]) {
        let code = created.request_code;
        assert!(!code.is_empty() && code.chars().all(is_printable));
    }
    if let Ok(done) = answers::finalized(answer, &[]) {
        assert!(matches!(done.thumbprint.as_str().len(), 40 | 64));
    }
}
