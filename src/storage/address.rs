//! What can be told from the address of a database alone, never quoting it: it may contain a
//! password.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::net::IpAddr;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use sqlx::postgres::PgConnectOptions;
use url::form_urlencoded::{self, Parse};

use super::files::{beside, is_filled};
use super::new_file::is_same;
use super::{StorageError, lock};

/// What the driver takes, and its other names for it.
const KNOWN: [&str; 18] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

/// What is odd about an address, each as one sentence.
pub fn odd_about_address(url: &str) -> Vec<String> {
    let Some((scheme, rest)) = url.split_once("://") else {
        return Vec::new();
    };
    if !scheme.starts_with("postgres") {
        return Vec::new();
    }
    let before = rest.split('?').next().unwrap_or_default();
    let name = before.split_once('/').map_or("", |(_, name)| name);
    let is_named = !name.is_empty() || parameters(url).any(|(name, _)| name == "dbname");
    let unnamed = (!is_named).then(|| {
        "names no database, so PostgreSQL takes the one that is called as the user: write its \
         name behind the host, as in postgres://USER@HOST/NAME"
            .to_owned()
    });
    let unknown = parameters(url).filter(|(name, _)| !is_known(name));
    let unknown = unknown.map(|(name, _)| format!("the parameter {name:?} has no effect here"));
    unnamed.into_iter().chain(unknown).collect()
}

fn is_known(name: &str) -> bool {
    KNOWN.contains(&name) || name.starts_with("options[")
}

fn parameters(url: &str) -> Parse<'_> {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    form_urlencoded::parse(query.as_bytes())
}

/// Where the server is asked: `HOST:PORT`, or its socket. Never with user or password.
pub(super) fn server_of(url: &str) -> Option<String> {
    let options = url.parse::<PgConnectOptions>().ok()?;
    let (host, port) = (options.get_host(), options.get_port());
    let folder = match options.get_socket() {
        Some(folder) => Some(folder.display().to_string()),
        None => host.starts_with('/').then(|| host.to_owned()),
    };
    Some(match folder {
        Some(folder) => format!("{folder}/.s.PGSQL.{port}"),
        None => format!("{host}:{port}"),
    })
}

/// Refuses a value that the driver would not say the name of.
fn check_parameter(name: &str, value: &str) -> Result<(), StorageError> {
    let (is_right, what) = match name {
        "port" => (
            value.parse::<u16>().is_ok_and(|port| port > 0),
            "a number from 1 to 65535",
        ),
        "statement-cache-capacity" => (value.parse::<usize>().is_ok(), "a number"),
        "hostaddr" => (value.parse::<IpAddr>().is_ok(), "an IP address"),
        _ => return Ok(()),
    };
    match is_right {
        true => Ok(()),
        false => Err(StorageError::BadAddress(format!(
            "{name}: {value:?} is not {what}"
        ))),
    }
}

/// Refuses what is no address of PostgreSQL.
pub(super) fn check_postgres(url: &str) -> Result<(), StorageError> {
    let bad = StorageError::BadAddress;
    if url.contains('#') {
        return Err(bad(
            "it has a #: in a name or a password write %23 for it (and %25 for %, %2F for /, %3A \
             for :, %3F for ?, %40 for @)"
                .to_owned(),
        ));
    }
    for (name, value) in parameters(url) {
        check_parameter(&name, &value)?;
    }
    let unread = |cause: &dyn std::fmt::Display| {
        bad(format!(
            "{cause}; it is written as postgres://USER:PASSWORD@HOST:PORT/NAME, with %2F for /, \
             %3A for :, %3F for ?, %40 for @ and %25 for % in a name or a password"
        ))
    };
    let read = url.parse::<PgConnectOptions>();
    read.map_err(|error| match error {
        sqlx::Error::Configuration(cause) => unread(&cause),
        error => unread(&error),
    })?;
    for (name, value) in parameters(url) {
        let is_name = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-');
        if !is_known(&name) && !name.bytes().all(is_name) {
            // Perhaps the rest of a password.
            return Err(bad("what follows the ? are no parameters".to_owned()));
        }
        let is_text = value.trim_start().starts_with("-----BEGIN");
        let is_file = name.starts_with("ssl") && !name.ends_with("mode") && is_known(&name);
        if is_file && !is_text {
            let opened = File::open(&*value);
            opened.map_err(|error| bad(format!("{name}: cannot read {value}: {error}")))?;
        }
    }
    Ok(())
}

/// The first bytes of a database of SQLite.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// Refuses a file in a folder that is not there, and what can be no database.
pub(super) fn check_file(file: &Path) -> Result<(), StorageError> {
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        return Err(StorageError::BadAddress(format!(
            "there is no directory {}",
            folder.display()
        )));
    }
    let bad = |what: &str| {
        let bad = format!("{} {what}", file.display());
        Err(StorageError::BadAddress(bad))
    };
    let there = match file.metadata() {
        Ok(there) => there,
        Err(error) if error.kind() == ErrorKind::NotFound && file.is_symlink() => {
            return bad("is a link to something that is not there");
        }
        // A new one is made there, or whoever opens it says why not.
        Err(_) => return Ok(()),
    };
    if !there.is_file() {
        return bad("is no file");
    }
    // A restore that was interrupted leaves a damaged one under both.
    let kept = is_same(&beside(&lock::real_path(file), ".damaged"), file);
    if there.nlink() > 1 + u64::from(kept) {
        return bad(
            "has more than one name (hard links), under each of which another server could run \
             on it: remove all but one, or copy the file",
        );
    }
    match is_something_else(file) {
        true => bad("holds something else than a database of SQLite"),
        false => Ok(()),
    }
}

/// Whether it was never a database. One that the portal has had is not opened here: closing
/// it would drop SQLite's locks.
fn is_something_else(file: &Path) -> bool {
    if !is_filled(file) || lock::is_remembered(file) {
        return false;
    }
    let mut first = Vec::new();
    let read = File::open(file).map(|file| file.take(SQLITE.len() as u64));
    let read = read.and_then(|mut most| most.read_to_end(&mut first));
    read.is_ok() && first != SQLITE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_meant_is_refused_and_never_quoted_if_it_may_be_a_secret() {
        for (url, says) in [
            ("postgres://u@h/n?sslrootcert=/no/such.pem", "sslrootcert"),
            ("postgres://u:can#ary@h/n", "%23"),
            ("postgres://u:12?canary@h/n", "no parameters"),
            ("postgres://u:canary@h:port/n", "%2F"),
            ("postgres://u:canary@h/n?port=abc", "port: \"abc\" is not"),
        ] {
            let error = check_postgres(url).unwrap_err().to_string();
            assert!(error.contains(says), "{url}: {error}");
            assert!(!error.contains("ary"), "{error}");
        }
        for url in [
            "postgres://u@h/n",
            "postgres://u@h/n?sslmode=require&application_name=x&options[a]=b",
        ] {
            assert_eq!(check_postgres(url), Ok(()), "{url}");
        }
    }

    #[test]
    fn an_address_without_the_name_of_a_database_or_with_an_unknown_parameter_is_odd() {
        for (url, is_odd) in [
            ("postgres://u@h/n?ssl_mode=disable", true),
            ("postgres://u@h/n?options[a]=b", false),
            ("postgres://u@h", true),
            ("postgresql://u@h/?sslmode=require", true),
            ("postgres://u@/n?host=/run/postgresql", false),
            ("postgres://u@h?dbname=n", false),
            ("sqlite://", false),
        ] {
            assert_eq!(!odd_about_address(url).is_empty(), is_odd, "{url}");
        }
    }

    #[test]
    fn the_server_is_named_without_user_and_password() {
        for (url, server) in [
            ("postgres://u:canary@db.example:5433/n", "db.example:5433"),
            (
                "postgres://u:canary@h/n?host=/run/postgresql&port=1",
                "/run/postgresql/.s.PGSQL.1",
            ),
        ] {
            assert_eq!(server_of(url).as_deref(), Some(server));
        }
    }

    #[test]
    fn what_can_be_no_database_of_one_server_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        std::fs::create_dir(at("folder")).unwrap();
        std::os::unix::fs::symlink("nowhere", at("dangling")).unwrap();
        std::fs::write(at("text"), "Dear all,\n").unwrap();
        std::fs::write(at("one"), "SQLite format 3\0 and so on").unwrap();
        std::fs::write(at("was.db"), "overwritten").unwrap();
        lock::remember(&at("was.db"));
        for good in ["missing", "one", "was.db"] {
            assert_eq!(check_file(&at(good)), Ok(()), "{good}");
        }
        std::fs::hard_link(at("one"), at("other")).unwrap();
        for (bad, says) in [
            ("folder", "is no file"),
            ("dangling", "a link"),
            ("text", "something else"),
            ("one", "hard links"),
            ("other", "hard links"),
            ("no/such", "there is no directory"),
        ] {
            let error = check_file(&at(bad)).unwrap_err().to_string();
            assert!(error.contains(says), "{bad}: {error}");
        }
    }
}
