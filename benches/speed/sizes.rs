//! How soon the portal is ready, and how much memory and disk it takes.

use std::time::Duration;

use actix_web::cookie::{Cookie, CookieJar};
use rubrica::domain::digest::sha256;
use rubrica::storage::seal::KeyRing;
use rubrica::web::keys::WebKeys;
use sqlx::{AnyConnection, Connection as _};
use tempfile::tempdir;

use crate::fill::Filled;
use crate::load::{Asker, Question};
use crate::report::{say, verdict};
use crate::support::database::MASTER_KEY;
use crate::support::process::Process;
use crate::support::raw_client::RawClient;

const SESSIONS: usize = 10_000;
const STARTS: usize = 5;

/// What is to be reached: seconds and megabytes.
const READY_WITHIN: Duration = Duration::from_millis(200);
const MOST_OF_DEMO: f64 = 25.0;
const MOST_WITH_SESSIONS: f64 = 60.0;
const MOST_OF_BINARY: f64 = 20.0;

/// The session of whoever is signed in, once more under another id.
const COPY: &str = "INSERT INTO sessions (id_hash, kind, subject, sign_in_id, state, created_at, \
        used_at, address, device, idle_until, absolute_until) \
    SELECT $1, kind, subject, sign_in_id, state, created_at, used_at, address, device, \
        idle_until, absolute_until FROM sessions ORDER BY created_at DESC LIMIT 1";

/// Prints the lines; returns the number of wrong answers.
pub async fn measure(small: &Filled, large: &mut Filled) -> usize {
    small.stay_signed_in().await;
    let mut times: Vec<_> = (0..STARTS).map(|_| large.start_again()).collect();
    times.sort_unstable();
    let ready = times[STARTS / 2];
    say(format_args!(
        "ready after {:.3} s with {} requests{}",
        ready.as_secs_f64(),
        large.rows,
        verdict(ready <= READY_WITHIN)
    ));
    let (demo, binary) = (of_demo().await, of_binary());
    for (what, size, most) in [
        ("memory of the demo", demo, MOST_OF_DEMO),
        ("the binary", binary, MOST_OF_BINARY),
    ] {
        say(format_args!("{what}: {size:.1} MB{}", verdict(size < most)));
    }
    let wrong = sign_in_everybody(small).await;
    let size = megabytes(small.memory());
    say(format_args!(
        "memory with {SESSIONS} live sessions: {size:.1} MB{}",
        verdict(size < MOST_WITH_SESSIONS)
    ));
    wrong
}

pub fn megabytes(kib: usize) -> f64 {
    kib as f64 / 1024.0
}

async fn of_demo() -> f64 {
    let dir = tempdir().unwrap();
    let anywhere = "127.0.0.1:0";
    let arguments = ["demo", "--listen", anywhere, "--sandbox-listen", anywhere];
    let demo = Process::start(dir.path(), &arguments, &[], 2);
    tokio::time::sleep(Duration::from_secs(5)).await;
    megabytes(demo.memory())
}

fn of_binary() -> f64 {
    let binary = std::fs::metadata(env!("CARGO_BIN_EXE_rubrica")).unwrap();
    binary.len() as f64 / 1_000_000.0
}

/// Asks for one page in each of many sessions; returns the number of wrong answers.
async fn sign_in_everybody(filled: &Filled) -> usize {
    let keys = WebKeys::from_ring(&KeyRing::new(MASTER_KEY)).unwrap();
    let mut database = AnyConnection::connect(&filled.deployed.database_url)
        .await
        .unwrap();
    let mut database = database.begin().await.unwrap();
    let ids: Vec<String> = (0..SESSIONS).map(|n| format!("session-{n}")).collect();
    for id in &ids {
        let copy = sqlx::query(COPY).bind(sha256(id.as_bytes()).to_vec());
        copy.execute(&mut *database).await.unwrap();
    }
    database.commit().await.unwrap();
    let mut client = filled.client();
    let name = client.cookies.split('=').next().unwrap().to_owned();
    let mut wrong = 0;
    for id in ids {
        let mut jar = CookieJar::new();
        jar.signed_mut(&keys.cookie())
            .add(Cookie::new("rubrica", id));
        client.cookies = format!("{name}={}", jar.get("rubrica").unwrap().value());
        wrong += usize::from(!is_signed_in(&client).await);
    }
    wrong
}

async fn is_signed_in(client: &RawClient) -> bool {
    let question = Question::page(client, "/issue/kind", "id=\"signed-in-as\"");
    Asker::new(client, &question).await.ask().await.1
}
