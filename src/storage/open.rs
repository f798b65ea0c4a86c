//! Opens a database: address, connections and their settings, check of the
//! master key, migrations. In this order, so that nothing is written under a
//! wrong key.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::MigrateError;
use sqlx::pool::PoolConnectionMetadata;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AnyConnection, ConnectOptions, Connection};

use super::files::{LEAST_ROOM, make_private, may_be_written, room_for, way_out};
use super::lock::sqlite_file;
use super::migrations::{self, knows, migrator, newest};
use super::postgres_tls::demanded;
use super::reads::usual_connections;
use super::running::{self, Running};
use super::seal::KeyRing;
use super::settle::{settle_postgres, settle_reader};
use super::write_tx::Writer;
use super::{
    Engine, Reads, Storage, StorageError, address, bind_secrets, fitness, key_check, lock,
    old_settings, reindex,
};

/// An unavailable database must be noticed within two seconds.
pub(super) const ACQUIRE: Duration = Duration::from_millis(1800);

/// A connection idle for longer is tested before use. Under load none is idle
/// for that long, so the test costs nothing then.
const ASK_AFTER_IDLE: Duration = Duration::from_secs(1);

impl Storage {
    /// Opens the database at `url` (`sqlite://...` or `postgres://...`) and
    /// runs the migrations. A missing SQLite file is created.
    ///
    /// # Errors
    /// [`StorageError::WrongKey`] if its secrets were sealed with another key,
    /// [`StorageError::Lost`] if there was a file that is gone: in both cases
    /// nothing was written. Otherwise any [`StorageError`].
    pub async fn open(url: &str, keys: &KeyRing) -> Result<Self, StorageError> {
        Self::open_with(url, keys, None).await
    }

    /// The same, with a pool of at most so many connections; `None` is as many as is usual
    /// for the engine.
    ///
    /// # Errors
    /// As [`Storage::open`].
    pub async fn open_with(
        url: &str,
        keys: &KeyRing,
        connections: Option<u32>,
    ) -> Result<Self, StorageError> {
        let storage = Self::connect(url, connections).await?;
        let opened = storage.bring_up_to_date(keys).await;
        opened.map_err(|error| of_full_disk(url, error))?;
        if let Some(file) = sqlite_file(url) {
            lock::remember(&file);
        }
        Ok(storage)
    }

    /// Whether the database at `url` would open, without bringing it up to date. A SQLite
    /// file that is not there is no obstacle.
    ///
    /// # Errors
    /// As [`Storage::open`].
    pub async fn would_open(url: &str, keys: &KeyRing) -> Result<(), StorageError> {
        if let Some(file) = sqlite_file(url)
            && !lock::is_there(&file)?
        {
            return Ok(());
        }
        let storage = Self::connect(url, None).await?;
        let opens = storage.fits(keys).await;
        storage.close().await;
        opens
    }

    /// Whether it takes writes, these keys are those of this database, and its version is
    /// known.
    async fn fits(&self, keys: &KeyRing) -> Result<(), StorageError> {
        if self.engine == Engine::Postgres {
            self.takes_writes().await?;
        }
        key_check::check(self, keys).await?;
        if key_check::is_a_portals(self).await? {
            knows(self.schema_version().await?)?;
        }
        Ok(())
    }

    /// Checks the master key and runs the migrations, as at every opening.
    pub(super) async fn bring_up_to_date(&self, keys: &KeyRing) -> Result<(), StorageError> {
        self.fits(keys).await?;
        self.migrate_to(newest()).await?;
        reindex::without_words(self, keys).await?;
        old_settings::fill(self).await?;
        bind_secrets::bind_all(self, keys).await?;
        key_check::establish(self, keys).await
    }

    /// Connects to the database as it is: nothing is written but a missing SQLite file.
    pub(super) async fn connect(url: &str, connections: Option<u32>) -> Result<Self, StorageError> {
        sqlx::any::install_default_drivers();
        let engine = engine_of(url)?;
        let connections = connections.unwrap_or_else(|| usual_connections(engine));
        match engine {
            Engine::Sqlite => {
                let opened = open_sqlite(url, connections).await;
                opened.map_err(|error| of_full_disk(url, error))
            }
            Engine::Postgres => open_postgres(url, connections).await,
        }
    }

    /// Connects to the database of a portal, as it is.
    ///
    /// # Errors
    /// [`StorageError::Lost`] if it is gone, [`StorageError::BadAddress`] if there is no file,
    /// [`StorageError::Unfit`] if no portal's tables are in it.
    pub(super) async fn connect_to_portal(url: &str) -> Result<Self, StorageError> {
        if let Some(file) = sqlite_file(url)
            && !lock::is_there(&file)?
        {
            let missing = format!("there is no database {}", file.display());
            return Err(StorageError::BadAddress(missing));
        }
        let storage = Self::connect(url, None).await?;
        match key_check::is_a_portals(&storage).await {
            Ok(true) => return Ok(storage),
            found => {
                storage.close().await;
                found?;
            }
        }
        Err(StorageError::Unfit(
            "there is no portal in it; is it the right one? The first start of `rubrica serve` \
             makes the tables, or `rubrica restore`"
                .to_owned(),
        ))
    }

    /// A connection apart from the others, for work that may take long.
    pub(super) async fn own_connection(&self) -> Result<AnyConnection, StorageError> {
        let Some(writer) = &self.writer else {
            let mut conn = self.reads.lend().await?.detach()?;
            let patient = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0";
            sqlx::raw_sql(patient).execute(&mut conn).await?;
            return Ok(conn);
        };
        writer.connect().await
    }

    /// Runs the migrations up to this one.
    pub(super) async fn migrate_to(&self, version: i64) -> Result<(), StorageError> {
        // SQLite has no lock for this: the second process fails, rolls back, and
        // finds that migration done at its next attempt. It may lose each of them once.
        let migrator = migrator(self.engine);
        let mut tries = match self.engine {
            Engine::Sqlite => migrations::count() + 1,
            Engine::Postgres => 1,
        };
        loop {
            tries -= 1;
            // After a commit that failed, a connection may still be in its transaction: what
            // the next attempt did on it would be lost when it is closed.
            let mut conn = self.own_connection().await?;
            let done = migrator.run_to(version, &mut conn).await;
            let closed = conn.close().await;
            match done {
                Ok(()) => return Ok(closed?),
                Err(MigrateError::Execute(_) | MigrateError::ExecuteMigration(..)) if tries > 0 => {
                }
                Err(error) => return Err(of_migration(error)),
            }
        }
    }
}

/// SQLite calls it an I/O error that there is no room for what it keeps beside its file.
fn of_full_disk(url: &str, error: StorageError) -> StorageError {
    let room = sqlite_file(url).and_then(|file| room_for(&file));
    match error {
        StorageError::Unavailable(_) if room.is_some_and(|room| room < LEAST_ROOM) => {
            StorageError::Full
        }
        error => error,
    }
}

fn of_migration(error: MigrateError) -> StorageError {
    let told = StorageError::Migration(error.to_string());
    match error {
        MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _) => {
            match StorageError::from(cause) {
                StorageError::Unavailable(_) => told,
                known => known,
            }
        }
        _ => told,
    }
}

/// Refuses a database in which there is no portal: opening would make one.
///
/// # Errors
/// [`StorageError`].
pub async fn refuse_missing(url: &str) -> Result<(), StorageError> {
    Storage::connect_to_portal(url).await?.close().await;
    Ok(())
}

fn engine_of(url: &str) -> Result<Engine, StorageError> {
    if url.starts_with("sqlite:") {
        Ok(Engine::Sqlite)
    } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        Ok(Engine::Postgres)
    } else {
        // Never include the address itself: it may contain a password.
        Err(StorageError::BadAddress(
            "it begins neither with sqlite: nor with postgres:".to_owned(),
        ))
    }
}

/// Refuses an address that cannot be one, before anything is opened or made.
///
/// # Errors
/// [`StorageError::BadAddress`], never with the address: it may contain a password.
pub fn check_address(url: &str) -> Result<(), StorageError> {
    match engine_of(url)? {
        Engine::Sqlite => address::check_file(&options_of_sqlite(url)?.0),
        Engine::Postgres => address::check_postgres(url),
    }
}

/// The file, and the address with which it is opened.
fn options_of_sqlite(url: &str) -> Result<(PathBuf, String), StorageError> {
    const ESCAPES: &str = "in the name of a file write %3F for ?, %23 for # and %25 for %";
    let file = sqlite_file(url).filter(|file| *file != Path::new(":memory:"));
    let Some(file) = file.filter(|file| *file != Path::new("")) else {
        return Err(StorageError::BadAddress(
            "SQLite needs a file, as in sqlite://FILE: connections share nothing else".to_owned(),
        ));
    };
    if url.contains('#') {
        return Err(StorageError::BadAddress(format!("it has a #: {ESCAPES}")));
    }
    if url.contains("mode=ro") || url.contains("mode=memory") {
        return Err(StorageError::BadAddress(
            "mode: the portal has to write, and to a file".to_owned(),
        ));
    }
    let with_mode = match url.split_once('?') {
        None => format!("{url}?mode=rwc"),
        Some((_, query)) if query.contains("mode=") => url.to_owned(),
        Some(_) => format!("{url}&mode=rwc"),
    };
    match with_mode.parse::<SqliteConnectOptions>() {
        Ok(_) => Ok((file, with_mode)),
        Err(error) => Err(StorageError::BadAddress(format!("{error} ({ESCAPES})"))),
    }
}

fn options_of(url: &str) -> Result<AnyConnectOptions, StorageError> {
    let options: AnyConnectOptions = url.parse()?;
    Ok(options.disable_statement_logging())
}

async fn open_sqlite(url: &str, connections: u32) -> Result<Storage, StorageError> {
    let (file, with_mode) = options_of_sqlite(url)?;
    address::check_file(&file)?;
    lock::is_there(&file)?;
    running::refuse_other_wal(&file).await?;
    fitness::refuse_foreign(&file).await?;
    create_private(&file)?;
    may_be_written(&file)?;
    let options = options_of(&with_mode)?;
    let running = Arc::new(Running::of(&file));
    let writer = Arc::new(Writer::new(options.clone(), file));
    // The writer connects first: only it may have to switch the file to WAL.
    let warm = writer.warm().await;
    warm.map_err(|error| error.in_file(writer.file()))?;
    let pool = AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(|conn, _| Box::pin(settle_reader(conn)))
        .connect_with(options)
        .await?;
    Ok(Storage {
        engine: Engine::Sqlite,
        reads: Reads::local(pool),
        writer: Some(writer),
        running: Some(running),
        changes: Arc::default(),
        last_write: Arc::default(),
    })
}

/// Creates a missing database file; SQLite gives its side files the same mode and owner.
fn create_private(file: &Path) -> Result<(), StorageError> {
    match make_private(file, file) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == ErrorKind::StorageFull => Err(StorageError::Full),
        Err(error) => Err(StorageError::BadAddress(format!(
            "{}: {error}{}",
            file.display(),
            way_out(&error)
        ))),
    }
}

async fn open_postgres(url: &str, connections: u32) -> Result<Storage, StorageError> {
    address::check_postgres(url)?;
    let pool = AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE)
        .test_before_acquire(false)
        .after_connect(|conn, _| Box::pin(settle_postgres(conn)))
        .before_acquire(ask_if_idle)
        .connect_lazy_with(options_of(&demanded(url))?);
    let fits = fitness::check(&pool).await;
    fits.map_err(|error| match (error, address::server_of(url)) {
        (StorageError::Unavailable(why), Some(server)) => {
            StorageError::Unavailable(format!("{server}: {why}"))
        }
        (error, _) => error,
    })?;
    Ok(Storage {
        engine: Engine::Postgres,
        reads: Reads::remote(pool),
        writer: None,
        running: None,
        changes: Arc::default(),
        last_write: Arc::default(),
    })
}

/// Drops connections that died while idle, so that no request fails after a
/// restart of the database.
fn ask_if_idle(
    conn: &mut AnyConnection,
    meta: PoolConnectionMetadata,
) -> BoxFuture<'_, Result<bool, sqlx::Error>> {
    Box::pin(async move {
        if meta.idle_for > ASK_AFTER_IDLE {
            conn.ping().await?;
        }
        Ok(true)
    })
}
