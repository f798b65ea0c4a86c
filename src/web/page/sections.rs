//! The parts of the portal, as the navigation shows them.

use crate::i18n::{Key, key};
use crate::web::routes;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Section {
    /// In no part of the navigation.
    #[default]
    None,
    /// The dashboard.
    Home,
    Issue,
    Renew,
    /// The history.
    Issuances,
    Certificates,
    /// The admins' task list.
    AdminHome,
    Connections,
    RedirectUrls,
    /// All people's requests.
    Attention,
    /// All people's certificates.
    AllCertificates,
    People,
    Diagnostics,
    Audit,
    Sessions,
}

impl Section {
    /// The navigation of users.
    pub const USER: [Self; 5] = [
        Self::Home,
        Self::Issue,
        Self::Renew,
        Self::Certificates,
        Self::Issuances,
    ];

    /// The navigation of admins.
    pub const ADMIN: [Self; 8] = [
        Self::AdminHome,
        Self::Connections,
        Self::RedirectUrls,
        Self::Attention,
        Self::People,
        Self::Diagnostics,
        Self::Audit,
        Self::Sessions,
    ];

    /// The navigation of auditors.
    pub const AUDITOR: [Self; 7] = [
        Self::AdminHome,
        Self::Connections,
        Self::RedirectUrls,
        Self::Attention,
        Self::People,
        Self::Diagnostics,
        Self::Audit,
    ];

    /// The navigation of officers.
    pub const OFFICER: [Self; 2] = [Self::Attention, Self::AllCertificates];

    pub const fn path(self) -> &'static str {
        match self {
            Self::None | Self::Home => routes::HOME,
            Self::Issue => routes::ISSUE,
            Self::Renew => routes::RENEW,
            Self::Issuances => routes::ISSUANCES,
            Self::Certificates => routes::CERTIFICATES,
            Self::AdminHome => routes::ADMIN,
            Self::Connections => routes::ADMIN_CONNECTIONS,
            Self::RedirectUrls => routes::ADMIN_REDIRECT_URLS,
            Self::Attention => routes::ATTENTION,
            Self::AllCertificates => routes::ATTENTION_CERTIFICATES,
            Self::People => routes::ADMIN_PEOPLE,
            Self::Diagnostics => routes::ADMIN_DIAGNOSTICS,
            Self::Audit => routes::ADMIN_AUDIT,
            Self::Sessions => routes::ADMIN_SESSIONS,
        }
    }

    pub const fn label(self) -> Key {
        match self {
            Self::None | Self::Home => key("nav-home"),
            Self::Issue => key("nav-issue"),
            Self::Renew => key("nav-renew"),
            Self::Issuances => key("nav-issuances"),
            Self::Certificates => key("nav-certificates"),
            Self::AdminHome => key("nav-admin-home"),
            Self::Connections => key("nav-connections"),
            Self::RedirectUrls => key("nav-redirect-urls"),
            Self::Attention => key("nav-attention"),
            Self::AllCertificates => key("nav-certificates"),
            Self::People => key("nav-people"),
            Self::Diagnostics => key("nav-diagnostics"),
            Self::Audit => key("nav-audit"),
            Self::Sessions => key("nav-sessions"),
        }
    }
}
