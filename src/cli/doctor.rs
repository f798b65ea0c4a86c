//! `rubrica doctor`: tests a connection, next to a running server or without one.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::admin::{command_line, read_password};
use super::data::{DataArgs, connection};
use super::{CliError, say};
use crate::domain::connection_check::Check;
use crate::i18n::{Lang, connection_check as words};
use crate::services::connection_test::{self, Credentials, Tested};

#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// The connection's slug
    connection: String,
    /// An application user, to try direct login too
    #[arg(long, value_name = "U", requires = "password_file")]
    username: Option<String>,
    /// File with that user's password on its first line
    #[arg(long, value_name = "FILE", requires = "username")]
    password_file: Option<PathBuf>,
    /// Print one JSON object instead of lines
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataArgs,
}

/// Prints each check with its cause and what to do.
pub(super) async fn run(args: DoctorArgs) -> Result<(), CliError> {
    let credentials = match (args.username, &args.password_file) {
        (Some(username), Some(file)) => Some(Credentials {
            username,
            password: read_password(file)?,
        }),
        _ => None,
    };
    let portal = args.data.open().await?;
    let connection = connection(&portal, &args.connection).await?;
    let actor = command_line();
    let tested = connection_test::test(&portal, &actor, &connection, credentials);
    let checks = match tested.await.map_err(CliError::failed)? {
        Tested::Done(checks) => checks,
        Tested::Running => return Err(CliError::failed("a test is running")),
    };
    if args.json {
        let all: Vec<Value> = checks.iter().map(object).collect();
        say(&json!({ "checks": all }).to_string())?;
    } else {
        for check in &checks {
            print(check)?;
        }
    }
    match connection_test::failed(&checks) {
        0 => Ok(()),
        count => Err(CliError::Told(format!(
            "{count} of {} checks failed",
            checks.len()
        ))),
    }
}

fn object(check: &Check) -> Value {
    json!({
        "name": check.name,
        "result": check.result(),
        "cause": cause(check),
        "fix": fix(check),
    })
}

fn print(check: &Check) -> Result<(), CliError> {
    let name = check.name.as_str();
    say(&format!("{}  {name:<13} {}", check.result(), cause(check)))?;
    match fix(check) {
        Some(fix) => say(&format!("{:20}{fix}", "")),
        None => Ok(()),
    }
}

fn cause(check: &Check) -> String {
    let cause = Lang::En.message(&words::cause(check)).into_owned();
    match check.said().map(|said| said.line()) {
        Some(said) if !said.is_empty() => {
            let says = Lang::En.text("check-said");
            format!("{cause} {says} {said}")
        }
        _ => cause,
    }
}

fn fix(check: &Check) -> Option<String> {
    words::fix(check).map(|fix| Lang::En.message(&fix).into_owned())
}
