//! `rubrica find-dialect`: finds out from one login URL that works, and its key, how it
//! was signed. Needs no configuration and no database.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::{CliError, note, say};
use crate::clock::Clock;
use crate::config::read_text;
use crate::domain::dialect_finder::{self, Findings, Found};
use crate::domain::login_url::LoginUrl;
use crate::domain::secret::Secret;
use crate::i18n::{Lang, Message, dialect_finder as words};

#[derive(Debug, Args)]
pub(super) struct FindDialectArgs {
    /// A login URL that works, with its hmac
    #[arg(long, value_name = "URL")]
    example: String,
    /// File with the shared key that signed it
    #[arg(long, value_name = "FILE")]
    key_file: PathBuf,
    /// Print one JSON object instead of lines
    #[arg(long)]
    json: bool,
}

/// Prints the settings of every dialect that reproduces the signature, simplest first.
/// The key is never printed.
pub(super) fn run(args: &FindDialectArgs) -> Result<(), CliError> {
    let key = read_text(&args.key_file).map_err(|error| {
        CliError::Configuration(format!("cannot read {}: {error}", args.key_file.display()))
    })?;
    let unusable = |error| CliError::Configuration(text(&words::unusable(error)));
    let url = LoginUrl::read(&args.example).map_err(unusable)?;
    let now = Clock::System.now();
    let findings = dialect_finder::find(&url, &Secret::new(key), now).map_err(unusable)?;
    if args.json {
        say(&object(&findings).to_string())?;
    } else {
        tell(&findings)?;
    }
    match findings.found.is_empty() {
        true => Err(CliError::Told(text(&words::nothing()))),
        false => Ok(()),
    }
}

fn text(message: &Message) -> String {
    Lang::En.message(message).into_owned()
}

fn object(findings: &Findings) -> Value {
    let settings = |found: &Found| -> Value {
        let settings = found.settings().into_iter();
        settings
            .map(|(key, value)| (key.to_owned(), Value::from(value)))
            .collect()
    };
    let said = |code: &str, message: Message| json!({"code": code, "text": text(&message)});
    let open = findings.open.iter();
    let odd = findings.odd.iter();
    let mistakes = findings.mistakes.iter();
    json!({
        "found": findings.found.iter().map(settings).collect::<Value>(),
        "tried": findings.tried,
        "key_cleaned": findings.found.first().is_some_and(|found| found.key_cleaned),
        "open": open.map(|one| said(one.code(), words::open(one))).collect::<Value>(),
        "odd": odd.map(|one| said(one.code(), words::oddity(one))).collect::<Value>(),
        "mistakes": mistakes.map(|one| said(one.code(), words::mistake(one))).collect::<Value>(),
    })
}

/// The settings as lines of a configuration file on stdout, the words on stderr.
fn tell(findings: &Findings) -> Result<(), CliError> {
    for (at, found) in findings.found.iter().enumerate() {
        if at > 0 {
            say("")?;
        }
        say(&found.toml())?;
        note(&found.message.to_string());
        if found.key_cleaned {
            note(&text(&words::key_cleaned()));
        }
    }
    let open = findings.open.iter().map(words::open);
    let odd = findings.odd.iter().map(words::oddity);
    let mistakes = findings.mistakes.iter().map(words::mistake);
    for message in mistakes
        .chain(open)
        .chain(odd)
        .chain([words::tried(findings)])
    {
        note(&text(&message));
    }
    Ok(())
}
