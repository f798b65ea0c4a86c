//! Direct login with an application user.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::establish::{Arrival, Established, SessionToBe, establish};
use super::notes;
use crate::domain::issuance::ServerMessage;
use crate::domain::secret::Secret;
use crate::redtrust::RedtrustError;
use crate::services::Portal;
use crate::services::connections::{ConnectionError, Redtrust};
use crate::services::limiter::{self, Spent, Stranger, Taken};
use crate::storage::StorageError;

/// Result of a direct login.
#[derive(Debug)]
pub enum Direct {
    SignedIn {
        /// The id of the session that was stored, for the browser's cookie.
        session: Secret,
    },
    Refused(DirectRefusal),
}

#[derive(Debug)]
pub enum DirectRefusal {
    /// The connection is disabled or does not offer direct login.
    NotOffered,
    /// User name, password or domain is wrong, and we never say which; or something
    /// else that Redtrust says.
    Refused(ServerMessage),
    /// Redtrust could not be reached, or its answer could not be used.
    Failed(RedtrustError),
    /// Too many tries, or too many sign-ins of one person.
    TooMany {
        /// How long to wait.
        wait: Duration,
    },
}

/// What an application user typed.
#[derive(Debug, Clone)]
pub struct Credentials {
    username: String,
    domain: Option<String>,
    password: Secret,
}

impl Credentials {
    /// If no domain is given, `user@domain` is split.
    pub fn new(username: &str, domain: Option<&str>, password: Secret) -> Self {
        let (username, domain) = split(username.trim(), domain);
        Self {
            username: username.to_owned(),
            domain: domain.map(ToOwned::to_owned),
            password,
        }
    }

    /// The whole name, as the owner of what is issued is called.
    pub fn login(&self) -> String {
        match &self.domain {
            Some(domain) => format!("{}@{domain}", self.username),
            None => self.username.clone(),
        }
    }
}

/// Signs in with a user name and password; `session` is stored for the sign-in. Not in the
/// request that asks for it, so that a closed page does not stop it: Redtrust would not be
/// told of a log-out.
pub async fn direct(
    portal: &Arc<Portal>,
    redtrust: &Arc<Redtrust>,
    credentials: Credentials,
    session: SessionToBe,
    who: &Stranger,
) -> Result<Direct, ConnectionError> {
    if !redtrust.connection.enabled || !redtrust.connection.settings.direct_login {
        return Ok(Direct::Refused(DirectRefusal::NotOffered));
    }
    let login = credentials.login();
    let spent = match limiter::take(portal, redtrust.direct_door(&login), who).await? {
        Taken::Allowed(spent) => spent,
        Taken::TooMany { wait } => return Ok(Direct::Refused(DirectRefusal::TooMany { wait })),
    };
    let (tell, told) = oneshot::channel();
    let (on, redtrust, who) = (Arc::clone(portal), Arc::clone(redtrust), who.clone());
    portal.in_flight.spawn(async move {
        let ended = log_in(&on, &redtrust, credentials, session, &who, spent).await;
        // Nobody listens any more if the page was closed.
        let _ = tell.send(ended);
    });
    let ended = told
        .await
        .unwrap_or_else(|_| Err(StorageError::Unavailable("the sign-in ended".into())));
    Ok(ended?)
}

async fn log_in(
    portal: &Arc<Portal>,
    redtrust: &Arc<Redtrust>,
    credentials: Credentials,
    session: SessionToBe,
    who: &Stranger,
    spent: Spent,
) -> Result<Direct, StorageError> {
    let Credentials {
        username,
        domain,
        password,
    } = credentials;
    let (client, place) = (&redtrust.client, who.place());
    let tokens = client.login(&username, &password, domain.as_deref(), &place);
    let tokens = match tokens.await {
        Ok(tokens) => tokens,
        Err(error) => {
            let slug = &redtrust.connection.slug;
            tracing::info!(event = "sign_in_refused", door = "direct", connection = %slug, %error);
            notes::refused_directly(portal, redtrust, &error);
            return Ok(Direct::Refused(match error.said() {
                Some(said) => DirectRefusal::Refused(said),
                None => {
                    // Nobody has judged the password.
                    limiter::give_back(portal, spent).await;
                    DirectRefusal::Failed(error)
                }
            }));
        }
    };
    let id = session.id.clone();
    let arrival = Arrival::Direct {
        username,
        domain,
        session,
    };
    let ended = establish(portal, redtrust, tokens, arrival, &who.source).await;
    if !matches!(ended, Ok(Established::TooMany { .. })) {
        limiter::give_back(portal, spent).await;
    }
    Ok(match ended? {
        Established::SignedIn(_) => {
            notes::worked(portal, redtrust);
            Direct::SignedIn { session: id }
        }
        Established::Closed => Direct::Refused(DirectRefusal::NotOffered),
        Established::TooMany { wait } => Direct::Refused(DirectRefusal::TooMany { wait }),
    })
}

/// User name and domain; without a domain, `user@domain` is split.
pub(in crate::services) fn split<'a>(
    username: &'a str,
    domain: Option<&'a str>,
) -> (&'a str, Option<&'a str>) {
    let domain = domain.map(str::trim).filter(|domain| !domain.is_empty());
    match (domain, username.rsplit_once('@')) {
        (None, Some((user, domain))) if !user.is_empty() && !domain.is_empty() => {
            (user, Some(domain))
        }
        _ => (username, domain),
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn user_at_domain_is_split_unless_a_domain_is_given() {
        assert_eq!(split("ana@corp", None), ("ana", Some("corp")));
        assert_eq!(split("ana@corp", Some(" ")), ("ana", Some("corp")));
        assert_eq!(split("ana@corp", Some("x")), ("ana@corp", Some("x")));
        assert_eq!(split("ana", None), ("ana", None));
        assert_eq!(split("@corp", None), ("@corp", None));
    }
}
