//! The way to a certificate's renewal, or to the page that says why there is none.

use crate::domain::certificate::{Certificate, Summary};
use crate::domain::millis::Millis;
use crate::domain::thumbprint::Thumbprint;
use crate::web::routes;

/// Where a link beside a certificate leads.
#[derive(Debug)]
pub struct RenewalWay {
    pub href: String,
    /// Whether it can be renewed; otherwise the page there says why not, and what to do
    /// instead.
    pub is_open: bool,
}

impl RenewalWay {
    /// `None` if it was replaced: then there is nothing to do.
    pub fn of(certificate: &Certificate, now: Millis) -> Option<Self> {
        let is_open = certificate.renewal_obstacle(now).is_none();
        let is_replaced = certificate.replaced_by.is_some();
        (!is_replaced).then(|| Self::to(&certificate.thumbprint, is_open))
    }

    /// The same of a certificate in a list.
    pub fn of_row(certificate: &Summary, now: Millis) -> Option<Self> {
        let is_open = certificate.may_renew(now);
        (!certificate.is_replaced).then(|| Self::to(&certificate.thumbprint, is_open))
    }

    fn to(thumbprint: &Thumbprint, is_open: bool) -> Self {
        Self {
            href: routes::renew_of(thumbprint.as_str()),
            is_open,
        }
    }
}
