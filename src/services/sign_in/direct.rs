//! Direct login with an application user.

use std::sync::Arc;
use std::time::Duration;

use super::establish::{Arrival, NewSignIn, establish};
use super::notes;
use crate::domain::issuance::ServerMessage;
use crate::domain::secret::Secret;
use crate::redtrust::RedtrustError;
use crate::services::Portal;
use crate::services::connections::{ConnectionError, Redtrust};
use crate::services::limiter::{self, Stranger, Taken};

/// Result of a direct login.
#[derive(Debug)]
pub enum Direct {
    SignedIn(NewSignIn),
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
    /// Nothing was sent.
    TooMany {
        /// How long to wait.
        wait: Duration,
    },
}

/// What an application user typed.
#[derive(Debug, Clone, Copy)]
pub struct Credentials<'a> {
    username: &'a str,
    domain: Option<&'a str>,
    password: &'a Secret,
}

impl<'a> Credentials<'a> {
    /// If no domain is given, `user@domain` is split.
    pub fn new(username: &'a str, domain: Option<&'a str>, password: &'a Secret) -> Self {
        let (username, domain) = split(username.trim(), domain);
        Self {
            username,
            domain,
            password,
        }
    }

    /// The whole name, as the owner of what is issued is called.
    pub fn login(&self) -> String {
        match self.domain {
            Some(domain) => format!("{}@{domain}", self.username),
            None => self.username.to_owned(),
        }
    }
}

/// Signs in with a user name and password.
pub async fn direct(
    portal: &Arc<Portal>,
    redtrust: &Redtrust,
    credentials: Credentials<'_>,
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
    let Credentials {
        username,
        domain,
        password,
    } = credentials;
    let (client, place) = (&redtrust.client, who.place());
    let tokens = match client.login(username, password, domain, &place).await {
        Ok(tokens) => tokens,
        Err(error) => {
            let slug = &redtrust.connection.slug;
            tracing::info!(event = "sign_in_refused", door = "direct", connection = %slug, %error);
            notes::refused_directly(portal, redtrust, &error);
            return Ok(Direct::Refused(match error.said() {
                Some(said) => DirectRefusal::Refused(said),
                None => DirectRefusal::Failed(error),
            }));
        }
    };
    limiter::give_back(portal, spent).await;
    let arrival = Arrival::Direct {
        username: username.to_owned(),
        domain: domain.map(ToOwned::to_owned),
    };
    let sign_in = establish(portal, redtrust, tokens, arrival, &who.source).await?;
    notes::worked(portal, redtrust);
    Ok(Direct::SignedIn(sign_in))
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
