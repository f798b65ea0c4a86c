//! The admins' task list: what must be done before people can sign in, and the real
//! state of each task.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::day::Day;
use super::troubles;
use super::url_facts::UrlFacts;
use crate::domain::connection::Connection;
use crate::domain::login_attempt::Destination;
use crate::i18n::{Key, Message, key};
use crate::services::Portal;
use crate::services::accounts::own;
use crate::services::key_ages::{self, KeyAge};
use crate::services::redirect_urls::{self, Entry};
use crate::web::extractors::AuditorSignedIn;
use crate::web::page::{Frame, Section, Text, Tone, render};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

#[derive(Debug, Template)]
#[template(path = "admin/home.html")]
struct HomePage {
    frame: Frame,
    tasks: Vec<Task>,
    all_done: bool,
    /// Shown once the set-up is done.
    day: Option<Day>,
    master_key: KeyAge,
    /// How long personal data is kept.
    retention: Message,
}

impl HomePage {
    /// Whether it guides somebody through the set-up: who may change nothing has none to do.
    fn is_guide(&self) -> bool {
        self.day.is_none() && self.frame.may_change()
    }

    fn title(&self) -> Text {
        let title = match self.is_guide() {
            true => key("admin-home-title"),
            false => key("admin-home-status"),
        };
        self.frame.of_key(&title)
    }
}

#[derive(Debug)]
struct Task {
    title: Key,
    hint: Message,
    href: Option<String>,
    state: TaskState,
    /// Redirect URLs that this task is about.
    urls: Vec<UrlFacts>,
    /// Whether people can sign in only when it is done.
    is_of_setup: bool,
}

impl Task {
    fn new(title: Key, hint: impl Into<Message>, state: TaskState) -> Self {
        Self {
            title,
            hint: hint.into(),
            href: None,
            state,
            urls: Vec::new(),
            is_of_setup: true,
        }
    }
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

fn retention(portal: &Portal) -> Message {
    match portal.retention {
        Some(kept) => key("personal-data-erased").with("days", i64::from(kept.days())),
        None => key("personal-data-kept").into(),
    }
}

/// The first page after an admin signs in.
pub(super) async fn page(
    req: HttpRequest,
    state: web::Data<AppState>,
    auditor: AuditorSignedIn,
) -> Result<HttpResponse, AppError> {
    let connections = state.portal.connections.all().await?;
    let entries = redirect_urls::all(&state.portal).await?;
    let mut tasks = vec![
        account(&auditor.actor.name),
        second_factor(own::has_second_factor(&state.portal, &auditor.id).await?),
        public_url(&state.portal.public_url),
    ];
    tasks.extend(sign_in_tasks(&state.portal, &connections, &entries));
    let frame = Frame::of(&req, &state).at(Section::AdminHome);
    let frame = warned(frame, &state, &connections);
    for task in &mut tasks {
        let is_own = |href: &String| href.starts_with(routes::ADMIN_ACCOUNT);
        let href = task.href.take();
        task.href = href.filter(|href| frame.may_change() || is_own(href));
    }
    let is_done = |task: &Task| task.state == TaskState::Done || !task.is_of_setup;
    let is_set_up = tasks.iter().all(is_done);
    let day = match is_set_up {
        true => Some(Day::of(&state, &frame, &connections).await?),
        false => None,
    };
    let page = HomePage {
        frame,
        day,
        all_done: tasks.iter().all(|task| task.state == TaskState::Done),
        master_key: key_ages::of_master_key(&state.portal).await?,
        retention: retention(&state.portal),
        tasks,
    };
    Ok(render(&page, StatusCode::OK))
}

/// What hinders people at this moment.
fn warned(mut frame: Frame, state: &AppState, connections: &[Connection]) -> Frame {
    let (lang, now) = (frame.lang, state.portal.clock.now());
    for connection in connections {
        for trouble in state.portal.connections.troubles(connection, now) {
            let text = troubles::told(trouble, &connection.settings.name, lang);
            frame = frame.banner(Tone::Bad, text);
        }
    }
    if let Some(peer) = state.untrusted_proxy.get() {
        let text = key("admin-proxy-not-trusted").with("peer", peer.to_string());
        frame = frame.banner(Tone::Warning, text);
    }
    frame
}

fn account(username: &str) -> Task {
    let hint = key("admin-task-account-hint").with("name", username.to_owned());
    Task::new(key("admin-task-account"), hint, TaskState::Done)
}

fn second_factor(is_on: bool) -> Task {
    let hint = match is_on {
        true => key("admin-task-second-factor-on"),
        false => key("admin-task-second-factor-missing"),
    };
    let state = TaskState::of(is_on, true);
    Task {
        href: Some(routes::ADMIN_ACCOUNT.to_owned()),
        is_of_setup: false,
        ..Task::new(key("admin-task-second-factor"), hint, state)
    }
}

/// Plain http works only on the same machine, so it is good only for a trial.
fn public_url(url: &str) -> Task {
    let https = url.starts_with("https://");
    let hint = match https {
        true => key("admin-task-public-url-hint"),
        false => key("admin-task-public-url-local-hint"),
    };
    let hint = hint.with("url", url.to_owned());
    let state = TaskState::of(https, true);
    Task {
        is_of_setup: false,
        ..Task::new(key("admin-task-public-url"), hint, state)
    }
}

/// Three tasks in order: a connection, a redirect URL, a completed sign-in.
fn sign_in_tasks(portal: &Portal, connections: &[Connection], entries: &[Entry]) -> [Task; 3] {
    let enabled = connections.iter().filter(|connection| connection.enabled);
    let with_url = |connection| (connection, UrlFacts::of(portal, connection, entries));
    let (usable, waiting): (Vec<_>, Vec<_>) =
        enabled.map(with_url).partition(|(_, url)| url.is_usable());
    let any = !usable.is_empty() || !waiting.is_empty();
    let is_moved = waiting.iter().any(|(_, url)| url.moved_from.is_some());
    let confirmed = usable.iter().any(|(_, url)| url.is_confirmed());
    // Application users need none, where one is not only to be moved.
    let needs = |(connection, url): &(&Connection, UrlFacts)| {
        url.moved_from.is_some() || !connection.settings.direct_login
    };
    let is_registered = !usable.is_empty() && !waiting.iter().any(needs);
    let first = usable.first().map(|(first, _)| *first);
    [
        connection(connections, any),
        Task {
            href: any.then(|| routes::ADMIN_REDIRECT_URLS.to_owned()),
            // Whoever waits at one connection does not keep the others from being used.
            is_of_setup: usable.is_empty() || is_moved,
            urls: waiting.into_iter().map(|(_, url)| url).collect(),
            ..Task::new(
                key("admin-task-redirect-url"),
                match is_moved {
                    true => key("admin-task-redirect-url-moved"),
                    false => key("admin-task-redirect-url-hint"),
                },
                TaskState::of(is_registered, any),
            )
        },
        Task {
            href: first.map(|first| routes::sign_in(Some(&first.slug), &Destination::Home)),
            ..Task::new(
                key("admin-task-sign-in"),
                key("admin-task-sign-in-hint"),
                TaskState::of(confirmed && !is_moved, first.is_some()),
            )
        },
    ]
}

fn connection(connections: &[Connection], any_enabled: bool) -> Task {
    let to_add = match connections.is_empty() {
        true => routes::ADMIN_CONNECTION_NEW,
        false => routes::ADMIN_CONNECTIONS,
    };
    Task {
        href: Some(to_add.to_owned()),
        ..Task::new(
            key("admin-task-connection"),
            key("admin-task-connection-hint"),
            TaskState::of(any_enabled, true),
        )
    }
}
