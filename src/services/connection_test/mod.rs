//! Tests a connection step by step, from the server's name to a signed login URL.
//!
//! A check that fails ends those that depend on it. All together have a time limit, and
//! one connection is tested once at a time in each process. Nothing that is found
//! contains a secret.

mod api;
mod direct;
mod login_url;
mod network;
mod one_at_a_time;
mod refusal;
mod variants;

use std::time::Duration;

use serde_json::{Map, Value};
use tokio::time::timeout;

pub(super) use one_at_a_time::OneAtATime;

use super::audit::{entry, write_audited};
use super::{Actor, Portal};
use crate::domain::audit::Action;
use crate::domain::connection::Connection;
use crate::domain::connection_check::{Check, CheckName, CheckResult, Finding, Skipped};
use crate::domain::redirect_url::RedirectUrl;
use crate::domain::secret::Secret;
use crate::redtrust::Probe;
use crate::storage::{StorageError, redirect_urls};

/// The time limit of all checks together.
const WITHIN: Duration = Duration::from_secs(20);

/// An application user to sign in with.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub username: String,
    pub password: Secret,
}

/// Result of a test.
#[derive(Debug)]
pub enum Tested {
    /// Every check, in order.
    Done(Vec<Check>),
    /// A test of this connection is running.
    Running,
}

/// How many checks failed.
pub fn failed(checks: &[Check]) -> usize {
    let failed = |check: &&Check| check.result() == CheckResult::Fail;
    checks.iter().filter(failed).count()
}

/// Tests a connection, also one that is switched off.
pub async fn test(
    portal: &Portal,
    actor: &Actor,
    connection: &Connection,
    credentials: Option<Credentials>,
) -> Result<Tested, StorageError> {
    let Some(_place) = portal.connections.tests().enter(&connection.id) else {
        return Ok(Tested::Running);
    };
    let entered = redirect_urls::of_connection(&portal.storage, &connection.id).await?;
    let mut in_use = entered
        .into_iter()
        .filter(|entry| entry.state.lets_sign_in());
    let test = Test {
        portal,
        connection,
        in_use: in_use.next().map(|entry| entry.url),
        probe: portal.connections.probe(connection),
        checks: Vec::new(),
    };
    let checks = test.checks(credentials).await;
    record(portal, actor, connection, &checks).await?;
    Ok(Tested::Done(checks))
}

/// One test under way.
struct Test<'a> {
    portal: &'a Portal,
    connection: &'a Connection,
    /// The redirect URL that lets people sign in.
    in_use: Option<RedirectUrl>,
    probe: Probe,
    /// What was found so far.
    checks: Vec<Check>,
}

impl Test<'_> {
    /// Makes every check that can be made, and gives the reason for the others.
    async fn checks(mut self, credentials: Option<Credentials>) -> Vec<Check> {
        let ended = timeout(WITHIN, self.series(credentials)).await;
        let why = match ended {
            Ok(Err(failed)) => Skipped::After(failed),
            Ok(Ok(())) | Err(_) => Skipped::OutOfTime,
        };
        for name in CheckName::ALL {
            if !self.checks.iter().any(|check| check.name == *name) {
                let finding = Finding::Skipped(why);
                let name = *name;
                self.checks.push(Check { name, finding });
            }
        }
        self.checks
    }

    /// The checks in order.
    ///
    /// # Errors
    /// The check that failed so that no further one can be made.
    async fn series(&mut self, credentials: Option<Credentials>) -> Result<(), CheckName> {
        let (dns, addresses) = network::dns(&self.probe).await;
        self.needed(CheckName::Dns, Finding::Dns(dns))?;
        let (tcp, address) = network::tcp(&self.probe, &addresses).await;
        self.needed(CheckName::Tcp, Finding::Tcp(tcp))?;

        let answer = api::ask(self.portal, &self.probe).await;
        let tls = network::tls(self, address, &answer).await;
        self.needed(CheckName::Tls, tls)?;
        self.add(CheckName::Clock, network::clock(&answer));
        let api = Finding::Api(api::finding(&self.probe, &answer).await);
        let has_api = self.add(CheckName::Api, api);

        let login_url = login_url::check(self).await;
        self.add(CheckName::LoginUrl, login_url);
        let direct = match credentials {
            None => Finding::Skipped(Skipped::NoCredentials),
            Some(_) if !has_api => Finding::Skipped(Skipped::After(CheckName::Api)),
            Some(credentials) => direct::check(self, credentials).await,
        };
        self.add(CheckName::DirectLogin, direct);
        Ok(())
    }

    /// Adds a check; returns whether it did not fail.
    fn add(&mut self, name: CheckName, finding: Finding) -> bool {
        let check = Check { name, finding };
        let good = check.result() != CheckResult::Fail;
        self.checks.push(check);
        good
    }

    fn needed(&mut self, name: CheckName, finding: Finding) -> Result<(), CheckName> {
        match self.add(name, finding) {
            true => Ok(()),
            false => Err(name),
        }
    }
}

async fn record(
    portal: &Portal,
    actor: &Actor,
    connection: &Connection,
    checks: &[Check],
) -> Result<(), StorageError> {
    let result = |check: &Check| (check.name.to_string(), Value::from(check.result().as_str()));
    let results: Map<String, Value> = checks.iter().map(result).collect();
    let object = format!("connection {}", connection.slug);
    let mut entry = entry(actor, Action::ConnectionTest, object);
    entry.after = Some(Value::Object(results).to_string());
    write_audited(portal, entry, |_| Box::pin(async { Ok(true) })).await?;
    Ok(())
}
