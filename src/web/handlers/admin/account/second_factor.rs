//! Switching the second factor on: the key as a QR code and as text, and the first code
//! that shows that the app has it.

use actix_session::SessionExt;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::again::Codes;
use crate::i18n::key;
use crate::services::accounts::own::{self, SwitchedOn};
use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::AccountSignedIn;
use crate::web::handlers::admin::confirm;
use crate::web::page::form::{FieldErrors, Fields, FormView};
use crate::web::page::{Drawing, Frame, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::session;
use crate::web::state::AppState;

/// The key, sealed.
const KEY: &str = "key";

#[derive(Debug, Template)]
#[template(path = "admin/account/second_factor.html")]
struct SecondFactorPage {
    frame: Frame,
    form: FormView,
    /// The key, in groups of four.
    key: String,
    qr: Drawing,
    sealed: String,
}

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AccountSignedIn,
) -> Result<HttpResponse, AppError> {
    if own::has_second_factor(&state.portal, &admin.id).await? {
        // A session from before this was remembered.
        session::set_second_factor(&req.get_session(), true)?;
        return Ok(see_other(routes::ADMIN_ACCOUNT));
    }
    shown(&req, &state, &admin, "", FieldErrors::new())
}

pub(super) async fn switch_on(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AccountSignedIn,
    form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    let (portal, sent) = (&state.portal, &form.fields);
    if own::has_second_factor(portal, &admin.id).await? {
        return Ok(see_other(routes::ADMIN_ACCOUNT));
    }
    let sealed = sent.get(KEY);
    let mut confirmed = match confirm::read_here(&req, &state, &admin, sent).await? {
        Ok(confirmed) => confirmed,
        Err(errors) => return shown(&req, &state, &admin, sealed, errors),
    };
    let offered = own::offered_key(portal, &admin.id, sealed)?;
    let code = sent.get("totp");
    match own::switch_on(portal, &mut confirmed, &admin.actor, &offered, code).await? {
        SwitchedOn::Done(codes) => {
            let session = req.get_session();
            session::set_version(&session, confirmed.version())?;
            session::set_second_factor(&session, true)?;
            state.sessions.forget_all();
            let page = Codes::new(Frame::of(&req, &state), &codes, true);
            Ok(render(&page, StatusCode::OK))
        }
        SwitchedOn::Already => Ok(see_other(routes::ADMIN_ACCOUNT)),
        SwitchedOn::WrongCode => {
            let errors = FieldErrors::one("totp", key("second-factor-wrong-first"));
            shown(&req, &state, &admin, &offered.sealed, errors)
        }
    }
}

fn shown(
    req: &HttpRequest,
    state: &AppState,
    admin: &AccountSignedIn,
    sealed: &str,
    errors: FieldErrors,
) -> Result<HttpResponse, AppError> {
    let offered = own::offered_key(&state.portal, &admin.id, sealed)?;
    let address = offered.address(&state.portal, &admin.actor.name);
    let status = match errors.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let page = SecondFactorPage {
        frame: super::demanding(Frame::of(req, state), state)
            .languages_at(routes::ADMIN_SECOND_FACTOR),
        form: FormView::refused(Fields::default(), errors),
        key: grouped(offered.text().expose()),
        qr: Drawing::of(address.expose()).ok_or(AppError::Internal)?,
        sealed: offered.sealed,
    };
    Ok(render(&page, status))
}

fn grouped(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let groups = letters
        .chunks(4)
        .map(|four| four.iter().collect::<String>());
    groups.collect::<Vec<_>>().join(" ")
}
