//! Why the sandbox refuses a call. Redtrust does not publish its error codes, so the API
//! answers with those of a sister product on the same code base; one code then stands
//! for several causes, and the message says which. The codes of the sign-in page are
//! invented.

use actix_web::http::StatusCode;

/// Declares the codes: name, text, HTTP status, meaning in English and in Spanish.
macro_rules! codes {
    ($($(#[doc = $meaning:literal])+ $name:ident = $text:literal, $status:ident, $spanish:literal;)+) => {
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

            /// The same in Spanish.
            pub(super) const fn meaning_in_spanish(self) -> &'static str {
                match self { $(Self::$name => $spanish),+ }
            }
        }
    };
}

codes! {
    /// The login request's query is not of the documented form.
    MalformedLoginRequest = "MALFORMED_LOGIN_REQUEST", BAD_REQUEST,
        "La petición de inicio de sesión no tiene la forma documentada.";
    /// Consumer is not RA_API.
    UnknownConsumer = "UNKNOWN_CONSUMER", BAD_REQUEST,
        "Consumer no es RA_API.";
    /// No partner of this name.
    UnknownPartner = "UNKNOWN_PARTNER", FORBIDDEN,
        "No hay ningún partner con este nombre.";
    /// The HMAC is not that of this request under the shared key.
    InvalidHmac = "INVALID_HMAC", FORBIDDEN,
        "El HMAC no es el de esta petición con la clave compartida.";
    /// The timestamp is more than 300 seconds away from this server's clock.
    StaleTimestamp = "STALE_TIMESTAMP", FORBIDDEN,
        "La marca de tiempo difiere más de 300 segundos del reloj de este servidor.";
    /// This exact RedirectUrl is not registered for this partner.
    UnregisteredRedirectUrl = "UNREGISTERED_REDIRECT_URL", FORBIDDEN,
        "Esta RedirectUrl exacta no está registrada para este partner.";
    /// This login URL was used before, and the dialect allows it once only.
    ReplayedLogin = "REPLAYED_LOGIN", FORBIDDEN,
        "Esta URL de inicio de sesión ya se usó.";
    /// The sign-in form is not one of this server's, or is older than ten minutes.
    SignInExpired = "SIGN_IN_EXPIRED", BAD_REQUEST,
        "El formulario no es de este servidor o tiene más de diez minutos.";
    /// The form came from a page of another site.
    CrossSite = "CROSS_SITE", FORBIDDEN,
        "El formulario vino de una página de otro sitio.";
    /// The user name or password was not accepted.
    InvalidCredentials = "ERR_INVALID_PASSWORD", UNAUTHORIZED,
        "No se aceptó el usuario o la contraseña.";
    /// The temporary token is not one of this server's.
    InvalidTempToken = "ERR_INVALID_AUTH", UNAUTHORIZED,
        "El token temporal no es de este servidor.";
    /// The temporary token was exchanged before.
    TempTokenUsed = "ERR_INVALID_AUTH", UNAUTHORIZED,
        "El token temporal ya se canjeó.";
    /// The temporary token is older than 120 seconds.
    TempTokenExpired = "ERR_INVALID_AUTH", UNAUTHORIZED,
        "El token temporal tiene más de 120 segundos.";
    /// The refresh token is unknown, was used before, has expired or was signed out.
    InvalidRefreshToken = "ERR_INVALID_AUTH", UNAUTHORIZED,
        "El token de renovación es desconocido, ya se usó, ha caducado o se cerró su sesión.";
    /// The call has no Bearer token.
    Unauthorized = "UNAUTHORIZED", UNAUTHORIZED,
        "La llamada no lleva token de acceso.";
    /// The access token is not one of this server's, or was signed out.
    InvalidToken = "ERR_INVALID_AUTH", UNAUTHORIZED,
        "El token de acceso no es de este servidor, o se cerró su sesión.";
    /// The access token has expired.
    TokenExpired = "UNAUTHORIZED", UNAUTHORIZED,
        "El token de acceso ha caducado.";
    /// The user may not issue certificates.
    NoPermission = "UNAUTHORIZED", FORBIDDEN,
        "El usuario no puede emitir certificados.";
    /// The body is not a JSON object.
    MalformedJson = "INVALID_PARAM", BAD_REQUEST,
        "El cuerpo no es un objeto JSON.";
    /// The body is larger than 64 KiB.
    BodyTooLarge = "INVALID_PARAM", PAYLOAD_TOO_LARGE,
        "El cuerpo pasa de 64 KiB.";
    /// The body did not arrive whole within ten seconds.
    BodyNotReceived = "ERR_READ_DATA", REQUEST_TIMEOUT,
        "El cuerpo no llegó entero en diez segundos.";
    /// A required field is missing.
    MissingField = "MISSING_PARAM", BAD_REQUEST,
        "Falta un campo obligatorio.";
    /// A field has a value of the wrong type.
    InvalidField = "INVALID_PARAM", BAD_REQUEST,
        "Un campo tiene un valor de otro tipo.";
    /// The distinguished name is empty or has a value that is not allowed in a certificate.
    InvalidDn = "INVALID_PARAM", BAD_REQUEST,
        "El nombre distinguido está vacío o tiene un valor que un certificado no admite.";
    /// An attribute of the distinguished name is not known.
    UnknownAttribute = "INVALID_PARAM", BAD_REQUEST,
        "No se conoce un atributo del nombre distinguido.";
    /// hashType is none of SHA256, SHA384, SHA512.
    InvalidHashType = "INVALID_PARAM", BAD_REQUEST,
        "hashType no es SHA256, SHA384 ni SHA512.";
    /// keyType is not RSA.
    InvalidKeyType = "INVALID_PARAM", BAD_REQUEST,
        "keyType no es RSA.";
    /// keyLength is none of 2048, 3072, 4096.
    InvalidKeyLength = "INVALID_PARAM", BAD_REQUEST,
        "keyLength no es 2048, 3072 ni 4096.";
    /// The provider is not CAMERFIRMA.
    UnknownProvider = "ERR_NOT_SUPPORTED", BAD_REQUEST,
        "El proveedor no es CAMERFIRMA.";
    /// info is not an object.
    InvalidInfo = "INVALID_PARAM", BAD_REQUEST,
        "info no es un objeto.";
    /// groupIds is not an array of whole numbers.
    InvalidGroupIds = "INVALID_PARAM", BAD_REQUEST,
        "groupIds no es una lista de números enteros.";
    /// A request must name a certificate group, and this one names none.
    GroupMandatory = "ERR_CERTIFICATES_GROUP_MANDATORY", BAD_REQUEST,
        "La petición debe indicar un grupo de certificados y no indica ninguno.";
    /// The client's requestCode is not 1 to 100 of letters, digits, hyphen, underscore.
    InvalidRequestCode = "INVALID_PARAM", BAD_REQUEST,
        "El requestCode del cliente no son de 1 a 100 letras, cifras, guiones y guiones bajos.";
    /// The client's requestCode belongs to a different request.
    RequestCodeTaken = "ERR_ALREADY_EXIST", CONFLICT,
        "El requestCode del cliente es de otra petición.";
    /// No certificate of this user or group has the thumbprintToRenew.
    UnknownThumbprint = "ERR_NOT_FOUND_CERT", NOT_FOUND,
        "Ningún certificado de este usuario o grupo tiene la huella de thumbprintToRenew.";
    /// The certificate to renew has been replaced by a newer one.
    CertificateReplaced = "ERR_INVALID_STATE", CONFLICT,
        "Otro más reciente ha sustituido al certificado que se quiere renovar.";
    /// This requestCode is unknown: no request of this user has it.
    UnknownRequestCode = "ERR_NOT_FOUND", NOT_FOUND,
        "Este requestCode es desconocido: ninguna petición de este usuario lo tiene.";
    /// This requestCode has expired.
    RequestCodeExpired = "ERR_INVALID_STATE", GONE,
        "Este requestCode ha caducado.";
    /// This request was finalized already, and the dialect does not repeat the answer.
    AlreadyFinalized = "ERR_ALREADY_EXIST", CONFLICT,
        "Esta petición ya está finalizada.";
    /// There is nothing at this path.
    UnknownOperation = "ERR_NOT_SUPPORTED", NOT_FOUND,
        "No hay nada en esta ruta.";
    /// This path has another method.
    MethodNotAllowed = "ERR_NOT_SUPPORTED", METHOD_NOT_ALLOWED,
        "Esta ruta tiene otro método.";
    /// The sandbox itself failed.
    InternalError = "UNKNOWN_ERROR", INTERNAL_SERVER_ERROR,
        "Ha fallado el propio sandbox.";
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
