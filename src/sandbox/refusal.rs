//! Why the sandbox refuses a call. Redtrust does not publish its error codes, so the API
//! answers with those of a sister product on the same code base; one code then stands
//! for several causes, and the message says which. The codes of the sign-in page are
//! invented.

use actix_web::http::StatusCode;

/// Declares the codes: name, text, HTTP status, meaning.
macro_rules! codes {
    ($($(#[doc = $meaning:literal])+ $name:ident = $text:literal, $status:ident;)+) => {
        /// Why a call was refused, sent as `errorCode`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum ErrorCode { $($(#[doc = $meaning])+ $name),+ }

        impl ErrorCode {
            /// The text for `errorCode` and the ledger.
            pub(super) const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// The HTTP status of the answer.
            pub(super) const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status),+ }
            }

            /// The explanation for people.
            pub(super) const fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($meaning),+).trim_ascii()),+ }
            }
        }
    };
}

codes! {
    /// The login request's query is not of the documented form.
    MalformedLoginRequest = "MALFORMED_LOGIN_REQUEST", BAD_REQUEST;
    /// Consumer is not RA_API.
    UnknownConsumer = "UNKNOWN_CONSUMER", BAD_REQUEST;
    /// No partner of this name.
    UnknownPartner = "UNKNOWN_PARTNER", FORBIDDEN;
    /// The HMAC is not that of this request under the shared key.
    InvalidHmac = "INVALID_HMAC", FORBIDDEN;
    /// The timestamp is more than 300 seconds away from this server's clock.
    StaleTimestamp = "STALE_TIMESTAMP", FORBIDDEN;
    /// This exact RedirectUrl is not registered for this partner.
    UnregisteredRedirectUrl = "UNREGISTERED_REDIRECT_URL", FORBIDDEN;
    /// This login URL was used before, and the dialect allows it once only.
    ReplayedLogin = "REPLAYED_LOGIN", FORBIDDEN;
    /// The sign-in form is not one of this server's, or is older than ten minutes.
    SignInExpired = "SIGN_IN_EXPIRED", BAD_REQUEST;
    /// The form came from a page of another site.
    CrossSite = "CROSS_SITE", FORBIDDEN;
    /// The user name or password was not accepted.
    InvalidCredentials = "ERR_INVALID_PASSWORD", UNAUTHORIZED;
    /// The temporary token is not one of this server's.
    InvalidTempToken = "ERR_INVALID_AUTH", UNAUTHORIZED;
    /// The temporary token was exchanged before.
    TempTokenUsed = "ERR_INVALID_AUTH", UNAUTHORIZED;
    /// The temporary token is older than 120 seconds.
    TempTokenExpired = "ERR_INVALID_AUTH", UNAUTHORIZED;
    /// The refresh token is unknown, was used before, has expired or was signed out.
    InvalidRefreshToken = "ERR_INVALID_AUTH", UNAUTHORIZED;
    /// The call has no Bearer token.
    Unauthorized = "UNAUTHORIZED", UNAUTHORIZED;
    /// The access token is not one of this server's, or was signed out.
    InvalidToken = "ERR_INVALID_AUTH", UNAUTHORIZED;
    /// The access token has expired.
    TokenExpired = "UNAUTHORIZED", UNAUTHORIZED;
    /// The user may not issue certificates.
    NoPermission = "UNAUTHORIZED", FORBIDDEN;
    /// The body is not a JSON object.
    MalformedJson = "INVALID_PARAM", BAD_REQUEST;
    /// The body is larger than 64 KiB.
    BodyTooLarge = "INVALID_PARAM", PAYLOAD_TOO_LARGE;
    /// The body did not arrive whole within ten seconds.
    BodyNotReceived = "ERR_READ_DATA", REQUEST_TIMEOUT;
    /// A required field is missing.
    MissingField = "MISSING_PARAM", BAD_REQUEST;
    /// A field has a value of the wrong type.
    InvalidField = "INVALID_PARAM", BAD_REQUEST;
    /// The distinguished name is empty or has a value that is not allowed in a certificate.
    InvalidDn = "INVALID_PARAM", BAD_REQUEST;
    /// An attribute of the distinguished name is not known.
    UnknownAttribute = "INVALID_PARAM", BAD_REQUEST;
    /// hashType is none of SHA256, SHA384, SHA512.
    InvalidHashType = "INVALID_PARAM", BAD_REQUEST;
    /// keyType is not RSA.
    InvalidKeyType = "INVALID_PARAM", BAD_REQUEST;
    /// keyLength is none of 2048, 3072, 4096.
    InvalidKeyLength = "INVALID_PARAM", BAD_REQUEST;
    /// The provider is not CAMERFIRMA.
    UnknownProvider = "ERR_NOT_SUPPORTED", BAD_REQUEST;
    /// info is not an object.
    InvalidInfo = "INVALID_PARAM", BAD_REQUEST;
    /// groupIds is not an array of whole numbers.
    InvalidGroupIds = "INVALID_PARAM", BAD_REQUEST;
    /// A request must name a certificate group, and this one names none.
    GroupMandatory = "ERR_CERTIFICATES_GROUP_MANDATORY", BAD_REQUEST;
    /// The client's requestCode is not 1 to 100 of letters, digits, hyphen, underscore.
    InvalidRequestCode = "INVALID_PARAM", BAD_REQUEST;
    /// The client's requestCode belongs to a different request.
    RequestCodeTaken = "ERR_ALREADY_EXIST", CONFLICT;
    /// No certificate of this user or group has the thumbprintToRenew.
    UnknownThumbprint = "ERR_NOT_FOUND_CERT", NOT_FOUND;
    /// The certificate to renew has been replaced by a newer one.
    CertificateReplaced = "ERR_INVALID_STATE", CONFLICT;
    /// This requestCode is unknown: no request of this user has it.
    UnknownRequestCode = "ERR_NOT_FOUND", NOT_FOUND;
    /// This requestCode has expired.
    RequestCodeExpired = "ERR_INVALID_STATE", GONE;
    /// This request was finalized already, and the dialect does not repeat the answer.
    AlreadyFinalized = "ERR_ALREADY_EXIST", CONFLICT;
    /// There is nothing at this path.
    UnknownOperation = "ERR_NOT_SUPPORTED", NOT_FOUND;
    /// This path has another method.
    MethodNotAllowed = "ERR_NOT_SUPPORTED", METHOD_NOT_ALLOWED;
    /// The sandbox itself failed.
    InternalError = "UNKNOWN_ERROR", INTERNAL_SERVER_ERROR;
}

#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) code: ErrorCode,
    /// A message for people.
    pub(super) message: String,
}

impl Refusal {
    /// A refusal with its own message instead of the code's meaning.
    pub(super) fn because(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// A failure of the sandbox itself: the cause goes to the log, not to the caller.
    pub(super) fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(event = "sandbox_failed", %cause);
        ErrorCode::InternalError.into()
    }
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Self::because(code, code.meaning())
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        Self::internal(error)
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Self::internal(error)
    }
}
