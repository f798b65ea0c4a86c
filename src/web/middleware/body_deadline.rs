//! A time limit for receiving a body; the framework has none.

use std::io;
use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use futures_util::{StreamExt, stream};
use tokio::time::{Instant, timeout_at};

/// The time limit for a whole body.
pub const BODY_TIME: Duration = Duration::from_secs(20);

/// Limits the body of `req`, starting now.
pub fn set(req: &mut ServiceRequest, limit: Duration) {
    let payload = req.take_payload();
    if matches!(payload, Payload::None) {
        return;
    }
    req.set_payload(Payload::Stream {
        payload: Box::pin(limited(payload, Instant::now() + limit)),
    });
}

fn limited(
    payload: Payload,
    deadline: Instant,
) -> impl stream::Stream<Item = Result<actix_web::web::Bytes, PayloadError>> {
    stream::unfold(Some(payload), move |payload| async move {
        let mut payload = payload?;
        match timeout_at(deadline, payload.next()).await {
            Ok(chunk) => chunk.map(|chunk| (chunk, Some(payload))),
            Err(_) => {
                let late = io::Error::from(io::ErrorKind::TimedOut);
                Some((Err(PayloadError::Io(late)), None))
            }
        }
    })
    .fuse()
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;

    use super::*;

    type BoxedPayloadStream =
        Pin<Box<dyn stream::Stream<Item = Result<actix_web::web::Bytes, PayloadError>>>>;

    #[actix_web::test]
    async fn a_body_that_stalls_ends_as_timed_out() {
        let never: BoxedPayloadStream = Box::pin(stream::pending());
        let never = Payload::Stream { payload: never };
        let body = limited(never, Instant::now() + Duration::from_millis(5));
        let all: Vec<_> = body.collect().await;
        assert!(matches!(
            all.as_slice(),
            [Err(PayloadError::Io(error))] if error.kind() == io::ErrorKind::TimedOut
        ));
    }
}
