//! How a page is written.
//!
//! A page is a struct that holds a [`Frame`] (what every page shares) as
//! `frame`, and the data to show. Decisions are made in Rust; the template only loops
//! and tests. A page with a form also holds its [`form::FormView`] as `form`:
//! ```ignore
//! #[derive(Template)]
//! #[template(path = "issue/person.html")]
//! struct PersonPage { frame: Frame, form: FormView, action: String }
//!
//! async fn save(
//!     req: HttpRequest, state: web::Data<AppState>,
//!     user: SignedIn, form: CheckedForm<Answers>,
//! ) -> Result<HttpResponse, AppError> {
//!     let errors = check(&form.value);                 // FieldErrors
//!     if errors.is_empty() { return Ok(see_other(&routes::issue_step(id, "check"))); }
//!     let page = PersonPage {
//!         frame: Frame::of(&req, &state).at(Section::Issue),
//!         form: FormView::refused(form.fields, errors),
//!         action: routes::issue_step(id, "person"),
//!     };
//!     Ok(render(&page, StatusCode::UNPROCESSABLE_ENTITY))
//! }
//! ```
//! ```html
//! {% extends "question.html" %}
//! {% import "macros/form.html" as field %}
//! {% block title %}{{ frame.t("issue-person-title") }}{% endblock %}
//! {% block question %}
//! <h1>{{ frame.t("issue-person-title") }}</h1>
//! <form id="step" method="post" action="{{ action }}" novalidate>
//!   {{ field::csrf(frame) }}
//!   {{ field::text(frame, form, "given_names", frame.t("issue-given-names")) }}
//!   {{ field::submit(frame.t("continue")) }}
//! </form>
//! {% endblock %}
//! ```
//! Pages without a form extend `base.html` and fill the blocks `title` and
//! `content`. `question.html` adds "Error: " to the title and the error summary
//! above the headline.
//!
//! - Texts: `frame.t("key")`, `frame.t1("key", "gap", value)`, `frame.say(message)`;
//!   in Rust `key("...")`. Keys are always literals: a test looks for each. The texts are
//!   in `templates/locales/{es,en}`, one file per group of pages.
//! - Put text from people or from Redtrust in `<bdi>`. Escaping is on; do not use
//!   `|safe`.
//! - No inline script or style: the content security policy forbids both.
//! - Before sign-in: `Frame::before_sign_in` (or `..._admin_sign_in`) and
//!   `CheckedForm<T, BeforeSignIn>`.
//! - A page that answers a POST sets the target of its language links with
//!   `frame.languages_at(path)`.

mod banner;
mod chrome;
pub mod dates;
pub mod days;
pub mod form;
mod frame;
mod numbered;
pub mod paging;
mod qr;
mod said;
mod sections;
pub mod stale;
mod stay;
mod text;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use askama::Template;

pub use banner::{Banner, Tone};
pub use chrome::Link;
pub use frame::Frame;
pub use numbered::Numbered;
pub use qr::Drawing;
pub use said::Said;
pub use sections::Section;
pub use stay::Stay;
pub use text::Text;

pub fn render<T: Template>(page: &T, status: StatusCode) -> HttpResponse {
    match page.render() {
        Ok(html) => HttpResponse::build(status)
            .content_type("text/html; charset=utf-8")
            .body(html),
        Err(error) => {
            tracing::error!(event = "page_not_rendered", %error);
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// Redirects to another page of the portal by GET, after every successful POST.
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, path))
        .finish()
}
