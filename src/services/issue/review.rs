//! The check page before submitting: the order, warnings about the answers, and
//! certificates that already exist.

use super::draft::Draft;
use super::order::{NotReady, prepare};
use crate::domain::answers::{Field, Warning, warnings};
use crate::domain::certificate::Certificate;
use crate::domain::order::Order;
use crate::services::Portal;
use crate::storage::{StorageError, certificates};

/// A draft that is ready to be submitted.
#[derive(Debug, Clone)]
pub struct Review {
    pub order: Order,
    /// Warnings about the answers.
    pub warnings: Vec<(Field, Warning)>,
    /// This person's valid certificates for a holder of the same name, except
    /// the one to be renewed.
    pub duplicates: Vec<Certificate>,
}

/// Reviews a draft before it is submitted.
pub async fn review(
    portal: &Portal,
    draft: &Draft,
) -> Result<Result<Review, NotReady>, StorageError> {
    let order = match prepare(portal, draft).await? {
        Ok(order) => order,
        Err(not_ready) => return Ok(Err(not_ready)),
    };
    let warnings = match (&order.renews, draft.checked().holder()) {
        (None, Some(holder)) => warnings(holder),
        (Some(_), _) | (_, None) => Vec::new(),
    };
    let name = order.dn.common_name().unwrap_or_default();
    let now = portal.clock.now();
    let owner = &draft.issuance.owner_id;
    let mut duplicates = certificates::for_holder(&portal.storage, owner, name, now).await?;
    duplicates.retain(|found| order.renews.as_ref() != Some(&found.thumbprint));
    Ok(Ok(Review {
        order,
        warnings,
        duplicates,
    }))
}
