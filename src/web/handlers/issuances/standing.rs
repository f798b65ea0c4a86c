//! Texts that tell the owner the state of an issuance.

use crate::domain::issuance::{Cause, Standing};
use crate::i18n::{Key, key};
use crate::web::problem::{Texts, texts};

/// Title, what happened, what is safe to do now.
pub const fn texts_of(standing: Standing) -> Texts {
    match standing {
        Standing::Draft => texts!("one-draft"),
        Standing::NotSent => texts!("one-not-sent"),
        Standing::Working => texts!("one-working"),
        Standing::Waiting => Texts {
            title: key("one-waiting-title"),
            what: key("one-waiting-what"),
            next: key("one-working-next"),
        },
        Standing::Recording => texts!("one-recording"),
        Standing::KeysOnly => texts!("one-keys-only"),
        Standing::Issued => texts!("one-issued"),
        Standing::Refused => texts!("one-refused"),
        Standing::UnknownWithCode => Texts {
            title: key("one-unknown-title"),
            what: key("one-unknown-code-what"),
            next: key("one-unknown-code-next"),
        },
        Standing::UnknownNoCode => texts!("one-unknown"),
        Standing::Mismatch => texts!("one-mismatch"),
        Standing::Abandoned => texts!("one-abandoned"),
    }
}

/// Why the issuance is in its state.
pub const fn cause(cause: Cause) -> Key {
    match cause {
        Cause::Unreachable => key("cause-unreachable"),
        Cause::Untrusted => key("cause-untrusted"),
        Cause::Busy => key("cause-busy"),
        Cause::SignInAgain => key("cause-sign-in-again"),
        Cause::TimedOut => key("cause-timed-out"),
        Cause::Cut => key("cause-cut"),
        Cause::Unreadable => key("cause-unreadable"),
        Cause::ServerError => key("cause-server-error"),
        Cause::WorkerGone => key("cause-worker-gone"),
        Cause::AlreadyFinalized => key("cause-already-finalized"),
        Cause::Rejected => key("cause-rejected"),
        Cause::OtherKey => key("cause-other-key"),
        Cause::OtherSubject => key("cause-other-subject"),
        Cause::OtherRequestCode => key("cause-other-request-code"),
        Cause::ThumbprintTaken => key("cause-thumbprint-taken"),
        Cause::ShownByOwner => key("cause-shown-by-owner"),
    }
}
