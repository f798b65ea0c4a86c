//! What a renewal came to: the old certificate and the new one, side by side.

use crate::domain::issuance::State;
use crate::i18n::{Key, key};
use crate::services::renew::own_certificate;
use crate::storage::certificates::Certificate;
use crate::storage::issuances::Issuance;
use crate::web::extractors::SignedIn;
use crate::web::problem::AppError;
use crate::web::state::AppState;

/// A certificate and the one that took its place.
#[derive(Debug)]
pub struct Renewed {
    /// The one that was renewed.
    pub old: Certificate,
    /// The one that came of it.
    pub new: Certificate,
}

impl Renewed {
    /// Both with what each is called, the old one first.
    pub fn both(&self) -> [(Key, &Certificate); 2] {
        [
            (key("renewed-old"), &self.old),
            (key("renewed-new"), &self.new),
        ]
    }

    /// Both, where `issuance` is a renewal that is done.
    pub async fn of(
        state: &AppState,
        user: &SignedIn,
        issuance: &Issuance,
    ) -> Result<Option<Self>, AppError> {
        let (Some(old), Some(new)) = (&issuance.renews, &issuance.thumbprint) else {
            return Ok(None);
        };
        if issuance.state != State::Issued {
            return Ok(None);
        }
        let (storage, who) = (&state.portal.storage, user.caller.clone());
        let old = own_certificate(storage, &who, old).await?;
        let new = own_certificate(storage, &who, new).await?;
        Ok(old.zip(new).map(|(old, new)| Self { old, new }))
    }
}
