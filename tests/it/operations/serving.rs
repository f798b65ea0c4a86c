//! `rubrica serve` as a service: what the manager of services is told, and what it says to
//! a hangup.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::net::{UnixDatagram, UnixListener, UnixStream};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tempfile::tempdir;

use crate::support::app::free_port;
use crate::support::browser::Browser;
use crate::support::deployed::Deployed;
use crate::support::process::{Process, command};
use crate::support::visitor::Visitor;

const SOON: Duration = Duration::from_secs(10);

/// Tries until it is so.
async fn soon(mut is_so: impl AsyncFnMut() -> bool) -> bool {
    let until = Instant::now() + SOON;
    while !is_so().await {
        if Instant::now() > until {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    true
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_at_a_socket_tells_when_it_is_ready_lives_and_stops() {
    let deployed = Deployed::start(None, 1).await;
    let socket = deployed.dir.path().join("notify");
    let manager = UnixDatagram::bind(&socket).unwrap();
    manager.set_read_timeout(Some(SOON)).unwrap();
    let told = |wanted: &str| {
        let mut message = [0; 100];
        let until = Instant::now() + SOON;
        while Instant::now() < until {
            let length = manager.recv(&mut message).unwrap();
            if &message[..length] == wanted.as_bytes() {
                return;
            }
        }
        panic!("{wanted} is never told");
    };
    let pages = format!("unix:{}", deployed.dir.path().join("portal.sock").display());
    let at_socket = [("RUBRICA_LISTEN", pages.as_str())];
    let healthy = || {
        let output = deployed.command(0, &["health"], &at_socket).output();
        let output = output.unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    assert_eq!(healthy().0, Some(1));
    let variables = [
        ("NOTIFY_SOCKET", socket.to_str().unwrap()),
        ("WATCHDOG_USEC", "200000"),
        at_socket[0],
    ];
    let mut node = Process::try_start(deployed.serving(0, &variables), 1).unwrap();
    told("READY=1");
    told("WATCHDOG=1");
    assert_eq!(healthy(), (Some(0), "ok\n".to_owned()));
    assert_eq!(node.terminate(), Some(0));
    told("STOPPING=1");
}

/// systemd's protocol: the sockets are descriptors from 3 on, for this process.
const HAND_OVER: &str = "exec 3<&0 4<&2 </dev/null 2>/dev/null; \
    export LISTEN_PID=$$ LISTEN_FDS=2; exec \"$0\" \"$@\"";

#[tokio::test(flavor = "multi_thread")]
async fn sockets_that_are_opened_before_the_service_all_serve_it_and_outlive_it() {
    let dir = tempdir().unwrap();
    let beside = dir.path().join("beside.sock");
    let second = UnixListener::bind(&beside).unwrap();
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://localhost:{}", socket.local_addr().unwrap().port());
    let key = "ab".repeat(32);
    let variables = [
        ("RUBRICA_PUBLIC_URL", url.as_str()),
        // Taken by somebody else, who is not asked.
        ("RUBRICA_LISTEN", "127.0.0.1:1"),
        ("RUBRICA_DATABASE_URL", "sqlite://portal.db"),
        ("RUBRICA_MASTER_KEY", &key),
    ];
    let serve = || {
        let inner = command(dir.path(), &["serve"], &variables);
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", HAND_OVER]).arg(inner.get_program());
        shell.args(inner.get_args()).current_dir(dir.path());
        shell.envs(variables);
        shell.stdin(std::os::fd::OwnedFd::from(socket.try_clone().unwrap()));
        shell.stderr(std::os::fd::OwnedFd::from(second.try_clone().unwrap()));
        Process::try_start(shell, 1).unwrap()
    };
    let page = format!("{url}/sign-in");
    let mut first = serve();
    Browser::new().visit(&page).await.expect_status(200);
    let mut asked = UnixStream::connect(&beside).unwrap();
    let host = url.trim_start_matches("http://");
    write!(
        asked,
        "GET /healthz HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    asked.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert_eq!(first.terminate(), Some(0));
    // Who asks meanwhile waits for the next one.
    let early = tokio::spawn(async move { Browser::new().visit(&page).await.status });
    tokio::task::yield_now().await;
    let mut second = serve();
    assert_eq!(early.await.unwrap(), 200);
    assert_eq!(second.terminate(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hangup_reads_the_connections_of_the_file_anew_and_ends_no_session() {
    let deployed = Deployed::start(None, 1).await;
    let mut node = deployed.serve(0);
    let health = deployed.command(0, &["health"], &[]).status().unwrap();
    assert!(health.success());
    let ana = Visitor::new(&deployed.origin(), "demo");
    ana.sign_in_at_redtrust().await.unwrap();
    let eva = Visitor::new(&deployed.origin(), "demo");
    let shows = async |name: &str| eva.visit("/sign-in").await.unwrap().body.contains(name);
    deployed.rewrite(0, "name = \"Acme\"", "name = \"Umbrella\"");
    assert!(!shows("Umbrella").await);
    node.signal("HUP");
    assert!(soon(async || shows("Umbrella").await).await);
    let home = ana.visit("/").await.unwrap();
    assert_eq!(home.status.as_u16(), 200, "{home:?}");
    // A mistake in the file changes nothing, and is told.
    deployed.rewrite(0, "name = \"Umbrella\"", "name = \"Third\"\nno_such = 1");
    node.signal("HUP");
    let log = deployed.log_of(0);
    let is_told = async || {
        let log = std::fs::read_to_string(&log).unwrap();
        log.contains("configuration_not_reloaded") && log.contains("no_such")
    };
    assert!(soon(is_told).await);
    assert!(shows("Umbrella").await);
    assert_eq!(node.status(), None);
}

/// A certificate for localhost, in files; the same in PEM, to trust it.
fn certificate(dir: &Path) -> String {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let pem = made.cert.pem();
    // As an editor of Windows saves it.
    let saved = format!("\u{feff}{}", pem.replace('\n', "\r\n"));
    std::fs::write(dir.join("tls.pem"), saved).unwrap();
    std::fs::write(dir.join("tls.key"), made.signing_key.serialize_pem()).unwrap();
    pem
}

fn trusting(pem: &str) -> reqwest::Client {
    let trusted = reqwest::Certificate::from_pem(pem.as_bytes()).unwrap();
    let client = reqwest::Client::builder()
        .tls_certs_only([trusted])
        .no_proxy();
    client.build().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_replaced_while_requests_go_on_and_none_of_them_fails() {
    let dir = tempdir().unwrap();
    let (before, port) = (certificate(dir.path()), free_port());
    let url = format!("https://localhost:{port}");
    let listen = format!("127.0.0.1:{port}");
    let key = "ab".repeat(32);
    let variables = [
        ("RUBRICA_PUBLIC_URL", url.as_str()),
        ("RUBRICA_LISTEN", &listen),
        ("RUBRICA_DATABASE_URL", "sqlite://portal.db"),
        ("RUBRICA_MASTER_KEY", &key),
        ("RUBRICA_TLS_CERT_FILE", "tls.pem"),
        ("RUBRICA_TLS_KEY_FILE", "tls.key"),
    ];
    let mut node = Process::start(dir.path(), &["serve"], &variables, 1);
    let health = command(dir.path(), &["health"], &variables).status();
    assert!(health.unwrap().success());
    let page = format!("{url}/sign-in");
    let (kept, asked) = (trusting(&before), AtomicU32::new(0));
    let ask = async || {
        let answer = kept.get(&page).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        assert!(answer.headers().contains_key("strict-transport-security"));
        asked.fetch_add(1, Ordering::Relaxed);
    };
    ask().await;
    let after = certificate(dir.path());
    node.signal("HUP");
    let fresh = trusting(&after);
    let replaced = soon(async || {
        ask().await;
        fresh.get(&page).send().await.is_ok()
    });
    assert!(replaced.await);
    // Connections that are open go on with the old certificate; new ones need the new one.
    ask().await;
    assert!(asked.into_inner() >= 3);
    assert!(trusting(&before).get(&page).send().await.is_err());
    // Key and certificate that do not belong together change nothing.
    std::fs::write(dir.path().join("tls.pem"), before).unwrap();
    node.signal("HUP");
    assert!(trusting(&after).get(&page).send().await.is_ok());
    // Many a self-signed certificate calls itself a CA; the portal's own is known.
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let own = params.self_signed(&key).unwrap();
    std::fs::write(dir.path().join("tls.pem"), own.pem()).unwrap();
    std::fs::write(dir.path().join("tls.key"), key.serialize_pem()).unwrap();
    node.signal("HUP");
    let is_healthy = async || {
        let health = command(dir.path(), &["health"], &variables).status();
        health.unwrap().success()
    };
    assert!(soon(is_healthy).await);
    assert_eq!(node.terminate(), Some(0));
}
