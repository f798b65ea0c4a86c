//! The result of a renewal: the old certificate beside the new one.

use crate::domain::certificate::Certificate;
use crate::domain::issuance::{Issuance, State};
use crate::i18n::{Key, key};
use crate::services::certificates::own_certificate;
use crate::web::extractors::SignedIn;
use crate::web::problem::AppError;
use crate::web::state::AppState;

#[derive(Debug)]
pub struct Renewed {
    pub old: Certificate,
    pub new: Certificate,
}

impl Renewed {
    /// Both with their labels, the old one first.
    pub fn both(&self) -> [(Key, &Certificate); 2] {
        [
            (key("renewed-old"), &self.old),
            (key("renewed-new"), &self.new),
        ]
    }

    /// Both certificates, if `issuance` is a completed renewal.
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
        let (portal, who) = (&state.portal, user.caller.clone());
        let old = own_certificate(portal, &who, old).await?;
        let new = own_certificate(portal, &who, new).await?;
        Ok(old.zip(new).map(|(old, new)| Self { old, new }))
    }
}
