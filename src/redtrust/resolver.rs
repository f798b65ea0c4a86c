//! A DNS resolver that uses the machine's resolver and checks every address. The call
//! uses exactly the checked addresses, so changing the DNS answer between check and
//! call (DNS rebinding) gains nothing.

use std::net::IpAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::Reach;

/// The resolver of one connection.
#[derive(Debug, Clone)]
pub(super) struct Resolver {
    reach: Reach,
}

/// The name resolves to this address, which must not be called.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to {0}, which must not be called")]
pub(super) struct Blocked(pub(super) IpAddr);

impl Resolver {
    /// A resolver that accepts the addresses that `reach` permits.
    pub(super) const fn new(reach: Reach) -> Self {
        Self { reach }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.reach.clone();
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // One forbidden address rejects the whole name, because any of its
            // addresses may be called.
            if let Some(bad) = found.iter().find(|found| !reach.permits(found.ip())) {
                return Err(Blocked(bad.ip()).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
