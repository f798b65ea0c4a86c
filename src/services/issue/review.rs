//! The check page before submitting: the order, warnings about the answers, and
//! certificates that already exist.

use super::draft::Draft;
use super::duplicates::{Duplicate, duplicates};
use super::order::{NotReady, prepare};
use crate::domain::answers::{Field, Warning, warnings};
use crate::domain::order::Order;
use crate::services::Portal;
use crate::storage::StorageError;

/// A draft that is ready to be submitted.
#[derive(Debug, Clone)]
pub struct Review {
    pub order: Order,
    /// Warnings about the answers.
    pub warnings: Vec<(Field, Warning)>,
    pub duplicates: Vec<Duplicate>,
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
    // What a renewal repeats was not typed, and was accepted before.
    let warnings = match (draft.is_repeat, draft.checked().holder()) {
        (false, Some(holder)) => warnings(holder),
        (true, _) | (_, None) => Vec::new(),
    };
    Ok(Ok(Review {
        duplicates: duplicates(portal, &draft.issuance, &order).await?,
        order,
        warnings,
    }))
}
