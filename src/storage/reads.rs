//! What reads go through: the pool, and on PostgreSQL a limit to how long an
//! answer may take. The server has limits of its own, but one that is frozen,
//! or gone without a word, keeps none of them.

use std::io;
use std::time::Duration;

use futures_util::future::{self, BoxFuture};
use futures_util::stream::{self, BoxStream, StreamExt as _};
use sqlx::any::{AnyQueryResult, AnyRow, AnyStatement, AnyTypeInfo};
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyPool, Either, Execute, Executor, SqlStr};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Connections for reads; on PostgreSQL for writes too.
pub(super) const CONNECTIONS: u32 = 16;

/// How long an answer, or the next row of it, may take: a little longer than
/// the server itself lets a statement run.
const ANSWER: Duration = Duration::from_secs(6);

/// Something that queries run on. Asked for rows it takes a connection of the
/// pool for as long as they come.
#[derive(Debug, Clone)]
pub struct Reads {
    pool: AnyPool,
    limited: bool,
}

impl Reads {
    /// Reads of a local file: they are bounded by themselves.
    pub(super) const fn local(pool: AnyPool) -> Self {
        let limited = false;
        Self { pool, limited }
    }

    /// Reads over a network.
    pub(super) const fn remote(pool: AnyPool) -> Self {
        let limited = true;
        Self { pool, limited }
    }

    pub(super) const fn pool(&self) -> &AnyPool {
        &self.pool
    }
}

/// A connection of the pool. Unless `settle` was called, dropping it closes the
/// connection instead of returning it: returning would wait for an answer that
/// may never come.
pub(super) struct Lent {
    conn: PoolConnection<Any>,
    settled: bool,
}

impl Lent {
    /// One of the pool's, as soon as there is one.
    pub(super) async fn by(pool: &AnyPool) -> Result<Self, sqlx::Error> {
        let conn = pool.acquire().await?;
        let settled = false;
        Ok(Self { conn, settled })
    }

    pub(super) fn conn(&mut self) -> &mut sqlx::AnyConnection {
        &mut self.conn
    }

    /// Nothing is under way on it.
    pub(super) const fn settle(&mut self) {
        self.settled = true;
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if !self.settled {
            self.conn.close_on_drop();
        }
    }
}

/// What a server that does not answer comes to.
pub(super) fn no_answer() -> sqlx::Error {
    let late = "the database did not answer in time";
    sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, late))
}

type Item = Either<AnyQueryResult, AnyRow>;

/// Asks, and hands on what comes. A receiver that is gone ends it.
async fn ask<'q, E>(pool: AnyPool, query: E, answers: mpsc::Sender<Result<Item, sqlx::Error>>)
where
    E: 'q + Execute<'q, Any>,
{
    let failed = match Lent::by(&pool).await {
        Ok(mut lent) => {
            let mut items = lent.conn().fetch_many(query);
            loop {
                match timeout(ANSWER, items.next()).await {
                    Ok(Some(Ok(item))) => {
                        if answers.send(Ok(item)).await.is_err() {
                            return;
                        }
                    }
                    Ok(Some(Err(error))) => break Some(error),
                    Ok(None) => {
                        drop(items);
                        lent.settle();
                        break None;
                    }
                    Err(_) => break Some(no_answer()),
                }
            }
        }
        Err(error) => Some(error),
    };
    if let Some(error) = failed {
        // Nobody waits for it any more, or it is told there.
        let _gone = answers.send(Err(error)).await;
    }
}

impl<'p> Executor<'p> for &'_ Reads {
    type Database = Any;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Item, sqlx::Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Any>,
    {
        if !self.limited {
            return self.pool.fetch_many(query);
        }
        let (sender, mut receiver) = mpsc::channel(1);
        let asking = stream::once(ask(self.pool.clone(), query, sender));
        let nothing = asking.filter_map(|()| future::ready(None));
        let answers = stream::poll_fn(move |context| receiver.poll_recv(context));
        stream::select(answers, nothing).boxed()
    }

    fn fetch_optional<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxFuture<'e, Result<Option<AnyRow>, sqlx::Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, Any>,
    {
        if !self.limited {
            return self.pool.fetch_optional(query);
        }
        let pool = self.pool.clone();
        Box::pin(async move {
            let mut lent = Lent::by(&pool).await?;
            match timeout(ANSWER, lent.conn().fetch_optional(query)).await {
                Ok(answer) => {
                    // An error of the server is an answer; one of the network is none.
                    if !matches!(answer, Err(sqlx::Error::Io(_))) {
                        lent.settle();
                    }
                    answer
                }
                Err(_) => Err(no_answer()),
            }
        })
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
