//! What runs beside the requests, until the process ends.

use std::sync::Arc;

use tokio::task::JoinHandle;

use super::StartupError;
use crate::config::Config;
use crate::mail::{self, Letterhead, Sender};
use crate::services::{Portal, engine, housekeeping, many, reconciler};
use crate::webhook::{self, Receiver};

/// What carries news out of the portal.
pub(super) struct Couriers {
    /// Who sends mail, and what stands around its text.
    post: Option<(Sender, Letterhead)>,
    receiver: Option<Receiver>,
}

impl Couriers {
    pub(super) fn of(config: &Config, url: &str) -> Result<Self, StartupError> {
        let post = match &config.data.mail {
            Some(mail) => {
                let head = Letterhead {
                    origin: url.to_owned(),
                    partner: config.branding.partner_name.clone(),
                    zone: config.branding.time_zone.clone(),
                };
                Some((Sender::new(mail)?, head))
            }
            None => None,
        };
        let receiver = config
            .data
            .webhook
            .as_ref()
            .map(Receiver::new)
            .transpose()?;
        Ok(Self { post, receiver })
    }
}

/// The background tasks.
pub(super) struct Background(Vec<JoinHandle<()>>);

impl Background {
    pub(super) fn start(portal: &Arc<Portal>, couriers: Couriers) -> Self {
        let leases = engine::keep_leases(
            portal.storage.clone(),
            portal.clock.clone(),
            Arc::clone(&portal.in_flight),
        );
        let mut tasks = vec![
            tokio::spawn(leases),
            tokio::spawn(reconciler::run(Arc::clone(portal))),
            tokio::spawn(housekeeping::run(Arc::clone(portal))),
            tokio::spawn(many::run(Arc::clone(portal))),
        ];
        if let Some((sender, head)) = couriers.post {
            tasks.push(tokio::spawn(mail::run(Arc::clone(portal), sender, head)));
        }
        if let Some(receiver) = couriers.receiver {
            tasks.push(tokio::spawn(webhook::run(Arc::clone(portal), receiver)));
        }
        Self(tasks)
    }

    pub(super) fn stop(self) {
        for task in self.0 {
            task.abort();
        }
    }
}
