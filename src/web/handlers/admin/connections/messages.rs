//! How a connection's problems are told, each beside its field.

use super::fields::{CA, SHARED_KEY};
use crate::domain::connection::{BaseUrlError, PartnerError, RequestOptionsError, SlugError};
use crate::domain::dialect::BadTemplate;
use crate::domain::person_name::NameError;
use crate::domain::signing::SigningError;
use crate::i18n::{Key, Message, key};
use crate::services::connection_admin::{
    CaProblem, ConnectionField, ConnectionProblem, ConnectionProblems,
};
use crate::web::page::form::FieldErrors;

/// All of them.
pub(super) fn field_errors(problems: ConnectionProblems) -> FieldErrors {
    let mut errors = FieldErrors::new();
    for (field, problem) in problems {
        errors.add(name_of(field), message(field, problem));
    }
    errors
}

const fn name_of(field: ConnectionField) -> &'static str {
    use ConnectionField as F;
    match field {
        F::Name => "name",
        F::Slug => "slug",
        F::BaseUrl => "base_url",
        F::Domain => "domain",
        F::Partner => "partner",
        F::SharedKey => SHARED_KEY,
        F::CaPem => CA,
        F::Issuer => "issuer",
        F::ValidityDays => "validity_days",
        F::IssueTimeout => "issue_timeout_secs",
        F::ExtraOrigins => "extra_sign_in_origins",
        F::Groups => "groups",
        F::InfoFields => "info_fields",
        F::Attributes => "attributes",
        F::SignedMessage => "signed_message",
        F::SignatureEncoding => "signature_encoding",
        F::TimestampUnit => "timestamp_unit",
        F::KeyEncoding => "key_encoding",
        F::TempToken => "temp_token",
        F::TempTokenField => "temp_token_field",
        F::ClientRequestCode => "client_request_code",
    }
}

fn message(field: ConnectionField, problem: ConnectionProblem) -> Message {
    use ConnectionProblem as P;
    match problem {
        P::Missing if field == ConnectionField::SharedKey => {
            key("admin-connection-key-missing").into()
        }
        P::Missing => key("admin-connection-field-missing").into(),
        P::Text if field == ConnectionField::TempTokenField => {
            key("admin-connection-field-name-wrong").into()
        }
        P::Text => key("admin-connection-text-wrong").into(),
        P::Choice => choice(field).into(),
        P::Name(error) => name(error),
        P::Slug(error) => slug(error).into(),
        P::SlugTaken => key("admin-connection-slug-taken").into(),
        P::BaseUrl(error) => base_url(error).into(),
        P::Refused(address) => {
            key("admin-connection-address-refused").with("address", address.to_string())
        }
        P::RequestOptions(error) => offer(field, error),
        P::Partner(error) => partner(error).into(),
        P::Ca(problem) => ca(problem).into(),
        P::Template(error) => template(error),
        P::Key(error) => shared_key(error).into(),
        P::Origin => key("admin-connection-origin-wrong").into(),
    }
}

const fn choice(field: ConnectionField) -> Key {
    match field {
        ConnectionField::ValidityDays => key("admin-connection-validity-wrong"),
        ConnectionField::IssueTimeout => key("admin-connection-timeout-wrong"),
        _ => key("admin-connection-choice-wrong"),
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

fn offer(field: ConnectionField, error: RequestOptionsError) -> Message {
    let form = match field {
        ConnectionField::Groups => key("admin-offer-group-form"),
        ConnectionField::InfoFields => key("admin-offer-info-form"),
        _ => key("admin-offer-attribute-form"),
    };
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

const fn ca(problem: CaProblem) -> Key {
    match problem {
        CaProblem::NotPem => key("admin-connection-ca-not-pem"),
        CaProblem::PrivateKey => key("admin-connection-ca-private-key"),
        CaProblem::TooMany => key("admin-connection-ca-too-many"),
        CaProblem::NotACa => key("admin-connection-ca-not-a-ca"),
        CaProblem::NotInForce => key("admin-connection-ca-not-in-force"),
    }
}

fn template(error: BadTemplate) -> Message {
    match error {
        BadTemplate::Unbalanced => key("admin-connection-template-unbalanced").into(),
        BadTemplate::UnknownPlaceholder(name) => {
            key("admin-connection-template-unknown").with("name", name)
        }
        BadTemplate::NoTimestamp => key("admin-connection-template-no-timestamp").into(),
    }
}

const fn shared_key(error: SigningError) -> Key {
    match error {
        SigningError::EmptyKey => key("admin-connection-key-missing"),
        SigningError::KeyEncoding(_) | SigningError::Template => {
            key("admin-connection-key-encoding-wrong")
        }
    }
}
