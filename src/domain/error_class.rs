//! What an error of Redtrust asks for, by its `errorCode` and, where those say more, by
//! the words of its message. The only place that knows codes.
//!
//! Redtrust publishes no list: these are the codes of a sister product on the same code
//! base. A code that is not listed is [`ErrorClass::Other`], and then the rule of the
//! call decides.

use super::string_enum::string_enum;

string_enum! {
    /// What an error asks for. The text form is `data-class` on pages.
    pub enum ErrorClass as "error_class" {
        /// The token was not accepted and the call was not executed: refresh it once,
        /// repeat the call once.
        BadToken = "bad_token",
        /// The same answer to a fresh token: this user may not issue. No code says so
        /// by itself; see [`super::issuance::Cause::MayNotIssue`].
        MayNotIssue = "may_not_issue",
        /// The person must change their password in Redtrust first.
        ChangePassword = "change_password",
        /// The person must check their PIN in Redtrust.
        WrongPin = "wrong_pin",
        /// The person must wait.
        MustWait = "must_wait",
        /// An admin of Redtrust must act.
        Admin = "admin",
        /// No certificate group was named, or one that this user may not use.
        Group = "group",
        /// It may pass by itself: the same call may be made again later.
        MayPass = "may_pass",
        /// The request itself is not accepted.
        Input = "input",
        /// What was asked for exists already.
        DoneAlready = "done_already",
        /// It may exist already. Never a failure at `csr/finalize`, as little as
        /// [`Self::DoneAlready`].
        MayExist = "may_exist",
        /// The request code is unknown or has expired.
        RequestGone = "request_gone",
        /// A code that is not listed.
        Other = "other",
    }
}

/// The codes of each class.
const LISTED: &[(ErrorClass, &[&str])] = &[
    (
        ErrorClass::BadToken,
        &[
            "UNAUTHORIZED",
            "ERR_INVALID_AUTH",
            "ERR_INVALID_PASSWORD",
            "ERR_CLOSING_SESSIONS",
            "REDIRECT",
            "UNAUTHENTICATED",
            "NOT_AUTHENTICATED",
        ],
    ),
    (
        ErrorClass::ChangePassword,
        &["CHANGE_PASSWORD", "ERR_SAME_PASSWORD"],
    ),
    (ErrorClass::WrongPin, &["WRONG_PIN"]),
    (ErrorClass::MustWait, &["MUST_WAIT"]),
    (
        ErrorClass::Admin,
        &[
            "ERR_INACTIVE_MODULE",
            "REQUIRE_PAYMENT",
            "ERR_LICENSE_EXCEEDED",
            "ERR_NOT_ALLOWED_CERT",
            "ERR_GETTING_PERMISSIONS",
            "ERR_GETTING_ALLOWED_MODULES",
            "ERR_NOT_SUPPORTED",
            "ERR_PROVISIONED_GROUP",
        ],
    ),
    (
        ErrorClass::Group,
        &[
            "ERR_CERTIFICATES_GROUP_MANDATORY",
            "ERR_NOT_ALLOWED_GROUP",
            "ERR_NOT_FOUND_GROUP",
        ],
    ),
    (
        ErrorClass::MayPass,
        &[
            "SLAVE_SERVER",
            "ERR_SERVICE_UNAVAILABLE",
            "ERR_CONNECTIVITY",
            "ERR_OUTDATED",
            "ERR_READ_DATA",
            "ERR_UPDATE_DATA",
        ],
    ),
    (
        ErrorClass::Input,
        &[
            "INVALID_PARAM",
            "ERR_INVALID_PARAM",
            "MISSING_PARAM",
            "ERR_INVALID_UID",
            "ERR_DUPLICATED_NAME",
            "ERR_DUPLICATED_GROUP",
            "ERR_NO_FILE",
            "ERROR_WRONG_EMAIL",
            "ERROR_WRONG_DOMAIN_TYPE",
        ],
    ),
    (ErrorClass::DoneAlready, &["ERR_ALREADY_EXIST"]),
    (
        ErrorClass::MayExist,
        &[
            "ERR_INVALID_STATE",
            "ERR_NOT_FOUND",
            "ERR_NOT_FOUND_CERT",
            "ERR_INVALID_CERT",
            "UNKNOWN_ERROR",
        ],
    ),
];

impl ErrorClass {
    /// The class of an error. A message that says "already issued" or "unknown request
    /// code" counts more than the code, which may be a general one; but a token that
    /// was not accepted is always that, because then nothing was executed.
    pub fn of(code: &str, message: &str) -> Self {
        let listed = listed(code);
        if listed == Some(Self::BadToken) || looks_like_bad_token(code) {
            return Self::BadToken;
        }
        let said = [plain(code), plain(message)];
        if said.iter().any(|text| says_done_already(text)) {
            Self::DoneAlready
        } else if said.iter().any(|text| says_request_gone(text)) {
            Self::RequestGone
        } else {
            listed.unwrap_or(Self::Other)
        }
    }

    /// Whether a new request by the same person can succeed, possibly after they did
    /// what the error asks for. Otherwise somebody else must act first.
    pub const fn may_be_requested_again(self) -> bool {
        match self {
            Self::Admin | Self::MayNotIssue => false,
            Self::BadToken
            | Self::ChangePassword
            | Self::WrongPin
            | Self::MustWait
            | Self::Group
            | Self::MayPass
            | Self::Input
            | Self::DoneAlready
            | Self::MayExist
            | Self::RequestGone
            | Self::Other => true,
        }
    }

    /// Whether the error leaves open if the call had an effect: Redtrust itself failed
    /// on the way, or its code is not known.
    pub const fn is_no_verdict(self) -> bool {
        matches!(
            self,
            Self::MayPass | Self::DoneAlready | Self::MayExist | Self::Other
        )
    }
}

fn listed(code: &str) -> Option<ErrorClass> {
    let code = code.trim();
    let has = |codes: &[&str]| codes.iter().any(|known| known.eq_ignore_ascii_case(code));
    let mut classes = LISTED.iter();
    classes
        .find(|(_, codes)| has(codes))
        .map(|(class, _)| *class)
}

/// Codes that are not listed and still speak of the token. Codes for missing permission
/// must not match.
fn looks_like_bad_token(code: &str) -> bool {
    let code = code.to_ascii_uppercase();
    let states = ["INVALID", "EXPIRED", "REVOKED"];
    code.contains("TOKEN") && states.iter().any(|state| code.contains(state))
}

/// `text` in lower case without accents, its words separated and surrounded by one
/// blank: codes and messages can then be searched alike.
fn plain(text: &str) -> String {
    let mut plain = String::from(" ");
    for letter in text.chars().flat_map(char::to_lowercase) {
        match letter {
            'á' | 'à' | 'â' => plain.push('a'),
            'é' | 'è' | 'ê' => plain.push('e'),
            'í' | 'ì' | 'ï' => plain.push('i'),
            'ó' | 'ò' | 'ô' => plain.push('o'),
            'ú' | 'ù' | 'ü' => plain.push('u'),
            letter if letter.is_alphanumeric() => plain.push(letter),
            _ if plain.ends_with(' ') => {}
            _ => plain.push(' '),
        }
    }
    if !plain.ends_with(' ') {
        plain.push(' ');
    }
    plain
}

/// "Already" in the languages of Spain and its neighbours, and in English and German.
const ALREADY: &[&str] = &["already", "ya", "ja", "deja", "gia", "bereits", "schon"];

/// How words for "finalized" and "issued" begin in those languages.
const DONE: &[&str] = &[
    "finali",
    "issued",
    "emitid",
    "emitit",
    "emess",
    "expedid",
    "expedit",
    "ausgestellt",
    "abgeschlossen",
];

fn says_done_already(plain: &str) -> bool {
    let mut words = plain.split(' ');
    words.any(|word| ALREADY.contains(&word))
        && plain
            .split(' ')
            .any(|word| DONE.iter().any(|begin| word.starts_with(begin)))
}

/// Names of the request code, in English and Spanish.
const REQUEST_CODE: &[&str] = &[
    " requestcode ",
    " request code ",
    " codigo de peticion ",
    " codigo de la peticion ",
    " codigo de solicitud ",
    " codigo de la solicitud ",
];

/// What is said of a request code that is unknown or has expired.
const GONE: &[&str] = &[
    " expired ",
    " unknown ",
    " not found ",
    " not exist ",
    " no longer exist",
    " caducad",
    " expirad",
    " vencid",
    " desconocid",
    " no existe ",
    " no encontrad",
    " no se encuentra ",
    " no se encontro ",
    " no se ha encontrado ",
];

/// The same of the request, without its code: whole phrases, because a message may
/// speak of a request and of something else that was not found.
const REQUEST_GONE: &[&str] = &[
    " request expired ",
    " request has expired ",
    " request not found ",
    " request was not found ",
    " request does not exist ",
    " no such request ",
    " csr expired ",
    " csr not found ",
    " peticion caducada ",
    " peticion ha caducado ",
    " peticion no existe ",
    " no existe la peticion ",
    " peticion no encontrada ",
    " solicitud caducada ",
    " solicitud ha caducado ",
    " solicitud no existe ",
    " no existe la solicitud ",
    " solicitud no encontrada ",
];

fn says_request_gone(plain: &str) -> bool {
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| plain.contains(phrase));
    says(REQUEST_GONE) || (says(REQUEST_CODE) && says(GONE))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_listed_code_has_one_class_in_any_case_whatever_its_message_says() {
        for (class, codes) in LISTED {
            for code in *codes {
                for text in [(*code).to_owned(), format!(" {} ", code.to_lowercase())] {
                    assert_eq!(ErrorClass::of(&text, "some words"), *class, "{text}");
                }
                let times = LISTED.iter().filter(|(_, all)| all.contains(code)).count();
                assert_eq!(times, 1, "{code}");
            }
        }
    }

    #[test]
    fn a_code_that_speaks_of_the_token_is_about_the_token_and_permission_is_not() {
        for code in ["ACCESS_TOKEN_EXPIRED", "Invalid_Token", "Unauthenticated"] {
            assert_eq!(ErrorClass::of(code, ""), ErrorClass::BadToken, "{code}");
        }
        for code in ["NO_PERMISSION", "NOT_AUTHORIZED_TO_ISSUE", "QUOTA", ""] {
            assert_eq!(ErrorClass::of(code, "no"), ErrorClass::Other, "{code}");
        }
    }

    #[test]
    fn finalized_or_issued_already_counts_in_every_language_we_know() {
        for (code, message) in [
            ("REQUEST_ALREADY_FINALIZED", "x"),
            ("X", "The certificate has already been issued."),
            ("INVALID_PARAM", "La petición ya está finalizada"),
            ("X", "El certificado YA FUE EMITIDO"),
            ("X", "Aquest certificat ja s'ha emitit"),
            ("X", "O certificado já foi emitido"),
            ("X", "La demande est déjà finalisée"),
            ("X", "Das Zertifikat wurde bereits ausgestellt"),
        ] {
            let class = ErrorClass::of(code, message);
            assert_eq!(class, ErrorClass::DoneAlready, "{code} {message}");
        }
        for message in ["has not been issued", "playa emitida", "already running"] {
            assert_eq!(ErrorClass::of("X", message), ErrorClass::Other, "{message}");
        }
        let class = ErrorClass::of("UNAUTHORIZED", "already issued");
        assert_eq!(class, ErrorClass::BadToken, "nothing was executed");
    }

    #[test]
    fn only_what_says_that_the_request_is_unknown_or_expired_says_that_it_is_gone() {
        for (code, message) in [
            ("REQUEST_CODE_EXPIRED", "too late"),
            ("UNKNOWN_REQUEST_CODE", ""),
            ("X", "The requestCode has expired."),
            ("ERR_NOT_FOUND", "This requestCode is unknown: no such one"),
            ("X", "El código de petición no existe"),
            ("X", "La solicitud ha caducado"),
            ("REQUEST_NOT_FOUND", ""),
        ] {
            let class = ErrorClass::of(code, message);
            assert_eq!(class, ErrorClass::RequestGone, "{code} {message}");
        }
        for (code, message) in [
            ("X", "The request is wrong: unknown attribute"),
            ("X", "Request failed: the session has expired"),
            ("X", "The requestCode is not 1 to 100 letters"),
            ("QUOTA", "no more"),
        ] {
            let class = ErrorClass::of(code, message);
            assert_eq!(class, ErrorClass::Other, "{code} {message}");
        }
    }

    proptest! {
        #[test]
        fn whatever_a_server_says_has_a_class(code in any::<String>(), message in any::<String>()) {
            let _ = ErrorClass::of(&code, &message);
        }
    }
}
