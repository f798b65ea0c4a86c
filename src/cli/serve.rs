//! `rubrica serve`: the portal alone.

use std::sync::Arc;

use futures_util::FutureExt as _;

use super::reload::{self, Running};
use super::signals::{hangups, until_stopped};
use super::{CliError, ConfigArgs, open_files, say_ready, service_manager, setup_link};
use crate::clock::Clock;
use crate::domain::secret::Secret;
use crate::failpoints;
use crate::startup::{self, Application};
use crate::telemetry;

/// Serves until a signal asks to stop.
pub(super) async fn run(args: ConfigArgs) -> Result<(), CliError> {
    // One that comes early waits; by itself it would end the process, and as if in order.
    let hangups = hangups().map_err(CliError::failed)?;
    let settings = args.settings()?;
    let config = startup::to_serve(settings.clone(), Clock::System.now())?;
    let telemetry =
        telemetry::init(config.log, config.collector.clone()).map_err(CliError::configuration)?;
    open_files::raise_limit();
    failpoints::arm().map_err(CliError::Configuration)?;
    let origins = config.origins.clone();
    let database_url = Secret::new(config.data.database_url.as_str());
    let application = Application::build(config, Clock::System).await;
    let application = application.map_err(|error| CliError::at_start(&error, &origins))?;
    setup_link::offer(application.portal()).await?;
    let url = application.url().to_owned();
    let metrics_url = application.metrics_url().map(ToOwned::to_owned);
    let certificate = application.certificate().cloned();
    let running = Running {
        args,
        settings,
        database_url,
        portal: Arc::clone(application.portal()),
        certificate,
    };
    let reloads = reload::at_each(hangups, running);
    let beside = [
        tokio::spawn(reloads),
        tokio::spawn(service_manager::keep_telling()),
    ];
    let served = until_stopped(None, |stop| async move {
        let served = application.start();
        say_ready("portal", &url);
        if let Some(url) = metrics_url {
            say_ready("metrics", &url);
        }
        service_manager::tell("READY=1");
        let stop = stop.inspect(|_| service_manager::tell("STOPPING=1"));
        served.until(stop).await
    })
    .await;
    for task in beside {
        task.abort();
    }
    telemetry.end().await;
    served.map_err(CliError::failed)
}
