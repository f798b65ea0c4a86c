//! Sign-out, here and at Redtrust.

use actix_session::Session;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpResponse, web};

use crate::i18n::key;
use crate::services::sign_out;
use crate::web::csrf::{CheckedForm, NoContent};
use crate::web::extractors::SignedIn;
use crate::web::page::{Frame, Tone, see_other};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::session;
use crate::web::state::AppState;

/// Says on a sign-in page that somebody came there by signing out, and that Redtrust may
/// still know them.
pub(super) fn said(frame: Frame, out: &str) -> Frame {
    match out {
        "here" => frame.banner(Tone::Good, key("signed-out-here")),
        "everywhere" => frame.banner(Tone::Good, key("signed-out-everywhere")),
        routes::OUT_OF_TIME => frame.banner(Tone::Info, key("signed-out-late")),
        routes::OUT_ELSEWHERE => frame.banner(Tone::Info, key("signed-out-elsewhere")),
        routes::OUT_WITH_FILES => frame.banner(Tone::Warning, key("signed-out-with-files")),
        routes::OUT_UNDONE => frame.banner(Tone::Warning, key("signed-out-undone")),
        _ => frame,
    }
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
    Ok(goodbye(&routes::signed_out(routes::SIGN_IN, "here")))
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
    let path = routes::signed_out(routes::SIGN_IN, "everywhere");
    Ok(goodbye(&path))
}
