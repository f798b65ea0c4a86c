//! The messages for a connection's problems, for a form field or for the reader of a
//! configuration file.

use super::{Key, Lang, Message, key};
use crate::domain::connection::{
    ATTRIBUTES, BaseUrlError, CaProblem, KeyProblem, Kind, PartnerError, Problem, Problems,
    RequestOptionsError, SETTINGS, SlugError, Texts,
};
use crate::domain::dialect::{BadFieldName, BadTemplate};
use crate::domain::person_name::NameError;
use crate::domain::redirect_url::{MAX_LENGTH, RedirectUrlError};

/// The problems of a connection in the configuration file, one per line, with the
/// setting names of that file and what is given for them there. `who` tells it from others.
pub fn lines(who: &str, problems: &Problems, given: &Texts) -> String {
    let line = |(name, problem): &(&'static str, Problem)| {
        let is_file = |name| {
            SETTINGS
                .iter()
                .any(|one| one.key == name && matches!(one.kind, Kind::File))
        };
        let end = match problem {
            Problem::KeyFile { .. } => "_file",
            _ if is_file(*name) => "_file",
            _ => "",
        };
        let of_url = match problem {
            Problem::NotOurs { given, .. } | Problem::RedirectUrl { given, .. } => {
                format!(" {given:?}")
            }
            Problem::KeyFile { path, .. } => format!(" {path:?}"),
            _ => String::new(),
        };
        let text = Lang::En.message(&message(problem)).into_owned();
        let value = given.get(*name).map(|given| value(name, problem, given));
        let value = value.unwrap_or_default();
        format!("connection {who}, {name}{end}{of_url}: {text}{value}")
    };
    problems.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The most of a value that is shown, in characters.
const SHOWN: usize = 100;

/// The value that is wrong and those that are right, in brackets: what a form shows beside
/// the message. Only of settings in which no secret can stand.
fn value(name: &str, problem: &Problem, given: &str) -> String {
    use Problem as P;
    use RequestOptionsError as E;
    let right = match problem {
        P::Choice => {
            let setting = SETTINGS.iter().find(|one| one.key == name);
            match setting.map(|one| one.kind) {
                Some(Kind::Choice(all)) => format!(" is not one of: {}", all().join(" ")),
                _ => String::new(),
            }
        }
        P::Attributes(_) => format!("; the attributes are: {}", ATTRIBUTES.join(" ")),
        P::Language | P::Days | P::ReminderDays | P::Seconds | P::Groups(_) | P::InfoFields(_) => {
            String::new()
        }
        _ => return String::new(),
    };
    let wrong = match problem {
        P::Attributes(error) | P::Groups(error) | P::InfoFields(error) => match error {
            E::Form(line) | E::Twice(line) => given.lines().nth(line.saturating_sub(1)),
            E::TooMany(_) => return String::new(),
        },
        _ => Some(given),
    };
    let wrong: String = wrong.unwrap_or_default().chars().take(SHOWN).collect();
    format!(" ({wrong:?}{right})")
}

/// The message for a problem.
pub fn message(problem: &Problem) -> Message {
    use Problem as P;
    match problem {
        P::Text => key("admin-connection-text-wrong").into(),
        P::Choice => key("admin-connection-choice-wrong").into(),
        P::Language => key("admin-connection-lang-wrong").into(),
        P::Days => key("admin-connection-validity-wrong").into(),
        P::ReminderDays => key("admin-connection-reminder-days-wrong").into(),
        P::Seconds => key("admin-connection-timeout-wrong").into(),
        P::Name(error) => name(*error),
        P::NameTaken => key("admin-connection-name-taken").into(),
        P::Slug(error) => slug(*error).into(),
        P::SlugTaken => key("admin-connection-slug-taken").into(),
        P::BaseUrl(error) => base_url(*error).into(),
        P::Refused(address) => {
            key("admin-connection-address-refused").with("address", address.to_string())
        }
        P::Partner(error) => partner(*error).into(),
        P::Key(problem) | P::KeyFile { problem, .. } => shared_key(*problem).into(),
        P::Ca(problem) => ca(*problem).into(),
        P::Origins => key("admin-connection-origin-wrong").into(),
        P::HelpUrl => key("admin-connection-revocation-url-wrong").into(),
        P::Groups(error) => options(*error, key("admin-offer-group-form")),
        P::InfoFields(error) => options(*error, key("admin-offer-info-form")),
        P::Attributes(error) => options(*error, key("admin-offer-attribute-form")),
        P::Template(error) => template(error),
        P::FieldName(BadFieldName::Empty) => key("admin-connection-field-missing").into(),
        P::FieldName(BadFieldName::Characters) => key("admin-connection-field-name-wrong").into(),
        P::RedirectUrl { error, .. } => redirect_url(error),
        P::NotOurs { expected, .. } => key("admin-url-not-ours").with("expected", expected.clone()),
    }
}

fn name(error: NameError) -> Message {
    match error {
        NameError::Empty => key("admin-connection-name-missing").into(),
        NameError::TooLong { max, .. } => key("admin-connection-name-long").with("max", max),
        _ => key("admin-connection-name-characters").into(),
    }
}

const fn slug(error: SlugError) -> Key {
    match error {
        SlugError::Empty => key("admin-connection-slug-missing"),
        SlugError::TooLong => key("admin-connection-slug-long"),
        SlugError::Character => key("admin-connection-slug-characters"),
        SlugError::Start => key("admin-connection-slug-start"),
    }
}

const fn base_url(error: BaseUrlError) -> Key {
    match error {
        BaseUrlError::Empty => key("admin-connection-address-missing"),
        BaseUrlError::NotAUrl => key("admin-connection-address-not-url"),
        BaseUrlError::NotHttps => key("admin-connection-address-not-https"),
        BaseUrlError::UserInfo => key("admin-connection-address-user"),
        BaseUrlError::Path => key("admin-connection-address-path"),
        BaseUrlError::Query => key("admin-connection-address-query"),
        BaseUrlError::Fragment => key("admin-connection-address-fragment"),
    }
}

fn options(error: RequestOptionsError, form: Key) -> Message {
    match error {
        RequestOptionsError::Form(line) => form.with("line", line),
        RequestOptionsError::Twice(line) => key("admin-offer-twice").with("line", line),
        RequestOptionsError::TooMany(most) => key("admin-offer-too-many").with("most", most),
    }
}

const fn partner(error: PartnerError) -> Key {
    match error {
        PartnerError::Empty => key("admin-connection-partner-missing"),
        PartnerError::TooLong => key("admin-connection-partner-long"),
        PartnerError::NotPrintable => key("admin-connection-partner-characters"),
    }
}

const fn shared_key(problem: KeyProblem) -> Key {
    match problem {
        KeyProblem::Missing => key("admin-connection-key-missing"),
        KeyProblem::TooLong => key("admin-connection-key-long"),
        KeyProblem::Blanks => key("admin-connection-key-blanks"),
        KeyProblem::Characters => key("admin-connection-key-characters"),
        KeyProblem::Encoding => key("admin-connection-key-encoding-wrong"),
        KeyProblem::InUse => key("admin-connection-key-in-use"),
    }
}

const fn ca(problem: CaProblem) -> Key {
    match problem {
        CaProblem::NotPem => key("admin-connection-ca-not-pem"),
        CaProblem::PrivateKey => key("admin-connection-ca-private-key"),
        CaProblem::TooMany => key("admin-connection-ca-too-many"),
        CaProblem::NotACa => key("admin-connection-ca-not-a-ca"),
        CaProblem::NotInForce => key("admin-connection-ca-not-in-force"),
    }
}

fn template(error: &BadTemplate) -> Message {
    match error {
        BadTemplate::Unbalanced => key("admin-connection-template-unbalanced").into(),
        BadTemplate::UnknownPlaceholder(name) => {
            key("admin-connection-template-unknown").with("name", name.clone())
        }
        BadTemplate::NoTimestamp => key("admin-connection-template-no-timestamp").into(),
    }
}

/// The message for the redirect URL rule that is broken.
pub fn redirect_url(error: &RedirectUrlError) -> Message {
    use RedirectUrlError as E;
    match error {
        E::Empty => key("admin-url-empty").into(),
        E::TooLong => key("admin-url-too-long").with("max", MAX_LENGTH),
        E::NotAUrl => key("admin-url-not-a-url").into(),
        E::NotHttps => key("admin-url-not-https").into(),
        E::UserInfo => key("admin-url-user-info").into(),
        E::Fragment => key("admin-url-fragment").into(),
        E::Query => key("admin-url-query").into(),
        E::Wildcard => key("admin-url-wildcard").into(),
        E::NotNormal { normal } => key("admin-url-not-normal").with("normal", normal.clone()),
    }
}
