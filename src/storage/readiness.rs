//! Whether the database answers, and whether it can be written to: one that cannot, such as
//! a standby, a file system mounted read-only or a file of somebody else, shows pages
//! and fails every form.

use rustix::fs::{Access, access};
use tokio::time::timeout;

use super::reads::no_answer;
use super::{Storage, StorageError, open};

impl Storage {
    /// Checks both within two seconds. A lock that somebody holds for a moment is no reason
    /// to be not ready.
    ///
    /// # Errors
    /// [`StorageError::Unfit`] if it cannot be written to.
    pub async fn ready(&self) -> Result<(), StorageError> {
        match &self.writer {
            Some(writer) => {
                self.ping().await?;
                // Asked without opening the file: closing it would drop SQLite's locks.
                access(writer.file(), Access::WRITE_OK).map_err(|error| {
                    StorageError::Unfit(format!("{}: {error}", writer.file().display()))
                })
            }
            None => {
                let mut lent = self.reads.lend_or_say_why().await?;
                let asked = sqlx::query_scalar("SELECT current_setting('transaction_read_only')");
                let answer = timeout(open::ACQUIRE, asked.fetch_one(lent.conn()?)).await;
                let Ok(answer) = answer else {
                    return Err(no_answer().into());
                };
                lent.give_back();
                let read_only: String = answer?;
                match read_only.as_str() {
                    "on" => Err(StorageError::Unfit("it is read-only".to_owned())),
                    _ => Ok(()),
                }
            }
        }
    }
}
