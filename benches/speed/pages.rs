//! Pages a second with one processor, against the lightest answer of the same binary.

use std::time::Duration;

use crate::Options;
use crate::fill::{Filled, pin};
use crate::growth;
use crate::instructions;
use crate::isolation;
use crate::issuances;
use crate::journeys;
use crate::load::{Question, closed_loop, open_loop};
use crate::nodes;
use crate::peers;
use crate::report::say;
use crate::short;
use crate::support::raw_client::RawClient;
use crate::support::visitor::{Visitor, form_of};

const ROUNDS: usize = 3;
const TIME: Duration = Duration::from_secs(2);

/// Name, path, and what stands in a right answer.
const BARE: &str = "bare answer";
pub const PAGES: [(&str, &str, &str); 7] = [
    (BARE, "/healthz", "ok"),
    ("dashboard", "/", "</html>"),
    ("page without a session", "/sign-in", "</html>"),
    ("help, signed in", "/help", "</html>"),
    ("first step of an issue", "/issue/kind", "</html>"),
    ("history, 20 rows", "/issuances", "</html>"),
    ("certificates, 20 rows", "/certificates", "</html>"),
];

/// Prints the tables; returns the number of wrong answers.
pub fn run(options: &Options) -> usize {
    sqlx::any::install_default_drivers();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let wrong = runtime.block_on(async {
        if options.instructions {
            return instructions::measure(options).await;
        }
        if options.short {
            return short::measure().await;
        }
        let small = Filled::start(1_000).await;
        if options.postgres {
            return nodes::measure(&small).await;
        }
        let mut wrong = measure(&small).await;
        if options.peers {
            wrong += peers::measure(&small).await;
        }
        wrong += journeys::measure(&small).await;
        wrong += issuances::measure(&small).await;
        wrong += isolation::measure(&small).await;
        wrong + growth::measure(&small, options).await
    });
    say(format_args!("{wrong} answers or figures are wrong"));
    wrong
}

/// Prints the table; returns the number of wrong answers.
async fn measure(filled: &Filled) -> usize {
    pin(std::process::id(), 1);
    let client = filled.client();
    let page = |(name, path, wanted)| (name, client.clone(), Question::page(&client, path, wanted));
    let mut all: Vec<_> = PAGES.into_iter().map(page).collect();
    all.push(sign_in_start(filled).await);
    let (mut wrong, mut bare) = (0, 0.0);
    say(format_args!(
        "answers a second, one processor, {} requests; p99 when half as many are asked for",
        filled.rows
    ));
    for (name, client, question) in all {
        let mut rates = Vec::new();
        for _ in 0..ROUNDS {
            let seen = closed_loop(&client, &question, TIME).await;
            rates.push(seen.per_second);
            wrong += seen.wrong;
        }
        rates.sort_by(f64::total_cmp);
        let median = rates[ROUNDS / 2];
        if name == BARE {
            bare = median;
        }
        let half = open_loop(&client, &question, (median / 2.0, TIME)).await;
        wrong += half.wrong;
        say(format_args!(
            "  {name:28} {median:8.0}/s  {:5.2} of a bare answer, p99 {:.1} ms",
            median / bare,
            half.p99.as_secs_f64() * 1000.0
        ));
    }
    say(format_args!(
        "  memory {:.1} MB",
        filled.memory() as f64 / 1024.0
    ));
    wrong
}

/// The form that leads to Redtrust, of somebody who is not signed in.
pub async fn sign_in_start(filled: &Filled) -> (&'static str, RawClient, Question) {
    let origin = filled.deployed.origin();
    let visitor = Visitor::new(&origin, "demo");
    let page = visitor.visit("/sign-in").await.unwrap();
    let form = form_of(&page, "form[action='/sign-in/redtrust']").unwrap();
    let port = filled.deployed.ports.first().copied();
    let client = RawClient::of(&visitor.browser, &origin, port);
    let question = Question::form(&client, &form);
    ("start of a sign-in", client, question)
}
