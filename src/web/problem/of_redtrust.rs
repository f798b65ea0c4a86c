//! Maps a failed call to Redtrust to an error page.

use actix_web::http::StatusCode;

use super::{Problem, texts};
use crate::redtrust::RedtrustError;

/// Also logs the cause.
pub fn of_redtrust(error: &RedtrustError) -> Problem {
    tracing::warn!(event = "redtrust_call_failed", %error);
    let unreachable = texts!("error-unreachable");
    match error {
        RedtrustError::Busy | RedtrustError::BreakerOpen => Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "redtrust_busy",
            unreachable,
        ),
        RedtrustError::TimedOut => Problem::new(
            StatusCode::GATEWAY_TIMEOUT,
            "redtrust_no_answer",
            texts!("error-no-answer"),
        ),
        RedtrustError::Cut
        | RedtrustError::Unavailable { .. }
        | RedtrustError::Malformed { .. }
        | RedtrustError::Unauthorized { .. }
        | RedtrustError::Rejected { .. } => Problem::new(
            StatusCode::BAD_GATEWAY,
            "redtrust_bad_answer",
            texts!("error-bad-upstream"),
        ),
        RedtrustError::Unreachable { .. }
        | RedtrustError::Tls { .. }
        | RedtrustError::BlockedAddress { .. } => {
            Problem::new(StatusCode::BAD_GATEWAY, "redtrust_unreachable", unreachable)
        }
    }
}
