//! The audit: searched, newest first, and the check of its hash chain.

mod changes;
pub(super) mod export;
mod query;
pub(super) mod search;
mod view;
mod words;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::i18n::key;
use crate::services::audit::{self, Verified};
use crate::web::extractors::AuditorSignedIn;
use crate::web::kept_form::kept_or;
use crate::web::page::form::FormView;
use crate::web::page::{Frame, Tone, render};
use crate::web::problem::AppError;
use crate::web::state::AppState;
use query::AuditQuery;
use view::{AuditView, Row};

/// Entries on one page: on a phone each takes half of what is seen at once.
const SHOWN: u16 = 12;

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AuditorSignedIn,
    query: web::Query<AuditQuery>,
) -> Result<HttpResponse, AppError> {
    let mut frame = Frame::of(&req, &state);
    let typed = query.typed(&state, &admin.id);
    if typed.gone {
        frame = frame.banner(Tone::Info, key("issuances-search-gone"));
    }
    if query.verify == "yes" {
        // It reads as much as an export of everything.
        let _share = state.exports.take(&admin.id, 1)?;
        frame = verified(frame, audit::verify(&state.portal).await?);
    }
    let search = query.search(&typed, frame.lang, &state.settings.branding.time_zone);
    let found = audit::page(&state.portal, &search, query.turn(), SHOWN).await?;
    let form = FormView::filled(query.fields(&typed));
    let (frame, form) = kept_or(&req, &state, &admin.id, frame, form).await?;
    let lang = frame.lang;
    let connections = state.portal.connections.all().await?;
    let row = |entry: &_, object| {
        let reader = (admin.id.as_str(), lang);
        Row::of(&state, reader, &connections, (entry, object))
    };
    let page = AuditView::of(frame, form, &query, &found, row);
    Ok(render(&page, StatusCode::OK))
}

fn verified(frame: Frame, verified: Verified) -> Frame {
    match verified {
        Verified::Intact { entries } => {
            frame.banner(Tone::Good, key("admin-audit-intact").with("count", entries))
        }
        Verified::Broken { seq } => {
            tracing::error!(event = "audit_chain_broken", seq);
            let text = key("admin-audit-broken").with("seq", seq.to_string());
            frame.banner(Tone::Bad, text)
        }
    }
}
