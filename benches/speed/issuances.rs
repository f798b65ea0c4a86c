//! How many certificates can be issued in a second, against how many commits the disk takes.
//! The sandbox makes real keys, for which it needs longer than the portal for everything; so
//! what counts is the portal's own time on the processor, as if Redtrust answered at once.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use sqlx::{AnyConnection, Connection};

use crate::fill::Filled;
use crate::report::{say, verdict};
use crate::support::visitor::Visitor;

const ANSWERS: [(&str, &str); 2] = [("kind", "name"), ("common_name", "ANA GARCIA")];
const ROUNDS: u32 = 5;
const AT_ONCE: u32 = 8;
const TIME: Duration = Duration::from_secs(2);

/// What is to be reached.
const SHARE: f64 = 0.3;

/// Prints the line; returns the number of wrong answers.
pub async fn measure(filled: &Filled) -> usize {
    let (mut used, mut wrong) = (Duration::ZERO, 0);
    for _ in 0..ROUNDS {
        let (took, failed) = issue(filled).await;
        used += took;
        wrong += failed;
    }
    let counted = Counted::of(filled.pid(), filled.deployed.dir.path());
    wrong += issue(filled).await.1;
    let commits = f64::from(counted.syncs()) / f64::from(AT_ONCE);
    let each = used.as_secs_f64() / f64::from(ROUNDS * AT_ONCE);
    let bare = bare_commits(filled.deployed.dir.path()).await;
    say(format_args!(
        "an issuance, from the last form to the result, takes {:.2} ms of the portal's processor \
         and {commits:.1} commits: {:.0} a second, where {bare:.0} bare durable commits would do \
         for {:.0}: {:.2} of them ({SHARE} is to be reached){}",
        each * 1000.0,
        1.0 / each,
        bare / commits,
        commits / each / bare,
        verdict(commits / each / bare >= SHARE)
    ));
    wrong
}

/// Issues some at once, from the last form on; returns the time of the portal's processor,
/// and how many were not issued.
async fn issue(filled: &Filled) -> (Duration, usize) {
    let ana = &filled.ana;
    let mut forms = Vec::new();
    for _ in 0..AT_ONCE {
        forms.push(ana.to_last_step("/issue", &ANSWERS).await.unwrap());
    }
    let before = filled.used();
    let all = join_all(forms.iter().map(|form| ana.submit(form))).await;
    let paths = all
        .into_iter()
        .map(|page| page.unwrap().url.path().to_owned());
    filled.until_settled().await;
    let used = filled.used() - before;
    let mut wrong = 0;
    for path in paths {
        wrong += usize::from(!is_issued(ana, &path).await);
    }
    (used, wrong)
}

async fn is_issued(ana: &Visitor, path: &str) -> bool {
    let page = ana.visit(path).await.unwrap();
    page.attribute("#state", "data-state").as_deref() == Some("issued")
}

/// So many rows are written in a second, each in a commit of its own, as the portal writes.
async fn bare_commits(folder: &Path) -> f64 {
    let url = format!("sqlite://{}?mode=rwc", folder.join("bare.db").display());
    let mut database = AnyConnection::connect(&url).await.unwrap();
    let settings = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                    CREATE TABLE bare (number BIGINT)";
    sqlx::raw_sql(settings)
        .execute(&mut database)
        .await
        .unwrap();
    let (began, mut done) = (Instant::now(), 0.0);
    while began.elapsed() < TIME {
        let insert = sqlx::query("INSERT INTO bare (number) VALUES (1)");
        insert.execute(&mut database).await.unwrap();
        done += 1.0;
    }
    done / began.elapsed().as_secs_f64()
}

/// `strace`, which counts how often a process waits for the disk.
struct Counted {
    strace: Child,
    table: PathBuf,
}

impl Counted {
    fn of(pid: u32, folder: &Path) -> Self {
        let table = folder.join("syncs");
        let mut strace = Command::new("strace");
        strace
            .args(["-f", "-c", "-e", "trace=fsync,fdatasync", "-p"])
            .arg(pid.to_string())
            .arg("-o")
            .arg(&table)
            .stderr(Stdio::null());
        let strace = strace.spawn().expect("strace");
        // It says only to people when it has attached to all threads.
        std::thread::sleep(Duration::from_millis(500));
        Self { strace, table }
    }

    fn syncs(mut self) -> u32 {
        let pid = self.strace.id().to_string();
        let stopped = Command::new("kill").args(["-INT", &pid]).status();
        assert!(stopped.unwrap().success());
        self.strace.wait().unwrap();
        let table = std::fs::read_to_string(&self.table).unwrap();
        // Share, seconds, microseconds a call, calls, and the name.
        let calls = table.lines().filter(|line| line.ends_with("sync"));
        let number = |line: &str| line.split_whitespace().nth(3)?.parse::<u32>().ok();
        calls.filter_map(number).sum()
    }
}
