//! What a request costs two nodes on PostgreSQL, against one node on SQLite: time of their
//! processors only, not the database server's.

use std::time::Duration;

use futures_util::future::join_all;

use crate::fill::{Filled, Setup};
use crate::load::{Question, closed_loop};
use crate::pages::PAGES;
use crate::report::{say, verdict};
use crate::support::postgres;

const ROUNDS: usize = 3;
const TIME: Duration = Duration::from_secs(2);
const NODES: usize = 2;

const ALLOWED: f64 = 1.3;

/// Prints the table; returns the number of wrong answers.
pub async fn measure(single: &Filled) -> usize {
    let database_url = postgres::migrated().await;
    let setup = Setup {
        database_url: Some(database_url.expect("PostgreSQL")),
        nodes: NODES,
        ..Setup::default()
    };
    let nodes = Filled::start_as(single.rows, setup).await;
    say(format_args!(
        "time of the processor for a request, two nodes on PostgreSQL against one on SQLite, \
         {} requests",
        nodes.rows
    ));
    let mut wrong = 0;
    for (name, path, wanted) in PAGES {
        let mut times = [Vec::new(), Vec::new()];
        for _ in 0..ROUNDS {
            for ((filled, many), times) in [(single, 1), (&nodes, NODES)].iter().zip(&mut times) {
                let (each, failed) = each(filled, *many, path, wanted).await;
                times.push(each);
                wrong += failed;
            }
        }
        let [of_single, of_nodes] = times.map(|mut times| {
            times.sort_by(f64::total_cmp);
            times[ROUNDS / 2]
        });
        let ratio = of_nodes / of_single;
        say(format_args!(
            "  {name:28} {:6.0} us  {ratio:5.2} x{}",
            of_nodes * 1_000_000.0,
            verdict(ratio <= ALLOWED)
        ));
    }
    wrong
}

/// Seconds of the processor for an answer, all nodes being asked at once; and how many
/// answers were wrong.
async fn each(filled: &Filled, nodes: usize, path: &str, wanted: &'static str) -> (f64, usize) {
    let before = filled.used();
    let ask = async |node| {
        let client = filled.client_of(node);
        let question = Question::page(&client, path, wanted);
        closed_loop(&client, &question, TIME).await
    };
    let seen = join_all((0..nodes).map(ask)).await;
    let answers: f64 = seen.iter().map(|seen| seen.per_second).sum::<f64>() * TIME.as_secs_f64();
    let used = (filled.used() - before).as_secs_f64();
    (used / answers, seen.iter().map(|seen| seen.wrong).sum())
}
