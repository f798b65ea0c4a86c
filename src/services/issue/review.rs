//! What a person looks at before the last button: what will be ordered, what
//! is worth saying about it, and what there is already.

use super::draft::Draft;
use super::field::{Field, Step};
use super::order::{Ready, prepare};
use super::warning::{Warning, warnings};
use crate::domain::order::Order;
use crate::services::Portal;
use crate::services::renew::Obstacle;
use crate::storage::StorageError;
use crate::storage::certificates::{self, Certificate};

/// A draft that can be submitted, seen before it is.
#[derive(Debug, Clone)]
pub struct Review {
    /// What will be ordered.
    pub order: Order,
    /// What is worth saying about the answers.
    pub warnings: Vec<(Field, Warning)>,
    /// This person's valid certificates for a holder of the same name, without
    /// the one to be renewed.
    pub duplicates: Vec<Certificate>,
}

/// What there is to look at.
#[derive(Debug, Clone)]
pub enum Reviewed {
    /// All of it.
    Review(Box<Review>),
    /// Something is missing or wrong on this step.
    Incomplete(Step),
    /// The certificate cannot be renewed (any more).
    NotRenewable(Obstacle),
}

/// Looks at a draft before it is submitted.
pub async fn review(portal: &Portal, draft: &Draft) -> Result<Reviewed, StorageError> {
    let order = match prepare(portal, draft).await? {
        Ready::Order(order) => order,
        Ready::Incomplete(step) => return Ok(Reviewed::Incomplete(step)),
        Ready::NotRenewable(obstacle) => return Ok(Reviewed::NotRenewable(obstacle)),
    };
    let warnings = match (&order.renews, draft.answers.holder()) {
        (None, Ok(holder)) => warnings(&holder),
        _ => Vec::new(),
    };
    let name = order.dn.common_name().unwrap_or_default();
    let now = portal.clock.now();
    let owner = &draft.issuance.owner_id;
    let mut duplicates = certificates::for_holder(&portal.storage, owner, name, now).await?;
    duplicates.retain(|found| order.renews.as_ref() != Some(&found.thumbprint));
    Ok(Reviewed::Review(Box::new(Review {
        order,
        warnings,
        duplicates,
    })))
}
