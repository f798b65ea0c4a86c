//! The same answers as Express and Django give them: small programs in `peers/`, in their
//! production mode. npm and pip install what they need into `target/peers`, once.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::fill::Filled;
use crate::load::{Question, closed_loop};
use crate::pages::{FIRST_STEP, HISTORY, START, sign_in_start};
use crate::report::{say, verdict};
use crate::server::{Server, pinned};
use crate::support::page::Form;
use crate::support::process::port_to_come_back_to;
use crate::support::raw_client::{RawClient, Then};

const ROUNDS: usize = 3;
const TIME: Duration = Duration::from_secs(2);
const SOON: Duration = Duration::from_secs(10);

/// What is asked, at the portal and at its peers.
const ASKED: [(&str, &str, &str); 2] = [
    (FIRST_STEP, "/issue/kind", "/first"),
    (HISTORY, "/issuances", "/list"),
];

/// How many times as many answers as Express and Django give are to be reached.
const GOALS: [(&str, [f64; 2]); 3] = [
    (FIRST_STEP, [12.0, 60.0]),
    (HISTORY, [8.0, 40.0]),
    (START, [6.0, 0.0]),
];

/// A running peer, and what it is asked.
struct Peer {
    name: &'static str,
    _server: Server,
    questions: Vec<(RawClient, Question)>,
}

/// Prints the table; returns the number of wrong answers.
pub async fn measure(filled: &Filled) -> usize {
    let data = tempfile::tempdir().unwrap();
    let peers = [
        express(data.path(), filled.rows).await,
        django(data.path(), filled.rows).await,
    ];
    let client = filled.client();
    let page =
        |(_, path, _): &(_, &str, _)| (client.clone(), Question::page(&client, path, "</html>"));
    let mut own: Vec<_> = ASKED.iter().map(page).collect();
    let (_, start_client, start) = sign_in_start(filled).await;
    own.push((start_client, start));
    let (mut wrong, rows) = (0, filled.rows);
    say(format_args!("how many times as many as peers, {rows} rows"));
    for (at, (name, goals)) in GOALS.into_iter().enumerate() {
        let all: Vec<_> = std::iter::once(&own[at])
            .chain(peers.iter().map(|peer| &peer.questions[at]))
            .collect();
        let mut rates = vec![Vec::new(); all.len()];
        for _ in 0..ROUNDS {
            for ((client, question), rates) in all.iter().zip(&mut rates) {
                let seen = closed_loop(client, question, TIME).await;
                rates.push(seen.per_second);
                wrong += seen.wrong;
            }
        }
        let medians: Vec<f64> = rates
            .into_iter()
            .map(|mut rates| {
                rates.sort_by(f64::total_cmp);
                rates[ROUNDS / 2]
            })
            .collect();
        let against = peers.iter().zip(&medians[1..]).zip(goals);
        let against: Vec<_> = against
            .map(|((peer, rate), goal)| {
                let times = medians[0] / rate;
                let mark = verdict(times >= goal);
                format!("{times:6.1} x {} ({rate:.0}/s){mark}", peer.name)
            })
            .collect();
        say(format_args!("  {name:28} {}", against.join("  ")));
    }
    wrong
}

fn source(name: &str) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.join("benches/speed/peers").join(name)
}

/// The folder into which a peer's packages are installed.
fn installed(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers");
    std::fs::create_dir_all(folder.join(name)).unwrap();
    folder.join(name)
}

fn run(command: &mut Command) {
    let done = command.output().unwrap();
    assert!(done.status.success(), "{command:?}: {done:?}");
}

async fn express(data: &Path, rows: u32) -> Peer {
    let folder = installed("express");
    for file in ["package.json", "express.js"] {
        std::fs::copy(source(file), folder.join(file)).unwrap();
    }
    if !folder.join("node_modules/express").exists() {
        run(Command::new("npm")
            .args(["install", "--silent"])
            .current_dir(&folder));
    }
    let port = port_to_come_back_to();
    let mut command = pinned("node");
    command
        .arg(folder.join("express.js"))
        .args([port.to_string(), rows.to_string()])
        .env("NODE_ENV", "production");
    Peer::start("Express", command, (data, port), "csrf").await
}

async fn django(data: &Path, rows: u32) -> Peer {
    let folder = installed("django");
    let bin = folder.join("venv/bin");
    if !bin.join("gunicorn").exists() {
        let venv = folder.join("venv");
        run(Command::new("python3").args(["-m", "venv"]).arg(venv));
        run(Command::new(bin.join("pip")).args(["install", "--quiet", "django", "gunicorn"]));
    }
    let app = source("django_app.py");
    let rows = rows.to_string();
    let prepare = &mut Command::new(bin.join("python"));
    run(prepare.arg(&app).env("ROWS", &rows).current_dir(data));
    let port = port_to_come_back_to();
    let mut command = pinned(bin.join("gunicorn"));
    command
        .args(["--workers", "1", "--threads", "4", "--bind"])
        .arg(format!("127.0.0.1:{port}"))
        .arg("django_app:application")
        .env("PYTHONPATH", source(""));
    Peer::start("Django", command, (data, port), "csrfmiddlewaretoken").await
}

impl Peer {
    /// Starts it and signs in.
    async fn start(
        name: &'static str,
        mut command: Command,
        (data, port): (&Path, u16),
        csrf: &str,
    ) -> Self {
        command.current_dir(data).env("HOME", data);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let server = Server::start(command, port).await;
        let mut client = server.client.clone();
        let head = client.head("GET", "/enter", "Connection: close\r\n");
        let answer = client.exchange(head.as_bytes(), Then::Wait, SOON).await;
        let answer = answer.expect("an answer of the peer");
        let headers = answer.headers();
        let cookies = headers.get_all("set-cookie").iter();
        let pair = |cookie: &reqwest::header::HeaderValue| {
            let text = cookie.to_str().unwrap();
            text.split(';').next().unwrap().to_owned()
        };
        client.cookies = cookies.map(pair).collect::<Vec<_>>().join("; ");
        let text = answer.0.split("\r\n\r\n").nth(1).unwrap_or_default();
        let form = Form::empty(&format!("{}/start", client.origin)).forge(csrf, text.trim());
        let page = |path| (client.clone(), Question::page(&client, path, "</html>"));
        let mut questions: Vec<_> = ASKED.iter().map(|(.., path)| page(path)).collect();
        questions.push((client.clone(), Question::form(&client, &form)));
        Self {
            name,
            _server: server,
            questions,
        }
    }
}
