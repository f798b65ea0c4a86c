//! How a page is written.
//!
//! A page is a struct that holds a [`Frame`] (what every page shares) as
//! `frame`, and what it shows, decided in Rust: the template only loops and
//! asks. A question page holds its [`form::FormView`] as `form` too:
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
//! `content`. `question.html` puts "Error: " into the title and the summary
//! above the headline by itself.
//!
//! - Texts: `frame.t("key")`, `frame.t1("key", "gap", value)`, `frame.say(message)`;
//!   in Rust `key("...")`. Always literals: a test looks for each. They stand in
//!   `templates/locales/{es,en}`, one file per group of pages.
//! - What people typed or Redtrust said stands in `<bdi>`; escaping is on, and
//!   `|safe` is not used.
//! - No inline script or style: the policy forbids both.
//! - Before sign-in: `Frame::before_sign_in` (or `..._admin_sign_in`) and
//!   `CheckedForm<T, BeforeSignIn>`.
//! - A page that a POST answered says where its language links lead:
//!   `frame.languages_at(path)`.

mod banner;
mod chrome;
pub mod dates;
pub mod form;
mod frame;
pub mod paging;
mod sections;
mod stay;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use askama::Template;

pub use banner::{Banner, Tone};
pub use chrome::Link;
pub use frame::Frame;
pub use sections::Section;
pub use stay::Stay;

/// A page as an answer.
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

/// On to another page of ours, by GET: the answer to every POST that worked.
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, path))
        .finish()
}
