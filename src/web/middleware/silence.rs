//! A time limit for each piece of an answer that is written bit by bit. The connection
//! is cut if the next piece is not ready in time.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::web::Bytes;
use tokio::time::{Sleep, sleep};

/// Limits the pauses of a streamed body; any other is ready already.
pub fn limit(body: BoxBody, pause: Duration) -> BoxBody {
    match body.size() {
        BodySize::Stream => BoxBody::new(Limited {
            body,
            pause,
            late: None,
        }),
        BodySize::None | BodySize::Sized(_) => body,
    }
}

struct Limited {
    body: BoxBody,
    pause: Duration,
    /// Runs while the next piece is waited for.
    late: Option<Pin<Box<Sleep>>>,
}

impl MessageBody for Limited {
    type Error = Box<dyn Error>;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.get_mut();
        if let Poll::Ready(piece) = Pin::new(&mut this.body).poll_next(cx) {
            this.late = None;
            return Poll::Ready(piece);
        }
        let pause = this.pause;
        let late = this.late.get_or_insert_with(|| Box::pin(sleep(pause)));
        if late.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        tracing::warn!(event = "answer_fell_silent");
        let error = io::Error::from(io::ErrorKind::TimedOut);
        Poll::Ready(Some(Err(error.into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn i01_a_whole_body_is_left_as_it_is() {
        let body = limit(BoxBody::new("whole"), Duration::ZERO);
        assert_eq!(body.size(), BodySize::Sized(5));
    }
}
