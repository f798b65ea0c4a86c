//! `rubrica support-bundle`: writes a zip file for whoever is asked for help. There is
//! no secret in it.

use std::io::{Cursor, Error, Write as _};
use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

use super::data::{Data, DataArgs};
use super::{CliError, say};
use crate::config::{Given, Settings};
use crate::services::support_bundle;
use crate::storage::new_file::Target;

const ABOUT: &str = "Made by `rubrica support-bundle`: versions, configuration, connections and the last\n\
    failed sign-ins. Times are milliseconds since 1970 (UTC). It contains no keys,\n\
    passwords, tokens or names of those who sign in, but addresses of servers, the settings\n\
    that are no secret, and what Redtrust said.\n";

#[derive(Debug, Args)]
pub(super) struct BundleArgs {
    /// The zip file to write
    file: PathBuf,
    /// Lets the file take the place of one that is there
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn run(args: BundleArgs) -> Result<(), CliError> {
    let written = args.data.written()?;
    let settings = DataArgs::completed(written.clone());
    // Where no database is named, the commands and the demo go by the demo's settings.
    let is_demo = written.database_url.is_none() && written.database_url_file.is_none();
    let configuration = configuration(if is_demo { &settings } else { &written });
    let target = Target {
        file: args.file.clone(),
        overwrite: args.overwrite,
        needed: settings.named_files(),
    };
    let data = Data::of(&settings)?;
    let target = target.sparing(&data.config.database_url);
    target.check().map_err(CliError::failed)?;
    let portal = data.open().await?;
    let mut files = support_bundle::files(&portal)
        .await
        .map_err(CliError::failed)?;
    files.push(("configuration.json", configuration));
    let zip = zipped(&files).map_err(CliError::failed)?;
    let (new, mut out) = target.begin().map_err(CliError::failed)?;
    out.write_all(&zip).map_err(|error| {
        CliError::Failed(format!(
            "{} cannot be written: {error}",
            args.file.display()
        ))
    })?;
    new.finish().map_err(CliError::failed)?;
    say(&format!("written       {}", args.file.display()))
}

/// In memory: of a write that fails the library tells less than the system does.
fn zipped(files: &[(&str, Value)]) -> Result<Vec<u8>, ZipError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    zip.start_file("about.txt", options)?;
    zip.write_all(ABOUT.as_bytes())?;
    for (name, content) in files {
        zip.start_file(*name, options)?;
        let text = serde_json::to_string_pretty(content).map_err(Error::from)?;
        zip.write_all(text.as_bytes())?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Every setting: of a secret whether it is set, of an address only where it leads, for a
/// password or a token may stand in the rest.
fn configuration(settings: &Settings) -> Value {
    let all = settings.given().into_iter().map(|(name, given)| {
        let value = match given {
            Given::Secret(Some(_)) => json!("set"),
            Given::Secret(None) => json!("not set"),
            Given::PathBuf(file) => json!(file),
            Given::Number(number) => json!(number.map(|number| number.text())),
            Given::String(text) => json!(text.map(|text| without_secrets(text))),
        };
        (name.to_owned(), value)
    });
    let mut all: Map<String, Value> = all.collect();
    // Also where it is the usual one: the demo's is another than that of `serve`.
    if let Ok(level) = settings.log_level() {
        all.insert("log".to_owned(), json!(level.to_string()));
    }
    Value::Object(all)
}

/// An address without user, password, query and fragment; other texts as they are.
fn without_secrets(text: &str) -> String {
    let is_address = |scheme: &str| {
        let known = ["http", "https", "mailto"];
        known.iter().any(|one| scheme.eq_ignore_ascii_case(one))
    };
    let parts = text.split_once(':');
    let Some((scheme, rest)) = parts.filter(|(scheme, _)| is_address(scheme)) else {
        return text.to_owned();
    };
    let bare = rest.split(['?', '#']).next().unwrap_or_default();
    let Some(place) = bare.strip_prefix("//") else {
        return format!("{scheme}:{bare}");
    };
    let end = place.find('/').unwrap_or(place.len());
    let (authority, path) = place.split_at(end);
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}{path}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_told_and_no_secret() {
        let settings = Settings::load(None, |name| {
            let text = match name {
                "RUBRICA_SUPPORT_URL" => "https://ana:canary@help.example/form?token=canary#canary",
                "RUBRICA_WEBHOOK_URL" => "https://hook.example/in?canary",
                "RUBRICA_WEBHOOK_KEY" => "canary",
                "RUBRICA_POOL_SIZE" => "8",
                "RUBRICA_LISTEN" => "unix:/run/portal.sock",
                _ => return None,
            };
            Some(text.to_owned())
        });
        let told = configuration(&settings.unwrap());
        assert_eq!(told.as_object().unwrap().len(), Settings::variables().len());
        assert!(!told.to_string().contains("canary"), "{told}");
        for (name, value) in [
            ("support_url", "https://help.example/form"),
            ("webhook_url", "https://hook.example/in"),
            ("webhook_key", "set"),
            ("smtp_url", "not set"),
            ("pool_size", "8"),
            ("listen", "unix:/run/portal.sock"),
            ("log", "info"),
        ] {
            assert_eq!(told[name], value, "{name}");
        }
    }
}
