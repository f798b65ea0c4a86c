//! A `[[connection]]` table of the configuration file.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::ConfigError;
use super::meant::{meant, no_such};
use super::mistakes::Mistakes;
use super::named_file::read_text;
use super::secret_file::read_secret;
use crate::domain::connection::{
    BaseUrl, Connection, Kind, Problem, Problems, SETTINGS, Texts, Written,
};
use crate::domain::millis::Millis;
use crate::domain::redirect_url::RedirectUrl;
use crate::domain::secret::Secret;

/// A Redtrust server as configured.
#[derive(Debug, Clone)]
pub struct ConnectionEntry {
    /// The id is assigned by the database.
    pub connection: Connection,
    /// Assumed to be registered in Redtrust already.
    pub redirect_url: Option<RedirectUrl>,
    /// The address of the server before, if this one has the same users.
    pub same_users_as: Option<BaseUrl>,
}

/// The table as written. The secrets have their own type, so that no error message can
/// print them.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct WrittenConnection {
    shared_key: Option<Secret>,
    next_shared_key: Option<Secret>,
    #[serde(flatten)]
    values: Map<String, Value>,
}

impl WrittenConnection {
    /// Whether a key stands in the table itself.
    pub(super) const fn holds_key(&self) -> bool {
        self.shared_key.is_some() || self.next_shared_key.is_some()
    }

    /// The files with its keys, relative to `dir`.
    pub(super) fn key_files(&self, dir: &Path) -> Vec<PathBuf> {
        self.files(&["shared_key_file", "next_shared_key_file"], dir)
    }

    /// The files with its private CAs, relative to `dir`.
    pub(super) fn ca_files(&self, dir: &Path) -> Vec<PathBuf> {
        self.files(&["ca_file", "issuer_ca_file"], dir)
    }

    fn files(&self, names: &[&str], dir: &Path) -> Vec<PathBuf> {
        let values = names
            .iter()
            .filter_map(|name| self.values.get(*name)?.as_str());
        values.map(|name| dir.join(name)).collect()
    }

    /// Checks the settings and reads the files they name, relative to `dir`. It is the table
    /// with the number `place` of its kind.
    pub(super) fn understand(
        mut self,
        dir: &Path,
        place: usize,
    ) -> Result<ConnectionEntry, Vec<ConfigError>> {
        let values = std::mem::take(&mut self.values);
        let mut top = Table::of(who(&values, place), values);
        let slug = top.text("slug", Kind::Text).unwrap_or_default();
        let shared_key = top.key("shared_key", self.shared_key, dir);
        let next_key = top.key("next_shared_key", self.next_shared_key, dir);
        let redirect_url = top.text("redirect_url", Kind::Text);
        let same_users_as = top.text("same_users_as", Kind::Text);
        let sandbox = top
            .text("sandbox", Kind::Flag)
            .is_some_and(|on| on == "yes");
        let mut dialect = top.table("dialect");
        let settings = read_settings(&mut top, &mut dialect, dir);
        let mut problems = Problems::new();
        let written = Written {
            slug,
            shared_key: shared_key.text,
            settings: settings.clone(),
        };
        let connection = written.read(None, String::new());
        let connection = connection.and_then(|connection| with_next_key(connection, &next_key));
        let connection = connection.map_err(|wrong| problems.extend(wrong)).ok();
        name_files(
            &mut problems,
            &[
                ("shared_key", shared_key.file),
                ("next_shared_key", next_key.file),
            ],
        );
        let url = redirect_url.map(|text| read_url(&text)).transpose();
        let url = url.map_err(|why| problems.push(("redirect_url", why))).ok();
        let same_users_as = same_users_as.map(|text| text.parse().map_err(Problem::BaseUrl));
        let same_users_as = same_users_as.transpose();
        let same_users_as = same_users_as
            .map_err(|why| problems.push(("same_users_as", why)))
            .ok();
        let wrong = all_wrong(problems, settings, top, dialect);
        let (Some(connection), Some(redirect_url), Some(same_users_as), true) =
            (connection, url, same_users_as, wrong.is_empty())
        else {
            return Err(wrong);
        };
        Ok(ConnectionEntry {
            connection: Connection {
                sandbox,
                from_file: true,
                ..connection
            },
            redirect_url,
            same_users_as,
        })
    }
}

/// What tells a connection from the others of the file.
fn who(values: &Map<String, Value>, place: usize) -> String {
    let slug = values.get("slug").and_then(Value::as_str);
    let slug = slug.filter(|slug| !slug.trim().is_empty());
    slug.map_or_else(|| format!("number {place}"), |slug| format!("{slug:?}"))
}

/// Reads every setting from its table.
fn read_settings(top: &mut Table, dialect: &mut Table, dir: &Path) -> Texts {
    let mut settings = Texts::new();
    for setting in SETTINGS {
        let table = match setting.in_dialect {
            true => &mut *dialect,
            false => &mut *top,
        };
        let text = match setting.kind {
            Kind::File => table.file(&format!("{}_file", setting.key), dir),
            kind => table.text(setting.key, kind),
        };
        settings.extend(text.map(|text| (setting.key.to_owned(), text)));
    }
    settings
}

/// The problems of the values, after what could not be read at all. Of that, which has no
/// value now, nothing more is said.
fn all_wrong(
    mut problems: Problems,
    given: Texts,
    mut top: Table,
    mut dialect: Table,
) -> Vec<ConfigError> {
    top.nothing_left();
    dialect.nothing_left();
    let is_read = |key: &str| !top.failed.contains(key) && !dialect.failed.contains(key);
    problems.retain(|(key, _)| is_read(key));
    let (who, mut wrong) = (top.who, top.wrong);
    wrong.extend(dialect.wrong.into_vec());
    if !problems.is_empty() {
        wrong.push(ConfigError::Connection {
            who,
            problems,
            given,
        });
    }
    wrong.into_vec()
}

/// The connection with its next key, if one is given.
fn with_next_key(connection: Connection, next: &Key) -> Result<Connection, Problems> {
    if next.file.is_none() && next.text.expose().is_empty() {
        return Ok(connection);
    }
    connection
        .with_next_key(&next.text, Millis::default())
        .map_err(|problem| vec![("next_shared_key", problem)])
}

fn read_url(text: &str) -> Result<RedirectUrl, Problem> {
    text.parse().map_err(|error| Problem::RedirectUrl {
        given: text.to_owned(),
        error,
    })
}

/// Makes the problems of keys that come from files name the files.
fn name_files(problems: &mut Problems, files: &[(&str, Option<PathBuf>)]) {
    for (key, problem) in problems {
        let file = files.iter().find(|(name, _)| *name == *key);
        if let (Some((_, Some(path))), Problem::Key(why)) = (file, &*problem) {
            *problem = Problem::KeyFile {
                path: path.display().to_string(),
                problem: *why,
            };
        }
    }
}

/// A shared key, and the file that it comes from.
struct Key {
    /// Empty if it is not given.
    text: Secret,
    file: Option<PathBuf>,
}

/// A connection's table; each setting is removed once it has been read.
struct Table {
    /// What tells the connection from others.
    who: String,
    values: Map<String, Value>,
    /// The settings that it may have.
    asked: BTreeSet<String>,
    /// Those that could not be read.
    failed: BTreeSet<String>,
    wrong: Mistakes,
}

impl Table {
    fn of(who: String, values: Map<String, Value>) -> Self {
        Self {
            who,
            values,
            asked: BTreeSet::new(),
            failed: BTreeSet::new(),
            wrong: Mistakes::default(),
        }
    }

    fn at(&self, key: &str) -> String {
        format!("connection {}, {key}", self.who)
    }

    fn take(&mut self, key: &str) -> Option<Value> {
        self.asked.insert(key.to_owned());
        self.values.remove(key)
    }

    /// Keeps the mistake in this setting, or in the file that it names.
    fn read<T>(&mut self, key: &str, read: Result<T, ConfigError>) -> Option<T> {
        if read.is_err() {
            self.failed
                .insert(key.strip_suffix("_file").unwrap_or(key).to_owned());
        }
        self.wrong.take(read)
    }

    fn text(&mut self, key: &str, kind: Kind) -> Option<String> {
        let value = self.take(key)?;
        let shape = || ConfigError::invalid(self.at(key), format!("must be {}", kind.shape()));
        let read = kind.text_of(&value).ok_or_else(shape);
        self.read(key, read)
    }

    fn path(&mut self, key: &str, dir: &Path) -> Option<PathBuf> {
        let path = self.text(key, Kind::Text)?;
        Some(dir.join(path))
    }

    /// A key given as `key` or as the file in `key_file`.
    fn key(&mut self, key: &str, text: Option<Secret>, dir: &Path) -> Key {
        self.asked.insert(key.to_owned());
        let of_file = format!("{key}_file");
        let file = self.path(&of_file, dir);
        let named = match (&text, &file) {
            (None, Some(_)) => self.at(&of_file),
            _ => self.at(key),
        };
        let read = read_secret(&named, text, file.clone());
        let text = self.read(key, read).flatten();
        Key {
            text: text.unwrap_or_else(|| Secret::new("")),
            file,
        }
    }

    fn file(&mut self, key: &str, dir: &Path) -> Option<String> {
        let path = self.path(key, dir)?;
        let read = read_text(&path);
        let read = read.map_err(|error| ConfigError::unreadable(&self.at(key), &path, &error));
        self.read(key, read)
    }

    fn table(&mut self, key: &str) -> Self {
        let values = match self.take(key) {
            None => Map::new(),
            Some(Value::Object(values)) => values,
            Some(_) => {
                let at = self.at(key);
                self.wrong.push(ConfigError::invalid(at, "must be a table"));
                Map::new()
            }
        };
        Self::of(self.who.clone(), values)
    }

    fn nothing_left(&mut self) {
        for key in self.values.keys() {
            let meant = meant(key, self.asked.iter().map(String::as_str));
            let error = ConfigError::invalid(self.at(key), no_such(meant));
            self.wrong.push(error);
        }
    }
}
