//! The command line, with one file per subcommand. Messages for people go to stderr,
//! results to stdout.

mod admin;
mod audit;
mod backup;
mod check_config;
mod data;
#[cfg(feature = "sandbox")]
mod demo;
mod direct;
mod doctor;
mod environment;
mod find_dialect;
mod health;
mod issue;
mod keys;
mod memory;
mod open_files;
mod reload;
mod renew;
#[cfg(feature = "sandbox")]
mod sandbox;
mod serve;
mod service_manager;
mod setup_link;
mod sign_url;
mod signals;
mod support_bundle;

use std::io::{self, ErrorKind, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use serde_json::json;

use crate::config::{ConfigError, Origins, REFERENCE, Settings, file_being_read};
use crate::startup::StartupError;

/// Exit status if the operation failed.
const FAILED: u8 = 1;
/// Exit status for wrong usage or configuration.
const WRONG_CONFIGURATION: u8 = 2;

/// How long a file of the settings may take until it is named.
const TELL_AFTER: Duration = Duration::from_secs(3);

/// Portal for issuing and renewing certificates through a Redtrust RA API.
#[derive(Debug, Parser)]
#[command(name = "rubrica", version)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

impl Cli {
    /// Whether the command runs until it is stopped.
    const fn serves(&self) -> bool {
        match self.command {
            None | Some(Command::Serve(_)) => true,
            #[cfg(feature = "sandbox")]
            Some(Command::Demo(_)) => true,
            Some(_) => false,
        }
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Starts the portal and the sandbox together, ready to use (the default)
    #[cfg(feature = "sandbox")]
    Demo(demo::DemoArgs),
    /// Starts only the portal
    Serve(ConfigArgs),
    /// Starts only the sandbox, a server that imitates Redtrust
    #[cfg(feature = "sandbox")]
    Sandbox(sandbox::SandboxArgs),
    /// Manages local administrators
    #[command(subcommand)]
    Admin(admin::AdminCommand),
    /// Verifies the audit log, or writes its entries out
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Changes the master key
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Saves the database in one file, also while the portal runs
    Backup(backup::BackupArgs),
    /// Restores the database from such a file, while the portal is stopped
    Restore(backup::RestoreArgs),
    /// Checks the configuration and explains it
    CheckConfig(ConfigArgs),
    /// Explains all settings, as a table in Markdown
    Settings,
    /// Asks a running portal whether it is ready
    Health(health::HealthArgs),
    /// Finds out from a login URL that works how it was signed
    FindDialect(find_dialect::FindDialectArgs),
    /// Tests a connection step by step and says what to do
    Doctor(doctor::DoctorArgs),
    /// Issues a certificate with direct login, as the pages do
    Issue(issue::IssueArgs),
    /// Renews a certificate with direct login, as the pages do
    Renew(renew::RenewArgs),
    /// Prints a signed login URL and the signed message
    SignUrl(sign_url::SignUrlArgs),
    /// Writes a zip file for support, without any secret
    SupportBundle(support_bundle::BundleArgs),
}

#[derive(Debug, Clone, Default, Args)]
struct ConfigArgs {
    /// Configuration file (TOML); RUBRICA_... variables override it
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl ConfigArgs {
    fn settings(&self) -> Result<Settings, ConfigError> {
        environment::settings(self.config.as_deref())
    }
}

/// Why a command failed; decides the exit status.
#[derive(Debug, thiserror::Error)]
enum CliError {
    /// Wrong usage or configuration.
    #[error("{0}")]
    Configuration(String),
    /// The operation failed.
    #[error("{0}")]
    Failed(String),
    /// The same, and what was printed says so already.
    #[error("{0}")]
    Told(String),
}

impl CliError {
    fn configuration(error: impl ToString) -> Self {
        Self::Configuration(error.to_string())
    }

    fn failed(error: impl ToString) -> Self {
        Self::Failed(error.to_string())
    }

    fn of_stdout(error: &io::Error) -> Self {
        Self::Failed(format!("standard output: {error}"))
    }

    /// With settings called as they are where they stand. Whatever may be otherwise at
    /// another try is no matter of the configuration.
    fn at_start(error: &StartupError, origins: &Origins) -> Self {
        let said = origins.say(&error.complaints());
        match error.is_passing() {
            true => Self::Failed(said),
            false => Self::Configuration(said),
        }
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        Self::configuration(error)
    }
}

impl From<StartupError> for CliError {
    fn from(error: StartupError) -> Self {
        Self::at_start(&error, &Origins::default())
    }
}

/// Runs the command given by the arguments.
pub fn main() -> ExitCode {
    let cli = Cli::try_parse().unwrap_or_else(|error| {
        if error.use_stderr() {
            tell_programs(error.to_string().trim_end());
        }
        error.exit()
    });
    if cli.serves() {
        memory::give_back_what_is_freed();
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return ended(&CliError::failed(error)),
    };
    tell_of_silent_files();
    let ended_with = runtime.block_on(run(cli));
    // What still waits for a file that does not answer holds up no end.
    runtime.shutdown_background();
    match ended_with {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => ended(&error),
    }
}

/// Says once which file of the settings is waited for: a pipe or a file system that does not
/// answer looks like a program that hangs.
fn tell_of_silent_files() {
    let told = std::thread::Builder::new().spawn(|| {
        std::thread::sleep(TELL_AFTER);
        if let Some(file) = file_being_read() {
            note(&format!("rubrica: waiting for {}", file.display()));
        }
    });
    // Without it, it is waited for in silence.
    drop(told);
}

async fn run(cli: Cli) -> Result<(), CliError> {
    signals::let_writes_fail().map_err(CliError::failed)?;
    match cli.command {
        #[cfg(feature = "sandbox")]
        None => demo::run(demo::DemoArgs::default()).await,
        #[cfg(not(feature = "sandbox"))]
        None => serve::run(ConfigArgs::default()).await,
        #[cfg(feature = "sandbox")]
        Some(Command::Demo(args)) => demo::run(args).await,
        Some(Command::Serve(args)) => serve::run(args).await,
        #[cfg(feature = "sandbox")]
        Some(Command::Sandbox(args)) => sandbox::run(args).await,
        Some(Command::Admin(command)) => admin::run(command).await,
        Some(Command::Audit(command)) => audit::run(command).await,
        Some(Command::Keys(command)) => keys::run(command).await,
        Some(Command::Backup(args)) => backup::backup(args).await,
        Some(Command::Restore(args)) => backup::restore(args).await,
        Some(Command::CheckConfig(args)) => check_config::run(&args),
        Some(Command::Settings) => REFERENCE.iter().try_for_each(|row| say(&row.to_string())),
        Some(Command::Health(args)) => health::run(args).await,
        Some(Command::FindDialect(args)) => find_dialect::run(&args),
        Some(Command::Doctor(args)) => doctor::run(args).await,
        Some(Command::Issue(args)) => issue::run(args).await,
        Some(Command::Renew(args)) => renew::run(args).await,
        Some(Command::SignUrl(args)) => sign_url::run(args).await,
        Some(Command::SupportBundle(args)) => support_bundle::run(args).await,
    }
}

fn ended(error: &CliError) -> ExitCode {
    let text = error.to_string();
    for line in text.lines() {
        note(&format!("rubrica: {line}"));
    }
    if !matches!(error, CliError::Told(_)) {
        tell_programs(&text);
    }
    ExitCode::from(match error {
        CliError::Configuration(_) => WRONG_CONFIGURATION,
        CliError::Failed(_) | CliError::Told(_) => FAILED,
    })
}

/// Prints why there is no result where one JSON object is asked for: a program that reads
/// it finds one however the command ends, also if its arguments could not be read.
fn tell_programs(error: &str) {
    if std::env::args_os().any(|argument| argument == "--json") {
        let _unread = say(&json!({ "error": error }).to_string());
    }
}

/// Writes one line of results to stdout and flushes it. A reader that has gone, as
/// `head` does, has read what it wanted.
fn say(line: &str) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CliError::of_stdout(&error)),
        _ => Ok(()),
    }
}

/// Says where a server is ready. It serves on if nobody can read it.
fn say_ready(what: &str, url: &str) {
    if let Err(error) = say(&format!("{what} ready at {url}")) {
        note(&format!("rubrica: warning: {error}"));
    }
}

/// Writes one line for people to stderr. If nobody can read it, the command goes on.
fn note(line: &str) {
    let _unread = writeln!(io::stderr().lock(), "{line}");
}
