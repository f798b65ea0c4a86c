//! All routes of the sandbox.

use actix_web::http::header::LOCATION;
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, Route};

use super::answer::envelope;
use super::controls;
use super::ledger::Operation;
use super::refusal::ErrorCode;
use super::serve::serve;
use super::sign_in::hmac::LOGIN_PATH;
use super::state::State;

/// The portal's own stylesheet.
const STYLESHEET: &str = include_str!("../../static/app.css");

pub(super) fn configure(config: &mut ServiceConfig) {
    documented(config, LOGIN_PATH, web::get(), Operation::LoginRequest);
    documented(
        config,
        "/authclient/auth/signin",
        web::post(),
        Operation::SignIn,
    );
    documented(
        config,
        "/authapi/v1/login_by_temp_token",
        web::post(),
        Operation::LoginByTempToken,
    );
    documented(
        config,
        "/raapi/v1/auth/login",
        web::post(),
        Operation::Login,
    );
    documented(
        config,
        "/raapi/v1/auth/refresh-token",
        web::put(),
        Operation::RefreshToken,
    );
    documented(
        config,
        "/raapi/v1/auth/logout",
        web::delete(),
        Operation::Logout,
    );
    documented(
        config,
        "/raapi/v1/csr/create",
        web::post(),
        Operation::CsrCreate,
    );
    documented(
        config,
        "/raapi/v1/csr/finalize",
        web::put(),
        Operation::CsrFinalize,
    );
    config
        .route("/", web::get().to(to_own_page))
        .route("/static/app.css", web::get().to(stylesheet));
    controls::configure(config);
    config.default_service(web::to(|state: Data<State>| async move {
        refused(&state, ErrorCode::UnknownOperation)
    }));
}

fn documented(config: &mut ServiceConfig, path: &str, method: Route, operation: Operation) {
    let handler = move |state: Data<State>, request: HttpRequest, body: Payload| {
        serve(state, request, body, operation)
    };
    config.service(
        web::resource(path)
            .route(method.to(handler))
            .default_service(web::to(|state: Data<State>| async move {
                refused(&state, ErrorCode::MethodNotAllowed)
            })),
    );
}

fn refused(state: &State, code: ErrorCode) -> HttpResponse {
    envelope(&code.into(), &state.dialect().own)
}

/// The printed start URL has no path, so redirect it to the start page.
async fn to_own_page() -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, controls::HOME))
        .finish()
}

async fn stylesheet() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .body(STYLESHEET)
}
