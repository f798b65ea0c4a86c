//! The buttons of a run.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::check::{self, CheckQuery};
use super::own;
use crate::domain::run::{Run, RunKind, RunState};
use crate::i18n::key;
use crate::services::Caller;
use crate::services::many::{self, Acted};
use crate::web::csrf::CheckedForm;
use crate::web::extractors::SignedIn;
use crate::web::handlers::basket::Basket;
use crate::web::handlers::issue::count_press;
use crate::web::handlers::lists::way_back::WayBack;
use crate::web::page::form::{FieldErrors, FormView};
use crate::web::page::{Frame, see_other};
use crate::web::problem::{self, AppError, Problem, texts};
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ActForm {
    /// `start`, `pause`, `go_on`, `retry`, `retry_all` or `stop`.
    act: String,
    confirm: String,
    /// How many lines the check page said to be doubled; empty from a program that says none.
    doubled: String,
}

pub async fn act(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    id: web::Path<String>,
    form: CheckedForm<ActForm>,
) -> Result<HttpResponse, AppError> {
    let run = own(&state, &user, &id).await?;
    let (portal, who, way) = (&state.portal, &user.caller, WayBack::of(&req));
    count_press(&state, &user).await?;
    let is_unconfirmed = run.state == RunState::Check && form.value.confirm != "yes";
    let acted = match form.value.act.as_str() {
        "start" if is_unconfirmed => {
            let errors = FieldErrors::one("confirm", key("missing-confirm"));
            let form = FormView::refused(form.fields, errors);
            let shown = (form, StatusCode::UNPROCESSABLE_ENTITY);
            return check_again(&req, (&state, &user), run, shown).await;
        }
        "start" => start(&state, who, &run, &form.value.doubled).await?,
        "pause" => many::pause(portal, who, &id).await?,
        "go_on" => many::go_on(portal, who, &id).await?,
        "retry" => many::retry(portal, who, &id, false).await?,
        "retry_all" => many::retry(portal, who, &id, true).await?,
        "stop" => many::stop(portal, who, &id).await?,
        _ => return Err(AppError::BadRequest),
    };
    match acted {
        // The page says why there is nothing to do.
        Acted::Done | Acted::Nothing => Ok(see_other(&way.keep(routes::run(&id)))),
        Acted::Doubled => {
            let shown = (FormView::default(), StatusCode::CONFLICT);
            check_again(&req, (&state, &user), run, shown).await
        }
        Acted::TooMany => Ok(too_many(Frame::of(&req, &state))),
        Acted::Missing => Err(AppError::NoSuchRun),
    }
}

/// Nothing was changed: the list of runs says which of them to wait for.
fn too_many(frame: Frame) -> HttpResponse {
    let status = StatusCode::TOO_MANY_REQUESTS;
    let problem = Problem::new(status, "too_many_runs", texts!("many-busy"));
    let problem = problem.leading_to(routes::RUNS, key("many-runs-title"));
    problem::answer(frame.languages_at(routes::RUNS), problem)
}

/// The page on which the run is checked, with its form.
async fn check_again(
    req: &HttpRequest,
    on: (&AppState, &SignedIn),
    run: Run,
    shown: (FormView, StatusCode),
) -> Result<HttpResponse, AppError> {
    let (frame, query) = (Frame::of(req, on.0), CheckQuery::default());
    check::show(frame, on, run, (&query, WayBack::of(req)), shown).await
}

/// Starts a run; what was ticked in the list is then no longer to be chosen.
async fn start(
    state: &AppState,
    who: &Caller,
    run: &Run,
    doubled: &str,
) -> Result<Acted, AppError> {
    let shown = doubled.parse().unwrap_or(usize::MAX);
    let acted = many::confirm(&state.portal, who, &run.id, shown).await?;
    if acted == Acted::Done && run.kind == RunKind::Renew && run.state == RunState::Check {
        Basket::default().keep(state, who).await?;
    }
    Ok(acted)
}
