//! The counts of the database, which every scrape of a few seconds shares.

use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::services::Portal;
use crate::services::figures::{Gauges, gauges};

/// How old the counts of the database may be.
const FRESH_FOR: Duration = Duration::from_secs(5);

/// The counts of the database that were read last; `None` if they could not be read.
#[derive(Debug, Default)]
pub struct Counted(Mutex<Option<(Instant, Option<Gauges>)>>);

impl Counted {
    /// What is counted now; `None` if the database cannot be asked.
    pub async fn now(&self, portal: &Portal) -> Option<Gauges> {
        let mut kept = self.0.lock().await;
        match &*kept {
            Some((at, gauges)) if at.elapsed() < FRESH_FOR => gauges.clone(),
            _ => {
                let read = gauges(portal).await;
                let read = read
                    .inspect_err(|error| tracing::warn!(event = "metrics_not_counted", %error))
                    .ok();
                *kept = Some((Instant::now(), read.clone()));
                read
            }
        }
    }
}
