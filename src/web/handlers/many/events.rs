//! The progress of a run as server-sent events.

use actix_web::{HttpRequest, HttpResponse, web};

use super::own;
use super::run::{PAGE_SIZE, RunQuery, is_live, news};
use crate::i18n::Lang;
use crate::services::{Caller, many};
use crate::web::extractors::{Locale, SignedIn};
use crate::web::handlers::live;
use crate::web::page::Numbered;
use crate::web::problem::AppError;
use crate::web::state::AppState;

/// Not found if the run belongs to somebody else.
pub async fn events(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    locale: Locale,
    id: web::Path<String>,
    query: web::Query<RunQuery>,
) -> Result<HttpResponse, AppError> {
    let run = own(&state, &user, &id).await?;
    let (on, who, query) = (state.clone(), user.caller.clone(), query.into_inner());
    live::events(&req, &state, &user.caller, move || {
        look(
            on.clone(),
            who.clone(),
            run.id.clone(),
            query.clone(),
            locale.0,
        )
    })
}

/// `None` once nobody works on the run any more.
async fn look(
    state: web::Data<AppState>,
    who: Caller,
    id: String,
    query: RunQuery,
    lang: Lang,
) -> Option<String> {
    let portal = &state.portal;
    let run = many::open(portal, &who, &id).await.ok().flatten()?;
    let tally = many::tally(portal, &run).await.ok()?;
    if !is_live(&run, &tally) {
        return None;
    }
    let story = many::story(portal, run).await.ok()?;
    let lines: Vec<_> = story.with(query.shown()).collect();
    let pages = Numbered::of(query.page(), lines.len(), PAGE_SIZE);
    Some(news(lang, &story.run, &tally, &pages.rows(lines)).to_string())
}
