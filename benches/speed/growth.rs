//! Whether pages take longer the more there is.

use std::time::Duration;

use crate::Options;
use crate::fill::Filled;
use crate::load::{Asker, Question};
use crate::report::{say, verdict};
use crate::sizes::megabytes;
use crate::support::visitor::form_of;

const ROUNDS: usize = 5;
const TIMES: usize = 10;

const ALLOWED: f64 = 1.2;

/// Pages, by their query. The days are among those that every portal is filled with.
const ISSUANCES: [&str; 13] = [
    "",
    "sort=oldest",
    "sort=holder",
    "state=issued",
    "state=unknown",
    "kind=seal",
    "state=unknown&kind=seal",
    "state=issued&kind=seal",
    "state=issued&kind=seal&sort=holder",
    "kind=person&from=2023-11-16&to=2023-11-17",
    "from=2023-11-16&to=2023-11-17&sort=holder",
    "state=unknown&from=2023-11-16&to=2023-11-17",
    "show=unfinished",
];

const CERTIFICATES: [&str; 6] = [
    "",
    "sort=last",
    "sort=holder",
    "kind=seal",
    "kind=seal&sort=holder",
    "from=2027-01-01&to=2027-02-01",
];

/// What is searched for: a reference, the beginning of a rare word, frequent ones, some that
/// never meet, one in old requests only, the beginning of a name.
const WORDS: [&str; 9] = [
    "0000000500",
    "X500",
    "carmen",
    "carmen garcia lopez",
    "siempre tambien",
    "viejo",
    "viejo carmen",
    "etx",
    "nadie",
];

/// Prints the table; returns the number of wrong answers.
pub async fn measure(small: &Filled, large: &Filled, options: &Options) -> usize {
    say(format_args!(
        "time of a page with {} requests, against {}",
        large.rows, small.rows
    ));
    for of in [small, large] {
        of.stay_signed_in().await;
    }
    let mut wrong = 0;
    for page in pages() {
        if !page.name().contains(&options.page) {
            continue;
        }
        let (of_small, of_large) = (page.path(small).await, page.path(large).await);
        let rows = [
            rows_of(small, &of_small).await,
            rows_of(large, &of_large).await,
        ];
        let (small_client, large_client) = (small.client(), large.client());
        let question = |client, path: &str| Question::page(client, path, "</html>");
        let mut askers = [
            Asker::new(&small_client, &question(&small_client, &of_small)).await,
            Asker::new(&large_client, &question(&large_client, &of_large)).await,
        ];
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            for (asker, times) in askers.iter_mut().zip(&mut times) {
                for _ in 0..TIMES {
                    let (took, is_right) = asker.ask().await;
                    wrong += usize::from(!is_right);
                    times.push(took);
                }
            }
        }
        let [before, after] = times.map(median);
        let ratio = after.as_secs_f64() / before.as_secs_f64();
        let judged = match rows[1] > rows[0] {
            true => "  it shows more, so nothing is said of it",
            false => verdict(ratio <= ALLOWED),
        };
        say(format_args!(
            "  {:60} {:7.2} ms  {ratio:6.2} x, {} rows against {}{judged}",
            page.name(),
            after.as_secs_f64() * 1000.0,
            rows[1],
            rows[0]
        ));
    }
    say(format_args!("  memory {:.1} MB", megabytes(large.memory())));
    wrong
}

/// How many rows a page shows: one that shows more takes longer for that alone.
async fn rows_of(filled: &Filled, path: &str) -> usize {
    filled
        .ana
        .visit(path)
        .await
        .unwrap()
        .texts("tbody tr")
        .len()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// A page of a list, or of a search in it.
enum Page {
    At(String),
    Search(&'static str, &'static str),
}

fn pages() -> Vec<Page> {
    let mut all = vec![Page::At("/".to_owned())];
    for (list, queries) in [
        ("/issuances", &ISSUANCES[..]),
        ("/certificates", &CERTIFICATES[..]),
    ] {
        all.extend(
            queries
                .iter()
                .map(|query| Page::At(format!("{list}?{query}"))),
        );
        all.extend(WORDS.map(|words| Page::Search(list, words)));
    }
    all
}

impl Page {
    fn name(&self) -> String {
        match self {
            Self::At(path) => path.clone(),
            Self::Search(list, words) => format!("{list}, search: {words}"),
        }
    }

    /// Searches are sent as a form, which leads to their address.
    async fn path(&self, at: &Filled) -> String {
        match self {
            Self::At(path) => path.clone(),
            Self::Search(list, words) => {
                let page = at.ana.visit(list).await.unwrap();
                let form = form_of(&page, &format!("form[action='{list}/search']")).unwrap();
                let found = at.ana.submit(&form.set("q", words)).await.unwrap().url;
                format!("{}?{}", found.path(), found.query().unwrap_or_default())
            }
        }
    }
}
