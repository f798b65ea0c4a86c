//! Whether those who issue notice strangers who begin sign-ins, make up the tokens with which
//! one comes back, and guess passwords.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;
use sqlx::{AnyConnection, Connection as _};

use crate::fill::{Filled, Setup, pin};
use crate::isolation::Compared;
use crate::load::{Line, Seen, posting};
use crate::report::say;
use crate::support::app::fill;
use crate::support::browser::Browser;
use crate::support::page::Form;
use crate::support::raw_client::RawClient;
use crate::support::visitor::{Visitor, form_of};

const ROUNDS: u32 = 3;
const TIME: Duration = Duration::from_secs(10);

/// Requests of strangers, all together, and from how many addresses.
const PER_SECOND: u32 = 500;
const ADDRESSES: [u32; 3] = [1, 100, 1_000];
const BESIDE_STRANGERS: f64 = 1.5;

const PEOPLE: usize = 4;
/// How long they think about each step.
const THINKING: Duration = Duration::from_millis(50);
const SETTLED_WITHIN: Duration = Duration::from_secs(60);

/// Prints the lines; returns the number of wrong answers.
pub async fn measure() -> usize {
    pin(std::process::id(), 1);
    let mut wrong = 0;
    for addresses in ADDRESSES {
        // One person may ask for a thousand certificates at most, so each time anew.
        let (filled, people) = portal().await;
        let flood = Flood::new(&filled, addresses).await;
        let (mut compared, mut statuses) = (Compared::default(), BTreeMap::new());
        let before = rows(&filled).await;
        for round in 0..ROUNDS {
            let until = Instant::now() + TIME;
            compared.note(false, issue(&people, || Instant::now() < until).await);
            let goes_on = AtomicBool::new(true);
            let (seen, answers) =
                tokio::join!(issue(&people, || goes_on.load(Ordering::Relaxed)), async {
                    let answers = flood.pour(round).await;
                    goes_on.store(false, Ordering::Relaxed);
                    answers
                });
            compared.note(true, seen);
            for answer in answers {
                *statuses.entry(answer).or_insert(0) += 1;
            }
        }
        let what = format!("{PER_SECOND} requests a second of strangers at {addresses} addresses");
        wrong += compared.say("steps of those who issue", &what, BESIDE_STRANGERS);
        wrong += said(&statuses);
        let after = rows(&filled).await;
        say(format_args!(
            "  attempts and tries stored: {before:?}, then {after:?}"
        ));
    }
    wrong
}

/// A portal behind a proxy, and people who are signed in. Only Redtrust can read its tokens, so
/// that made-up ones cost calls.
async fn portal() -> (Filled, Vec<Visitor>) {
    let setup = Setup {
        serve: |deployed, node| {
            let proxy = "log = \"warn\"\ntrusted_proxies = \"127.0.0.1\"";
            deployed.rewrite(node, "log = \"warn\"", proxy);
            let opaque = "direct_login = true\n[connection.dialect]\ntemp_token = \"opaque\"";
            deployed.rewrite(node, "direct_login = true", opaque);
            deployed.serve(node)
        },
        ..Setup::default()
    };
    let filled = Filled::start_as(1_000, setup).await;
    let opaque = json!({"temp_token": "opaque"});
    filled.deployed.controls.put("dialect", opaque).await;
    let mut people = Vec::new();
    for _ in 0..PEOPLE {
        let person = Visitor::new(&filled.deployed.origin(), "demo");
        person.sign_in_at_redtrust().await.unwrap();
        people.push(person);
    }
    (filled, people)
}

/// Prints how strangers were answered; how many answers are wrong.
fn said(statuses: &BTreeMap<(&str, u16), usize>) -> usize {
    let all = statuses.iter();
    let words = all.map(|((asked, status), many)| format!("{asked} {status}: {many}"));
    say(format_args!("  {}", words.collect::<Vec<_>>().join(", ")));
    // Redtrust refuses a token: 502.
    let is_right = |status| matches!(status, 303 | 400..=499 | 502 | 503);
    let all = statuses.iter();
    all.filter(|((_, status), _)| !is_right(*status))
        .map(|(_, many)| many)
        .sum()
}

/// Each of these people walks through the steps of an issue, again and again; how long every
/// step took.
async fn issue(people: &[Visitor], goes_on: impl Fn() -> bool) -> Seen {
    let answers = [("kind", "name"), ("common_name", "TITULAR")];
    let began = Instant::now();
    let walks = people.iter().map(async |person| {
        let mut seen = Vec::new();
        while goes_on() {
            let asked = Instant::now();
            let mut page = person.visit("/issue").await.unwrap();
            seen.push((asked.elapsed(), true));
            while let Ok(form) = form_of(&page, "main form#step") {
                tokio::time::sleep(THINKING).await;
                let asked = Instant::now();
                page = person.submit(&fill(form, &answers)).await.unwrap();
                seen.push((asked.elapsed(), true));
            }
            let path = page.url.path();
            assert!(page.has("#state"), "{page:?}");
            let settled = person.settled(path, SETTLED_WITHIN).await.unwrap();
            let state = settled.attribute("#state", "data-state");
            let is_issued = state.as_deref() == Some("issued");
            seen.last_mut().unwrap().1 = is_issued;
        }
        seen
    });
    Seen::of(&join_all(walks).await.concat(), began)
}

/// Sign-ins that are under way and tries that are counted.
async fn rows(filled: &Filled) -> [i64; 2] {
    let mut database = AnyConnection::connect(&filled.deployed.database_url)
        .await
        .unwrap();
    let mut count = async |sql| sqlx::query_scalar(sql).fetch_one(&mut database).await;
    [
        count("SELECT COUNT(*) FROM attempts").await.unwrap(),
        count("SELECT COUNT(*) FROM tries").await.unwrap(),
    ]
}

/// What strangers ask, from how many addresses.
struct Flood {
    client: RawClient,
    begin: Form,
    guess: Form,
    addresses: u32,
}

impl Flood {
    async fn new(filled: &Filled, addresses: u32) -> Self {
        let origin = filled.deployed.origin();
        let browser = Browser::new();
        let page = browser.visit(&format!("{origin}/sign-in")).await;
        let guess = page.form("form[action='/sign-in/direct']");
        let port = filled.deployed.ports.first().copied();
        Self {
            client: RawClient::of(&browser, &origin, port),
            begin: page.form("form[action='/sign-in/redtrust']"),
            guess: guess.set("username", "ra-app").set("password", "wrong"),
            addresses,
        }
    }

    /// Asks for so long, whether or not earlier answers have come; what was asked, and the
    /// status of its answer.
    async fn pour(&self, round: u32) -> Vec<(&'static str, u16)> {
        const LINES: u32 = 64;
        let began = Instant::now();
        let turns = PER_SECOND * u32::try_from(TIME.as_secs()).unwrap() / 3;
        let one = async |first: u32| {
            let mut line = Line::new(&self.client).await;
            let mut seen = Vec::new();
            for turn in (first..turns).step_by(LINES as usize) {
                let at = f64::from(turn * 3) / f64::from(PER_SECOND);
                let at = began + Duration::from_secs_f64(at);
                tokio::time::sleep_until(at.into()).await;
                seen.extend(self.come(&mut line, round * turns + turn).await);
            }
            seen
        };
        join_all((0..LINES).map(one)).await.concat()
    }

    /// One stranger begins a sign-in, comes back with a made-up token, and guesses.
    async fn come(&self, line: &mut Line, number: u32) -> [(&'static str, u16); 3] {
        let address = number % self.addresses;
        let address = format!("10.1.{}.{}", address / 250, address % 250);
        let from = format!("X-Forwarded-For: {address}\r\n");
        let begun = answered(line, &posting(&self.client, &self.begin, &from)).await;
        let begin = ("begin", status(&begun));
        let mut client = self.client.clone();
        for set in begun.lines().filter_map(|line| line.split_once(": ")) {
            if set.0.eq_ignore_ascii_case("set-cookie") {
                let cookie = set.1.split(';').next().unwrap();
                client.cookies = format!("{cookie}; {}", client.cookies);
            }
        }
        let path = format!("/callback/acme?tkn=made-up-{}-{number}", self.addresses);
        let request = client.head("GET", &path, &from).into_bytes();
        let callback = ("callback", status(&answered(line, &request).await));
        let guess = posting(&client, &self.guess, &from);
        [
            begin,
            callback,
            ("guess", status(&answered(line, &guess).await)),
        ]
    }
}

async fn answered(line: &mut Line, request: &[u8]) -> String {
    String::from_utf8_lossy(line.exchange(request).await).into_owned()
}

/// The status of an answer.
fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}
