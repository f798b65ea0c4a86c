//! The admins' task list: what must be done before people can sign in, and the real
//! state of each task.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::domain::connection::Connection;
use crate::domain::login_attempt::Destination;
use crate::domain::redirect_url::RedirectUrlState;
use crate::i18n::{Key, Message, key};
use crate::services::connections::Trouble;
use crate::services::redirect_urls::{self, Entry};
use crate::web::extractors::AdminSignedIn;
use crate::web::page::{Frame, Section, Tone, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "admin/home.html")]
struct HomePage {
    frame: Frame,
    tasks: Vec<Task>,
    all_done: bool,
}

#[derive(Debug)]
struct Task {
    title: Key,
    hint: Message,
    href: Option<String>,
    state: TaskState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TaskState {
    Done,
    ToDo,
    /// Another task must be done first.
    Later,
}

impl TaskState {
    const fn of(done: bool, possible: bool) -> Self {
        match (done, possible) {
            (true, _) => Self::Done,
            (false, true) => Self::ToDo,
            (false, false) => Self::Later,
        }
    }

    const fn text(self) -> Key {
        match self {
            Self::Done => key("admin-task-done"),
            Self::ToDo => key("admin-task-to-do"),
            Self::Later => key("admin-task-later"),
        }
    }

    const fn tone(self) -> &'static str {
        match self {
            Self::Done => Tone::Good.class(),
            Self::ToDo => Tone::Warning.class(),
            Self::Later => Tone::Info.class(),
        }
    }
}

/// The first page after an admin signs in.
pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    admin: AdminSignedIn,
) -> Result<HttpResponse, AppError> {
    let connections = state.portal.connections.all().await?;
    let entries = redirect_urls::all(&state.portal).await?;
    let mut tasks = vec![
        account(&admin.actor.name),
        public_url(&state.portal.public_url),
    ];
    tasks.extend(sign_in_tasks(&connections, &entries));
    let mut frame = Frame::of(&req, &state).at(Section::AdminHome);
    for connection in connections.iter() {
        let now = state.portal.clock.now();
        for trouble in state.portal.connections.troubles(connection, now) {
            frame = frame.banner(Tone::Bad, told(trouble, &connection.settings.name));
        }
    }
    let page = HomePage {
        frame,
        all_done: tasks.iter().all(|task| task.state == TaskState::Done),
        tasks,
    };
    Ok(render(&page, StatusCode::OK))
}

/// What an admin is told about a trouble of the connection with this name.
pub(super) fn told(trouble: Trouble, name: &str) -> Message {
    let (key, skew) = match trouble {
        Trouble::Untrusted => return key("admin-untrusted").with("name", name.to_owned()),
        Trouble::Unreachable => return key("admin-unreachable").with("name", name.to_owned()),
        Trouble::ClockAhead(skew) => (key("admin-clock-ahead"), skew),
        Trouble::ClockBehind(skew) => (key("admin-clock-behind"), skew),
    };
    key.with("name", name.to_owned())
        .with("seconds", skew.as_secs().to_string())
}

fn account(username: &str) -> Task {
    Task {
        title: key("admin-task-account"),
        hint: key("admin-task-account-hint").with("name", username.to_owned()),
        href: None,
        state: TaskState::Done,
    }
}

/// Plain http works only on the same machine, so it is good only for a trial.
fn public_url(url: &str) -> Task {
    let https = url.starts_with("https://");
    let hint = match https {
        true => key("admin-task-public-url-hint"),
        false => key("admin-task-public-url-local-hint"),
    };
    Task {
        title: key("admin-task-public-url"),
        hint: hint.with("url", url.to_owned()),
        href: None,
        state: TaskState::of(https, true),
    }
}

/// Three tasks in order: a connection, a redirect URL, a completed sign-in.
fn sign_in_tasks(connections: &[Connection], entries: &[Entry]) -> [Task; 3] {
    let of = |entry: &&Entry| {
        let mut enabled = connections.iter().filter(|connection| connection.enabled);
        enabled.find(|connection| connection.id == entry.connection_id)
    };
    let in_use = entries.iter().filter(|entry| entry.state.lets_sign_in());
    let usable: Vec<_> = in_use.filter(|entry| of(entry).is_some()).collect();
    let confirmed = usable
        .iter()
        .any(|entry| entry.state == RedirectUrlState::Confirmed);
    let any = connections.iter().any(|connection| connection.enabled);
    let first = usable.first().and_then(of);
    let to_add = match connections.is_empty() {
        true => routes::ADMIN_CONNECTION_NEW,
        false => routes::ADMIN_CONNECTIONS,
    };
    [
        Task {
            title: key("admin-task-connection"),
            hint: key("admin-task-connection-hint").into(),
            href: Some(to_add.to_owned()),
            state: TaskState::of(any, true),
        },
        Task {
            title: key("admin-task-redirect-url"),
            hint: key("admin-task-redirect-url-hint").into(),
            href: any.then(|| routes::ADMIN_REDIRECT_URLS.to_owned()),
            state: TaskState::of(!usable.is_empty(), any),
        },
        Task {
            title: key("admin-task-sign-in"),
            hint: key("admin-task-sign-in-hint").into(),
            href: first.map(|first| routes::sign_in(Some(&first.slug), &Destination::Home)),
            state: TaskState::of(confirmed, !usable.is_empty()),
        },
    ]
}
