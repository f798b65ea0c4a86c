//! The end of both kinds of sign-in: stores the owner and the sealed tokens.

use std::sync::Arc;

use crate::domain::redirect_url::RedirectUrl;
use crate::domain::tokens::{TokenPair, subject_of};
use crate::services::connections::Redtrust;
use crate::services::{Portal, ids};
use crate::storage::StorageError;
use crate::storage::sign_ins::NewTokens;
use crate::storage::{owners, redirect_urls, sign_ins};

/// A stored sign-in, for the session to refer to.
#[derive(Debug, Clone)]
pub struct NewSignIn {
    /// The row with the tokens.
    pub sign_in_id: String,
    pub owner_id: String,
    pub connection_id: String,
    /// The name they signed in with; `None` if Redtrust did not say who it is.
    pub login: Option<String>,
}

/// How the person signed in.
pub(super) enum Arrival {
    /// Through Redtrust's page.
    Redirect {
        /// The user, if the temporary token named one under a verified
        /// signature.
        subject: Option<String>,
        /// The URL they came back to: this sign-in confirms it.
        redirect_url: RedirectUrl,
    },
    /// With an application user's password.
    Direct {
        /// The login name as typed.
        login: String,
    },
}

/// Stores owner and tokens in one transaction.
pub(super) async fn establish(
    portal: &Portal,
    redtrust: &Redtrust,
    tokens: TokenPair,
    arrival: Arrival,
) -> Result<NewSignIn, StorageError> {
    let id = ids::new_id();
    let connection_id = redtrust.connection.id.clone();
    let (method, login, confirms) = match arrival {
        Arrival::Redirect {
            subject,
            redirect_url,
        } => {
            let subject = subject.or_else(|| subject_of(&tokens.access));
            ("redirect", subject, Some(redirect_url))
        }
        Arrival::Direct { login } => ("direct", Some(login), None),
    };
    // An unknown user must not share anything, so each such sign-in gets its
    // own owner.
    let owner_login = login.clone().unwrap_or_else(|| format!("?{id}"));
    let (keys, now) = (Arc::clone(&portal.keys), portal.clock.now());
    let (new_owner_id, sign_in_id, at) = (ids::new_id(), id.clone(), connection_id.clone());
    let owner_id = portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                let owner_id =
                    owners::find_or_create(conn, &at, &owner_login, &new_owner_id, now).await?;
                let new = NewTokens {
                    id: &sign_in_id,
                    owner_id: &owner_id,
                    connection_id: &at,
                    method,
                    tokens: &tokens,
                };
                sign_ins::insert(conn, &keys, new, now).await?;
                if let Some(url) = confirms {
                    redirect_urls::confirm(conn, &at, &url, now).await?;
                }
                Ok::<_, StorageError>(owner_id)
            })
        })
        .await?;
    Ok(NewSignIn {
        sign_in_id: id,
        owner_id,
        connection_id,
        login,
    })
}
