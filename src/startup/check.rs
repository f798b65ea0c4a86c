//! What a start refuses, or warns of, before it opens or makes anything. `check-config` and
//! SIGHUP ask the same.

use super::{StartupError, listening};
use crate::config::Config;
use crate::domain::millis::Millis;
use crate::mail::Sender;
use crate::storage::check_address;
use crate::web::Certificate;
use crate::webhook::Receiver;

/// Checks everything but the connections of the file, which need the public URL.
///
/// # Errors
/// [`StartupError`].
pub fn check(config: &Config) -> Result<(), StartupError> {
    let data = &config.data;
    check_address(&data.database_url)?;
    listening::check(config)?;
    config.tls.as_ref().map(Certificate::read).transpose()?;
    data.mail.as_ref().map(Sender::new).transpose()?;
    data.webhook.as_ref().map(Receiver::new).transpose()?;
    Ok(())
}

/// What does not keep it from starting, but is most likely a mistake.
pub fn odd(config: &Config, now: Millis) -> Vec<String> {
    let files = config.tls.as_ref();
    let certificate = files.and_then(|files| Certificate::read(files).ok());
    let of_tls = certificate.map(|certificate| certificate.odd(config.public_url.as_ref(), now));
    let mut all = config.odd.clone();
    all.extend(of_tls.into_iter().flatten());
    all
}

/// Logs all of it.
pub fn warn_of_odd(config: &Config, now: Millis) {
    for odd in odd(config, now) {
        tracing::warn!(event = "configuration_odd", what = %odd);
    }
}
