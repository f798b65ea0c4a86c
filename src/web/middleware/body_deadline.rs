//! A time limit for receiving a body; the framework has none. And an end to a body that
//! nobody reads: after its answer the framework would go on to receive it for ever, if the
//! body is in chunks.

use std::cell::RefCell;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt, stream};
use tokio::time::{Instant, timeout_at};

/// The body of a request while it arrives.
pub struct Incoming {
    /// `None` if the request has no body.
    payload: Option<Rc<RefCell<Payload>>>,
    within: Duration,
}

impl Incoming {
    /// Limits the body of `req`, starting now.
    pub fn limited(req: &mut ServiceRequest, within: Duration) -> Self {
        let payload = match req.take_payload() {
            Payload::None => None,
            payload => Some(Rc::new(RefCell::new(payload))),
        };
        if let Some(payload) = &payload {
            let body = limited(Rc::clone(payload), Instant::now() + within);
            req.set_payload(Payload::Stream {
                payload: Box::pin(body),
            });
        }
        Self { payload, within }
    }

    /// The time that the body may take.
    pub fn within(&self) -> Duration {
        self.payload
            .as_ref()
            .map_or(Duration::ZERO, |_| self.within)
    }

    /// Keeps what was not read until the answer is sent: the framework closes the
    /// connection then. Had it been dropped, the rest of it would be waited for.
    pub fn kept_until_sent(self, answer: BoxBody) -> BoxBody {
        match self.payload {
            None => answer,
            Some(unread) => BoxBody::new(WithUnread {
                answer,
                _unread: unread,
            }),
        }
    }
}

struct WithUnread {
    answer: BoxBody,
    _unread: Rc<RefCell<Payload>>,
}

impl MessageBody for WithUnread {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.answer.size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.get_mut().answer).poll_next(cx)
    }
}

fn limited(
    payload: Rc<RefCell<Payload>>,
    deadline: Instant,
) -> impl Stream<Item = Result<Bytes, PayloadError>> {
    stream::unfold(Some(payload), move |payload| async move {
        let payload = payload?;
        let next = poll_fn(|cx| payload.borrow_mut().poll_next_unpin(cx));
        match timeout_at(deadline, next).await {
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
    use super::*;

    type BoxedPayloadStream = Pin<Box<dyn Stream<Item = Result<Bytes, PayloadError>>>>;

    #[actix_web::test]
    async fn a_body_that_stalls_ends_as_timed_out() {
        let never: BoxedPayloadStream = Box::pin(stream::pending());
        let never = Payload::Stream { payload: never };
        let never = Rc::new(RefCell::new(never));
        let body = limited(never, Instant::now() + Duration::from_millis(5));
        let all: Vec<_> = body.collect().await;
        assert!(matches!(
            all.as_slice(),
            [Err(PayloadError::Io(error))] if error.kind() == io::ErrorKind::TimedOut
        ));
    }
}
