//! `rubrica backup` and `rubrica restore`.

use std::path::PathBuf;

use clap::Args;

use super::admin::command_line;
use super::data::DataArgs;
use super::{CliError, note, say};
use crate::clock::Clock;
use crate::i18n::Lang;
use crate::services::keeping;
use crate::startup::{StartupError, key_ring};
use crate::storage::backup::{self, BackupError, Wanted};
use crate::storage::new_file::Target;
use crate::web::page::dates::date_time;

#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// The file to write
    file: PathBuf,
    /// Encrypts the file with the master key; without that key nobody can restore any
    /// backup, encrypted or not
    #[arg(long)]
    encrypt: bool,
    /// Lets the file take the place of one that is there
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
pub(super) struct RestoreArgs {
    /// A file that `rubrica backup` has made, from SQLite or PostgreSQL
    file: PathBuf,
    /// Restores into a database that is not empty: what is in it is lost
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn backup(args: BackupArgs) -> Result<(), CliError> {
    let settings = args.data.settings()?;
    let data = settings.data()?;
    let wanted = Wanted {
        target: Target {
            file: args.file,
            overwrite: args.overwrite,
            needed: settings.named_files(),
        },
        sealed: args.encrypt,
    };
    let (keys, now) = (key_ring(&data), Clock::System.now());
    let saved = backup::save(&data.database_url, &keys, &wanted, now);
    let saved = saved.await.map_err(failed)?;
    warn_of(&saved.wrong);
    say(&format!(
        "written       {}: {} rows of {} tables, read back whole",
        wanted.target.file.display(),
        saved.rows,
        saved.tables
    ))?;
    say("master key    not in it: keep it elsewhere")
}

pub(super) async fn restore(args: RestoreArgs) -> Result<(), CliError> {
    let settings = args.data.settings()?;
    let (data, zone) = (settings.data()?, settings.time_zone()?);
    let restored = keeping::restore(
        &data.database_url,
        &key_ring(&data),
        &args.file,
        args.replace,
        &command_line(),
        Clock::System.now(),
    )
    .await
    .map_err(failed)?;
    warn_of(&restored.wrong);
    say(&format!(
        "restored      {} rows of {} tables, as of {}",
        restored.rows,
        restored.tables,
        date_time(restored.made_at, &zone, Lang::En)
    ))?;
    say("checked       numbers of rows, audit chain, seals")?;
    say("sessions      none: everybody signs in again")?;
    match restored.needs_old_key {
        true => say(
            "master key    the old one is needed until `rubrica keys rotate` is done: run it now",
        ),
        false => Ok(()),
    }
}

fn warn_of(wrong: &[String]) {
    for wrong in wrong {
        note(&format!(
            "rubrica: warning: in the database that was saved: {wrong}"
        ));
    }
}

fn failed(error: BackupError) -> CliError {
    match error {
        BackupError::Storage(error) => StartupError::from(error).into(),
        error => CliError::failed(error),
    }
}
