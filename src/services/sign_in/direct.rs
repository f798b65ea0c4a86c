//! Direct login with an application user.

use std::sync::Arc;

use super::establish::{Arrival, NewSignIn, establish};
use super::notes;
use crate::domain::issuance::ServerMessage;
use crate::domain::secret::Secret;
use crate::redtrust::RedtrustError;
use crate::services::Portal;
use crate::services::connections::{ConnectionError, Redtrust};

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
}

/// Signs in with a user name and password. If no domain is given, `user@domain`
/// is split.
pub async fn direct(
    portal: &Arc<Portal>,
    redtrust: &Redtrust,
    username: &str,
    password: &Secret,
    domain: Option<&str>,
) -> Result<Direct, ConnectionError> {
    if !redtrust.connection.enabled || !redtrust.connection.settings.direct_login {
        return Ok(Direct::Refused(DirectRefusal::NotOffered));
    }
    let (username, domain) = split(username.trim(), domain);
    let answer = redtrust.client.login(username, password, domain).await;
    let tokens = match answer {
        Ok(tokens) => tokens,
        Err(error) => {
            let Some(said) = error.said() else {
                notes::refused_directly(portal, redtrust, &error);
                return Ok(Direct::Refused(DirectRefusal::Failed(error)));
            };
            tracing::info!(event = "direct_login_refused", connection = %redtrust.connection.slug, %error);
            notes::refused_directly(portal, redtrust, &error);
            return Ok(Direct::Refused(DirectRefusal::Refused(said)));
        }
    };
    let arrival = Arrival::Direct {
        login: match domain {
            Some(domain) => format!("{username}@{domain}"),
            None => username.to_owned(),
        },
    };
    let sign_in = establish(portal, redtrust, tokens, arrival).await?;
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
