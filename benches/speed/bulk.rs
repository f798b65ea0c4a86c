//! Whether a person's many rows need more memory, or go more slowly, the more of them are
//! done: batch after batch from a file. Most of the time is the sandbox's, which makes a key
//! pair for each row.

use std::time::{Duration, Instant};

use crate::fill::Filled;
use crate::report::{say, verdict};
use crate::sizes::megabytes;
use crate::support::page::Page;
use crate::support::visitor::form_of;

/// As many as one file may have.
const EACH: u32 = 1_000;
const WITHIN: Duration = Duration::from_secs(600);

/// So many times what the first batch left in use, or took of the portal's processor.
const MORE_MEMORY: f64 = 1.1;
const MORE_TIME: f64 = 1.2;

/// Prints the lines; returns the number of rows that have no certificate.
pub async fn measure(filled: &Filled, rows: u32) -> usize {
    let (mut wrong, mut first) = (0, None);
    for batch in 1..=rows / EACH {
        let (before, began) = (filled.used(), Instant::now());
        let page = issue(filled).await;
        wrong += EACH as usize - issued(&page);
        let used = (filled.used() - before).as_secs_f64();
        let memory = megabytes(filled.memory());
        let (first_used, first_memory) = *first.get_or_insert((used, memory));
        let is_steady = used <= first_used * MORE_TIME && memory <= first_memory * MORE_MEMORY;
        say(format_args!(
            "  {:6} rows: {:.0} s, {:.2} ms of the portal's processor each, {memory:.1} MB{}",
            batch * EACH,
            began.elapsed().as_secs_f64(),
            used * 1000.0 / f64::from(EACH),
            verdict(is_steady)
        ));
    }
    wrong
}

/// One batch from a file; returns its page when it has ended.
async fn issue(filled: &Filled) -> Page {
    let ana = &filled.ana;
    let names = (0..EACH).map(|row| format!("TITULAR {row:04}\n"));
    let file = format!("common_name\n{}", names.collect::<String>());
    let page = ana.visit("/issue/many").await.unwrap();
    let form = form_of(&page, "form#step").unwrap().set("kind", "name");
    let form = form.attach("holders_file", "holders.csv", file.as_bytes());
    let check = ana.submit(&form).await.unwrap();
    let confirm = form_of(&check, "form#step").unwrap().set("confirm", "yes");
    let page = ana.submit(&confirm).await.unwrap();
    let began = Instant::now();
    loop {
        assert!(began.elapsed() < WITHIN, "still at work: {page:?}");
        tokio::time::sleep(Duration::from_secs(1)).await;
        let page = ana.visit(page.url.path()).await.unwrap();
        if page.attribute("#run-state", "data-state").as_deref() == Some("done") {
            return page;
        }
    }
}

fn issued(page: &Page) -> usize {
    let totals = page.texts("#totals [data-outcome=issued]");
    totals.first().map_or(0, |count| count.parse().unwrap())
}
