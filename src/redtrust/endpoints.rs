//! The calls of the RA API: the only place with their paths and methods.

use reqwest::Method;

/// A call, named as in the Redtrust reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    /// Direct login.
    Login,
    /// Exchanges a refresh token for a new pair.
    RefreshToken,
    /// Exchanges the temporary token of a redirect.
    LoginByTempToken,
    /// Ends the session at Redtrust.
    Logout,
    /// Makes a key pair and its CSR.
    CsrCreate,
    /// Issues the certificate.
    CsrFinalize,
    /// Registers a redirect URL; exists only in the sandbox.
    SandboxRedirectUrl,
    /// The certificate of the CA, in PEM form; exists only in the sandbox.
    SandboxCa,
}

impl Operation {
    /// The HTTP method.
    pub(super) const fn method(self) -> Method {
        match self {
            Self::Login | Self::LoginByTempToken | Self::CsrCreate | Self::SandboxRedirectUrl => {
                Method::POST
            }
            Self::RefreshToken | Self::CsrFinalize => Method::PUT,
            Self::Logout => Method::DELETE,
            Self::SandboxCa => Method::GET,
        }
    }

    /// The path below the base URL.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Login => "/raapi/v1/auth/login",
            Self::RefreshToken => "/raapi/v1/auth/refresh-token",
            Self::LoginByTempToken => "/authapi/v1/login_by_temp_token",
            Self::Logout => "/raapi/v1/auth/logout",
            Self::CsrCreate => "/raapi/v1/csr/create",
            Self::CsrFinalize => "/raapi/v1/csr/finalize",
            Self::SandboxRedirectUrl => "/sandbox/v1/redirect-urls",
            Self::SandboxCa => "/sandbox/v1/ca",
        }
    }

    /// The name in logs.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::RefreshToken => "refresh_token",
            Self::LoginByTempToken => "login_by_temp_token",
            Self::Logout => "logout",
            Self::CsrCreate => "csr_create",
            Self::CsrFinalize => "csr_finalize",
            Self::SandboxRedirectUrl => "sandbox_redirect_url",
            Self::SandboxCa => "sandbox_ca",
        }
    }

    /// Whether it sends a Bearer token, which the server may reject.
    pub(super) const fn is_protected(self) -> bool {
        matches!(self, Self::Logout | Self::CsrCreate | Self::CsrFinalize)
    }

    /// Whether people make it who are not signed in yet.
    pub(super) const fn is_of_strangers(self) -> bool {
        matches!(self, Self::Login | Self::LoginByTempToken)
    }

    /// Whether the answer has the envelope.
    pub(super) const fn wears_envelope(self) -> bool {
        !matches!(self, Self::SandboxRedirectUrl | Self::SandboxCa)
    }
}
