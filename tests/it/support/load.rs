//! So many requests a second, whether or not the answers keep up.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval};

/// How the requests went.
#[derive(Debug, Default)]
pub struct Figures {
    /// How long each answer took, the shortest first.
    times: Vec<Duration>,
    pub failed: Vec<String>,
}

impl Figures {
    pub fn answered(&self) -> usize {
        self.times.len()
    }

    /// So many of 100 answers took no longer.
    pub fn percentile(&self, percent: usize) -> Duration {
        let last = self.times.len().saturating_sub(1);
        let at = (self.times.len() * percent / 100).min(last);
        self.times.get(at).copied().unwrap_or_default()
    }
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [half, most, longest] = [50, 99, 100].map(|percent| self.percentile(percent));
        write!(
            f,
            "{} answered, {} failed; p50 {half:.1?}, p99 {most:.1?}, longest {longest:.1?}",
            self.answered(),
            self.failed.len()
        )
    }
}

/// How long a test of this kind goes on: `RUBRICA_TEST_SECONDS`, or `usual`.
pub fn duration(usual: u64) -> Duration {
    let told = std::env::var("RUBRICA_TEST_SECONDS").ok();
    Duration::from_secs(told.map_or(usual, |seconds| seconds.parse().unwrap()))
}

/// Begins `rate` requests a second for so long, and waits for all answers.
pub async fn at_rate<F>(rate: u32, time: Duration, mut ask: impl FnMut() -> F) -> Figures
where
    F: Future<Output = Result<(), String>> + Send + 'static,
{
    let figures = Arc::new(Mutex::new(Figures::default()));
    let (mut tick, mut asked) = (interval(Duration::from_secs(1) / rate), JoinSet::new());
    // A machine that was busy elsewhere makes good what it has left out.
    tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let until = Instant::now() + time;
    while Instant::now() < until {
        tick.tick().await;
        let (answer, figures) = (ask(), Arc::clone(&figures));
        asked.spawn(async move {
            let begun = Instant::now();
            let answer = answer.await;
            let mut figures = figures.lock().unwrap();
            match answer {
                Ok(()) => figures.times.push(begun.elapsed()),
                Err(why) => figures.failed.push(why),
            }
        });
        while asked.try_join_next().is_some() {}
    }
    asked.join_all().await;
    let mut figures = std::mem::take(&mut *figures.lock().unwrap());
    figures.times.sort();
    figures
}

/// Asks for a page; whatever is no page of the portal is a failure.
pub async fn page(client: reqwest::Client, url: String, cookie: String) -> Result<(), String> {
    let request = client.get(&url).header("cookie", cookie);
    let answer = request.send().await.map_err(|error| format!("{error:?}"))?;
    let status = answer.status();
    let text = answer.text().await.map_err(|error| format!("{error:?}"))?;
    match status.is_success() && !text.is_empty() {
        true => Ok(()),
        false => Err(format!("{status} at {url}: {text}")),
    }
}
