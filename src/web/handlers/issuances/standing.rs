//! Texts that tell the state of an issuance to its owner, and to others.

use crate::domain::error_class::ErrorClass;
use crate::domain::issuance::{Cause, Doubt, Standing};
use crate::i18n::{Key, key};
use crate::services::history::Story;
use crate::web::handlers::advice;
use crate::web::problem::{Texts, texts};

/// [`texts_of`] its standing, with what Redtrust's refusal asks for, if it refused.
pub fn texts_of_story(story: &Story) -> Texts {
    let (issuance, connection) = (&story.issuance, story.connection.as_ref());
    let texts = texts_of_outcome(story);
    if issuance.cause == Some(Cause::ProvenByFile) {
        // Redtrust did not confirm that it keeps this certificate.
        let what = key("one-settled-what");
        return Texts { what, ..texts };
    }
    if issuance.is_shown_by_owner() {
        return texts!("one-shown");
    }
    match (story.standing, issuance.refused()) {
        (Standing::Refused, Some(refusal)) if refusal.class == ErrorClass::MayNotIssue => Texts {
            title: key("may-not-issue-title"),
            what: key("one-may-not-issue-what"),
            next: advice::of(refusal, connection),
        },
        (Standing::Refused | Standing::KeysRefused, Some(refusal)) => Texts {
            next: advice::of(refusal, connection),
            ..texts
        },
        _ => texts,
    }
}

/// [`texts_of`] its standing; of a renewal they say that it is one, and of an unknown outcome
/// what was asked for.
fn texts_of_outcome(story: &Story) -> Texts {
    let texts = texts_of(story.standing);
    match (story.standing, &story.issuance.renews) {
        (Standing::UnknownWithCode, _) if story.doubt() == Some(Doubt::Keys) => Texts {
            what: key("one-unknown-keys-what"),
            ..texts
        },
        (Standing::UnknownNoCode, Some(_)) => Texts {
            next: key("one-unknown-renewal-next"),
            ..texts
        },
        (Standing::Issued, Some(_)) => Texts {
            title: key("one-renewed-title"),
            ..texts
        },
        _ => texts,
    }
}

/// Title, what happened, what is safe to do now.
pub const fn texts_of(standing: Standing) -> Texts {
    match standing {
        Standing::Draft => texts!("one-draft"),
        Standing::NotSent => texts!("one-not-sent"),
        Standing::PutOff => Texts {
            title: key("one-put-off-title"),
            what: key("one-put-off-what"),
            next: key("advice-may-pass"),
        },
        Standing::Working => texts!("one-working"),
        Standing::Waiting => Texts {
            title: key("one-waiting-title"),
            what: key("one-waiting-what"),
            next: key("one-working-next"),
        },
        Standing::Recording => texts!("one-recording"),
        Standing::KeysOnly => texts!("one-keys-only"),
        Standing::KeysRefused => Texts {
            title: key("one-keys-refused-title"),
            what: key("one-keys-refused-what"),
            next: key("one-keys-only-next"),
        },
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
        Standing::AbandonedInDoubt(doubt) => in_doubt(doubt),
    }
}

/// What to say of a request that was abandoned although this is not known.
const fn in_doubt(doubt: Doubt) -> Texts {
    let (what, next) = match doubt {
        Doubt::Keys => (key("one-abandoned-keys-what"), key("one-abandoned-next")),
        Doubt::Certificate => (
            key("one-abandoned-unknown-what"),
            key("one-abandoned-unknown-next"),
        ),
    };
    Texts {
        title: key("one-abandoned-title"),
        what,
        next,
    }
}

/// Why the issuance is in its state, where nothing else on its page says so.
pub fn why(story: &Story) -> Option<Key> {
    match story.issuance.cause? {
        Cause::ShownByOwner | Cause::ProvenByFile => None,
        Cause::Rejected | Cause::MayNotIssue if story.standing != Standing::UnknownWithCode => None,
        other => Some(cause(other)),
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
        Cause::NotStored => key("cause-not-stored"),
        Cause::AlreadyFinalized => key("cause-already-finalized"),
        Cause::MayExist => key("cause-may-exist"),
        Cause::MayNotIssue => key("cause-may-not-issue"),
        Cause::Rejected => key("cause-rejected"),
        Cause::OtherKey => key("cause-other-key"),
        Cause::OtherSubject => key("cause-other-subject"),
        Cause::OtherRequestCode => key("cause-other-request-code"),
        Cause::ThumbprintTaken => key("cause-thumbprint-taken"),
        Cause::ShownByOwner => key("cause-shown-by-owner"),
        Cause::ProvenByFile => key("cause-proven-by-file"),
    }
}

/// What somebody else reads where a text speaks to the owner.
pub fn told_to_others(text: Key) -> Key {
    match text.id() {
        "one-working-title" => key("one-others-working-title"),
        "one-shown-title" => key("state-shown-by-owner"),
        "cause-sign-in-again" => key("one-others-sign-in-again"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn i12_no_text_speaks_to_somebody_else_as_if_it_were_the_owner() {
        let submitted = [
            Standing::NotSent,
            Standing::PutOff,
            Standing::Working,
            Standing::Waiting,
            Standing::Recording,
            Standing::KeysOnly,
            Standing::KeysRefused,
            Standing::Issued,
            Standing::Refused,
            Standing::UnknownWithCode,
            Standing::UnknownNoCode,
            Standing::Mismatch,
            Standing::Abandoned,
            Standing::AbandonedInDoubt(Doubt::Keys),
            Standing::AbandonedInDoubt(Doubt::Certificate),
        ];
        let titles = submitted.iter().map(|one| texts_of(*one).title);
        let own = [
            "one-shown-title",
            "one-renewed-title",
            "may-not-issue-title",
        ]
        .map(key);
        let told_by_events = [Cause::ShownByOwner, Cause::ProvenByFile];
        let causes = Cause::ALL
            .iter()
            .filter(|one| !told_by_events.contains(one));
        let texts = titles.chain(own).chain(causes.map(|one| cause(*one)));
        let to_the_reader = ["you ", "your ", "usted ", "su sesión", "su certificado"];
        for text in texts.map(told_to_others) {
            for language in [Lang::En, Lang::Es] {
                let said = language.of(text).to_lowercase();
                let found = to_the_reader.iter().find(|words| said.contains(**words));
                assert_eq!(found, None, "{said}");
            }
        }
    }
}
