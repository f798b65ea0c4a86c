//! `rubrica audit`: verifies the hash chain of the audit log, and the rows it tells of;
//! writes its entries out.

use std::io::{BufWriter, Write as _};
use std::str::FromStr;

use clap::{Args, Subcommand};
use data_encoding::HEXLOWER_PERMISSIVE;

use super::admin::command_line;
use super::data::{Data, DataArgs};
use super::{CliError, say};
use crate::domain::audit::ActorKind;
use crate::i18n::Lang;
use crate::services::audit::{Search, begin_export, exported};
use crate::storage::audit::{self, Verified};
use crate::storage::sealed_rows::{audit_has, changed_rows};
use crate::web::formats::audit::{Format, Shown};
use crate::web::page::dates::day;

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Checks that no entry was changed, removed, inserted or reordered, and that no
    /// connection or account was changed past the portal
    Verify(VerifyArgs),
    /// Writes the entries to stdout, the oldest first; the audit itself has that it was done
    Export(ExportArgs),
}

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// First day, such as 2026-11-24, in the portal's time zone
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// Last day
    #[arg(long, value_name = "DAY")]
    to: Option<String>,
    /// csv, for spreadsheets, or ndjson, with all that the hashes are made of
    #[arg(long, default_value_t)]
    format: Format,
    #[command(flatten)]
    data: DataArgs,
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

pub(super) async fn run(command: AuditCommand) -> Result<(), CliError> {
    match command {
        AuditCommand::Verify(args) => verify(args).await,
        AuditCommand::Export(args) => export(args).await,
    }
}

/// Writes the entries as they are read: memory does not grow with the audit.
async fn export(args: ExportArgs) -> Result<(), CliError> {
    let settings = args.data.settings()?;
    let zone = settings.time_zone()?;
    let day = |text: Option<String>| match text {
        None => Ok(None),
        Some(text) => day(&text, &zone)
            .map(Some)
            .ok_or_else(|| CliError::Configuration(format!("{text:?} is not a day"))),
    };
    let (from, to) = (day(args.from)?, day(args.to)?);
    if let (Some(from), Some(to)) = (&from, &to)
        && to.end <= from.start
    {
        return Err(CliError::configuration("--to is before --from"));
    }
    let mut search = Search {
        from: from.map(|day| day.start),
        to: to.map(|day| day.end),
        ..Search::default()
    };
    let portal = Data::of(&settings)?.open().await?;
    let format = args.format;
    begin_export(&portal, &command_line(), &mut search, format.as_str())
        .await
        .map_err(CliError::failed)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut write = |text: &str| {
        out.write_all(text.as_bytes())
            .map_err(|error| CliError::of_stdout(&error))
    };
    write(&format.head(Lang::En))?;
    let mut place = None;
    loop {
        let batch = exported(&portal, &search, place);
        let batch = batch.await.map_err(CliError::failed)?;
        let Some(last) = batch.entries.last() else {
            break;
        };
        place = Some(last.place());
        for entry in &batch.entries {
            let shown = Shown {
                actor: entry.what.actor.clone(),
                kind: entry.what.kind().map_or("", ActorKind::as_str).to_owned(),
                from: entry.what.from.clone(),
                action: entry.what.action.clone(),
                object: batch.object(entry),
                outcome: entry.what.outcome.clone(),
            };
            write(&format.line(Lang::En, entry, shown))?;
        }
    }
    out.flush().map_err(|error| CliError::of_stdout(&error))
}

/// Verifies the chain; the error names the first invalid entry, or every row and every
/// expected entry that does not hold.
async fn verify(args: VerifyArgs) -> Result<(), CliError> {
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
