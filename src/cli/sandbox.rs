//! `rubrica sandbox`: only the server that imitates Redtrust.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::signals::{hangups, until_stopped};
use super::{CliError, ConfigArgs, say, say_ready};
use crate::clock::Clock;
use crate::sandbox::{Contrary, Sandbox, SandboxSettings, read_shared_key};
use crate::telemetry;

#[derive(Debug, Args)]
pub(super) struct SandboxArgs {
    /// Address and port
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8082")]
    listen: SocketAddr,
    /// Directory for the database, keys and test CA
    #[arg(long, value_name = "DIR", default_value = "var/sandbox")]
    data_dir: PathBuf,
    /// Allow connections from other machines; the controls then need the printed token
    #[arg(long)]
    allow_remote: bool,
    /// Be another Redtrust: all that its documents leave open is drawn from this number
    #[arg(long, value_name = "SEED")]
    contrary: Option<u64>,
    /// With --contrary: no delays, lost answers and expired tokens by chance
    #[arg(long, requires = "contrary")]
    steady: bool,
    /// Print the shared key of the partner RUBRICA-DEMO and exit
    #[arg(long)]
    show_key: bool,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Serves until a signal asks to stop.
pub(super) async fn run(args: SandboxArgs) -> Result<(), CliError> {
    if args.show_key {
        let key = read_shared_key(&args.data_dir).map_err(CliError::failed)?;
        return say(key.expose());
    }
    let level = args.config.settings()?.well_written()?.log_level()?;
    let _log = telemetry::init(level, None).map_err(CliError::configuration)?;
    let sandbox = Sandbox::build(SandboxSettings {
        listen: args.listen,
        data_dir: args.data_dir,
        allow_remote: args.allow_remote,
        clock: Clock::System,
        contrary: args.contrary.map(|seed| Contrary {
            seed,
            steady: args.steady,
        }),
    })
    .await
    .map_err(CliError::configuration)?;
    if let Some(seed) = sandbox.seed() {
        say(&format!("contrary sandbox of seed {seed}"))?;
    }
    if let Some(token) = sandbox.controls_token() {
        say(&format!(
            "/sandbox needs the header Authorization: Bearer {token}"
        ))?;
    }
    say_ready("sandbox", sandbox.url());
    let handle = sandbox.handle();
    // The terminal is gone.
    let hup = hangups().map_err(CliError::failed)?;
    until_stopped(Some(hup), |stop| async move {
        let serving = tokio::spawn(sandbox.run());
        // The sender is dropped at the first signal, so both outcomes mean "stop".
        let _told = stop.await;
        handle.stop(true).await;
        serving.await.map_err(std::io::Error::other)?
    })
    .await
    .map_err(CliError::failed)
}
