//! What a start refuses, or warns of, before it opens or makes anything. `check-config` and
//! SIGHUP ask the same.

use super::error::DATABASE;
use super::{StartupError, check_connection, key_ring, listening, loose_modes, may_start};
use crate::config::{Complaint, Config, ConfigError, DataConfig, PublicUrl, Settings};
use crate::domain::millis::Millis;
use crate::mail::Sender;
use crate::services::Portal;
use crate::storage::{Storage, check_address, odd_about_address};
use crate::web::Certificate;
use crate::webhook::Receiver;

/// The configuration of `serve`, if nothing is wrong with it.
///
/// # Errors
/// [`ConfigError`] with all mistakes.
pub fn to_serve(settings: Settings, now: Millis) -> Result<Config, ConfigError> {
    let unset = settings.lacks_public_url().then(|| {
        let hint = "the origin that browsers use, such as https://portal.example";
        Complaint::not_set("RUBRICA_PUBLIC_URL", hint)
    });
    settings.config_with(|config| unset.into_iter().chain(mistakes(config, now)).collect())
}

/// All that keeps it from starting.
pub fn mistakes(config: &Config, now: Millis) -> Vec<Complaint> {
    let data = &config.data;
    let certificate = config.tls.as_ref().map(Certificate::read).transpose();
    let sender = data.mail.as_ref().map(Sender::new).transpose();
    let receiver = data.webhook.as_ref().map(Receiver::new).transpose();
    let checks: [Result<(), StartupError>; 5] = [
        check_address(&data.database_url).map_err(StartupError::from),
        listening::check(config),
        certificate.map(drop).map_err(StartupError::from),
        sender.map(drop).map_err(StartupError::from),
        receiver.map(drop).map_err(StartupError::from),
    ];
    let wrong = checks.into_iter().filter_map(Result::err);
    let of_connections = connections(config, now).filter(|error| !may_start(error));
    let all = wrong.chain(of_connections);
    all.flat_map(|error| error.complaints()).collect()
}

/// Whether a start would open the database with these settings; the one that is open if it
/// is the `same`.
///
/// # Errors
/// [`StartupError`].
pub async fn check_database(
    portal: &Portal,
    data: &DataConfig,
    same: bool,
) -> Result<(), StartupError> {
    let keys = key_ring(data);
    match same {
        true => portal.storage.opens_with(&keys).await?,
        false => Storage::would_open(&data.database_url, &keys).await?,
    }
    Ok(())
}

/// What is wrong with the connections of the file, as far as the public URL is known.
fn connections(config: &Config, now: Millis) -> impl Iterator<Item = StartupError> {
    let public_url = config.public_url.as_ref().map(PublicUrl::as_str);
    let entries = config.data.connections.iter();
    entries.filter_map(move |entry| check_connection(&config.data, entry, public_url, now).err())
}

/// What does not keep it from starting, but is most likely a mistake.
pub fn odd(config: &Config, now: Millis) -> Vec<Complaint> {
    let files = config.tls.as_ref();
    let certificate = files.and_then(|files| Certificate::read(files).ok());
    let of_tls = certificate.map(|certificate| certificate.odd(config.public_url.as_ref(), now));
    let mut all = config.odd.clone();
    all.extend(of_tls.into_iter().flatten());
    let of_address = odd_about_address(&config.data.database_url);
    all.extend(of_address.iter().map(|odd| Complaint::of(DATABASE, odd)));
    all
}

/// The connections that cannot be used, though the portal starts.
pub fn unusable(config: &Config, now: Millis) -> Vec<Complaint> {
    let unusable = connections(config, now).filter(may_start);
    unusable.flat_map(|error| error.complaints()).collect()
}

/// Logs what is odd, and the files that are open to others.
pub fn warn_of_odd(config: &Config, now: Millis) {
    loose_modes::warn(&config.data);
    for odd in odd(config, now) {
        let what = config.origins.say_one(&odd);
        tracing::warn!(event = "configuration_odd", %what);
    }
}
