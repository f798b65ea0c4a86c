//! The time limits of every route: a request gets those of the stated class.

use std::sync::{Arc, Mutex};

use actix_web::dev::Service as _;
use actix_web::http::Method;
use actix_web::test::{TestRequest, init_service, try_call_service};
use actix_web::web::Data;
use rubrica::web::routes::Table;
use rubrica::web::state::AppState;
use rubrica::web::{ALL_ROUTES, app};

use super::rows::rows;
use crate::support::app::App;
use crate::web_frame::site;

#[actix_web::test]
async fn every_request_gets_the_time_limits_of_its_route() {
    let running = App::spawn().await;
    let settings = site::settings("http://localhost");
    let state = AppState::new(Arc::clone(&running.portal), settings);
    let state = Data::new(state.unwrap());
    // Where a request is taken to go decides its limits before a handler has it.
    let taken = Arc::new(Mutex::new(None));
    let noted = Arc::clone(&taken);
    let service = init_service(app(state, ALL_ROUTES).wrap_fn(move |request, next| {
        *noted.lock().unwrap() = request.match_pattern();
        next.call(request)
    }))
    .await;
    for row in rows() {
        let path = row
            .path
            .replace("{id}", "018f4d2e-0000-7000-8000-000000000001")
            .replace("{thumbprint}", &"AB".repeat(20))
            .replace("{step}", "holder")
            .replace(['{', '}'], "");
        let method: Method = row.method.parse().unwrap();
        let request = TestRequest::with_uri(&path).method(method.clone());
        let request = request.insert_header(("host", "localhost"));
        let _answered = try_call_service(&service, request.to_request()).await;
        let pattern = taken.lock().unwrap().take();
        assert_eq!(pattern.as_deref(), Some(row.path), "{method} {path}");
        let class = Table(ALL_ROUTES).class_of(&method, pattern.as_deref());
        assert_eq!(format!("{class:?}"), row.class, "{method} {path}");
    }
}
