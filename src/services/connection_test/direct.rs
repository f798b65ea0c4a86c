//! Whether an application user can sign in. The user is signed out again.

use super::{Credentials, Test};
use crate::domain::connection_check::{DirectFinding, Finding, Said};
use crate::domain::error_class::ErrorClass;
use crate::redtrust::{RedtrustClient, RedtrustError};
use crate::services::sign_in;

pub(super) async fn check(test: &Test<'_>, credentials: Credentials) -> Finding {
    let client = match test.portal.connections.client(test.connection) {
        Ok(client) => client,
        Err(error) => {
            let detail = error.to_string();
            return Finding::DirectLogin(DirectFinding::Failed { detail });
        }
    };
    let offered = test.connection.settings.direct_login;
    // A task of its own, so that the user is signed out even if the time is over.
    let trying = tokio::spawn(in_and_out(client, credentials, offered));
    let finding = trying.await.unwrap_or_else(|error| DirectFinding::Failed {
        detail: error.to_string(),
    });
    Finding::DirectLogin(finding)
}

async fn in_and_out(
    client: RedtrustClient,
    credentials: Credentials,
    offered: bool,
) -> DirectFinding {
    let Credentials { username, password } = credentials;
    let (username, domain) = sign_in::split(username.trim(), None);
    match client.login(username, &password, domain, "").await {
        Ok(tokens) => DirectFinding::SignedIn {
            offered,
            signed_out: client.logout(&tokens.access).await.is_ok(),
        },
        Err(error) => refused(error),
    }
}

fn refused(error: RedtrustError) -> DirectFinding {
    let (code, words) = match error {
        RedtrustError::Unauthorized { code, message }
        | RedtrustError::Rejected { code, message, .. } => (code, message),
        other => {
            let detail = other.to_string();
            return DirectFinding::Failed { detail };
        }
    };
    let said = Said { code, words };
    // Both are of a class that says more about other calls.
    if ["REDIRECT", "ERROR_WRONG_DOMAIN_TYPE"].contains(&said.code.as_str()) {
        return DirectFinding::PageOnly(said);
    }
    match ErrorClass::of(&said.code, &said.words) {
        ErrorClass::BadToken => DirectFinding::Credentials(said),
        ErrorClass::ChangePassword => DirectFinding::ChangePassword(said),
        ErrorClass::MustWait => DirectFinding::Wait(said),
        ErrorClass::Admin | ErrorClass::Group | ErrorClass::MayNotIssue => {
            DirectFinding::NotAllowed(said)
        }
        _ => DirectFinding::Refused(said),
    }
}
