//! `rubrica serve`: the portal alone.

use super::signals::until_stopped;
use super::{CliError, ConfigArgs, say, setup_link};
use crate::clock::Clock;
use crate::failpoints;
use crate::startup::Application;
use crate::telemetry;

/// Serves until a signal asks to stop.
pub(super) async fn run(args: ConfigArgs) -> Result<(), CliError> {
    let config = args.settings()?.config()?;
    if config.public_url.is_none() {
        return Err(CliError::configuration(
            "RUBRICA_PUBLIC_URL is not set: the origin that browsers use, such as https://portal.example",
        ));
    }
    telemetry::init(config.log);
    failpoints::arm().map_err(CliError::Configuration)?;
    let application = Application::build(config, Clock::System)
        .await
        .map_err(CliError::configuration)?;
    setup_link::offer(application.portal()).await?;
    let url = application.url().to_owned();
    until_stopped(|stop| async move {
        let served = application.start();
        say(&format!("portal ready at {url}")).map_err(std::io::Error::other)?;
        served.until(stop).await
    })
    .await
    .map_err(CliError::failed)
}
