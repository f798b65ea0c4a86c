//! All routes of the sandbox.

use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue, LOCATION};
use actix_web::web::{self, Data, Payload, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};

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
    documented(config, LOGIN_PATH, Method::GET, Operation::LoginRequest);
    documented(
        config,
        "/authclient/auth/signin",
        Method::POST,
        Operation::SignIn,
    );
    documented(
        config,
        "/authapi/v1/login_by_temp_token",
        Method::POST,
        Operation::LoginByTempToken,
    );
    documented(
        config,
        "/raapi/v1/auth/login",
        Method::POST,
        Operation::Login,
    );
    documented(
        config,
        "/raapi/v1/auth/refresh-token",
        Method::PUT,
        Operation::RefreshToken,
    );
    documented(
        config,
        "/raapi/v1/auth/logout",
        Method::DELETE,
        Operation::Logout,
    );
    documented(
        config,
        "/raapi/v1/csr/create",
        Method::POST,
        Operation::CsrCreate,
    );
    documented(
        config,
        "/raapi/v1/csr/finalize",
        Method::PUT,
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

fn documented(config: &mut ServiceConfig, path: &str, method: Method, operation: Operation) {
    let handler = move |state: Data<State>, request: HttpRequest, body: Payload| {
        serve(state, request, body, operation)
    };
    let route = web::method(method.clone()).to(handler);
    let other = move |state: Data<State>| {
        let allowed = method.to_string();
        async move {
            let mut answer = refused(&state, ErrorCode::MethodNotAllowed);
            if let Ok(allowed) = HeaderValue::from_str(&allowed) {
                answer.headers_mut().insert(ALLOW, allowed);
            }
            answer
        }
    };
    let resource = web::resource(path).route(route);
    config.service(resource.default_service(web::to(other)));
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
