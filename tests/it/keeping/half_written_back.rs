//! A server that was killed while SQLite wrote a `-wal` back into the file.

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, SqliteConnection};

use super::after_a_crash::Served;
use super::replaced::Running;
use super::sqlite;

const PAGE: usize = 4096;

/// SQLite writes pages back in their order, and the first says how long the file is to be.
fn write_first_page_back(file: &Path) {
    let wal = fs::read(file.with_extension("db-wal")).unwrap();
    let (head, frames) = wal.split_at(32);
    let mut written = frames
        .chunks_exact(24 + PAGE)
        .filter(|frame| frame[..4] == [0, 0, 0, 1] && frame[8..16] == head[16..24]);
    let first = &written.next_back().expect("it is in the -wal")[24..];
    let file = File::options().write(true).open(file).unwrap();
    file.write_all_at(first, 0).unwrap();
    let pages = u32::from_be_bytes(first[28..32].try_into().unwrap());
    assert!(u64::from(pages) * PAGE as u64 > file.metadata().unwrap().len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_half_written_back_at_a_kill_is_not_called_damaged() {
    let served = Served::new();
    let mut running = Running::start(served.command(), served.dir.path());
    let options: SqliteConnectOptions = sqlite(&served.file()).parse().unwrap();
    let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
    let longer = "INSERT INTO meta (name, value) VALUES ('longer', zeroblob(100000))";
    sqlx::raw_sql(longer).execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    running.process.kill();
    write_first_page_back(&served.file());
    let mut running = Running::start(served.command(), served.dir.path());
    served.admin("maria");
    // Whether its file is the right one is looked at once a second.
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    served.admin("bea");
    running.readiness().await.expect_status(200);
    assert_eq!(running.process.terminate(), Some(0));
    assert!(!running.logged("database_damaged"));
}
