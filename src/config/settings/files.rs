//! The files that settings name, and what is said about the configuration file.

use std::path::PathBuf;

use super::Settings;
use crate::config::connection::WrittenConnection;
use crate::config::unknown_variable::{PREFIX, UnknownVariable};

impl Settings {
    /// The files that hold secrets, the configuration file among them if it does.
    pub(super) fn secret_files(&self) -> Vec<PathBuf> {
        let holds_secrets = self.database_url.is_some()
            || self.master_key.is_some()
            || self.old_master_key.is_some()
            || self.smtp_url.is_some()
            || self.webhook_key.is_some()
            || self.connections.iter().any(WrittenConnection::holds_key);
        let named = [
            &self.database_url_file,
            &self.master_key_file,
            &self.old_master_key_file,
            &self.tls_key_file,
            &self.smtp_url_file,
            &self.webhook_key_file,
            &self.admin_password_file,
        ];
        let named = named.into_iter().flatten().cloned();
        let keys = self
            .connections
            .iter()
            .flat_map(|one| one.key_files(&self.dir));
        let own = self.file.iter().filter(|_| holds_secrets).cloned();
        own.chain(named).chain(keys).collect()
    }

    /// Every file that is named, with the configuration file itself.
    pub fn named_files(&self) -> Vec<PathBuf> {
        let others = [&self.file, &self.tls_cert_file, &self.partner_logo_file];
        let others = others.into_iter().flatten().cloned();
        let ca = self
            .connections
            .iter()
            .flat_map(|one| one.ca_files(&self.dir));
        let mut all = self.secret_files();
        all.extend(others.chain(ca));
        all
    }
}

/// What a TOML error says; of a name that no setting has, which one was probably meant.
pub(super) fn words_of(message: &str) -> String {
    let unknown = message.strip_prefix("unknown field `");
    let Some((name, _)) = unknown.and_then(|rest| rest.split_once('`')) else {
        return message.to_owned();
    };
    let variable = format!("{PREFIX}{}", name.to_ascii_uppercase());
    let unknown = UnknownVariable::of(variable, &Settings::variables()).to_string();
    // In the file names are written so.
    unknown.to_lowercase().replace("rubrica_", "")
}
