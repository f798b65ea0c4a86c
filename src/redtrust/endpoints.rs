//! The calls of the RA API: each path and method exactly once.

use reqwest::Method;

/// One call, as Redtrust's reference names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operation {
    /// Direct login.
    Login,
    /// A new access token for a refresh token.
    RefreshToken,
    /// The temporary token's exchange.
    LoginByTempToken,
    /// Ends the sign-in there.
    Logout,
    /// Makes a key pair and its CSR.
    CsrCreate,
    /// Has the certificate issued.
    CsrFinalize,
    /// The sandbox's own: registers a redirect URL.
    SandboxRedirectUrl,
}

impl Operation {
    /// How it is sent.
    pub(super) const fn method(self) -> Method {
        match self {
            Self::Login | Self::LoginByTempToken | Self::CsrCreate | Self::SandboxRedirectUrl => {
                Method::POST
            }
            Self::RefreshToken | Self::CsrFinalize => Method::PUT,
            Self::Logout => Method::DELETE,
        }
    }

    /// Where it is sent to, below the base URL.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Login => "/raapi/v1/auth/login",
            Self::RefreshToken => "/raapi/v1/auth/refresh-token",
            Self::LoginByTempToken => "/authapi/v1/login_by_temp_token",
            Self::Logout => "/raapi/v1/auth/logout",
            Self::CsrCreate => "/raapi/v1/csr/create",
            Self::CsrFinalize => "/raapi/v1/csr/finalize",
            Self::SandboxRedirectUrl => "/sandbox/v1/redirect-urls",
        }
    }

    /// Its name in logs.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::RefreshToken => "refresh_token",
            Self::LoginByTempToken => "login_by_temp_token",
            Self::Logout => "logout",
            Self::CsrCreate => "csr_create",
            Self::CsrFinalize => "csr_finalize",
            Self::SandboxRedirectUrl => "sandbox_redirect_url",
        }
    }

    /// Whether it carries a bearer token, which may turn out to be bad.
    pub(super) const fn is_protected(self) -> bool {
        matches!(self, Self::Logout | Self::CsrCreate | Self::CsrFinalize)
    }

    /// Whether its answer wears the envelope.
    pub(super) const fn wears_envelope(self) -> bool {
        !matches!(self, Self::SandboxRedirectUrl)
    }
}
