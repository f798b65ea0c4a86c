//! The files that settings name.

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
use std::path::{Path, PathBuf};

use super::{Given, Settings};
use crate::config::connection::WrittenConnection;
use crate::config::named_file::read_file;

impl Settings {
    /// The files that hold secrets, the configuration file among them if it does.
    pub(super) fn secret_files(&self) -> Vec<PathBuf> {
        let is_secret = |given: &Given<'_>| matches!(given, Given::Secret(Some(_)));
        let holds_secrets = self.given().iter().any(|(_, given)| is_secret(given))
            || self.connections.iter().any(WrittenConnection::holds_key);
        // What everybody may read.
        let open = ["tls_cert_file", "partner_logo_file"];
        let named = self.files().into_iter();
        let named = named.filter(|(name, _)| !open.contains(name));
        let named = named.map(|(_, path)| path.to_path_buf());
        let keys = self
            .connections
            .iter()
            .flat_map(|one| one.key_files(&self.dir));
        let own = self.origins.file.iter().filter(|_| holds_secrets).cloned();
        own.chain(named).chain(keys).collect()
    }

    /// Every file that is named, with the configuration file itself.
    pub fn named_files(&self) -> Vec<PathBuf> {
        let named = self.files().into_iter();
        let named = named.map(|(_, path)| path.to_path_buf());
        let of_connections = self.connections.iter().flat_map(|one| {
            let keys = one.key_files(&self.dir).into_iter();
            keys.chain(one.ca_files(&self.dir))
        });
        let own = self.origins.file.iter().cloned();
        own.chain(named).chain(of_connections).collect()
    }

    fn files(&self) -> Vec<(&'static str, &Path)> {
        let all = self.given().into_iter();
        let named = all.filter_map(|(name, given)| match given {
            Given::PathBuf(Some(path)) => Some((name, path.as_path())),
            _ => None,
        });
        named.collect()
    }

    /// Remembers what the files hold now, to tell at a reload which have changed.
    pub(super) fn look_at_files(&mut self) {
        let contents = self.files().into_iter();
        let contents = contents.map(|(name, path)| (name, mark_of(path)));
        self.contents = contents.collect();
    }
}

/// Tells one content from another. A pipe has none: it gives what is in it only once.
fn mark_of(path: &Path) -> Option<u64> {
    let is_file = path.metadata().ok()?.is_file();
    let content = is_file.then(|| read_file(path).ok()).flatten()?;
    Some(BuildHasherDefault::<DefaultHasher>::default().hash_one(content))
}
