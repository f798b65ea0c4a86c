//! Our own name resolver: the machine's, with every address looked at before
//! it may be called. A name that changes its mind between two looks gains
//! nothing, for the address that was looked at is the one that is called.

use std::net::IpAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::Reach;

/// The resolver of one connection.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resolver {
    reach: Reach,
}

/// A name leads to an address that must not be called.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to {0}, which must not be called")]
pub(super) struct Blocked(pub(super) IpAddr);

impl Resolver {
    /// Lets through what `reach` permits.
    pub(super) const fn new(reach: Reach) -> Self {
        Self { reach }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.reach;
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // One bad address spoils the name: which of them gets called is chance.
            if let Some(bad) = found.iter().find(|found| !reach.permits(found.ip())) {
                return Err(Blocked(bad.ip()).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
