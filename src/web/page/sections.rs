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
    Diagnostics,
    Audit,
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
    pub const ADMIN: [Self; 5] = [
        Self::AdminHome,
        Self::Connections,
        Self::RedirectUrls,
        Self::Diagnostics,
        Self::Audit,
    ];

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
            Self::Diagnostics => routes::ADMIN_DIAGNOSTICS,
            Self::Audit => routes::ADMIN_AUDIT,
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
            Self::Diagnostics => key("nav-diagnostics"),
            Self::Audit => key("nav-audit"),
        }
    }
}
