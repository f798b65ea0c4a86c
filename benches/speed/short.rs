//! What the gate can afford: a minute, in the build that it has. Pages are compared with the
//! bare answer, and long lists with short ones, asked in turn: ratios of one run of the
//! portal's own time on the processor, which hardly depend on the machine and on what else
//! it does. In a build without optimisation they are not those of a release,
//! but a statement too many, or one that reads the whole list, shows here as well.

use std::time::Duration;

use crate::fill::Filled;
use crate::load::{Asker, Question};
use crate::pages::{PAGES, sign_in_start};
use crate::report::say;
use crate::support::raw_client::RawClient;

const ROUNDS: usize = 4;
const TIMES: usize = 10;
const FEW: u32 = 1_000;
const MANY: u32 = 10_000;

/// So many times the usual is a gross loss.
const ALLOWED: f64 = 2.0;

/// How many times as much time of the processor as a bare answer a page takes in a build
/// without optimisation.
const USUAL: [(&str, f64); 6] = [
    ("dashboard", 20.0),
    ("page without a session", 3.0),
    ("first step of an issue", 3.5),
    ("history, 20 rows", 10.5),
    ("certificates, 20 rows", 12.5),
    ("start of a sign-in", 2.2),
];

/// Lists of which both portals have a full page.
const LISTS: [&str; 6] = [
    "/",
    "/issuances",
    "/issuances?state=issued&kind=seal",
    "/issuances?sort=holder",
    "/certificates",
    "/certificates?kind=seal&sort=holder",
];

/// Prints the tables; returns the number of wrong answers and of gross losses.
pub async fn measure() -> usize {
    let few = Filled::start(FEW).await;
    let mut bad = pages(&few).await;
    let many = Filled::start(MANY).await;
    say(format_args!(
        "time of a page with {MANY} requests, against {FEW}"
    ));
    for path in LISTS {
        let both = [&few, &many].map(|of| Asked::page(of, path, "</html>"));
        bad += compare(path, both, 1.0).await;
    }
    bad
}

async fn pages(few: &Filled) -> usize {
    say("time of a page, against a bare answer");
    let mut bad = 0;
    for (name, usual) in USUAL {
        let page = PAGES.iter().find(|(of, ..)| *of == name);
        let asked = match page {
            Some((_, path, wanted)) => Asked::page(few, path, wanted),
            None => {
                let (_, client, question) = sign_in_start(few).await;
                Asked {
                    of: few,
                    client,
                    question,
                }
            }
        };
        let bare = Asked::page(few, "/healthz", "ok");
        bad += compare(name, [bare, asked], usual).await;
    }
    bad
}

/// What is asked, and of whom.
struct Asked<'f> {
    of: &'f Filled,
    client: RawClient,
    question: Question,
}

impl<'f> Asked<'f> {
    fn page(of: &'f Filled, path: &str, wanted: &'static str) -> Self {
        let client = of.client();
        let question = Question::page(&client, path, wanted);
        Self {
            of,
            client,
            question,
        }
    }
}

/// Asks both in turn; returns the number of wrong answers, and one more if the second takes
/// much longer than so many times the first.
async fn compare(name: &str, both: [Asked<'_>; 2], usual: f64) -> usize {
    let (mut bad, mut used) = (0, [Duration::ZERO; 2]);
    for _ in 0..ROUNDS {
        for (
            Asked {
                of,
                client,
                question,
            },
            used,
        ) in both.iter().zip(&mut used)
        {
            let mut asker = Asker::new(client, question).await;
            // What the one before left to do is not counted.
            asker.ask().await;
            let before = of.used();
            for _ in 0..TIMES {
                bad += usize::from(!asker.ask().await.1);
            }
            *used += of.used() - before;
        }
    }
    let [first, second] = used.map(|used| used.as_secs_f64());
    let ratio = second / first / usual;
    let mark = if ratio > ALLOWED { "  gross loss" } else { "" };
    say(format_args!(
        "  {name:40} {:6.2} ms  {ratio:5.2} of what is usual{mark}",
        second * 1000.0 / (ROUNDS * TIMES) as f64
    ));
    bad + usize::from(ratio > ALLOWED)
}
