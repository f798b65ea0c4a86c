//! A temporary PostgreSQL: one cluster per test run, one database per test.
//!
//! The cluster runs under a shell that reads from a pipe held by this process. However
//! the test binary ends, the shell stops the cluster and removes its directory.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use rubrica::storage::Storage;
use rubrica::storage::seal::KeyRing;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::OnceCell;

use super::database::MASTER_KEY;
use super::require;

/// Starts the cluster, prints its address, and stops it when its input is closed.
const SUPERVISOR: &str = r#"
bin=$1
umask 077
dir=$(mktemp -d /tmp/rubrica-postgres-XXXXXX) || exit 1
cd "$dir" || exit 1
end() { "$bin/pg_ctl" -D "$dir/data" -m immediate stop; cd /; rm -rf "$dir"; }
trap end EXIT
"$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >"$dir/log" || exit 1
cat >>"$dir/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$dir'
max_connections = 300
fsync = off
full_page_writes = off
CONF
"$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w start >/dev/null || exit 1
echo "$dir"
cat >/dev/null
"#;

/// A running cluster.
pub struct Cluster {
    bin: PathBuf,
    dir: PathBuf,
    /// The cluster runs as long as its standard input is open.
    _supervisor: Child,
}

impl Cluster {
    /// Starts a separate cluster, or reports that PostgreSQL is not installed.
    pub fn start() -> Option<Self> {
        let Some(bin) = binaries() else {
            require::missing("PostgreSQL");
            return None;
        };
        let mut supervisor = as_postgres("sh")
            .args(["-c", SUPERVISOR, "supervisor"])
            .arg(&bin)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut dir = String::new();
        let stdout = supervisor.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut dir).unwrap();
        let dir = dir.trim_end();
        assert!(!dir.is_empty(), "the PostgreSQL cluster did not start");
        Some(Self {
            bin,
            dir: PathBuf::from(dir),
            _supervisor: supervisor,
        })
    }

    /// The URL of one of its databases.
    pub fn url(&self, database: &str) -> String {
        format!(
            "postgres://postgres@localhost/{database}?host={}",
            self.dir.display()
        )
    }

    /// Creates a database as a copy of `template`; returns its URL.
    pub async fn create(&self, name: &str, template: &str) -> String {
        let mut conn = PgConnection::connect(&self.url("postgres")).await.unwrap();
        let sql = format!("CREATE DATABASE {name} TEMPLATE {template}");
        sqlx::query(AssertSqlSafe(sql))
            .execute(&mut conn)
            .await
            .unwrap();
        conn.close().await.unwrap();
        self.url(name)
    }

    /// Stops it immediately, as a crash would.
    pub fn stop(&self) {
        self.pg_ctl(&["-m", "immediate", "stop"]);
    }

    /// Starts it again after a stop.
    pub fn start_again(&self) {
        let log = self.dir.join("log");
        self.pg_ctl(&["-l", log.to_str().unwrap(), "-w", "start"]);
    }

    /// Pauses all its processes with SIGSTOP until the guard is dropped.
    pub fn freeze(&self) -> Frozen {
        let file = std::fs::read_to_string(self.dir.join("data/postmaster.pid")).unwrap();
        let first = file.lines().next().unwrap().trim().to_owned();
        let mut processes = children_of(&first);
        // Pause the main process first, or it would replace the others.
        processes.insert(0, first);
        let frozen = Frozen(processes);
        frozen.signal("STOP");
        frozen
    }

    fn pg_ctl(&self, arguments: &[&str]) {
        let status = as_postgres(self.bin.join("pg_ctl"))
            .arg("-D")
            .arg(self.dir.join("data"))
            .args(arguments)
            .current_dir("/")
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "pg_ctl {arguments:?}");
    }

    /// The whole content of the database at `url`, as text.
    pub fn dump(&self, url: &str) -> Vec<u8> {
        let output = as_postgres(self.bin.join("pg_dump"))
            .arg(url)
            .current_dir("/")
            .output()
            .unwrap();
        assert!(output.status.success(), "pg_dump");
        output.stdout
    }
}

/// Starts PgBouncer, and stops it when its input is closed.
const POOLER: &str = r#"
PATH=$PATH:/usr/sbin
cat >"$1/$2.ini" <<INI
[databases]
* = host=$1 user=postgres
[pgbouncer]
listen_addr =
listen_port = $3
unix_socket_dir = $1
auth_type = any
pool_mode = $2
ignore_startup_parameters = extra_float_digits
logfile = $1/$2.log
INI
pgbouncer -q "$1/$2.ini" &
trap 'kill $!' EXIT
until [ -S "$1/.s.PGSQL.$3" ]; do kill -0 $! || exit 1; sleep 0.05; done
echo ready
cat >/dev/null
"#;

/// A pooler before a cluster.
pub struct Pooler {
    port: u16,
    /// It runs as long as its standard input is open.
    _supervisor: Child,
}

impl Pooler {
    /// Starts one that lends connections for each `session` or `transaction`. Its socket is
    /// in the directory of the cluster.
    pub fn start(cluster: &Cluster, mode: &str, port: u16) -> Self {
        let mut supervisor = as_postgres("sh")
            .args(["-c", POOLER, "pooler"])
            .arg(&cluster.dir)
            .args([mode, &port.to_string()])
            .process_group(0)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = supervisor.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "ready", "pgbouncer did not start");
        Self {
            port,
            _supervisor: supervisor,
        }
    }

    /// The address of a database of the cluster, through the pooler.
    pub fn url(&self, direct: &str) -> String {
        direct.replace("@localhost/", &format!("@localhost:{}/", self.port))
    }
}

/// The paused processes of a cluster.
pub struct Frozen(Vec<String>);

impl Frozen {
    fn signal(&self, name: &str) {
        let mut kill = Command::new("kill");
        kill.args(["-s", name]).args(&self.0).stderr(Stdio::null());
        let _gone_meanwhile = kill.status();
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        self.signal("CONT");
    }
}

fn children_of(parent: &str) -> Vec<String> {
    let is_child = |stat: &str| {
        let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        after_name.split_whitespace().nth(1) == Some(parent)
    };
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter(|process| {
            let stat = std::fs::read_to_string(process.path().join("stat"));
            stat.is_ok_and(|stat| is_child(&stat))
        })
        .map(|process| process.file_name().to_string_lossy().into_owned())
        .collect()
}

/// The cluster shared by all tests of this run, if PostgreSQL is installed.
pub fn cluster() -> Option<&'static Cluster> {
    static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
    let shared = SHARED.get_or_init(Cluster::start).as_ref();
    if shared.is_none() {
        require::missing("PostgreSQL");
    }
    shared
}

/// A new migrated database with the key [`MASTER_KEY`], if PostgreSQL is installed.
pub async fn migrated() -> Option<String> {
    static TEMPLATE: OnceCell<()> = OnceCell::const_new();
    static NUMBER: AtomicU32 = AtomicU32::new(1);
    let cluster = cluster()?;
    TEMPLATE
        .get_or_init(|| async {
            let url = cluster.create("migrated", "template1").await;
            let keys = KeyRing::new(MASTER_KEY);
            Storage::open(&url, &keys).await.unwrap().close().await;
        })
        .await;
    let number = NUMBER.fetch_add(1, Ordering::SeqCst);
    Some(cluster.create(&format!("test_{number}"), "migrated").await)
}

/// PostgreSQL refuses to run as root, so it then runs as its own user.
fn as_postgres(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let root = Path::new("/root").read_dir().is_ok();
    if !root {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

/// The directory of `initdb` and `pg_ctl`: the newest installed version, or the path.
fn binaries() -> Option<PathBuf> {
    let mut installed: Vec<PathBuf> = Path::new("/usr/lib/postgresql")
        .read_dir()
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    installed.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    installed
        .into_iter()
        .rev()
        .chain(std::env::split_paths(&path))
        .find(|bin| bin.join("initdb").exists() && bin.join("pg_ctl").exists())
}
