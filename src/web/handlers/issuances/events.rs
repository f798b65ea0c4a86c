//! Progress as server-sent events: one whenever the steps change, and a final one
//! that makes the page reload. Polls the database, so that any node can do the work.

use std::time::Duration;

use actix_web::http::header::{CONTENT_TYPE, HeaderName};
use actix_web::web::Bytes;
use actix_web::{Error, HttpRequest, HttpResponse, web};
use futures_util::stream;
use tokio::time::sleep;

use super::standing::texts_of;
use super::story;
use crate::domain::issuance::Standing;
use crate::domain::millis::Millis;
use crate::i18n::Lang;
use crate::services::{Caller, history};
use crate::web::extractors::{Locale, SignedIn};
use crate::web::problem::AppError;
use crate::web::session::{self, IdHash, Kind};
use crate::web::shares::Share;
use crate::web::state::AppState;

/// How often the database is polled.
const EVERY: Duration = Duration::from_millis(500);

/// Without news, a comment is sent this often. It also shows when the page was
/// closed, so that its stream can be released.
const HEARTBEAT: Duration = Duration::from_secs(2);

/// The longest life of a stream; the browser then opens another.
const LIFE: Duration = Duration::from_secs(5 * 60);

/// Keeps proxies from buffering the events.
const UNBUFFERED: (HeaderName, &str) = (HeaderName::from_static("x-accel-buffering"), "no");

/// Not found if the issuance belongs to somebody else.
pub async fn events(
    req: HttpRequest,
    state: web::Data<AppState>,
    user: SignedIn,
    locale: Locale,
    id: web::Path<String>,
) -> Result<HttpResponse, AppError> {
    let who = user.caller.clone();
    let found = history::story(&state.portal, &who, &id).await?;
    found.ok_or(AppError::NotFound)?;
    let session = session::id_hash(&req, &state, Kind::User).ok_or(AppError::Internal)?;
    let share = state.streams.take(&who.owner_id, 1)?;
    let now = state.portal.clock.now();
    let watch = Watch {
        id: id.into_inner(),
        lang: locale.0,
        begun: now,
        sent_at: now,
        sent: String::new(),
        over: false,
        _share: share,
        session,
        who,
        state,
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header(UNBUFFERED)
        .streaming(stream::unfold(watch, Watch::next)))
}

/// The state of one open stream.
struct Watch {
    state: web::Data<AppState>,
    who: Caller,
    session: IdHash,
    id: String,
    lang: Lang,
    begun: Millis,
    sent_at: Millis,
    sent: String,
    over: bool,
    _share: Share,
}

impl Watch {
    fn now(&self) -> Millis {
        self.state.portal.clock.now()
    }

    /// The next chunk; `None` ends the stream.
    async fn next(mut self) -> Option<(Result<Bytes, Error>, Self)> {
        while !self.over {
            if self.state.portal.in_flight.is_stopping() {
                return None;
            }
            // Asked before the look, so that a session that ends meanwhile is told.
            let is_old = self.now().since(self.begun) >= LIFE;
            let looked = self.look().await;
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
                Some(_) if self.now().since(self.sent_at) >= HEARTBEAT => ":\n\n".to_owned(),
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

    /// The progress as JSON. `None` if nothing will change by itself any more, the
    /// session has ended, or the database cannot be read.
    async fn look(&self) -> Option<String> {
        let state = &self.state;
        if !matches!(session::lives(state, &self.session).await, Ok(true)) {
            return None;
        }
        let story = history::story(&state.portal, &self.who, &self.id).await;
        let story = story.ok().flatten()?;
        let (issuance, standing) = (&story.issuance, story.standing);
        standing
            .is_under_way()
            .then(|| self.news(standing, &story::progress(issuance, standing)))
    }

    fn news(&self, standing: Standing, steps: &[story::Milestone]) -> String {
        let texts = texts_of(standing);
        let steps: Vec<_> = steps
            .iter()
            .map(|step| {
                serde_json::json!({
                    "class": step.class,
                    "label": self.lang.of(step.label),
                    "word": self.lang.of(step.word),
                })
            })
            .collect();
        serde_json::json!({
            "title": self.lang.of(texts.title),
            "what": self.lang.of(texts.what),
            "next": self.lang.of(texts.next),
            "steps": steps,
        })
        .to_string()
    }
}
