//! SIGHUP at `rubrica serve`: the connections of the configuration file and the certificate
//! are read anew. Other settings wait for the next start.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::signal::unix::Signal;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::{CliError, ConfigArgs};
use crate::config::{Complaint, Config, Settings, file_being_read};
use crate::domain::millis::Millis;
use crate::domain::secret::Secret;
use crate::services::Portal;
use crate::startup::{self, StartupError};
use crate::web::Certificate;

/// How long the files of the settings may take.
const READ_WITHIN: Duration = Duration::from_secs(5);

/// What is read anew, and the settings with which the portal has started.
pub(super) struct Running {
    pub args: ConfigArgs,
    pub settings: Settings,
    /// With its password.
    pub database_url: Secret,
    pub portal: Arc<Portal>,
    pub certificate: Option<Arc<Certificate>>,
}

/// Reloads at each signal, for ever. What has a mistake stays as it was.
pub(super) async fn at_each(mut hangups: Signal, running: Running) {
    while hangups.recv().await.is_some() {
        match running.reload().await {
            Ok(()) => tracing::info!(event = "configuration_reloaded"),
            Err(error) => tracing::error!(event = "configuration_not_reloaded", %error),
        }
    }
}

impl Running {
    async fn reload(&self) -> Result<(), CliError> {
        let now = self.portal.clock.now();
        let (settings, config) = read(self.args.clone(), now).await?;
        let named = |error: StartupError| CliError::at_start(&error, &config.origins);
        let same = config.data.database_url == self.database_url.expose();
        let opens = startup::check_database(&self.portal, &config.data, same).await;
        opens.map_err(named)?;
        startup::warn_of_odd(&config, now);
        let shown = match (&self.certificate, &config.tls) {
            (Some(certificate), Some(files)) => Some(certificate.reload(files)),
            _ => None,
        };
        let taken_over = startup::reload(&self.portal, &config.data).await;
        taken_over.map_err(named)?;
        let mut waiting = settings.changed(&self.settings);
        if let Some(shown) = shown {
            let wrong = |wrong: Vec<Complaint>| CliError::Configuration(config.origins.say(&wrong));
            shown.map_err(wrong)?;
            waiting.retain(|name| !name.starts_with("tls_"));
        }
        if !waiting.is_empty() {
            let settings = waiting.join(", ");
            tracing::warn!(event = "settings_wait_for_restart", %settings);
        }
        Ok(())
    }
}

/// Reads them on a thread of its own, which stays behind if a file never answers.
async fn read(args: ConfigArgs, now: Millis) -> Result<(Settings, Config), CliError> {
    let (tell, told) = oneshot::channel();
    let reading = thread::Builder::new().spawn(move || {
        let read = args.settings().and_then(|settings| {
            let config = startup::to_serve(settings.clone(), now)?;
            Ok((settings, config))
        });
        let _too_late = tell.send(read);
    });
    reading.map_err(CliError::failed)?;
    match timeout(READ_WITHIN, told).await {
        Ok(Ok(read)) => Ok(read?),
        _ => Err(CliError::Failed(match file_being_read() {
            Some(file) => format!("{} does not answer", file.display()),
            None => "the settings could not be read in time".to_owned(),
        })),
    }
}
