//! Keeps a half-filled form while its page is shown in another language. The script
//! sends it; without scripts the language links lead there at once.

use actix_web::{HttpResponse, web};

use crate::web::csrf::{CheckedForm, InSession, NoContent, PEM_FORM_LIMIT};
use crate::web::extractors::{AccountSignedIn, SignedIn};
use crate::web::kept_form::keep;
use crate::web::page::form::Fields;
use crate::web::problem::AppError;
use crate::web::session::Kind;
use crate::web::state::AppState;

/// The path of the form's page.
const PLACE: &str = "place";

pub async fn user(
    state: web::Data<AppState>,
    user: SignedIn,
    form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    kept(&state, Kind::User, &user.caller.owner_id, form.fields).await
}

pub async fn admin(
    state: web::Data<AppState>,
    account: AccountSignedIn,
    form: CheckedForm<NoContent, InSession, PEM_FORM_LIMIT>,
) -> Result<HttpResponse, AppError> {
    kept(&state, Kind::Admin, &account.id, form.fields).await
}

async fn kept(
    state: &AppState,
    kind: Kind,
    owner: &str,
    fields: Fields,
) -> Result<HttpResponse, AppError> {
    let place = fields.get(PLACE).to_owned();
    match keep(state, kind, owner, &place, fields.without(PLACE)).await? {
        true => Ok(HttpResponse::NoContent().finish()),
        false => Err(AppError::Conflict),
    }
}
