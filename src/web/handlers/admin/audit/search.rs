//! The form that searches the audit.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::query::{AuditQuery, sealed};
use super::view::AuditView;
use crate::i18n::key;
use crate::web::csrf::CheckedForm;
use crate::web::extractors::AuditorSignedIn;
use crate::web::page::form::FormView;
use crate::web::page::{Frame, days, render, see_other};
use crate::web::problem::AppError;
use crate::web::state::AppState;
use crate::web::{language, routes};

/// The filter form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct SearchForm {
    q: String,
    who: String,
    kind: String,
    action: String,
    outcome: String,
    from: String,
    to: String,
}

/// Redirects to the page with these filters.
pub async fn search(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AuditorSignedIn,
    form: CheckedForm<SearchForm>,
) -> Result<HttpResponse, AppError> {
    let asked = form.value;
    let zone = &state.settings.branding.time_zone;
    let mut errors = days::errors(&asked.from, &asked.to, zone);
    for (field, text) in [("q", &asked.q), ("who", &asked.who)] {
        if text.chars().any(char::is_control) {
            errors.add(field, key("issuances-search-unfit"));
        }
    }
    if !errors.is_empty() {
        let frame = Frame::of(&req, &state).languages_at(routes::ADMIN_AUDIT);
        let page = AuditView::refused(frame, FormView::refused(form.fields, errors));
        return Ok(render(&page, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let sealed = |text: &str| sealed(&state, &admin.id, text);
    let query = AuditQuery {
        find: sealed(&asked.q),
        whose: sealed(&asked.who),
        kind: asked.kind,
        action: asked.action,
        outcome: asked.outcome,
        from: asked.from.trim().to_owned(),
        to: asked.to.trim().to_owned(),
        ..AuditQuery::default()
    };
    let found = language::as_asked(req.query_string(), query.first());
    Ok(see_other(&found))
}
