//! The draft that was discarded just now: the page that its button leads back to says which
//! one it was, and leads to its own page, where it can be begun again.

use actix_web::{HttpRequest, web};
use serde::Deserialize;

use crate::domain::holder_name::HolderName;
use crate::domain::issuance::State;
use crate::services::{Caller, history};
use crate::web::problem::AppError;
use crate::web::routes;
use crate::web::state::AppState;

/// `?done=ID`
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Done {
    done: String,
}

#[derive(Debug)]
pub struct Discarded {
    pub href: String,
    pub holder: HolderName,
}

impl Discarded {
    /// The one that the address names, if this person discarded it.
    pub async fn of(
        req: &HttpRequest,
        state: &AppState,
        who: &Caller,
    ) -> Result<Option<Self>, AppError> {
        let query = web::Query::<Done>::from_query(req.query_string());
        let id = query.map(|query| query.into_inner().done);
        let id = id.unwrap_or_default();
        if id.is_empty() {
            return Ok(None);
        }
        let found = history::find(&state.portal, who, &id).await?;
        let found = found.filter(|(issuance, _)| issuance.state == State::Abandoned);
        Ok(found.map(|(issuance, _)| Self {
            href: routes::issuance(&issuance.id),
            holder: issuance.holder,
        }))
    }
}
