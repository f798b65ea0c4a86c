//! A portal with many requests and certificates of one person.

use std::process::Command;
use std::time::{Duration, Instant};

use sqlx::{AnyConnection, AssertSqlSafe, Connection};

use crate::support::deployed::Deployed;
use crate::support::process::Process;
use crate::support::raw_client::RawClient;
use crate::support::visitor::Visitor;

const SETTLED_WITHIN: Duration = Duration::from_secs(60);

/// At most so many of the requests have a certificate.
const MOST_CERTIFICATES: u32 = 100_000;

/// Requests that differ in holder, kind, state and time. VIEJO is in old ones only;
/// SIEMPRE and TAMBIEN are in every third one, never together.
const ISSUANCES: &str = "\
    WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < $1 - 1), \
    words(n, holder) AS (SELECT n, \
        CASE n / 3 % 8 WHEN 0 THEN 'CARMEN' WHEN 1 THEN 'ANA' WHEN 2 THEN 'MANUEL' \
            WHEN 3 THEN 'IKER' WHEN 4 THEN 'PAU' ELSE 'PERSONA' || n / 3 % 40 END || \
        CASE n / 24 % 9 WHEN 0 THEN ' GARCÍA' WHEN 1 THEN ' LÓPEZ' WHEN 2 THEN ' NÚÑEZ' \
            WHEN 3 THEN ' ETXEBERRIA' ELSE ' APELLIDO' || n / 24 % 45 END || \
        CASE n % 3 WHEN 0 THEN ' SIEMPRE' WHEN 1 THEN ' TAMBIEN' ELSE ' ALGUNO' END || \
        CASE WHEN n < $1 / 30 THEN ' VIEJO' ELSE ' NUEVO' END || ' X' || n FROM numbers) \
    INSERT INTO issuances (id, reference, owner_id, connection_id, sign_in_id, kind, state, \
        attempt, answers, request, holder, request_code, code_from_client, csr, csr_key, \
        certificate_id, thumbprint, lease_until, created_at, submitted_at, updated_at, cursor) \
    SELECT printf('%032x', n), printf('%010d', n), owner_id, connection_id, sign_in_id, \
        CASE n / 7 % 5 WHEN 0 THEN 'person' WHEN 1 THEN 'linked' WHEN 2 THEN 'representative' \
            WHEN 3 THEN 'seal' ELSE 'name' END, \
        CASE n % 50 WHEN 0 THEN 'refused' WHEN 1 THEN 'unknown' ELSE 'issued' END, \
        attempt, answers, REPLACE(request, issuances.holder, words.holder), words.holder, \
        printf('%032x', n), code_from_client, csr, csr_key, printf('%032x', n), \
        CASE WHEN n % 50 > 1 THEN printf('%040X', n) END, 0, 1700000000000 + n * 300000, \
        1700000000000 + n * 300000, 1700000000000 + n * 300000, \
        unhex(printf('%016x', 1700000000000 + n * 300000) || hex(printf('%032x', n))) \
    FROM words, issuances WHERE issuances.holder = 'PLANTILLA'";

/// Certificates of the last ones that were issued.
const CERTIFICATES: &str = "\
    INSERT INTO certificates (id, connection_id, owner_id, issuance_id, origin, recorded_at, \
        certificate_id, thumbprint, sha1, holder, subject, kind, issued_at, not_after, exact, \
        proven) \
    SELECT of.id, of.connection_id, of.owner_id, of.id, origin, of.created_at, of.id, \
        of.thumbprint, of.thumbprint, of.holder, REPLACE(subject, template.holder, of.holder), \
        of.kind, of.created_at, 1790000000000 + of.created_at / 300000 % 1000 * 86400000, \
        exact, proven \
    FROM issuances of, certificates template WHERE template.holder = 'PLANTILLA' \
        AND of.state = 'issued' AND of.holder <> 'PLANTILLA' \
    ORDER BY of.cursor DESC LIMIT $1";

/// What PostgreSQL calls what these statements use of SQLite.
const POSTGRES: [(&str, &str); 5] = [
    ("SELECT 0 UNION", "SELECT CAST(0 AS BIGINT) UNION"),
    (
        "unhex(printf('%016x', 1700000000000 + n * 300000) || hex(printf('%032x', n)))",
        "decode(lpad(to_hex(1700000000000 + n * 300000), 16, '0'), 'hex') \
         || convert_to(lpad(to_hex(n), 32, '0'), 'UTF8')",
    ),
    ("printf('%032x', n)", "lpad(to_hex(n), 32, '0')"),
    ("printf('%010d', n)", "lpad(CAST(n AS TEXT), 10, '0')"),
    ("printf('%040X', n)", "lpad(upper(to_hex(n)), 40, '0')"),
];

/// A portal, its processes, and who is signed in.
pub struct Filled {
    pub ana: Visitor,
    pub rows: u32,
    pub deployed: Deployed,
    portals: Vec<Process>,
    serve: fn(&Deployed, usize) -> Process,
}

/// On which database, with how many nodes, and how each is started once that is filled.
pub struct Setup {
    pub database_url: Option<String>,
    pub nodes: usize,
    pub serve: fn(&Deployed, usize) -> Process,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            database_url: None,
            nodes: 1,
            serve: Deployed::serve,
        }
    }
}

impl Filled {
    /// A portal with so many requests, on the first processor.
    pub async fn start(rows: u32) -> Self {
        Self::start_as(rows, Setup::default()).await
    }

    /// The same, set up like this.
    pub async fn start_as(rows: u32, setup: Setup) -> Self {
        let deployed = Deployed::start(setup.database_url, setup.nodes).await;
        let mut portal = deployed.serve(0);
        let ana = Visitor::new(&deployed.origin(), "demo");
        ana.sign_in_at_redtrust().await.unwrap();
        let answers = [("kind", "name"), ("common_name", "PLANTILLA")];
        let last = ana.to_last_step("/issue", &answers).await.unwrap();
        let issued = ana.submit(&last).await.unwrap().url.path().to_owned();
        ana.settled(&issued, Duration::from_secs(20)).await.unwrap();
        portal.kill();
        fill(&deployed.database_url, rows).await;
        // The words by which they are found are written at the start.
        let portals: Vec<_> = (0..setup.nodes)
            .map(|node| (setup.serve)(&deployed, node))
            .collect();
        for portal in &portals {
            pin(portal.pid(), 0);
        }
        Self {
            ana,
            rows,
            deployed,
            portals,
            serve: setup.serve,
        }
    }

    /// Signs in again if the session has ended, while another portal was filled.
    pub async fn stay_signed_in(&self) {
        let page = self.ana.visit("/").await.unwrap();
        if !page.has("#signed-in-as") {
            self.ana.sign_in_at_redtrust().await.unwrap();
        }
    }

    /// Asks the first node as the person who is signed in.
    pub fn client(&self) -> RawClient {
        self.client_of(0)
    }

    pub fn client_of(&self, node: usize) -> RawClient {
        let port = self.deployed.ports.get(node).copied();
        RawClient::of(&self.ana.browser, &self.deployed.origin(), port)
    }

    /// Stops the first node and starts it again; returns how long it took to be ready.
    pub fn start_again(&mut self) -> Duration {
        self.portals[0].terminate();
        let began = Instant::now();
        self.portals[0] = (self.serve)(&self.deployed, 0);
        let took = began.elapsed();
        pin(self.portals[0].pid(), 0);
        took
    }

    /// The process of the first node.
    pub fn pid(&self) -> u32 {
        self.portals[0].pid()
    }

    /// The processor's time that all nodes have used.
    pub fn used(&self) -> Duration {
        self.portals
            .iter()
            .map(|portal| used_by(portal.pid()))
            .sum()
    }

    /// Waits until no request is under way: not by their pages, which would cost the portal
    /// time.
    pub async fn until_settled(&self) {
        let mut database = AnyConnection::connect(&self.deployed.database_url)
            .await
            .unwrap();
        let began = Instant::now();
        let at_work = "SELECT COUNT(*) FROM issuances \
             WHERE state IN ('creating', 'key_created', 'finalizing')";
        while sqlx::query_scalar::<_, i64>(at_work)
            .fetch_one(&mut database)
            .await
            .unwrap()
            > 0
        {
            assert!(began.elapsed() < SETTLED_WITHIN, "still at work");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Memory of the first node, in KiB.
    pub fn memory(&self) -> usize {
        self.portals[0].memory()
    }
}

fn used_by(pid: u32) -> Duration {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    let nanoseconds = threads.map(|thread| {
        // Of a thread that has just ended there is nothing left to read.
        let stat = std::fs::read_to_string(thread.unwrap().path().join("schedstat"));
        let stat = stat.unwrap_or_default();
        stat.split(' ').next().unwrap().parse().unwrap_or(0)
    });
    Duration::from_nanos(nanoseconds.sum())
}

/// Keeps all threads of a process on one processor.
pub fn pin(pid: u32, processor: u32) {
    let (pid, processor) = (pid.to_string(), processor.to_string());
    let done = Command::new("taskset")
        .args(["-a", "-p", "-c", &processor, &pid])
        .output();
    assert!(done.unwrap().status.success(), "taskset {pid}");
}

async fn fill(url: &str, rows: u32) {
    let mut database = AnyConnection::connect(url).await.unwrap();
    for (sql, many) in [(ISSUANCES, rows), (CERTIFICATES, MOST_CERTIFICATES)] {
        let in_postgres = POSTGRES.iter().filter(|_| url.starts_with("postgres"));
        let sql = in_postgres.fold(sql.to_owned(), |sql, (one, other)| sql.replace(one, other));
        let query = sqlx::query(AssertSqlSafe(sql)).bind(i64::from(many));
        query.execute(&mut database).await.unwrap();
    }
}
