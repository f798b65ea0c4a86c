//! The session of somebody who signs in at Redtrust.

use actix_session::Session;
use actix_web::HttpRequest;

use crate::domain::secret::Secret;
use crate::i18n::{Lang, key};
use crate::services::sign_in::{NewSignIn, SessionToBe};
use crate::services::sign_out::sign_out;
use crate::web::problem::AppError;
use crate::web::session::{self, Identity};
use crate::web::state::AppState;

/// Makes the stored session the browser's, and ends the sign-in that it had before.
pub async fn adopt(
    req: &HttpRequest,
    state: &AppState,
    session: &Session,
    id: &Secret,
) -> Result<(), AppError> {
    match session::adopt(req, state, session, id.expose())? {
        Some(before) => Ok(sign_out(&state.portal, &before).await?),
        None => Ok(()),
    }
}

/// The session that a sign-in stores.
pub fn to_be(state: &AppState, lang: Lang) -> SessionToBe {
    let now = state.portal.clock.now();
    session::to_be(now, move |sign_in| identity(sign_in, lang))
}

/// Who a new sign-in makes of the person.
fn identity(sign_in: &NewSignIn, lang: Lang) -> Identity {
    let unknown = || lang.of(key("sign-in-unknown-user")).into_owned();
    Identity::User(session::User {
        sign_in: sign_in.sign_in_id.clone(),
        owner: sign_in.owner_id.clone(),
        connection: sign_in.connection_id.clone(),
        counted_as: sign_in.counted_as.clone(),
        login: sign_in.login.clone().unwrap_or_else(unknown),
    })
}
