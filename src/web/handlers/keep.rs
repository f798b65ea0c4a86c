//! Keeps a half-filled form while its page is shown in another language. The script sends
//! it and goes there by itself; without scripts a button of the form leads there.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use crate::i18n::Lang;
use crate::web::csrf::{CheckedForm, InSession, NoContent, PEM_FORM_LIMIT};
use crate::web::extractors::{AccountSignedIn, SignedIn};
use crate::web::kept_form::keep;
use crate::web::page::form::Fields;
use crate::web::page::see_other;
use crate::web::problem::AppError;
use crate::web::session::Kind;
use crate::web::state::AppState;
use crate::web::{language, routes};

/// The path of the form's page.
const PLACE: &str = "place";

/// What a button of the form says.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct KeepQuery {
    place: String,
    language: String,
}

pub async fn user(
    state: web::Data<AppState>,
    user: SignedIn,
    query: web::Query<KeepQuery>,
    form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    let owner = &user.caller.owner_id;
    kept(&state, (Kind::User, owner), &query, form.fields).await
}

pub async fn admin(
    state: web::Data<AppState>,
    account: AccountSignedIn,
    query: web::Query<KeepQuery>,
    form: CheckedForm<NoContent, InSession, PEM_FORM_LIMIT>,
) -> Result<HttpResponse, AppError> {
    kept(&state, (Kind::Admin, &account.id), &query, form.fields).await
}

async fn kept(
    state: &AppState,
    (kind, owner): (Kind, &str),
    query: &KeepQuery,
    fields: Fields,
) -> Result<HttpResponse, AppError> {
    let place = match Lang::from_code(&query.language) {
        Some(_) => query.place.clone(),
        None => fields.get(PLACE).to_owned(),
    };
    // What else is in its address leads on with it; it is part of an address, or nothing.
    if !place.bytes().all(|letter| letter.is_ascii_graphic()) {
        return Err(AppError::NotFound);
    }
    let path = place.split('?').next().unwrap_or_default();
    let is_kept = keep(state, kind, owner, path, fields.without(PLACE)).await?;
    match (Lang::from_code(&query.language), is_kept) {
        (_, false) => Err(AppError::Conflict),
        (None, true) => Ok(HttpResponse::NoContent().finish()),
        (Some(lang), true) => {
            let page = routes::with_kept(&place);
            Ok(see_other(&language::link(&page, lang)))
        }
    }
}
