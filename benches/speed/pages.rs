//! Pages a second with one processor, against the lightest answer of the same binary.

use std::time::Duration;

use crate::Options;
use crate::fill::{Filled, pin};
use crate::growth;
use crate::load::closed_loop;
use crate::report::say;

const ROUNDS: usize = 3;
const TIME: Duration = Duration::from_secs(2);

/// Name, path, and what stands in a right answer.
const PAGES: [(&str, &str, &str); 6] = [
    ("bare answer", "/healthz", "ok"),
    ("page without a session", "/verify/0000000000", "</html>"),
    ("help, signed in", "/help", "</html>"),
    ("first step of an issue", "/issue", "</html>"),
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
        let small = Filled::start(1_000).await;
        measure(&small).await + growth::measure(&small, options).await
    });
    say(format_args!("{wrong} wrong answers"));
    wrong
}

/// Prints the table; returns the number of wrong answers.
async fn measure(filled: &Filled) -> usize {
    pin(std::process::id(), 1);
    let client = filled.client();
    let (mut wrong, mut bare) = (0, 0.0);
    say(format_args!(
        "pages a second, one processor, {} requests",
        filled.rows
    ));
    for (name, path, wanted) in PAGES {
        let mut rates = Vec::new();
        let mut p99 = Duration::ZERO;
        for _ in 0..ROUNDS {
            let seen = closed_loop(&client, path, wanted, TIME).await;
            rates.push(seen.per_second);
            p99 = p99.max(seen.p99);
            wrong += seen.wrong;
        }
        rates.sort_by(f64::total_cmp);
        let median = rates[ROUNDS / 2];
        if path == "/healthz" {
            bare = median;
        }
        say(format_args!(
            "  {name:28} {median:8.0}/s  {:5.2} of a bare answer, p99 {:.1} ms",
            median / bare,
            p99.as_secs_f64() * 1000.0
        ));
    }
    say(format_args!(
        "  memory {:.1} MB",
        filled.memory() as f64 / 1024.0
    ));
    wrong
}
