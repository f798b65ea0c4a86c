//! Whether pages stay as quick while something else is slow: keys that the sandbox makes in
//! the portal's own process, as in the demo, or a Redtrust that keeps calls waiting.

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json;
use tempfile::tempdir;

use crate::fill::{Filled, pin};
use crate::load::{Question, Seen, open_loop};
use crate::report::{say, verdict};
use crate::support::page::Form;
use crate::support::process::Process;
use crate::support::raw_client::RawClient;
use crate::support::visitor::Visitor;

const ROUNDS: usize = 3;
const TIME: Duration = Duration::from_secs(4);
const PER_SECOND: f64 = 200.0;
const HISTORY: &str = "the history, 200 a second,";

/// Keys that are asked for at once, and how much slower pages may become.
const KEYS: usize = 8;
const BESIDE_KEYS: f64 = 1.5;

/// Calls of each of two people that hang at once, for longer than pages are asked for; and
/// how much slower those may become.
const EACH: usize = 13;
const HANGING: Duration = Duration::from_secs(8);
const BESIDE_CALLS: f64 = 1.2;

const SETTLED_WITHIN: Duration = Duration::from_secs(120);

/// Prints the lines; returns the number of wrong answers.
pub async fn measure(filled: &Filled) -> usize {
    pin(std::process::id(), 1);
    beside_keys().await + beside_calls(filled).await
}

async fn beside_keys() -> usize {
    let dir = tempdir().unwrap();
    let anywhere = "127.0.0.1:0";
    let arguments = ["demo", "--listen", anywhere, "--sandbox-listen", anywhere];
    let demo = Process::start(dir.path(), &arguments, &[], 2);
    pin(demo.pid(), 0);
    let origin = demo.url("portal");
    let ana = Visitor::new(&origin, "demo");
    ana.sign_in_at_redtrust().await.unwrap();
    let client = RawClient::of(&ana.browser, &origin, None);
    let mut compared = Compared::default();
    for _ in 0..ROUNDS {
        compared.ask(&client, false).await;
        let begun = begin(&ana, KEYS, "4096").await;
        compared.ask(&client, true).await;
        end(&ana, &begun).await;
    }
    compared.say(HISTORY, &format!("{KEYS} keys of 4096 bits"), BESIDE_KEYS)
}

async fn beside_calls(filled: &Filled) -> usize {
    let (client, controls) = (filled.client(), &filled.deployed.controls);
    let delay = json!(HANGING.as_millis());
    controls
        .fault("csr_create", "before", "delay", delay, 0)
        .await;
    let bea = Visitor::new(&filled.deployed.origin(), "ra-app");
    bea.sign_in().await.unwrap();
    let people = [&filled.ana, &bea];
    let mut compared = Compared::default();
    for _ in 0..ROUNDS {
        compared.ask(&client, false).await;
        let mut begun = Vec::new();
        for one in people {
            begun.push(begin(one, EACH, "2048").await);
        }
        compared.ask(&client, true).await;
        for (one, begun) in people.into_iter().zip(&begun) {
            end(one, begun).await;
        }
    }
    controls.mend().await;
    let calls = EACH * people.len();
    compared.say(HISTORY, &format!("{calls} calls that hang"), BESIDE_CALLS)
}

/// Begins so many issuances; returns where they are.
async fn begin(ana: &Visitor, many: usize, bits: &'static str) -> Vec<String> {
    let answers = [
        ("kind", "name"),
        ("common_name", "ANA GARCIA"),
        ("key_length", bits),
    ];
    let mut forms: Vec<Form> = Vec::new();
    for _ in 0..many {
        forms.push(ana.to_last_step("/issue", &answers).await.unwrap());
    }
    let all = join_all(forms.iter().map(|form| ana.submit(form))).await;
    all.into_iter()
        .map(|page| page.unwrap().url.path().to_owned())
        .collect()
}

/// Waits until they are settled.
async fn end(ana: &Visitor, begun: &[String]) {
    for path in begun {
        ana.settled(path, SETTLED_WITHIN).await.unwrap();
    }
}

/// What was seen without anything else, and beside it.
#[derive(Default)]
pub struct Compared {
    p99: [Vec<Duration>; 2],
    wrong: usize,
}

impl Compared {
    async fn ask(&mut self, client: &RawClient, beside: bool) {
        let question = Question::page(client, "/issuances", "</html>");
        self.note(
            beside,
            open_loop(client, &question, (PER_SECOND, TIME)).await,
        );
    }

    pub fn note(&mut self, beside: bool, seen: Seen) {
        self.p99[usize::from(beside)].push(seen.p99);
        self.wrong += seen.wrong;
    }

    /// Prints how slow `of` was; returns the number of wrong answers.
    pub fn say(self, of: &str, what: &str, allowed: f64) -> usize {
        let [alone, beside] = self.p99.map(|mut p99| {
            p99.sort_unstable();
            p99[p99.len() / 2].as_secs_f64() * 1000.0
        });
        let ratio = beside / alone;
        say(format_args!(
            "p99 of {of} beside {what}: {beside:.1} ms, {alone:.1} without, {ratio:.2} x ({allowed} is to be reached){}",
            verdict(ratio <= allowed)
        ));
        self.wrong
    }
}
