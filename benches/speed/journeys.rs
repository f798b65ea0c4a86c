//! What a whole journey costs the portal: a sign-in by redirect, the steps, the result. The
//! sandbox is a process of its own; only the portal's time on the processor counts.

use std::time::Duration;

use crate::fill::Filled;
use crate::report::{say, verdict};
use crate::support::visitor::Visitor;

const JOURNEYS: u32 = 40;

/// Milliseconds.
const MOST: f64 = 8.0;

const ANSWERS: [(&str, &str); 2] = [("kind", "name"), ("common_name", "ANA GARCIA")];

/// Prints the lines; returns the number of wrong answers.
pub async fn measure(filled: &Filled) -> usize {
    let (mut wrong, mut signing_in, mut issuing) = (0, Duration::ZERO, Duration::ZERO);
    for _ in 0..JOURNEYS {
        let before = filled.used();
        let ana = Visitor::new(&filled.deployed.origin(), "demo");
        ana.sign_in_at_redtrust().await.unwrap();
        let signed_in = filled.used();
        wrong += usize::from(!is_issued(filled, &ana).await);
        signing_in += signed_in - before;
        issuing += filled.used() - signed_in;
    }
    let millis = |time: Duration| time.as_secs_f64() * 1000.0 / f64::from(JOURNEYS);
    say(format_args!(
        "a journey takes {:.2} ms of the portal's processor: {:.2} to sign in, {:.2} to issue \
         (at most {MOST} ms){}",
        millis(signing_in + issuing),
        millis(signing_in),
        millis(issuing),
        verdict(millis(signing_in + issuing) <= MOST)
    ));
    wrong
}

async fn is_issued(filled: &Filled, ana: &Visitor) -> bool {
    let last = ana.to_last_step("/issue", &ANSWERS).await.unwrap();
    let path = ana.submit(&last).await.unwrap().url.path().to_owned();
    filled.until_settled().await;
    let page = ana.visit(&path).await.unwrap();
    page.attribute("#state", "data-state").as_deref() == Some("issued")
}
