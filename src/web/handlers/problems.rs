//! Problems that several handlers tell, as pages.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use crate::i18n::key;
use crate::redtrust::RedtrustError;
use crate::web::error::AppError;
use crate::web::page::{Frame, ProblemPage, render};
use crate::web::problem::Problem;

/// A problem as a page of its own.
pub fn answer(frame: Frame, problem: Problem) -> HttpResponse {
    let status = problem.status;
    render(&ProblemPage { frame, problem }, status)
}

/// What a failed call to Redtrust means for the person who waits. The cause
/// goes to the log here.
pub fn of_redtrust(error: &RedtrustError) -> Problem {
    tracing::warn!(event = "redtrust_call_failed", %error);
    match error {
        RedtrustError::Busy | RedtrustError::BreakerOpen => Problem {
            status: StatusCode::SERVICE_UNAVAILABLE,
            ..Problem::of(&AppError::Unreachable)
        },
        RedtrustError::TimedOut => Problem::of(&AppError::NoAnswer),
        RedtrustError::Cut
        | RedtrustError::Unavailable { .. }
        | RedtrustError::Malformed { .. }
        | RedtrustError::Unauthorized { .. }
        | RedtrustError::Rejected { .. } => Problem::of(&AppError::BadUpstream),
        RedtrustError::Unreachable { .. }
        | RedtrustError::Tls { .. }
        | RedtrustError::BlockedAddress { .. } => Problem::of(&AppError::Unreachable),
    }
}

/// The connection that something belongs to is gone or switched off.
pub fn connection_gone() -> Problem {
    Problem::new(
        StatusCode::CONFLICT,
        key("connection-gone-title"),
        key("connection-gone-what"),
        key("connection-gone-next"),
    )
}
