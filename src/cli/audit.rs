//! `rubrica audit`: verifies the hash chain of the audit log.

use clap::Subcommand;

use super::data::DataArgs;
use super::{CliError, say};
use crate::storage::audit::{self, Verified};

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Checks that no entry was changed, removed, inserted or reordered
    Verify(DataArgs),
}

/// Verifies the chain; the error names the first invalid entry.
pub(super) async fn run(command: AuditCommand) -> Result<(), CliError> {
    let AuditCommand::Verify(args) = command;
    let portal = args.open().await?;
    let verified = audit::verify(&portal.storage, &portal.keys)
        .await
        .map_err(CliError::failed)?;
    match verified {
        Verified::Intact { entries } => say(&format!("audit chain intact, {entries} entries")),
        Verified::Broken { seq } => Err(CliError::Failed(format!(
            "the audit chain is broken at entry {seq}"
        ))),
    }
}
