//! Why the portal cannot start.

use std::fmt;

use crate::config::{Complaint, Origins};
use crate::domain::connection::{Problems, Slug, Texts};
use crate::i18n::connection_problem;
use crate::services::connections::ConnectionError;
use crate::storage::StorageError;
use crate::storage::lock::LockError;

/// The setting that names the database.
pub(super) const DATABASE: &str = "RUBRICA_DATABASE_URL";

#[derive(Debug, thiserror::Error)]
pub enum StartupError {
    /// The database failed.
    Database(StorageError),
    /// The secrets in the database were encrypted with another key, or some of them are.
    Key(StorageError),
    /// Another server is using this database file.
    Locked(#[from] LockError),
    /// Cannot listen on the address.
    Listen {
        /// The variable with the address.
        setting: &'static str,
        /// The address.
        address: String,
        /// The cause.
        cause: std::io::Error,
    },
    /// Settings do not fit together, or something that they name cannot be used.
    Settings(Vec<Complaint>),
    /// A connection in the configuration file is invalid.
    Connection {
        /// The slug of the connection.
        slug: Slug,
        /// Every problem found in it.
        problems: Problems,
    },
    /// A valid connection from the configuration file could not be stored, or no client
    /// could be built for it.
    TakeOver(#[from] ConnectionError),
}

impl StartupError {
    /// What is wrong with which settings.
    pub fn complaints(&self) -> Vec<Complaint> {
        let one = match self {
            Self::Settings(complaints) => return complaints.clone(),
            Self::Database(error) => Complaint::of(DATABASE, error),
            Self::Key(error) => Complaint::of("RUBRICA_MASTER_KEY", error),
            Self::Locked(error) => Complaint::of(DATABASE, error),
            Self::Listen {
                setting,
                address,
                cause,
            } => {
                let cause = format!("cannot listen on {address}: {cause}");
                Complaint::of(*setting, cause)
            }
            Self::Connection { slug, problems } => {
                let who = format!("{:?}", slug.as_str());
                Complaint::plain(connection_problem::lines(&who, problems, &Texts::new()))
            }
            Self::TakeOver(error) => Complaint::plain(error.to_string()),
        };
        vec![one]
    }

    /// Whether something was away, busy or full, which another try may find otherwise.
    pub const fn is_passing(&self) -> bool {
        use StorageError as S;
        matches!(
            self,
            Self::Database(S::Busy | S::Full | S::Unavailable(_))
                | Self::TakeOver(ConnectionError::Storage(
                    S::Busy | S::Full | S::Unavailable(_)
                ))
        )
    }
}

/// With the variables as names of the settings.
impl fmt::Display for StartupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Origins::default().say(&self.complaints()))
    }
}

impl From<StorageError> for StartupError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::WrongKey | StorageError::NewerKey => Self::Key(error),
            other => Self::Database(other),
        }
    }
}

impl From<Vec<Complaint>> for StartupError {
    fn from(complaints: Vec<Complaint>) -> Self {
        Self::Settings(complaints)
    }
}
