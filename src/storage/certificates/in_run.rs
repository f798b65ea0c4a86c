//! The certificates that the lines of a run are about.

use super::{COLUMNS, many};
use crate::domain::certificate::Certificate;
use crate::domain::run::Run;
use crate::storage::{Storage, StorageError};

/// Those that belong to the owner of the run.
pub async fn in_run(storage: &Storage, run: &Run) -> Result<Vec<Certificate>, StorageError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM certificates WHERE connection_id = $1 AND owner_id = $2 \
         AND thumbprint IN (SELECT thumbprint FROM run_lines WHERE run_id = $3 \
         AND thumbprint IS NOT NULL UNION ALL SELECT thumbprint || ' ' || $2 FROM run_lines \
         WHERE run_id = $3 AND thumbprint IS NOT NULL)"
    );
    many(storage, sql, &[&run.connection_id, &run.owner_id, &run.id]).await
}
