//! `rubrica keys`: rotation of the master key.

use clap::Subcommand;

use super::data::{Data, DataArgs};
use super::{CliError, note, say};
use crate::storage::Engine;
use crate::storage::lock::OrderLock;
use crate::storage::rotate::{Alone, rotate};

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Seals everything anew with the master key; the old one is
    /// RUBRICA_OLD_MASTER_KEY. Works beside a running server that has both
    Rotate(DataArgs),
}

/// Rotates; run it again if it was interrupted.
pub(super) async fn run(command: KeysCommand) -> Result<(), CliError> {
    let KeysCommand::Rotate(args) = command;
    let data = Data::of(&args.settings()?)?;
    if data.config.old_master_key.is_none() {
        return Err(CliError::configuration(
            "RUBRICA_OLD_MASTER_KEY is not set: the key that is to be replaced, \
             or RUBRICA_OLD_MASTER_KEY_FILE",
        ));
    }
    let _nothing_ordered =
        OrderLock::keep_out(&data.config.database_url).map_err(CliError::failed)?;
    let portal = data.open().await?;
    let lacks_it = portal.storage.is_served_without(&portal.keys);
    if lacks_it.map_err(CliError::failed)? {
        return Err(CliError::failed(
            "a server runs on this database that does not have the new master key: restart it \
             with both first, RUBRICA_MASTER_KEY (the new one) and RUBRICA_OLD_MASTER_KEY",
        ));
    }
    let alone = Alone::take(&portal.storage).await;
    let Some(_alone) = alone.map_err(CliError::failed)? else {
        return Err(CliError::failed(
            "another command is rotating the keys of this database: run this again when it has \
             ended",
        ));
    };
    if portal.storage.engine() == Engine::Postgres {
        note(
            "rubrica: every node needs both keys by now: one that has only the old key is not \
             ready from now on",
        );
    }
    let done = rotate(&portal.storage, &portal.keys).await;
    let done = done.map_err(CliError::failed)?;
    say(&format!(
        "{} values are sealed with the new key now",
        done.values
    ))?;
    if done.broken.is_empty() {
        return say("nothing needs the old key any more");
    }
    Err(CliError::Failed(format!(
        "these rows cannot be opened with either key, or were changed past the portal: {}",
        done.broken.join(", ")
    )))
}
