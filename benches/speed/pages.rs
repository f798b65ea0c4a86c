//! Pages a second with one processor, against the lightest answer of the same binary.

use std::time::Duration;

use crate::bare;
use crate::bulk;
use crate::fill::{Filled, pin};
use crate::flood;
use crate::growth;
use crate::instructions;
use crate::isolation;
use crate::issuances;
use crate::journeys;
use crate::load::{Question, closed_loop, open_loop};
use crate::nodes;
use crate::peers;
use crate::report::{say, verdict};
use crate::short;
use crate::signing;
use crate::sizes::{self, megabytes};
use crate::support::raw_client::RawClient;
use crate::support::visitor::{Visitor, form_of};
use crate::{Options, Part};

const ROUNDS: usize = 3;
const TIME: Duration = Duration::from_secs(2);

/// What is to be reached: of a bare page of as many bytes, of a bare answer, milliseconds.
const PAGE_SHARE: f64 = 0.75;
const START_SHARE: f64 = 0.5;
const HISTORY_P99: f64 = 5.0;

const BARE: &str = "bare answer";
pub const FIRST_STEP: &str = "first step of an issue";
pub const HISTORY: &str = "history, 20 rows";
pub const START: &str = "start of a sign-in";
/// Name, path, and what stands in a right answer.
pub const PAGES: [(&str, &str, &str); 7] = [
    (BARE, "/healthz", "ok"),
    ("dashboard", "/", "</html>"),
    ("page without a session", "/sign-in", "</html>"),
    ("help, signed in", "/help", "</html>"),
    (FIRST_STEP, "/issue/kind", "</html>"),
    (HISTORY, "/issuances", "</html>"),
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
        if options.bulk > 0 {
            return bulk::measure(&small, options.bulk).await;
        }
        let mut wrong = 0;
        if options.wants(Part::Signing) {
            signing::measure();
        }
        if options.wants(Part::Pages) {
            wrong += measure(&small, &options.page).await;
        }
        if options.wants(Part::Journeys) {
            wrong += journeys::measure(&small).await;
        }
        if options.wants(Part::Issuances) {
            wrong += issuances::measure(&small).await;
        }
        if options.wants(Part::Isolation) {
            wrong += isolation::measure(&small).await;
        }
        if options.wants(Part::Flood) {
            wrong += flood::measure().await;
        }
        let has_many = options.peers || options.wants(Part::Growth) || options.wants(Part::Sizes);
        if !has_many {
            return wrong;
        }
        let mut large = Filled::start(options.rows).await;
        if options.peers {
            wrong += peers::measure(&large).await;
        }
        if options.wants(Part::Growth) {
            wrong += growth::measure(&small, &large, options).await;
        }
        if options.wants(Part::Sizes) {
            wrong += sizes::measure(&small, &mut large).await;
        }
        wrong
    });
    say(format_args!("{wrong} answers or figures are wrong"));
    wrong
}

/// Prints the table; returns the number of wrong answers.
async fn measure(filled: &Filled, wanted: &str) -> usize {
    pin(std::process::id(), 1);
    let client = filled.client();
    let page = |(name, path, wanted)| (name, client.clone(), Question::page(&client, path, wanted));
    let mut all: Vec<_> = PAGES.into_iter().map(page).collect();
    all.push(sign_in_start(filled).await);
    all.retain(|(name, ..)| *name == BARE || name.contains(wanted));
    let (mut wrong, mut bare) = (0, 0.0);
    say(format_args!(
        "answers a second, one processor, {} requests; p99 when half as many are asked for",
        filled.rows
    ));
    for (name, client, question) in all {
        let (rate, failed) = rate(&client, &question).await;
        if name == BARE {
            bare = rate;
        }
        let half = open_loop(&client, &question, (rate / 2.0, TIME)).await;
        wrong += failed + half.wrong;
        let p99 = half.p99.as_secs_f64() * 1000.0;
        let is_reached = match name {
            START => rate / bare >= START_SHARE,
            HISTORY => p99 < HISTORY_P99,
            _ => true,
        };
        say(format_args!(
            "  {name:28} {rate:8.0}/s  {:5.2} of a bare answer, p99 {p99:.1} ms{}",
            rate / bare,
            verdict(is_reached)
        ));
        if name == FIRST_STEP {
            wrong += against_bare_page(filled, rate).await;
        }
    }
    say(format_args!(
        "  memory {:.1} MB",
        megabytes(filled.memory())
    ));
    wrong
}

/// Answers a second, and how many were wrong.
async fn rate(client: &RawClient, question: &Question) -> (f64, usize) {
    let (mut rates, mut wrong) = (Vec::new(), 0);
    for _ in 0..ROUNDS {
        let seen = closed_loop(client, question, TIME).await;
        rates.push(seen.per_second);
        wrong += seen.wrong;
    }
    rates.sort_by(f64::total_cmp);
    (rates[ROUNDS / 2], wrong)
}

/// Prints how the first step of an issue stands to a page of as many bytes.
async fn against_bare_page(filled: &Filled, rate_of_page: f64) -> usize {
    let page = filled.ana.visit("/issue/kind").await.unwrap();
    let bare = bare::start(page.body.len()).await;
    let question = Question::page(&bare.client, "/", "</html>");
    let (rate, wrong) = rate(&bare.client, &question).await;
    let share = rate_of_page / rate;
    say(format_args!(
        "  {:28} {rate:8.0}/s: the page above is {share:.2} of it ({PAGE_SHARE} is to be reached){}",
        format!("a bare page of {} bytes", page.body.len()),
        verdict(share >= PAGE_SHARE)
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
    (START, client, question)
}
