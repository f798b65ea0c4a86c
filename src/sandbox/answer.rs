//! Answers: the envelope for programs, pages and redirects for browsers.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, ContentType, LOCATION};
use askama::Template;
use serde_json::{Value, json};

use super::language::Language;
use super::pages::RefusedPage;
use super::refusal::{ErrorCode, Refusal};

/// What a call is answered with when it is not refused.
#[derive(Debug)]
pub(super) enum Answer {
    /// `data` of the envelope.
    Data(Value),
    /// A page whose form leads to `form_leads_to`, an origin, in the end.
    Page {
        /// HTTP status.
        status: StatusCode,
        /// The page.
        html: String,
        /// Origin of the redirect URL.
        form_leads_to: String,
    },
    /// Send the browser on.
    SeeOther(String),
}

impl Answer {
    /// The HTTP answer.
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

/// The content security policy of a page whose forms lead to `origin` as well.
/// Browsers apply `form-action` to every step of the redirects that follow.
pub(super) fn policy(origin: &str) -> String {
    let blank = if origin.is_empty() { "" } else { " " };
    format!(
        "default-src 'none'; style-src 'self'; form-action 'self'{blank}{origin}; \
         frame-ancestors 'none'; base-uri 'none'"
    )
}

/// A refusal as a program sees it.
pub(super) fn envelope(refusal: &Refusal) -> HttpResponse {
    HttpResponse::build(refusal.code.status()).json(json!({
        "message": refusal.message,
        "messageType": "ERROR",
        "errorCode": refusal.code.as_str(),
        "data": {},
    }))
}

/// A refusal as a person sees it. It links nowhere: the redirect URL of a
/// request that was refused is not to be trusted.
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

/// The page's HTML.
pub(super) fn render(page: &impl Template) -> Result<String, Refusal> {
    page.render().map_err(Refusal::internal)
}

/// The answer where there is nothing.
pub(super) fn unknown_operation() -> HttpResponse {
    envelope(&ErrorCode::UnknownOperation.into())
}

/// The answer to a method that a path does not have.
pub(super) fn method_not_allowed() -> HttpResponse {
    envelope(&ErrorCode::MethodNotAllowed.into())
}
