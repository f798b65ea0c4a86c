//! `rubrica demo`: portal and sandbox together on this machine, ready to use.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::admin::ensure_admin;
use super::signals::{hangups, until_stopped};
use super::{CliError, environment, open_files, say_ready, setup_link};
use crate::clock::Clock;
use crate::config::{Config, MasterKey, Settings};
use crate::domain::secret::Secret;
use crate::sandbox::{Sandbox, SandboxSettings, make_directory};
use crate::services::demo_connection::{self, DemoConnection};
use crate::startup::{Application, mistakes};
use crate::telemetry;

#[derive(Debug, Clone, Default, Args)]
pub(super) struct DemoArgs {
    /// Address and port of the portal [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Address and port of the sandbox [default: 127.0.0.1:8082]
    #[arg(long, value_name = "ADDR")]
    sandbox_listen: Option<SocketAddr>,
    /// Directory for databases and keys [default: var]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

/// Serves both until a signal asks to stop.
pub(super) async fn run(args: DemoArgs) -> Result<(), CliError> {
    let dir = args.data_dir.clone().unwrap_or_else(|| "var".into());
    let config = configure(&args, &dir)?;
    let telemetry =
        telemetry::init(config.log, config.collector.clone()).map_err(CliError::configuration)?;
    open_files::raise_limit();
    let sandbox = Sandbox::build(SandboxSettings {
        listen: args
            .sandbox_listen
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8082))),
        data_dir: dir.join("sandbox"),
        allow_remote: false,
        clock: Clock::System,
        contrary: None,
    })
    .await
    .map_err(CliError::configuration)?;
    let demo = DemoConnection {
        base_url: sandbox.url().parse().map_err(CliError::failed)?,
        shared_key: Secret::new(sandbox.shared_key().expose()),
    };
    let (sandbox_url, sandbox_handle) = (sandbox.url().to_owned(), sandbox.handle());
    let first_admin = config.first_admin.clone();
    let application = Application::build(config, Clock::System).await?;
    let portal = Arc::clone(application.portal());
    let url = application.url().to_owned();
    let sandbox = tokio::spawn(sandbox.run());
    demo_connection::ensure(&portal, &demo)
        .await
        .map_err(CliError::failed)?;
    match first_admin {
        Some((username, file)) => ensure_admin(&portal, &username, &file).await?,
        None => setup_link::offer(&portal).await?,
    }
    // The terminal is gone.
    let hup = hangups().map_err(CliError::failed)?;
    let served = until_stopped(Some(hup), |stop| async move {
        let serving = application.start();
        say_ready("portal", &url);
        say_ready("sandbox", &sandbox_url);
        serving.until(stop).await
    })
    .await;
    sandbox_handle.stop(true).await;
    sandbox
        .await
        .map_err(CliError::failed)?
        .map_err(CliError::failed)?;
    telemetry.end().await;
    served.map_err(CliError::failed)
}

/// Settings for this machine only; paths that are not configured are placed under
/// `dir`.
fn configure(args: &DemoArgs, dir: &Path) -> Result<Config, CliError> {
    make_directory(dir).map_err(|error| {
        CliError::Configuration(format!("--data-dir {}: {error}", dir.display()))
    })?;
    let defaults = Settings::for_data_dir(dir);
    if let Some(path) = &defaults.master_key_file {
        MasterKey::from_file_or_new(path)?;
    }
    let mut settings = environment::settings(None)?.or_default(defaults);
    if let Some(listen) = args.listen {
        settings.listen = Some(listen.to_string());
    }
    // Browsers trust no certificate for this machine.
    (settings.tls_cert_file, settings.tls_key_file) = (None, None);
    let config = settings.config_with(|config| mistakes(config, Clock::System.now()))?;
    stays_here(&config, args)?;
    Ok(config)
}

/// Refuses settings with which others could reach the demo, whose passwords everybody knows.
fn stays_here(config: &Config, args: &DemoArgs) -> Result<(), CliError> {
    let listen = match args.listen {
        Some(_) => "--listen",
        None => "RUBRICA_LISTEN",
    };
    let elsewhere = config.public_url.as_ref().filter(|url| !url.is_loopback());
    let wrong = match elsewhere {
        _ if !config.listen.is_loopback() => format!(
            "{listen} is {}: give it a port of 127.0.0.1 or [::1]",
            config.listen
        ),
        Some(url) => format!("RUBRICA_PUBLIC_URL is {url}: leave it out, or name localhost"),
        None => return Ok(()),
    };
    Err(CliError::Configuration(format!(
        "demo stays on this machine, and {wrong}; use `rubrica serve` for anything else"
    )))
}
