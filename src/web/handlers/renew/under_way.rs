//! The renewals that were sent and are not over: pages lead to them where they would else
//! offer to begin one.

use std::collections::HashMap;

use crate::domain::issuance::State;
use crate::domain::thumbprint::Thumbprint;
use crate::i18n::{Key, key};
use crate::services::Caller;
use crate::services::renew;
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// Those of some certificates.
#[derive(Debug)]
pub struct UnderWay(HashMap<Thumbprint, OpenRenewal>);

/// One of them.
#[derive(Debug, Clone)]
pub struct OpenRenewal {
    /// Its page.
    pub href: String,
    pub text: Key,
}

impl UnderWay {
    pub async fn of(
        state: &AppState,
        who: &Caller,
        certificates: &[&Thumbprint],
    ) -> Result<Self, AppError> {
        let found = renew::under_way(&state.portal, who, certificates).await?;
        let open = |(renews, (id, state)): (Thumbprint, (String, State))| {
            let text = match state {
                State::Unknown => key("renew-open-unknown"),
                _ => key("renew-open"),
            };
            let href = routes::issuance(&id);
            (renews, OpenRenewal { href, text })
        };
        Ok(Self(found.into_iter().map(open).collect()))
    }

    /// That of this certificate.
    pub fn renewal(&self, certificate: &Thumbprint) -> Option<&OpenRenewal> {
        self.0.get(certificate)
    }
}
