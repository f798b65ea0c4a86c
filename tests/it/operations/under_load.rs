//! What must not be felt while 200 pages a second are asked for: nodes that are restarted
//! one after the other behind HAProxy, a certificate that is replaced, a reader of the log
//! that stops. The short forms take seconds; the long ones print their figures:
//! `RUBRICA_TEST_SECONDS=60 cargo test --test it under_load -- --ignored --nocapture`.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tempfile::tempdir;

use super::process::pipe;
use super::proxies::{Proxy, example, start};
use crate::support::app::{free_port, state_of};
use crate::support::browser::{Browser, cookie_name};
use crate::support::deployed::Deployed;
use crate::support::load::{Figures, at_rate, duration, page};
use crate::support::postgres;
use crate::support::process::{Process, command};
use crate::support::visitor::Visitor;

/// Two nodes behind HAProxy, and a person who is signed in.
struct Cluster {
    deployed: Deployed,
    nodes: Vec<Process>,
    drain: &'static str,
    ana: Visitor,
    _proxy: Proxy,
}

impl Cluster {
    /// Nodes that go on serving for so many seconds once they were told to stop.
    async fn start(drain: &'static str) -> Option<Self> {
        let mut deployed = Deployed::start(Some(postgres::migrated().await?), 2).await;
        let port = deployed.balancer.give_way().await;
        let text = example("haproxy.cfg", port, &deployed.ports);
        let proxy = start("haproxy", &deployed.dir, &text, port)?;
        let nodes = (0..2)
            .map(|node| Self::serve(&deployed, node, drain))
            .collect();
        let ana = Visitor::new(&deployed.origin(), "demo");
        // HAProxy has to see first that they are there.
        let until = std::time::Instant::now() + Duration::from_secs(10);
        while let Err(why) = ana.sign_in_at_redtrust().await {
            assert!(std::time::Instant::now() < until, "{why}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Some(Self {
            deployed,
            nodes,
            drain,
            ana,
            _proxy: proxy,
        })
    }

    fn serve(deployed: &Deployed, node: usize, drain: &str) -> Process {
        let variables = [
            ("RUBRICA_DRAIN_SECONDS", drain),
            ("RUBRICA_TRUSTED_PROXIES", "127.0.0.1"),
        ];
        Process::try_start(deployed.serving(node, &variables), 1).unwrap()
    }

    /// Stops each node in turn and starts it again.
    async fn restart_all(&mut self) {
        for node in 0..self.nodes.len() {
            let mut process = self.nodes.remove(node);
            let stopped = tokio::task::spawn_blocking(move || process.terminate());
            assert_eq!(stopped.await.unwrap(), Some(0));
            self.nodes
                .insert(node, Self::serve(&self.deployed, node, self.drain));
            // Until HAProxy has seen that it is back.
            tokio::time::sleep(Duration::from_millis(2_500)).await;
        }
    }

    fn cookie(&self) -> String {
        let home = self.ana.at("/");
        let value = self.ana.browser.cookie(&home, "rubrica").unwrap();
        format!(
            "{}={value}",
            cookie_name(&self.deployed.origin(), "rubrica")
        )
    }
}

/// Issues certificates one after the other until told to stop; their names.
async fn issue_until(
    origin: &str,
    number: usize,
    over: &AtomicBool,
) -> Result<Vec<String>, String> {
    let person = Visitor::new(origin, "demo");
    person.sign_in_at_redtrust().await?;
    let mut names = Vec::new();
    while !over.load(Ordering::SeqCst) {
        let name = format!("PERSONA {number} {}", names.len());
        let answers = [("kind", "name"), ("common_name", name.as_str())];
        let last = person.to_last_step("/issue", &answers).await?;
        let page = person.submit(&last).await?;
        let patience = Duration::from_secs(40);
        let page = person.settled(page.url.path(), patience).await?;
        assert_eq!(state_of(&page), "issued", "{page:?}");
        names.push(name);
    }
    Ok(names)
}

/// What was asked for meanwhile, and how many certificates were issued.
struct Restarted {
    figures: Figures,
    names: Result<BTreeSet<String>, String>,
    issued: usize,
}

impl Restarted {
    fn judge(&self) {
        assert_eq!(self.figures.failed, Vec::<String>::new());
        let names = self.names.as_ref().unwrap();
        assert_eq!(self.issued, names.len());
    }
}

async fn restart_under_load(
    rate: u32,
    rounds: Option<usize>,
    time: Duration,
    drain: &'static str,
) -> Option<Restarted> {
    let mut cluster = Cluster::start(drain).await?;
    let origin = cluster.deployed.origin();
    let (client, cookie) = (client(), cluster.cookie());
    let (over, before) = (AtomicBool::new(false), certificates(&cluster).await.len());
    let mut turn = 0;
    let ask = || {
        turn += 1;
        let paths = ["/", "/issuances", "/certificates", "/sign-in"];
        let url = format!("{origin}{}", paths[turn % paths.len()]);
        page(client.clone(), url, cookie.clone())
    };
    let restarting = async {
        let until = tokio::time::Instant::now() + time;
        let mut restarts = 0;
        while rounds.map_or(tokio::time::Instant::now() < until, |n| restarts < n) {
            cluster.restart_all().await;
            restarts += 1;
        }
        over.store(true, Ordering::SeqCst);
        restarts * 2
    };
    let (figures, restarts, one, another) = tokio::join!(
        at_rate(rate, time, ask),
        restarting,
        issue_until(&origin, 1, &over),
        issue_until(&origin, 2, &over),
    );
    let names = one.and_then(|one| Ok(one.into_iter().chain(another?).collect::<BTreeSet<_>>()));
    let issued = certificates(&cluster).await.len() - before;
    let asked = names.as_ref().map(BTreeSet::len);
    eprintln!(
        "{restarts} restarts, {drain} s each to notice, {rate} pages a second: {figures}; \
         certificates asked for: {asked:?}, issued: {issued}"
    );
    Some(Restarted {
        figures,
        names,
        issued,
    })
}

/// The certificates that Redtrust has issued.
async fn certificates(cluster: &Cluster) -> Vec<serde_json::Value> {
    let ledger = cluster.deployed.controls.get("ledger").await;
    let entries = ledger["entries"].as_array().unwrap();
    let is_one = |entry: &&serde_json::Value| entry["kind"] == "certificate";
    entries.iter().filter(is_one).cloned().collect()
}

fn client() -> reqwest::Client {
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]);
    client
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_are_restarted_behind_haproxy_and_no_request_fails_and_nothing_is_done_twice() {
    if let Some(went) = restart_under_load(20, Some(1), Duration::from_secs(12), "3").await {
        went.judge();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute"]
async fn nodes_are_restarted_for_a_minute_at_200_pages_a_second() {
    if let Some(went) = restart_under_load(200, None, duration(60), "5").await {
        went.judge();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "tells what the waiting is for"]
async fn nodes_that_stop_at_once_lose_requests() {
    if let Some(went) = restart_under_load(200, Some(2), duration(20), "0").await {
        assert!(!went.figures.failed.is_empty());
    }
}

/// Issues certificates for localhost, to files.
struct Ca(rcgen::Issuer<'static, rcgen::KeyPair>, String);

impl Ca {
    fn new() -> Self {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let pem = params.self_signed(&key).unwrap().pem();
        Self(rcgen::Issuer::new(params, key), pem)
    }

    /// The certificate in DER form.
    fn issue(&self, dir: &Path) -> Vec<u8> {
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
        let issued = params.signed_by(&key, &self.0).unwrap();
        std::fs::write(dir.join("tls.pem"), issued.pem()).unwrap();
        std::fs::write(dir.join("tls.key"), key.serialize_pem()).unwrap();
        issued.der().to_vec()
    }

    /// Keeps connections for further requests, or opens one for each.
    fn client(&self, keeps: bool) -> reqwest::Client {
        let root = reqwest::Certificate::from_pem(self.1.as_bytes()).unwrap();
        let idle = if keeps { usize::MAX } else { 0 };
        let client = reqwest::Client::builder().tls_certs_only([root]).no_proxy();
        let client = client.pool_max_idle_per_host(idle).tls_info(true);
        client.build().unwrap()
    }
}

/// Which certificate is shown at a new connection, in DER form.
async fn shown(fresh: &reqwest::Client, url: &str) -> Vec<u8> {
    let answer = fresh.get(url).send().await.unwrap();
    let info: &reqwest::tls::TlsInfo = answer.extensions().get().unwrap();
    info.peer_certificate().unwrap().to_vec()
}

/// The portal does TLS and gets new certificates all the time; half of the requests come
/// on connections that are kept.
async fn replace_certificates_under_load(rate: u32, time: Duration) {
    let (dir, port, ca) = (tempdir().unwrap(), free_port(), Ca::new());
    ca.issue(dir.path());
    let origin = format!("https://localhost:{port}");
    let node = tls_node(dir.path(), &origin, port);
    let (url, over) = (format!("{origin}/sign-in"), AtomicBool::new(false));
    let clients = [ca.client(true), ca.client(false)];
    let mut turn = 0;
    let ask = || {
        turn += 1;
        page(clients[turn % 2].clone(), url.clone(), String::new())
    };
    let replacing = async {
        let mut replaced = 0;
        while !over.load(Ordering::SeqCst) {
            let newest = ca.issue(dir.path());
            node.signal("HUP");
            // A client that has been there before may go on with its old session.
            while shown(&ca.client(false), &url).await != newest {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            replaced += 1;
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        replaced
    };
    let asking = async {
        let figures = at_rate(rate, time, ask).await;
        over.store(true, Ordering::SeqCst);
        figures
    };
    let (figures, replaced) = tokio::join!(asking, replacing);
    eprintln!("{replaced} certificates at {rate} pages a second over TLS: {figures}");
    assert!(replaced > 1);
    assert_eq!(figures.failed, Vec::<String>::new());
}

fn tls_node(dir: &Path, url: &str, port: u16) -> Process {
    let (listen, key) = (format!("127.0.0.1:{port}"), "ab".repeat(32));
    let variables = [
        ("RUBRICA_PUBLIC_URL", url),
        ("RUBRICA_LISTEN", &listen),
        ("RUBRICA_DATABASE_URL", "sqlite://portal.db"),
        ("RUBRICA_MASTER_KEY", &key),
        ("RUBRICA_TLS_CERT_FILE", "tls.pem"),
        ("RUBRICA_TLS_KEY_FILE", "tls.key"),
        ("RUBRICA_LOG", "error"),
    ];
    Process::start(dir, &["serve"], &variables, 1)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes a minute"]
async fn certificates_are_replaced_for_a_minute_at_200_pages_a_second() {
    replace_certificates_under_load(200, duration(60)).await;
}

/// Load on a portal with a log that is read, or with one that nobody reads.
async fn with_log(read: bool, rate: u32, time: Duration) -> (Figures, u64) {
    let (dir, metrics_port) = (tempdir().unwrap(), free_port());
    let metrics = format!("127.0.0.1:{metrics_port}");
    let variables = [
        ("RUBRICA_LOG", "info"),
        ("RUBRICA_METRICS_LISTEN", metrics.as_str()),
    ];
    let mut started = command(dir.path(), &super::process::PORTS, &variables);
    let (log, write) = pipe();
    started.stderr(write);
    let reader = read.then(|| {
        let mut log = log.try_clone().unwrap();
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()))
    });
    let demo = Process::try_start(started, 2).unwrap();
    let url = format!("{}/sign-in", demo.url("portal"));
    let client = client();
    let ask = || page(client.clone(), url.clone(), String::new());
    let figures = at_rate(rate, time, ask).await;
    let metrics = Browser::new()
        .get(&format!("http://{metrics}/metrics"))
        .await;
    let dropped = metrics.body.lines().find_map(|line| {
        let value = line.strip_prefix("rubrica_log_lines_dropped_total ")?;
        value.parse().ok()
    });
    drop((demo, log, reader));
    (figures, dropped.unwrap())
}

/// Two portals at the same time, so that whatever else the machine does slows both.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes"]
async fn a_log_that_nobody_reads_for_minutes_slows_no_page() {
    let (rate, time) = (100, duration(600));
    let ((read, none), (unread, dropped)) =
        tokio::join!(with_log(true, rate, time), with_log(false, rate, time));
    eprintln!("log read: {read}, {none} lines dropped");
    eprintln!("nobody reads it: {unread}, {dropped} lines dropped");
    assert_eq!(none, 0);
    assert!(dropped > 0);
    assert_eq!(unread.failed, Vec::<String>::new());
    let allowed = read.percentile(99) * 2 + Duration::from_millis(20);
    assert!(unread.percentile(99) < allowed, "{unread}");
}
