//! One database with its nodes, its sandbox and its users; it is used for many kills.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::{Duration, Instant};

use serde_json::json;

use super::facts::Stored;
use super::plan::Engine;
use super::support::browser::Browser;
use super::support::deployed::Deployed;
use super::support::postgres;
use super::support::process::Process;
use super::support::visitor::{Tried, Visitor};

/// Number of concurrent users.
const PEOPLE: usize = 4;
/// A start that takes longer has failed.
const START_WITHIN: Duration = Duration::from_secs(30);

/// A database and everything around it.
pub struct World {
    /// The database engine.
    pub engine: Engine,
    /// Sandbox, settings, balancer.
    pub deployed: Deployed,
    pub people: Vec<Arc<Visitor>>,
    /// Has many certificates issued and renewed at once; not among `people`.
    pub runner: Arc<Visitor>,
    pub names: Arc<AtomicU32>,
    /// Issuances left open by the last kill, to be finished during the next one.
    pub left_open: Vec<Stored>,
    /// Number of kills so far.
    pub kills: usize,
    nodes: Vec<Option<Process>>,
}

impl World {
    /// A new world with all nodes running; `None` if PostgreSQL is not installed.
    pub async fn start(engine: Engine) -> Tried<Option<Self>> {
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => match postgres::migrated().await {
                Some(url) => Some(url),
                None => return Ok(None),
            },
        };
        let deployed = Deployed::start(database, engine.nodes()).await;
        let mut people = Vec::new();
        for number in 0..=PEOPLE {
            let name = format!("user{number}");
            let user = json!({"username": name, "password": name, "domain": null});
            deployed.controls.post("users", user).await;
            people.push(Arc::new(Visitor::new(&deployed.origin(), &name)));
        }
        let runner = people.pop().ok_or("nobody is there")?;
        let mut world = Self {
            engine,
            deployed,
            people,
            runner,
            names: Arc::default(),
            left_open: Vec::new(),
            kills: 0,
            nodes: Vec::new(),
        };
        for node in 0..engine.nodes() {
            world.nodes.push(None);
            world.start_node(node, &[]).await?;
        }
        // Use both ways to sign in, because both leave tokens behind.
        for (number, person) in world.people.iter().enumerate() {
            match number % 2 {
                0 => person.sign_in_at_redtrust().await?,
                _ => person.sign_in().await?,
            };
        }
        Ok(Some(world))
    }

    /// Whoever signs in under this name.
    pub fn person(&self, login: &str) -> Tried<&Visitor> {
        let mut all = self.people.iter().chain([&self.runner]);
        let found = all.find(|person| person.name == login);
        Ok(found.ok_or_else(|| format!("nobody is {login}"))?)
    }

    pub fn node(&mut self, node: usize) -> &mut Process {
        self.nodes[node].as_mut().unwrap()
    }

    /// Starts a node; returns the time until `/readyz` succeeded.
    pub async fn start_node(&mut self, node: usize, variables: &[(&str, &str)]) -> Tried<Duration> {
        let command = self.deployed.serving(node, variables);
        let began = Instant::now();
        let started = tokio::task::spawn_blocking(move || Process::try_start(command, 1));
        let started = tokio::time::timeout(START_WITHIN, started).await;
        let started = started.map_err(|_| "the portal does not get ready".to_owned())?;
        self.nodes[node] = Some(started.map_err(|error| error.to_string())??);
        let probe = format!("http://127.0.0.1:{}/readyz", self.deployed.ports[node]);
        let browser = Browser::new();
        while began.elapsed() < START_WITHIN {
            if browser.try_get(&probe).await?.status == 200 {
                return Ok(began.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Err("/readyz never says yes".to_owned())
    }

    /// Stops a node with SIGTERM.
    pub async fn stop_node(&mut self, node: usize) -> Tried<()> {
        let Some(mut process) = self.nodes[node].take() else {
            return Ok(());
        };
        let ended = tokio::task::spawn_blocking(move || process.terminate()).await;
        match ended.map_err(|error| error.to_string())? {
            Some(0) => Ok(()),
            other => Err(format!("SIGTERM ended a node with {other:?}")),
        }
    }

    /// Keeps all files for finding the cause.
    pub fn keep(&mut self, what: &str) -> String {
        let dir = self.deployed.dir.path().to_owned();
        self.deployed.dir.disable_cleanup(true);
        // If this cannot be written, the report still has most of it.
        let _written = std::fs::write(dir.join("found.txt"), what);
        dir.display().to_string()
    }
}
