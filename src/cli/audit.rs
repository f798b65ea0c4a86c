//! `rubrica audit`: verifies the hash chain of the audit log, and the rows it tells of.

use std::str::FromStr;

use clap::{Args, Subcommand};
use data_encoding::HEXLOWER_PERMISSIVE;

use super::data::DataArgs;
use super::{CliError, say};
use crate::storage::audit::{self, Verified};
use crate::storage::sealed_rows::{audit_has, changed_rows};

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Checks that no entry was changed, removed, inserted or reordered, and that no
    /// connection or account was changed past the portal
    Verify(VerifyArgs),
}

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// An entry that has to be there: number and hash of a line `audit_head` of the log
    #[arg(long, value_name = "SEQ:HASH")]
    expect: Vec<Expected>,
    #[command(flatten)]
    data: DataArgs,
}

/// Number and hash of an entry.
#[derive(Debug, Clone)]
struct Expected {
    seq: i64,
    hash: [u8; 32],
}

impl FromStr for Expected {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (seq, hash) = text.split_once(':')?;
            let hash = HEXLOWER_PERMISSIVE.decode(hash.trim().as_bytes()).ok()?;
            Some(Self {
                seq: seq.trim().parse().ok()?,
                hash: hash.try_into().ok()?,
            })
        };
        read().ok_or("must be a number, a colon and 64 hexadecimal digits")
    }
}

/// Verifies the chain; the error names the first invalid entry, or every row and every
/// expected entry that does not hold.
pub(super) async fn run(command: AuditCommand) -> Result<(), CliError> {
    let AuditCommand::Verify(args) = command;
    let portal = args.data.open().await?;
    let (storage, keys) = (&portal.storage, &portal.keys);
    let verified = audit::verify(storage, keys).await;
    match verified.map_err(CliError::failed)? {
        Verified::Intact { entries } => say(&format!("audit chain intact, {entries} entries"))?,
        Verified::Broken { seq } => {
            return Err(CliError::Failed(format!(
                "the audit chain is broken at entry {seq}"
            )));
        }
    }
    let rows = changed_rows(storage, keys).await;
    let mut wrong: Vec<String> = rows
        .map_err(CliError::failed)?
        .iter()
        .map(ToString::to_string)
        .collect();
    for Expected { seq, hash } in args.expect {
        let there = audit_has(storage, seq, &hash).await;
        if !there.map_err(CliError::failed)? {
            wrong.push(format!(
                "entry {seq} is missing or another than expected: the audit was cut or replaced"
            ));
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(CliError::Failed(wrong.join("\nrubrica: ")))
}
