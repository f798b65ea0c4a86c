//! What a request tells of itself to its session, or to the one that it begins: the
//! session's store sees no request.

use std::future::Future;

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use actix_web::http::header::{HeaderValue, USER_AGENT};

use crate::domain::device::Device;
use crate::web::client_addr::ClientAddr;

/// Some bytes of the User-Agent are enough to know a browser by.
const AGENT_READ: usize = 1024;

tokio::task_local! {
    static ARRIVAL: Arrival;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Reads the session from the database, so that no change relies on a stale one.
    pub past_cache: bool,
    address: ClientAddr,
    agent: Option<HeaderValue>,
}

impl Arrival {
    /// What this request tells; its address must have been found already.
    pub fn of(req: &ServiceRequest) -> Self {
        Self {
            past_cache: *req.method() != Method::GET,
            address: ClientAddr::of(req.request()),
            agent: req.headers().get(USER_AGENT).cloned(),
        }
    }

    /// The client's address; empty if there is none.
    pub fn address(&self) -> String {
        let address = self.address.0;
        address.map_or_else(String::new, |address| address.to_string())
    }

    pub fn device(&self) -> Device {
        let agent = self.agent.as_ref().and_then(|agent| agent.to_str().ok());
        let agent = agent.and_then(|agent| agent.get(..agent.len().min(AGENT_READ)));
        Device::of_user_agent(agent.unwrap_or_default())
    }

    /// Whether the request under way reads its session from the database.
    pub fn reads_past_cache() -> bool {
        ARRIVAL
            .try_with(|arrival| arrival.past_cache)
            .unwrap_or(true)
    }

    /// That of the request under way.
    pub fn current() -> Self {
        ARRIVAL.try_with(Clone::clone).unwrap_or(Self {
            past_cache: true,
            address: ClientAddr::default(),
            agent: None,
        })
    }
}

/// Answers a request that arrived like this.
pub async fn arriving<F: Future>(arrival: Arrival, answer: F) -> F::Output {
    ARRIVAL.scope(arrival, answer).await
}
