//! What the signed login URL costs by itself.

use std::hint::black_box;
use std::time::{Duration, Instant};

use rubrica::domain::millis::Millis;
use rubrica::domain::signing::login_url;

use crate::report::{say, verdict};
use crate::support::redtrust::connection;

const TIMES: u32 = 100_000;
const ROUNDS: usize = 5;
const MOST: Duration = Duration::from_micros(2);

/// Prints the line.
pub fn measure() {
    let connection = connection("https://redtrust.example:8082");
    let back = "https://portal.example/callback/acme".parse().unwrap();
    let round = || {
        let began = Instant::now();
        for at in 0..i64::from(TIMES) {
            let now = Millis(1_800_000_000_000 + at);
            black_box(login_url(black_box(&connection), &back, now).unwrap());
        }
        began.elapsed() / TIMES
    };
    let mut times: Vec<_> = (0..ROUNDS).map(|_| round()).collect();
    times.sort_unstable();
    let median = times[ROUNDS / 2];
    say(format_args!(
        "a signed login URL: {:.2} us (at most {MOST:?}){}",
        median.as_secs_f64() * 1e6,
        verdict(median <= MOST)
    ));
}
