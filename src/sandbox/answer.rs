//! Answers to calls: an envelope for programs, pages and redirects for browsers.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, ContentType, LOCATION};
use askama::Template;
use serde_json::{Value, json};

use super::language::Language;
use super::pages::RefusedPage;
use super::refusal::{ErrorCode, Refusal};

/// The answer to a call that was not refused.
#[derive(Debug)]
pub(super) enum Answer {
    /// The `data` field of the envelope.
    Data(Value),
    /// A page whose form ends in a redirect to the origin `form_leads_to`.
    Page {
        status: StatusCode,
        html: String,
        form_leads_to: String,
    },
    /// Redirects the browser to this URL.
    SeeOther(String),
}

impl Answer {
    pub(super) fn respond(self) -> HttpResponse {
        match self {
            Self::Data(data) => HttpResponse::Ok().json(json!({
                "message": "",
                "messageType": "SUCCESS",
                "errorCode": "OK",
                "data": data,
            })),
            Self::Page {
                status,
                html,
                form_leads_to,
            } => HttpResponse::build(status)
                .content_type(ContentType::html())
                .insert_header((CONTENT_SECURITY_POLICY, policy(&form_leads_to)))
                .body(html),
            Self::SeeOther(to) => HttpResponse::SeeOther()
                .insert_header((LOCATION, to))
                .finish(),
        }
    }
}

/// The content security policy of a page. `origin` is allowed in `form-action` because
/// browsers apply it to every redirect that follows the form.
pub(super) fn policy(origin: &str) -> String {
    let blank = if origin.is_empty() { "" } else { " " };
    format!(
        "default-src 'none'; style-src 'self'; form-action 'self'{blank}{origin}; \
         frame-ancestors 'none'; base-uri 'none'"
    )
}

/// A refusal, for a program.
pub(super) fn envelope(refusal: &Refusal) -> HttpResponse {
    HttpResponse::build(refusal.code.status()).json(json!({
        "message": refusal.message,
        "messageType": "ERROR",
        "errorCode": refusal.code.as_str(),
        "data": {},
    }))
}

/// A refusal, for a person. It has no link: the redirect URL of a refused request is
/// not trusted.
pub(super) fn refused_page(refusal: &Refusal, language: Language) -> HttpResponse {
    let page = RefusedPage {
        words: language.words(),
        code: refusal.code.as_str(),
        message: &refusal.message,
    };
    match render(&page) {
        Ok(html) => HttpResponse::build(refusal.code.status())
            .content_type(ContentType::html())
            .body(html),
        Err(refusal) => envelope(&refusal),
    }
}

pub(super) fn render(page: &impl Template) -> Result<String, Refusal> {
    page.render().map_err(Refusal::internal)
}

/// The answer for an unknown path.
pub(super) fn unknown_operation() -> HttpResponse {
    envelope(&ErrorCode::UnknownOperation.into())
}

/// The answer for a known path with the wrong method.
pub(super) fn method_not_allowed() -> HttpResponse {
    envelope(&ErrorCode::MethodNotAllowed.into())
}
