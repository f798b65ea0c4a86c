//! Sign-out, here and at Redtrust, and the account page.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::services::sign_out;
use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::SignedIn;
use crate::web::page::{Frame, render, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::session;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "account/page.html")]
struct AccountPage {
    frame: Frame,
    connection: String,
}

pub async fn account(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
) -> Result<HttpResponse, AppError> {
    let redtrust = state
        .portal
        .connections
        .by_id(&user.caller.connection_id)
        .await?;
    let page = AccountPage {
        frame: Frame::of(&req, &state),
        connection: redtrust.map_or_else(String::new, |redtrust| {
            redtrust.connection.settings.name.clone()
        }),
    };
    Ok(render(&page, StatusCode::OK))
}

/// Leads to a sign-in page and has the browser forget what it keeps of the pages.
/// Cookies stay: the header would take those of every host of the domain, and of an
/// admin's session beside this one.
pub(super) fn goodbye(path: &str) -> HttpResponse {
    let mut answer = see_other(path);
    answer.headers_mut().insert(
        HeaderName::from_static("clear-site-data"),
        HeaderValue::from_static(r#""cache", "storage""#),
    );
    answer
}

/// Ends this session.
pub async fn sign_out(
    state: web::Data<AppState>,
    session: Session,
    user: SignedIn,
    _form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    session::end(&session);
    tracing::info!(event = "signed_out");
    sign_out::sign_out(&state.portal, &user.caller.sign_in_id).await?;
    Ok(goodbye(routes::SIGN_IN))
}

/// Ends all sessions of this person, on every device.
pub async fn everywhere(
    state: web::Data<AppState>,
    session: Session,
    user: SignedIn,
    _form: CheckedForm<NoContent>,
) -> Result<HttpResponse, AppError> {
    session::end(&session);
    tracing::info!(event = "signed_out", everywhere = true);
    sign_out::sign_out_everywhere(&state.portal, &user.caller.owner_id).await?;
    state.sessions.forget_all();
    Ok(goodbye(routes::SIGN_IN))
}
