//! The paths of many at once.

use crate::domain::run::LineOutcome;

/// Renews certificates in one go. They are chosen in their list, and this leads there.
pub const RENEW_MANY: &str = "/renew/many";
/// Issues to the holders of a file.
pub const ISSUE_MANY: &str = "/issue/many";
/// An empty file with the headings.
pub const ISSUE_MANY_TEMPLATE: &str = "/issue/many.csv";
pub const RUNS: &str = "/runs";
/// A run: to be confirmed, or its progress and results.
pub const RUN: &str = "/runs/{id}";
/// Progress as server-sent events.
pub const RUN_EVENTS: &str = "/runs/{id}/events";
pub const RUN_RESULTS: &str = "/runs/{id}/results.csv";

pub fn run(id: &str) -> String {
    format!("{RUNS}/{id}")
}

/// One page of the lines of a run, or of those with one outcome.
pub fn run_page(id: &str, show: Option<LineOutcome>, page: usize) -> String {
    format!("{RUNS}/{id}{}", query(show, page))
}

pub fn run_events(id: &str, show: Option<LineOutcome>, page: usize) -> String {
    format!("{RUNS}/{id}/events{}", query(show, page))
}

pub fn run_results(id: &str) -> String {
    format!("{RUNS}/{id}/results.csv")
}

/// One page of the list of runs.
pub fn runs_page(page: usize) -> String {
    format!("{RUNS}?page={page}")
}

fn query(show: Option<LineOutcome>, page: usize) -> String {
    match (show, page) {
        (None, 1) => String::new(),
        (None, page) => format!("?page={page}"),
        (Some(show), page) => format!("?show={show}&page={page}"),
    }
}
