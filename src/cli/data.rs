//! How commands that can run next to a server find the data.

use std::path::PathBuf;

use clap::Args;

use super::{CliError, ConfigArgs};
use crate::clock::Clock;
use crate::config::{DataConfig, Settings};
use crate::domain::connection::{Connection, Slug};
use crate::services::Portal;
use crate::startup::{StartupError, open_portal};
use crate::storage::refuse_missing;

#[derive(Debug, Clone, Default, Args)]
pub(super) struct DataArgs {
    /// Data directory of the demo; without it, the configuration sets the database
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    #[command(flatten)]
    config: ConfigArgs,
}

impl DataArgs {
    /// The settings that lead to the data. Without any configuration they are the
    /// demo's.
    pub(super) fn settings(&self) -> Result<Settings, CliError> {
        Ok(Self::completed(self.written()?))
    }

    /// The settings as they are given.
    pub(super) fn written(&self) -> Result<Settings, CliError> {
        Ok(match &self.data_dir {
            Some(dir) => Settings::for_data_dir(dir),
            None => self.config.settings()?,
        })
    }

    /// With the demo's in the place of those that are not given.
    pub(super) fn completed(written: Settings) -> Settings {
        written.or_default(Settings::for_data_dir("var".as_ref()))
    }

    /// The services on that data.
    pub(super) async fn open(&self) -> Result<Portal, CliError> {
        Data::of(&self.settings()?)?.open().await
    }
}

/// Where the data is, and its keys.
pub(super) struct Data {
    pub(super) config: DataConfig,
    public_url: String,
}

impl Data {
    /// What the settings say of it. Read once: a key may come through a pipe.
    pub(super) fn of(settings: &Settings) -> Result<Self, CliError> {
        Ok(Self {
            config: settings.data()?,
            public_url: settings.public_url.clone().unwrap_or_default(),
        })
    }

    /// The services on it. In a mistyped one nothing is made: all would seem well with it.
    pub(super) async fn open(&self) -> Result<Portal, CliError> {
        let checked = refuse_missing(&self.config.database_url).await;
        checked.map_err(StartupError::from)?;
        self.open_or_make().await
    }

    /// The same for the first administrator, who may be there before the first start.
    pub(super) async fn open_or_make(&self) -> Result<Portal, CliError> {
        Ok(open_portal(&self.config, &self.public_url, Clock::System).await?)
    }
}

/// The connection with this slug, also one whose server cannot be called.
///
/// # Errors
/// [`CliError::Configuration`] if there is none: the command was given a wrong name.
pub(super) async fn connection(portal: &Portal, slug: &str) -> Result<Connection, CliError> {
    let slug: Slug = slug.parse().map_err(CliError::configuration)?;
    let all = portal.connections.all().await.map_err(CliError::failed)?;
    if let Some(found) = all.iter().find(|one| one.slug == slug) {
        return Ok(found.clone());
    }
    let broken = portal.connections.broken().await;
    let broken = broken.map_err(CliError::failed)?;
    match broken.iter().find(|one| one.slug == slug.as_str()) {
        Some(broken) => Err(CliError::failed(broken.error())),
        None => Err(CliError::Configuration(format!(
            "there is no connection {slug}"
        ))),
    }
}
