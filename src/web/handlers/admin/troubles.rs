//! What an admin reads about the troubles of a connection's server.

use crate::i18n::{Lang, Message, key};
use crate::services::connections::{Fault, Trouble};

/// Names the trouble of the connection with this name, and what to do.
pub(super) fn told(trouble: Trouble, name: &str, lang: Lang) -> Message {
    let (key, skew) = match trouble {
        Trouble::Untrusted => return key("admin-untrusted").with("name", name.to_owned()),
        Trouble::Failing(fault) => {
            let cause = lang.message(&cause(fault)).into_owned();
            return key("admin-unreachable")
                .with("name", name.to_owned())
                .with("cause", cause);
        }
        Trouble::ClockAhead(skew) => (key("admin-clock-ahead"), skew),
        Trouble::ClockBehind(skew) => (key("admin-clock-behind"), skew),
    };
    key.with("name", name.to_owned())
        .with("seconds", skew.as_secs().to_string())
}

fn cause(fault: Fault) -> Message {
    match fault {
        Fault::Refused => key("admin-fault-refused").into(),
        Fault::Unreachable => key("admin-fault-unreachable").into(),
        Fault::TimedOut => key("admin-fault-timed-out").into(),
        Fault::Cut => key("admin-fault-cut").into(),
        Fault::Status(status) => key("admin-fault-status").with("status", status.to_string()),
        Fault::Malformed => key("admin-fault-malformed").into(),
    }
}
