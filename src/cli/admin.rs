//! `rubrica admin`: manages local administrators, also while a server is running.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::data::{Data, DataArgs};
use super::{CliError, note, say};
use crate::config::read_text;
use crate::domain::audit::SYSTEM;
use crate::domain::secret::Secret;
use crate::i18n::{Lang, password_problem};
use crate::services::accounts::{
    self, AccountError, AccountProblem, NewAccount, OfSecondFactor, people,
};
use crate::services::{Actor, COMMAND_LINE, Portal, Source, ids};
use crate::storage::StorageError;
use crate::storage::admins;

#[derive(Debug, Subcommand)]
pub(super) enum AdminCommand {
    /// Creates an administrator
    Create(AdminArgs),
    /// Sets an administrator's password and ends all their sessions
    Reset(ResetArgs),
}

#[derive(Debug, Args)]
pub(super) struct AdminArgs {
    /// The administrator's user name
    #[arg(long, value_name = "U")]
    username: String,
    /// File with the password on its first line; without it, the command asks for it
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Debug, Args)]
pub(super) struct ResetArgs {
    #[command(flatten)]
    admin: AdminArgs,
    /// Also removes the second factor, for somebody who lost phone and recovery codes
    #[arg(long)]
    clear_second_factor: bool,
}

pub(super) async fn run(command: AdminCommand) -> Result<(), CliError> {
    match command {
        AdminCommand::Create(args) => create(args).await,
        AdminCommand::Reset(args) => reset(args).await,
    }
}

impl AdminArgs {
    fn password(&self) -> Result<Secret, CliError> {
        match &self.password_file {
            Some(path) => read_password(path),
            None => ask_password(),
        }
    }
}

async fn create(args: AdminArgs) -> Result<(), CliError> {
    let portal = Data::of(&args.data.settings()?)?.open_or_make().await?;
    create_admin(&portal, &args.username, args.password()?).await?;
    say(&format!("administrator {} created", args.username))
}

async fn reset(args: ResetArgs) -> Result<(), CliError> {
    let (second_factor, of_it) = match args.clear_second_factor {
        true => (OfSecondFactor::Cleared, " Its second factor is removed."),
        false => (OfSecondFactor::Kept, ""),
    };
    let args = args.admin;
    let portal = args.data.open().await?;
    let (username, password) = (&args.username, args.password()?);
    let actor = command_line();
    let reset =
        accounts::reset_password(&portal, username, password.clone(), second_factor, &actor);
    match reset.await {
        Ok(None) => {}
        Ok(Some(problem)) => return Err(refused(username, problem)),
        Err(AccountError::Storage(StorageError::Corrupt { .. })) => {
            write_anew(&portal, username, password, &actor).await?;
        }
        Err(error) => return Err(CliError::failed(error)),
    }
    say(&format!(
        "administrator {username} has a new password and is signed out everywhere.{of_it}"
    ))?;
    let account = admins::by_username(&portal.storage, &portal.keys, username).await;
    if account
        .map_err(CliError::failed)?
        .is_some_and(|account| !account.enabled)
    {
        note(&format!(
            "rubrica: warning: {username} is disabled and cannot sign in: another administrator \
             enables it under /admin/people, and `rubrica admin create` makes one"
        ));
    }
    Ok(())
}

/// Replaces a row that was changed past the portal.
async fn write_anew(
    portal: &Portal,
    username: &str,
    password: Secret,
    actor: &Actor,
) -> Result<(), CliError> {
    let written = people::write_anew(portal, username, password, actor);
    match written.await.map_err(CliError::failed)? {
        true => say(&format!(
            "the account {username} had been changed in the database, past the portal: it is \
             an enabled administrator without a second factor now"
        )),
        false => Err(refused(username, AccountProblem::Missing)),
    }
}

async fn create_admin(portal: &Portal, username: &str, password: Secret) -> Result<(), CliError> {
    let actor = command_line();
    let made = accounts::create_admin(portal, username, password, &actor);
    match made.await.map_err(CliError::failed)? {
        NewAccount::Created(_) => Ok(()),
        NewAccount::Refused(problem) => Err(refused(username, problem)),
    }
}

/// Creates the demo's administrator unless the name is already taken. A password that is
/// easy to guess is only warned of: nobody but this machine reaches the demo, and those who
/// try it out should not have to think of one.
#[cfg(feature = "sandbox")]
pub(super) async fn ensure_admin(
    portal: &Portal,
    username: &str,
    password_file: &Path,
) -> Result<(), CliError> {
    let known = admins::by_username(&portal.storage, &portal.keys, username)
        .await
        .map_err(CliError::failed)?;
    if known.is_some() {
        return Ok(());
    }
    let password = read_password(password_file)?;
    let checked = accounts::check_password(portal, username, &password).await;
    let actor = command_line();
    let made = accounts::create_demo_admin(portal, username, password, &actor);
    if let NewAccount::Refused(problem) = made.await.map_err(CliError::failed)? {
        return Err(refused(username, problem));
    }
    if let Err(problem) = checked.map_err(CliError::failed)? {
        note(&format!(
            "rubrica: RUBRICA_ADMIN_PASSWORD_FILE: {} (the demo takes it all the same)",
            Lang::En.of(password_problem::message(problem))
        ));
    }
    Ok(())
}

pub(super) fn command_line() -> Actor {
    Actor {
        name: SYSTEM.to_owned(),
        source: Source {
            from: COMMAND_LINE.to_owned(),
            request_id: ids::new_id(),
        },
    }
}

fn refused(username: &str, problem: AccountProblem) -> CliError {
    CliError::Failed(match problem {
        AccountProblem::Username => {
            "a user name is 1 to 64 letters of one alphabet, digits and . _ - @ +".to_owned()
        }
        AccountProblem::UsernameTaken => format!("there is an administrator {username} already"),
        AccountProblem::UsernameAlike => format!(
            "{username} looks like the user name of another account (as l and 1, or rn and m, \
             do): choose another"
        ),
        AccountProblem::Password(problem) => {
            Lang::En.of(password_problem::message(problem)).into_owned()
        }
        AccountProblem::Link => "the link was used, or its time is over".to_owned(),
        AccountProblem::Missing => format!("there is no administrator {username}"),
    })
}

pub(super) fn read_password(path: &Path) -> Result<Secret, CliError> {
    let read = read_text(path);
    let text =
        read.map_err(|error| CliError::configuration(format!("{}: {error}", path.display())))?;
    Ok(Secret::new(text.lines().next().unwrap_or_default()))
}

/// Asks at the terminal, without showing what is typed.
pub(super) fn ask_hidden(prompt: &str) -> Result<Secret, CliError> {
    let typed = rpassword::prompt_password(prompt).map_err(|error| {
        CliError::Failed(format!(
            "no password can be asked for without a terminal: give --password-file ({error})"
        ))
    })?;
    Ok(Secret::new(typed))
}

fn ask_password() -> Result<Secret, CliError> {
    let first = ask_hidden("Password: ")?;
    if first != ask_hidden("The same again: ")? {
        return Err(CliError::configuration("the two passwords differ"));
    }
    Ok(first)
}
