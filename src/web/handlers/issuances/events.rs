//! The progress of an issuance as server-sent events.

use actix_web::{HttpRequest, HttpResponse, web};

use super::standing::texts_of;
use super::story;
use crate::domain::issuance::Standing;
use crate::i18n::Lang;
use crate::services::{Caller, history};
use crate::web::extractors::{Locale, SignedIn};
use crate::web::handlers::live;
use crate::web::problem::AppError;
use crate::web::state::AppState;

/// Not found if the issuance belongs to somebody else.
pub async fn events(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    locale: Locale,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let who = user.caller.clone();
    let found = history::story(&state.portal, &who, &id).await?;
    found.ok_or(AppError::NotFound)?;
    let (on, id) = (state.clone(), id.into_inner());
    live::events(&req, &state, &user.caller, move || {
        look(on.clone(), who.clone(), id.clone(), locale.0)
    })
}

async fn look(state: web::Data<AppState>, who: Caller, id: String, lang: Lang) -> Option<String> {
    let story = history::story(&state.portal, &who, &id).await;
    let story = story.ok().flatten()?;
    let (issuance, standing) = (&story.issuance, story.standing);
    standing
        .is_under_way()
        .then(|| news(lang, standing, &story::progress(issuance, standing)))
}

fn news(lang: Lang, standing: Standing, steps: &[story::Milestone]) -> String {
    let texts = texts_of(standing);
    let steps: Vec<_> = steps
        .iter()
        .map(|step| {
            serde_json::json!({
                "class": step.class,
                "label": lang.of(step.label),
                "word": lang.of(step.word),
            })
        })
        .collect();
    serde_json::json!({
        "title": lang.of(texts.title),
        "what": lang.of(texts.what),
        "next": lang.of(texts.next),
        "steps": steps,
    })
    .to_string()
}
