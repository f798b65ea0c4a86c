//! Changes of one row at most: whether there was one to change is their answer.

use sqlx::any::AnyArguments;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection};

use super::StorageError;

pub(super) trait OneRow {
    /// Runs the change. Returns whether one row was changed.
    fn changes_one(
        self,
        conn: &mut AnyConnection,
    ) -> impl Future<Output = Result<bool, StorageError>> + Send;
}

impl OneRow for Query<'_, Any, AnyArguments> {
    async fn changes_one(self, conn: &mut AnyConnection) -> Result<bool, StorageError> {
        Ok(self.execute(conn).await?.rows_affected() == 1)
    }
}
