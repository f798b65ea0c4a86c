//! What an error of Redtrust asks people to do, in words.

use crate::domain::connection::Connection;
use crate::domain::error_class::ErrorClass as Class;
use crate::domain::issuance::{Issuance, Refusal, State};
use crate::i18n::{Key, key};

/// After a refused call.
pub fn of(refusal: Refusal, connection: Option<&Connection>) -> Key {
    match (refusal.state, refusal.class) {
        (State::KeyCreated, class) => at_finalize(class),
        _ if refusal.lacks_old_certificate => key("advice-no-such-certificate"),
        // Only a request that is gone ends with its keys.
        (_, Class::RequestGone) if refusal.has_code => at_finalize(Class::RequestGone),
        (_, class) => at_create(class, connection),
    }
}

/// After a refused `csr/create`: no key pair exists.
pub fn at_create(class: Class, connection: Option<&Connection>) -> Key {
    match class {
        Class::Group if offers_groups(connection) => key("advice-group-choose"),
        Class::Group => key("advice-group-none"),
        Class::Input => key("advice-input"),
        Class::DoneAlready | Class::MayExist => key("advice-may-exist"),
        Class::RequestGone | Class::BadToken | Class::Other => key("one-refused-next"),
        class => common(class),
    }
}

/// After a refused `csr/finalize`: its key pair exists.
const fn at_finalize(class: Class) -> Key {
    match class {
        Class::Group => key("advice-keys-group"),
        Class::Input => key("advice-keys-input"),
        Class::RequestGone => key("advice-request-gone"),
        Class::DoneAlready | Class::MayExist | Class::BadToken | Class::Other => {
            key("advice-keys-other")
        }
        class => common(class),
    }
}

/// After a refused sign-in. `None`: nothing but the credentials can be wrong.
pub const fn at_sign_in(class: Class) -> Option<Key> {
    match class {
        Class::BadToken | Class::RequestGone | Class::DoneAlready | Class::MayExist => None,
        Class::Input => Some(key("sign-in-input")),
        Class::Other => Some(key("sign-in-refused")),
        Class::Group => Some(common(Class::Admin)),
        class => Some(common(class)),
    }
}

/// The same after signing in on Redtrust's own page, where nobody typed anything here.
pub const fn at_redtrusts_page(class: Class) -> Option<Key> {
    match class {
        Class::Input => Some(key("callback-input")),
        Class::Other => None,
        class => at_sign_in(class),
    }
}

/// What is the same at every call.
const fn common(class: Class) -> Key {
    match class {
        Class::MayNotIssue => key("advice-may-not-issue"),
        Class::ChangePassword => key("advice-change-password"),
        Class::WrongPin => key("advice-wrong-pin"),
        Class::MustWait => key("advice-must-wait"),
        Class::MayPass => key("advice-may-pass"),
        Class::Admin
        | Class::BadToken
        | Class::Group
        | Class::Input
        | Class::DoneAlready
        | Class::MayExist
        | Class::RequestGone
        | Class::Other => key("advice-admin"),
    }
}

/// Whether a new request makes sense now, or only once somebody else has acted.
pub fn helps_to_begin_again(issuance: &Issuance, connection: Option<&Connection>) -> bool {
    match issuance.refusal() {
        Some(Class::Group) => offers_groups(connection),
        Some(class) => class.may_be_requested_again(),
        None => true,
    }
}

/// What the button says that begins a new request with the answers of this one.
pub fn again(issuance: &Issuance) -> Key {
    match issuance.refusal() {
        Some(Class::Group) => key("one-choose-group"),
        Some(Class::Input) => key("one-correct"),
        _ => key("one-again"),
    }
}

/// Whether people can choose a certificate group in the portal.
fn offers_groups(connection: Option<&Connection>) -> bool {
    connection.is_some_and(|one| !one.settings.request_options.groups.is_empty())
}
