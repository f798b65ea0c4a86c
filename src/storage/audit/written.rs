//! The end of the chain outside the database: once its transaction is committed, the log
//! has its number and hash.

use std::cell::Cell;

use super::Head;
use crate::storage::StorageError;

tokio::task_local! {
    /// The end that the transaction of this task has written.
    static WRITTEN: Cell<Option<Head>>;
}

/// Notes the end that this transaction has written.
pub(super) fn note(head: Head) {
    // Outside of `logged` there is nothing to note it for.
    let _ = WRITTEN.try_with(|written| written.set(Some(head)));
}

/// Does a whole transaction, and logs the end that it has written.
pub(in crate::storage) async fn logged<T>(
    transaction: impl Future<Output = Result<T, StorageError>>,
) -> Result<T, StorageError> {
    let all = async {
        let done = transaction.await?;
        if let Some(head) = WRITTEN.with(Cell::take) {
            let hash = data_encoding::HEXLOWER.encode(&head.hash);
            tracing::info!(event = "audit_head", seq = head.seq, hash);
        }
        Ok(done)
    };
    WRITTEN.scope(Cell::new(None), all).await
}
