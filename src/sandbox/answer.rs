//! Answers to calls: an envelope for programs, pages and redirects for browsers.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, ContentType, LOCATION};
use askama::Template;
use serde_json::{Value, json};

use super::language::Language;
use super::manners::{EnvelopeForm, ErrorStatus, Manners, MessageLang};
use super::pages::RefusedPage;
use super::refusal::Refusal;

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
    /// `warned`: data comes with a WARNING.
    pub(super) fn respond(self, manners: &Manners, warned: bool) -> HttpResponse {
        match self {
            Self::Data(data) => {
                let (kind, message) = match (warned, manners.lang) {
                    (false, _) => ("SUCCESS", ""),
                    (true, MessageLang::Es) => ("WARNING", "La licencia caduca pronto."),
                    (true, MessageLang::En) => ("WARNING", "The licence expires soon."),
                };
                let body = json!({
                    "message": message,
                    "messageType": kind,
                    "errorCode": "OK",
                    "data": data,
                });
                in_envelope(StatusCode::OK, body, manners.envelope)
            }
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
pub(super) fn envelope(refusal: &Refusal, manners: &Manners) -> HttpResponse {
    let status = match manners.error_status {
        ErrorStatus::Own => refusal.code.status(),
        ErrorStatus::Ok => StatusCode::OK,
        ErrorStatus::BadRequest => StatusCode::BAD_REQUEST,
        ErrorStatus::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let code = refusal.code.as_str();
    let renamed = manners.error_codes.get(code).map_or(code, String::as_str);
    let body = json!({
        "message": message(refusal, manners.lang),
        "messageType": "ERROR",
        "errorCode": renamed,
        "data": {},
    });
    in_envelope(status, body, manners.envelope)
}

/// The refusal's words; in Spanish they come after those of its code.
fn message(refusal: &Refusal, lang: MessageLang) -> String {
    let meaning = refusal.code.meaning_in_spanish();
    match lang {
        MessageLang::En => refusal.message.clone(),
        MessageLang::Es if refusal.message == refusal.code.meaning() => meaning.to_owned(),
        MessageLang::Es => format!("{meaning} ({})", refusal.message),
    }
}

fn in_envelope(status: StatusCode, mut body: Value, form: EnvelopeForm) -> HttpResponse {
    if form == EnvelopeForm::Extra
        && let Value::Object(fields) = &mut body
    {
        fields.insert("traceId".to_owned(), json!("00-4bf92f3577b34da6-01"));
        fields.insert("version".to_owned(), json!({"major": 4, "minor": 42}));
        fields.insert("warnings".to_owned(), Value::Null);
    }
    let text = match form {
        EnvelopeForm::Plain | EnvelopeForm::Extra => body.to_string(),
        EnvelopeForm::Bom => format!("\u{feff}{body}"),
        EnvelopeForm::Spaced => format!("\r\n\t{body:#}\r\n\r\n"),
    };
    HttpResponse::build(status)
        .content_type(ContentType::json())
        .body(text)
}

/// A refusal, for a person. It has no link: the redirect URL of a refused request is
/// not trusted.
pub(super) fn refused_page(
    refusal: &Refusal,
    language: Language,
    manners: &Manners,
) -> HttpResponse {
    let page = RefusedPage {
        words: language.words(),
        code: refusal.code.as_str(),
        message: &refusal.message,
    };
    match render(&page) {
        Ok(html) => HttpResponse::build(refusal.code.status())
            .content_type(ContentType::html())
            .body(html),
        Err(refusal) => envelope(&refusal, manners),
    }
}

pub(super) fn render(page: &impl Template) -> Result<String, Refusal> {
    page.render().map_err(Refusal::internal)
}
