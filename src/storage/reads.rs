//! Executor for reads: the pool and, on PostgreSQL, a limit on how long an
//! answer may take. The server's own limits do not help if it hangs or the
//! network is gone.

use std::io;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::{self, BoxFuture};
use futures_util::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use futures_util::{FutureExt as _, TryFutureExt as _};
use sqlx::any::{AnyQueryResult, AnyRow, AnyStatement, AnyTypeInfo};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Connection as _, Either, Execute, Executor, SqlStr};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tracing::Span;
use tracing::field::Empty;

use super::lent::{Kept, Lent};
use super::{Engine, StorageError};

/// Size of the pool unless it is set: for reads, and on PostgreSQL for writes too.
const CONNECTIONS: u32 = 16;

/// The least on SQLite, where there are as many as processors: each connection is a thread
/// with its own cache of pages, and further ones only make reads slower. With few processors
/// a few more, because some of them wait for the disk.
const LEAST_LOCAL: u32 = 4;

/// Size of the pool on this engine unless it is set.
pub(super) fn usual_connections(engine: Engine) -> u32 {
    match engine {
        Engine::Sqlite => {
            let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
            let processors = u32::try_from(processors).unwrap_or(CONNECTIONS);
            processors.clamp(LEAST_LOCAL, CONNECTIONS)
        }
        Engine::Postgres => CONNECTIONS,
    }
}

/// How long an answer, or its next row, may take: a little longer than the
/// server lets a statement run.
pub(super) const ANSWER: Duration = Duration::from_secs(6);

/// How long connections may take to be closed: a server that is silent must not hold up the
/// end of the process, which closes them too.
const CLOSE: Duration = Duration::from_secs(2);

/// How long a server may take to say why it gives no connection.
const OWN_WORDS: Duration = Duration::from_millis(200);

/// Runs queries. A query for rows holds a connection of the pool until the last
/// row.
#[derive(Debug, Clone)]
pub struct Reads {
    pool: AnyPool,
    kept: Arc<Kept>,
    limited: bool,
    /// Whether SQLite has found its file malformed: no restart mends that.
    damaged: Arc<AtomicBool>,
}

impl Reads {
    /// Reads of a local file need no time limit.
    pub(super) fn local(pool: AnyPool) -> Self {
        Self::new(pool, false)
    }

    /// Reads over a network.
    pub(super) fn remote(pool: AnyPool) -> Self {
        Self::new(pool, true)
    }

    fn new(pool: AnyPool, limited: bool) -> Self {
        Self {
            kept: Arc::new(Kept::of(&pool, limited)),
            pool,
            limited,
            damaged: Arc::default(),
        }
    }

    /// Whether a query has found the file malformed.
    pub(super) fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Relaxed)
    }

    pub(super) fn note_damage(&self) {
        if !self.damaged.swap(true, Ordering::Relaxed) {
            tracing::error!(event = "database_damaged");
        }
    }

    /// The span of something that is asked of the database, for traces.
    pub(super) fn trace(&self, name: &'static str) -> Span {
        tracing::info_span!(
            "database",
            otel.kind = "client",
            otel.name = name,
            otel.status = Empty,
            db.system.name = if self.limited { "postgresql" } else { "sqlite" },
        )
    }

    /// Notes the errors of one read, whose span ends with the stream or future that has this.
    fn noting(&self) -> impl Fn(&sqlx::Error) + Send + use<> {
        let (this, trace) = (self.clone(), self.trace("database read"));
        move |error| this.note(error, &trace)
    }

    fn note(&self, error: &sqlx::Error, trace: &Span) {
        trace.record("otel.status", "error");
        if StorageError::is_damage(error) {
            self.note_damage();
        }
    }

    /// A connection of the pool, waiting for one if needed. If there is none in time though
    /// the pool might open more, the error has the server's own words.
    pub(super) async fn lend(&self) -> Result<Lent, sqlx::Error> {
        let most = self.pool.options().get_max_connections();
        match Lent::of(&self.kept, &self.pool).await {
            Err(sqlx::Error::PoolTimedOut) if self.pool.size() < most => {
                Err(own_words(&self.pool).await)
            }
            lent => lent,
        }
    }

    /// How the pool is used.
    pub(super) fn used(&self) -> PoolUse {
        let open = usize::try_from(self.pool.size()).unwrap_or(usize::MAX);
        PoolUse {
            open,
            idle: (self.pool.num_idle() + self.kept.number()).min(open),
            most: self.pool.options().get_max_connections(),
        }
    }

    /// Closes every connection once what runs on it has ended; those over a network within
    /// two seconds.
    pub(super) async fn close(&self) {
        let closed = self.pool.close();
        self.kept.forget();
        match self.limited {
            true => {
                let _silent = timeout(CLOSE, closed).await;
            }
            false => closed.await,
        }
    }

    /// The answer to a statement, if it comes in time.
    async fn in_time<T>(
        &self,
        asked: impl Future<Output = Result<T, sqlx::Error>>,
    ) -> Result<T, sqlx::Error> {
        match self.limited {
            true => timeout(ANSWER, asked)
                .await
                .unwrap_or_else(|_| Err(no_answer())),
            false => asked.await,
        }
    }
}

/// The connections of the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolUse {
    pub open: usize,
    pub idle: usize,
    /// How many there may be.
    pub most: u32,
}

/// A connection of the pool. If there is none in time, the error has the server's own words
/// about a further one, which the pool keeps to itself.
pub(super) async fn acquire(pool: &AnyPool) -> Result<PoolConnection<Any>, sqlx::Error> {
    match pool.acquire().await {
        Err(sqlx::Error::PoolTimedOut) => Err(own_words(pool).await),
        lent => lent,
    }
}

async fn own_words(pool: &AnyPool) -> sqlx::Error {
    let options = pool.connect_options();
    let asked = timeout(OWN_WORDS, AnyConnection::connect_with(&options)).await;
    match asked {
        Ok(Err(own_words)) => own_words,
        _ => sqlx::Error::PoolTimedOut,
    }
}

/// The error for a server that does not answer.
pub(super) fn no_answer() -> sqlx::Error {
    let late = "the database did not answer in time";
    sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, late))
}

type Item = Either<AnyQueryResult, AnyRow>;

/// Runs the query and sends the answers. Ends early if the receiver is dropped.
async fn ask<'q, E>(reads: Reads, query: E, answers: mpsc::Sender<Result<Item, sqlx::Error>>)
where
    E: 'q + Execute<'q, Any>,
{
    if let Err(error) = send(&reads, query, &answers).await {
        // If the receiver is dropped, nobody needs the error.
        let _gone = answers.send(Err(error)).await;
    }
}

async fn send<'q, E>(
    reads: &Reads,
    query: E,
    answers: &mpsc::Sender<Result<Item, sqlx::Error>>,
) -> Result<(), sqlx::Error>
where
    E: 'q + Execute<'q, Any>,
{
    let mut lent = reads.lend().await?;
    let mut items = lent.conn()?.fetch_many(query);
    while let Some(item) = reads.in_time(items.next().map(Option::transpose)).await? {
        if answers.send(Ok(item)).await.is_err() {
            return Ok(());
        }
    }
    drop(items);
    lent.settle();
    Ok(())
}

impl<'p> Executor<'p> for &'_ Reads {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Item, sqlx::Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Any>,
    {
        let (sender, mut receiver) = mpsc::channel(1);
        let asking = stream::once(ask(self.clone(), query, sender));
        let nothing = asking.filter_map(|()| future::ready(None));
        let answers = stream::poll_fn(move |context| receiver.poll_recv(context));
        stream::select(answers, nothing)
            .inspect_err(self.noting())
            .boxed()
    }

    fn fetch_all<'e, 'q: 'e, E>(self, query: E) -> BoxFuture<'e, Result<Vec<AnyRow>, sqlx::Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Any>,
    {
        let (this, note) = (self.clone(), self.noting());
        let asked = async move {
            let mut lent = this.lend().await?;
            let answer = this.in_time(lent.conn()?.fetch_all(query)).await;
            lent.settle_by(&answer);
            answer
        };
        Box::pin(asked.inspect_err(note))
    }

    fn fetch_optional<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxFuture<'e, Result<Option<AnyRow>, sqlx::Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Any>,
    {
        let (this, note) = (self.clone(), self.noting());
        let asked = async move {
            let mut lent = this.lend().await?;
            let answer = this.in_time(lent.conn()?.fetch_optional(query)).await;
            lent.settle_by(&answer);
            answer
        };
        Box::pin(asked.inspect_err(note))
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [AnyTypeInfo],
    ) -> BoxFuture<'e, Result<AnyStatement, sqlx::Error>>
    where
        'p: 'e,
    {
        self.pool.prepare_with(sql, parameters)
    }
}
