//! The page on which officers give the address at which they hear of outcomes that are not
//! known.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{after, gets_mail};
use crate::i18n::key;
use crate::services::accounts::Account;
use crate::services::mail::{Reach, reach_of, set_reach};
use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::{Locale, OfficerSignedIn};
use crate::web::handlers::mail::typed_address;
use crate::web::kept_form::kept_or;
use crate::web::page::form::{Fields, FormView};
use crate::web::page::stale::{self, Joined};
use crate::web::page::{Frame, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

const EMAIL: &str = "email";

#[derive(Debug, Template)]
#[template(path = "admin/account/mail.html")]
struct MailPage {
    frame: Frame,
    form: FormView,
}

pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    account: OfficerSignedIn,
) -> Result<HttpResponse, AppError> {
    officers_only(&state, &account)?;
    let address = given(&state, &account.id).await?;
    let form = FormView::filled(stale::showing(Fields::of([(EMAIL, &*address)])));
    let frame = Frame::of(&req, &state);
    let (frame, form) = kept_or(&req, &state, &account.id, frame, form).await?;
    Ok(render(&MailPage { frame, form }, StatusCode::OK))
}

pub(super) async fn save(
    req: HttpRequest,
    state: web::Data<AppState>,
    account: OfficerSignedIn,
    locale: Locale,
    form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    officers_only(&state, &account)?;
    let frame = Frame::of(&req, &state).languages_at(routes::ADMIN_ACCOUNT_MAIL);
    let mut sent = form.fields;
    let address = match typed_address(sent.get(EMAIL)) {
        Ok(address) => address,
        Err(errors) => {
            let form = FormView::refused(sent, errors);
            return Ok(render(
                &MailPage { frame, form },
                StatusCode::UNPROCESSABLE_ENTITY,
            ));
        }
    };
    sent.set(EMAIL, address.clone().unwrap_or_default());
    let now = given(&state, &account.id).await?;
    let joined = Joined::of(sent, Fields::of([(EMAIL, &*now)]), &[EMAIL]);
    if !joined.is_as_typed() {
        let said = |_: &str| (key("mail-account-address"), now.clone());
        let (frame, form) = joined.told(frame, said);
        return Ok(render(&MailPage { frame, form }, StatusCode::CONFLICT));
    }
    let language = locale.0.code().to_owned();
    let reach = address.map(|address| Reach { address, language });
    match set_reach(&state.portal, &account.actor, &account.id, reach).await? {
        None => Ok(after("mail")),
        Some(wait) => Err(AppError::too_many(wait)),
    }
}

/// Where mail goes, empty if nowhere; `None` if there is no address to give.
pub(super) async fn address(
    state: &AppState,
    account: &Account,
) -> Result<Option<String>, AppError> {
    Ok(match gets_mail(state, account.role) {
        true => Some(given(state, &account.id).await?),
        false => None,
    })
}

async fn given(state: &AppState, account_id: &str) -> Result<String, AppError> {
    let reach = reach_of(&state.portal, account_id).await?;
    Ok(reach.map(|reach| reach.address).unwrap_or_default())
}

fn officers_only(state: &AppState, account: &OfficerSignedIn) -> Result<(), AppError> {
    match gets_mail(state, account.role) {
        true => Ok(()),
        false => Err(AppError::NotFound),
    }
}
