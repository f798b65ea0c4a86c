//! Progress as server-sent events: one whenever there is news, and a final one that makes
//! the page reload. Any node can do the work: the database is read when something in it
//! has changed.

use std::time::Duration;

use actix_web::http::header::{CONTENT_TYPE, HeaderName};
use actix_web::web::Bytes;
use actix_web::{Error, HttpRequest, HttpResponse, web};
use futures_util::stream;
use tokio::time::sleep;

use crate::domain::millis::Millis;
use crate::services::Caller;
use crate::services::shares::Share;
use crate::web::problem::AppError;
use crate::web::session::{self, IdHash, Kind};
use crate::web::state::AppState;

/// How often to ask whether anything has changed.
const EVERY: Duration = Duration::from_millis(500);

/// Without news, a comment is sent this often, after looking at what changes with time
/// alone. It also shows when the page was closed, so that its stream can be released.
const HEARTBEAT: Duration = Duration::from_secs(2);

/// The longest life of a stream; the browser then opens another.
const LIFE: Duration = Duration::from_secs(5 * 60);

/// Keeps proxies from buffering the events.
const UNBUFFERED: (HeaderName, &str) = (HeaderName::from_static("x-accel-buffering"), "no");

/// Answers with events. `look` gives the progress as JSON; `None` if nothing will change by
/// itself any more, or the database cannot be read.
pub fn events<L, F>(
    req: &HttpRequest,
    state: &web::Data<AppState>,
    who: &Caller,
    look: L,
) -> Result<HttpResponse, AppError>
where
    L: Fn() -> F + 'static,
    F: Future<Output = Option<String>> + 'static,
{
    let session = session::id_hash(req, state, Kind::User).ok_or(AppError::Internal)?;
    let share = state.streams.take(&who.counted_as, 1)?;
    let now = state.portal.clock.now();
    let watch = Watch {
        look,
        begun: now,
        sent_at: now,
        sent: String::new(),
        seen: None,
        over: false,
        _share: share,
        session,
        state: state.clone(),
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header(UNBUFFERED)
        .streaming(stream::unfold(watch, Watch::next)))
}

/// The state of one open stream.
struct Watch<L> {
    state: web::Data<AppState>,
    session: IdHash,
    look: L,
    begun: Millis,
    sent_at: Millis,
    sent: String,
    /// What had changed in the database when it was read last.
    seen: Option<String>,
    over: bool,
    _share: Share,
}

impl<L, F> Watch<L>
where
    L: Fn() -> F,
    F: Future<Output = Option<String>>,
{
    fn now(&self) -> Millis {
        self.state.portal.clock.now()
    }

    /// The next chunk; `None` ends the stream.
    async fn next(mut self) -> Option<(Result<Bytes, Error>, Self)> {
        while !self.over {
            if self.state.portal.in_flight.is_stopping() {
                return None;
            }
            let is_due = self.now().since(self.sent_at) >= HEARTBEAT;
            let changes = self.state.portal.storage.changes().await.ok();
            if !is_due && changes.is_some() && changes == self.seen {
                sleep(EVERY).await;
                continue;
            }
            self.seen = changes;
            // Asked before the look, so that a session that ends meanwhile is told.
            let is_old = self.now().since(self.begun) >= LIFE;
            let looked = self.looked().await;
            if is_old && looked.is_some() {
                return None;
            }
            let text = match looked {
                None => {
                    self.over = true;
                    "event: end\ndata: {}\n\n".to_owned()
                }
                Some(news) if news != self.sent => {
                    let text = format!("data: {news}\n\n");
                    self.sent = news;
                    text
                }
                Some(_) if is_due => ":\n\n".to_owned(),
                Some(_) => {
                    sleep(EVERY).await;
                    continue;
                }
            };
            self.sent_at = self.now();
            return Some((Ok(Bytes::from(text)), self));
        }
        None
    }

    /// `None` also if the session has ended.
    async fn looked(&self) -> Option<String> {
        match session::lives(&self.state, &self.session).await {
            Ok(true) => (self.look)().await,
            _ => None,
        }
    }
}
