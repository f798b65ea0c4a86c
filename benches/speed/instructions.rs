//! How many instructions the busiest requests take: valgrind counts them, and unlike times
//! they are the same on a machine that does other things too. `instructions.txt` has what
//! they took when somebody looked last.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Options;
use crate::fill::{Filled, Setup};
use crate::load::{Asker, Question};
use crate::pages::sign_in_start;
use crate::report::say;
use crate::support::deployed::Deployed;
use crate::support::process::Process;

const ROWS: u32 = 1_000;
const BEFORE: usize = 60;
const TIMES: usize = 100;

/// Sessions are read again every half second: the slower the machine, the more of these
/// readings are counted. The lowest of so many counts is taken.
const ROUNDS: usize = 3;

/// More than this is called worse.
const ALLOWED: f64 = 1.05;

const PAGES: [(&str, &str); 4] = [
    ("dashboard", "/"),
    ("first step of an issue", "/issue/kind"),
    ("history", "/issuances"),
    ("certificates", "/certificates"),
];

fn baseline() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/speed/instructions.txt")
}

/// Starts the portal so that valgrind can count.
fn counted(deployed: &Deployed, node: usize) -> Process {
    // Otherwise the portal begins itself anew, without valgrind.
    let portal = deployed.serving(node, &[("MALLOC_TRIM_THRESHOLD_", "131072")]);
    let mut command = Command::new("valgrind");
    let out = deployed.dir.path().join("counted");
    command
        .args(["--tool=callgrind", "--instr-atstart=no"])
        .arg(format!("--callgrind-out-file={}", out.display()))
        .arg(portal.get_program())
        .args(portal.get_args());
    for (name, value) in portal.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    if let Some(folder) = portal.get_current_dir() {
        command.current_dir(folder);
    }
    command.stderr(std::fs::File::create(deployed.log_of(9)).unwrap());
    Process::try_start(command, 1).unwrap_or_else(|why| panic!("{why}"))
}

/// Prints the table; returns the number of wrong answers and of pages that take more than
/// they did. With `--write` the counts become what others are compared with.
pub async fn measure(options: &Options) -> usize {
    let setup = Setup {
        serve: counted,
        ..Setup::default()
    };
    let filled = Filled::start_as(ROWS, setup).await;
    let client = filled.client();
    let mut all: Vec<_> = PAGES
        .iter()
        .map(|(name, path)| {
            (
                *name,
                client.clone(),
                Question::page(&client, path, "</html>"),
            )
        })
        .collect();
    all.push(sign_in_start(&filled).await);
    let known = std::fs::read_to_string(baseline()).unwrap_or_default();
    let (mut bad, mut lines) = (0, String::new());
    for (name, client, question) in all {
        let mut asker = Asker::new(&client, &question).await;
        for _ in 0..BEFORE {
            asker.ask().await;
        }
        let mut each = u64::MAX;
        for _ in 0..ROUNDS {
            order(&filled, "instrumentation on");
            order(&filled, "zero");
            for _ in 0..TIMES {
                let (_, is_right) = asker.ask().await;
                bad += usize::from(!is_right);
            }
            order(&filled, "instrumentation off");
            order(&filled, "dump");
            let total = newest_total(filled.deployed.dir.path());
            each = each.min(total / TIMES as u64);
        }
        let before = known.lines().find_map(|line| {
            let (count, of) = line.split_once(' ')?;
            (of == name).then(|| count.parse::<u64>().ok())?
        });
        let ratio = before.map(|before| each as f64 / before as f64);
        let is_worse = ratio.is_some_and(|ratio| ratio > ALLOWED);
        bad += usize::from(is_worse);
        let mark = if is_worse { "  more than allowed" } else { "" };
        say(format_args!(
            "  {name:28} {each:9} instructions  {:5.2} x{mark}",
            ratio.unwrap_or(1.0)
        ));
        lines.push_str(&format!("{each} {name}\n"));
    }
    if options.write {
        std::fs::write(baseline(), lines).unwrap();
    }
    bad
}

/// Gives valgrind an order.
fn order(filled: &Filled, what: &str) {
    let pid = format!("--pid={}", filled.pid());
    let done = Command::new("vgdb").arg(pid).args(what.split(' ')).output();
    let done = done.expect("vgdb, which comes with valgrind");
    assert!(done.status.success(), "{done:?}");
}

/// The instructions of the dump that was written last.
fn newest_total(folder: &Path) -> u64 {
    let dumps = std::fs::read_dir(folder).unwrap().flatten();
    let number = |entry: std::fs::DirEntry| {
        let name = entry.file_name().into_string().unwrap();
        name.strip_prefix("counted.")?.parse::<u32>().ok()
    };
    let newest = dumps.filter_map(number).max().expect("a dump");
    let text = std::fs::read_to_string(folder.join(format!("counted.{newest}"))).unwrap();
    let total = text.lines().find_map(|line| line.strip_prefix("totals: "));
    total.unwrap().trim().parse().unwrap()
}
