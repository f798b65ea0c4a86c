//! The tables of routes, from which registration and tests work.

use actix_web::http::Method;

use crate::web::deadlines::Class;

/// Attaches a handler to a route of the framework.
pub type WithHandler = fn(actix_web::Route) -> actix_web::Route;

/// All routes of an application.
#[derive(Debug, Clone, Copy)]
pub struct Table(pub &'static [&'static [Route]]);

impl Table {
    pub fn routes(self) -> impl Iterator<Item = &'static Route> {
        self.0.iter().copied().flatten()
    }

    /// The kind of the route with this method and pattern; what has none is answered
    /// with an error page.
    pub fn class_of(self, method: &Method, pattern: Option<&str>) -> Class {
        let is_it = |route: &&Route| {
            let is_head_of_it = *method == Method::HEAD && route.method == Method::GET;
            Some(route.path) == pattern && (route.method == *method || is_head_of_it)
        };
        self.routes()
            .find(is_it)
            .map_or(Class::Page, |route| route.class)
    }
}

/// One entry of the route tables, from which registration and tests work.
#[derive(Debug)]
pub struct Route {
    pub method: Method,
    /// One of the patterns below.
    pub path: &'static str,
    pub guard: Guard,
    /// Decides its time limits.
    pub class: Class,
    /// Attaches the handler.
    pub with_handler: WithHandler,
}

/// Who may use a route. A handler enforces it by its arguments, named below; a test
/// checks this for every route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// Everybody, without a session: static files and probes.
    Open,
    /// Everybody, within the users' session: `CheckedForm<_, BeforeSignIn>`.
    BeforeSignIn,
    /// Takes `SignedIn`.
    User,
    /// Everybody, within the admins' session: `CheckedForm<_, BeforeAdminSignIn>`.
    BeforeAdminSignIn,
    /// Takes `AdminSignedIn`.
    Admin,
    /// Takes `AuditorSignedIn`.
    Auditor,
    /// Takes `OfficerSignedIn`.
    Officer,
    /// Takes `AccountSignedIn`: any role.
    Account,
}

impl Guard {
    /// Whether the route is in the scopes with the sessions of local accounts.
    pub const fn is_of_accounts(self) -> bool {
        match self {
            Self::Open | Self::BeforeSignIn | Self::User => false,
            Self::BeforeAdminSignIn
            | Self::Admin
            | Self::Auditor
            | Self::Officer
            | Self::Account => true,
        }
    }
}

impl Route {
    pub const fn get(path: &'static str, guard: Guard, with_handler: WithHandler) -> Self {
        Self::new(Method::GET, path, guard, Class::Page, with_handler)
    }

    /// A GET that is answered as server-sent events.
    pub const fn stream(path: &'static str, guard: Guard, with_handler: WithHandler) -> Self {
        Self::new(Method::GET, path, guard, Class::Stream, with_handler)
    }

    /// A GET of a file of any length.
    pub const fn export(path: &'static str, guard: Guard, with_handler: WithHandler) -> Self {
        Self::new(Method::GET, path, guard, Class::Export, with_handler)
    }

    /// A form; its handler takes a `CheckedForm`.
    pub const fn post(path: &'static str, guard: Guard, with_handler: WithHandler) -> Self {
        Self::new(Method::POST, path, guard, Class::Page, with_handler)
    }

    /// A form with a file; its handler takes a `CheckedUpload`.
    pub const fn upload(path: &'static str, guard: Guard, with_handler: WithHandler) -> Self {
        Self::new(Method::POST, path, guard, Class::Upload, with_handler)
    }

    /// A form that is answered with a file of any length.
    pub const fn export_form(path: &'static str, guard: Guard, with_handler: WithHandler) -> Self {
        Self::new(Method::POST, path, guard, Class::Export, with_handler)
    }

    const fn new(
        method: Method,
        path: &'static str,
        guard: Guard,
        class: Class,
        with_handler: WithHandler,
    ) -> Self {
        Self {
            method,
            path,
            guard,
            class,
            with_handler,
        }
    }

    pub fn to_actix(&self) -> actix_web::Route {
        (self.with_handler)(actix_web::web::method(self.method.clone()))
    }
}
