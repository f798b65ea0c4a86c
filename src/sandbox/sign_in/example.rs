//! One login URL, as a vendor hands it over: made by another program of the partner,
//! for a redirect URL of its own.

use serde::Serialize;

use super::super::refusal::Refusal;
use super::super::secrets::SharedKey;
use super::super::seed::Seed;
use super::super::state::PARTNER;
use super::hmac;
use super::query::LoginQuery;
use rubrica_domain::dialect::{Dialect, TimestampUnit};
use rubrica_domain::millis::Millis;

/// A login URL that works, and the key it is signed with.
#[derive(Debug, Serialize)]
pub struct Example {
    pub url: String,
    pub shared_key: String,
    pub partner: &'static str,
}

/// The other program.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Program {
    /// The domain that its login URLs name.
    pub(crate) domain: Option<&'static str>,
    pub(crate) redirect_url: &'static str,
}

impl Program {
    /// The one of a contrary sandbox, or of the plain one.
    pub(crate) fn of(seed: Option<Seed>) -> Self {
        const PLAIN: &str = "https://app.partner.example/redtrust/callback";
        let redirect_urls = [
            PLAIN,
            "https://firma.partner.example:8443/Account/SignIn?returnUrl=%2Fhome",
            "https://ra.partner.example/auth/redtrust.aspx?app=ra&lang=es",
            "https://app.partner.example/~ra/callback(1)",
        ];
        match seed {
            None => Self {
                domain: None,
                redirect_url: PLAIN,
            },
            Some(seed) => Self {
                domain: seed.in_percent("domain", 60).then_some("demo"),
                redirect_url: seed.one_of("example_redirect_url", &redirect_urls),
            },
        }
    }

    /// Its login URL at this moment.
    pub(crate) fn example(
        self,
        dialect: &Dialect,
        base_url: &str,
        key: &SharedKey,
        now: Millis,
    ) -> Result<Example, Refusal> {
        let query = self.query(dialect, now);
        let parsed = LoginQuery::parse(&format!("{query}&hmac=none"))?;
        let secret = hmac::secret(key, dialect)?;
        let signature = hmac::signature(&parsed, dialect, base_url, &secret);
        let signature = hmac::escaped(&signature, dialect.url_encoding);
        let path = hmac::LOGIN_PATH;
        Ok(Example {
            url: format!("{base_url}{path}?{query}&hmac={signature}"),
            shared_key: key.expose().to_owned(),
            partner: PARTNER,
        })
    }

    /// The query without its signature.
    fn query(self, dialect: &Dialect, now: Millis) -> String {
        let timestamp = match dialect.timestamp_unit {
            TimestampUnit::Seconds => now.as_secs(),
            TimestampUnit::Milliseconds => now.0,
        };
        let domain = match self.domain {
            Some(domain) => format!("&Domain={domain}"),
            None => String::new(),
        };
        let redirect_url = hmac::escaped(self.redirect_url, dialect.url_encoding);
        format!(
            "Consumer=RA_API{domain}&RedirectUrl={redirect_url}\
             &timestamp={timestamp}&partner={PARTNER}"
        )
    }
}
