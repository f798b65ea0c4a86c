//! `rubrica support-bundle`: writes a zip file for whoever is asked for help. There is
//! no secret in it.

use std::fs::File;
use std::io::{Error, Write as _};
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::result::ZipError;
use zip::write::SimpleFileOptions;

use super::data::{Data, DataArgs};
use super::{CliError, say};
use crate::config::Settings;
use crate::services::support_bundle;
use crate::storage::new_file::Target;

const ABOUT: &str = "Made by `rubrica support-bundle`: versions, configuration, connections and the last\n\
    failed sign-ins. Times are milliseconds since 1970 (UTC). It contains no keys,\n\
    passwords, tokens or names of users, but addresses of servers and what Redtrust said.\n";

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
    let settings = args.data.settings()?;
    let configuration = configuration(&settings);
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
    let (new, out) = target.begin().map_err(CliError::failed)?;
    write(out, &files).map_err(|error| {
        CliError::Failed(format!(
            "{} cannot be written: {error}",
            args.file.display()
        ))
    })?;
    new.finish().map_err(CliError::failed)?;
    say(&format!("written       {}", args.file.display()))
}

fn write(out: File, files: &[(&str, Value)]) -> Result<(), ZipError> {
    let mut zip = ZipWriter::new(out);
    let options = SimpleFileOptions::default();
    zip.start_file("about.txt", options)?;
    zip.write_all(ABOUT.as_bytes())?;
    for (name, content) in files {
        zip.start_file(*name, options)?;
        let text = serde_json::to_string_pretty(content).map_err(Error::from)?;
        zip.write_all(text.as_bytes())?;
    }
    zip.finish()?;
    Ok(())
}

/// The settings that are no secret, and for the others whether they are given.
fn configuration(settings: &Settings) -> Value {
    let given = |text: bool, file: &Option<PathBuf>| match (text, file) {
        (_, Some(file)) => json!({"file": file}),
        (true, None) => json!("given"),
        (false, None) => Value::Null,
    };
    json!({
        "public_url": settings.public_url,
        "listen": settings.listen,
        "log": settings.log,
        "trusted_proxies": settings.trusted_proxies,
        "allowed_networks": settings.allowed_networks,
        "hsts": settings.hsts,
        "time_zone": settings.time_zone,
        "partner_name": settings.partner_name,
        "partner_nif": settings.partner_nif,
        "partner_address": settings.partner_address,
        "partner_logo_file": settings.partner_logo_file,
        "support_contact": settings.support_contact,
        "legal_url": settings.legal_url,
        "privacy_url": settings.privacy_url,
        "accessibility_url": settings.accessibility_url,
        "support_url": settings.support_url,
        "database_url": given(settings.database_url.is_some(), &settings.database_url_file),
        "old_master_key": given(settings.old_master_key.is_some(), &settings.old_master_key_file),
        "master_key": given(settings.master_key.is_some(), &settings.master_key_file),
    })
}
