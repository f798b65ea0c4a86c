//! The examples of `packaging/` with the real programs: people sign in through each of
//! them, no visitor chooses the address that the portal sees, and no log has a token.

use std::io::Read as _;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::{TempDir, tempdir};

use crate::support::app::free_port;
use crate::support::browser::Browser;
use crate::support::process::{Process, command};
use crate::support::require;
use crate::support::visitor::Visitor;

/// A proxy that runs until it is dropped.
pub(super) struct Proxy(Child);

impl Drop for Proxy {
    fn drop(&mut self) {
        // It stops its own processes at this.
        let pid = self.0.id().to_string();
        let _gone = Command::new("kill").arg(pid).status();
        let _ended = self.0.wait();
    }
}

/// An example as these tests need it: without TLS, at these ports, with one or two nodes.
pub(super) fn example(file: &str, port: u16, portals: &[u16]) -> String {
    let (portal, other) = (portals[0], portals.get(1));
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("packaging")
        .join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let kept = text.lines().filter(|line| {
        let of_tls = ["ssl_", "SSL"];
        let is_other = other.is_none() && line.trim().starts_with("server two");
        !is_other && !of_tls.iter().any(|word| line.trim().starts_with(word))
    });
    let text: String = kept.map(|line| format!("{line}\n")).collect();
    text.replace("listen 443 ssl;", &format!("listen 127.0.0.1:{port};"))
        .replace(
            "<VirtualHost *:443>",
            &format!("<VirtualHost 127.0.0.1:{port}>"),
        )
        .replace(
            "bind :443 ssl crt /etc/haproxy/portal.example.pem ssl-min-ver TLSv1.2",
            &format!("bind 127.0.0.1:{port}"),
        )
        .replace("10.0.0.11:8080", &format!("127.0.0.1:{portal}"))
        .replace(
            "10.0.0.12:8080",
            &format!("127.0.0.1:{}", other.unwrap_or(&portal)),
        )
        .replace(
            "portal.example {",
            &format!("http://localhost:{port} {{\nbind 127.0.0.1\n"),
        )
        .replace("portal.example", "localhost")
        .replace("127.0.0.1:8080", &format!("127.0.0.1:{portal}"))
}

/// What each program needs around the example, and how it is started. Nginx and Apache have a log
/// for all hosts that have none of their own, as after an installation.
fn written(name: &str, dir: &Path, text: &str, port: u16) -> Command {
    let file = dir.join(name);
    let at = dir.display();
    let whole = match name {
        "nginx" => format!(
            "daemon off; pid {at}/nginx.pid; error_log stderr; worker_processes 1;\n\
             events {{}}\nhttp {{ access_log {at}/access.log; {text} }}\n"
        ),
        "apache2" => format!(
            "ServerRoot {at}\nServerName localhost\nPidFile {at}/apache.pid\n\
             Mutex file:{at}\nErrorLog {at}/apache.log\nListen 127.0.0.1:{port}\n\
             User www-data\nGroup www-data\nCustomLog {at}/access.log \"%r\"\n{}{text}",
            ["mpm_event", "authz_core", "proxy", "proxy_http", "headers"]
                .map(|module| {
                    format!("LoadModule {module}_module /usr/lib/apache2/modules/mod_{module}.so\n")
                })
                .concat()
        ),
        "caddy" => format!("{{\nadmin off\n}}\n{text}"),
        _ => text.to_owned(),
    };
    std::fs::write(&file, whole).unwrap();
    let mut command = Command::new(name);
    match name {
        "nginx" => command.arg("-c").arg(&file),
        "haproxy" => command.arg("-db").arg("-f").arg(&file),
        "apache2" => command.arg("-DFOREGROUND").arg("-f").arg(&file),
        _ => command
            .args(["run", "--adapter", "caddyfile", "--config"])
            .arg(&file),
    };
    command
        .env("PATH", "/usr/local/bin:/usr/bin:/usr/sbin:/bin")
        .env("HOME", dir);
    command
}

/// Starts it, if it is installed, and waits until it listens.
pub(super) fn start(name: &str, dir: &TempDir, text: &str, port: u16) -> Option<Proxy> {
    let mut command = written(name, dir.path(), text, port);
    let Ok(child) = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn() else {
        require::missing(name);
        return None;
    };
    let mut proxy = Proxy(child);
    let until = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if Instant::now() > until || proxy.0.try_wait().unwrap().is_some() {
            let mut words = String::new();
            let _ended = proxy.0.kill();
            let stderr = proxy.0.stderr.as_mut().unwrap();
            stderr.read_to_string(&mut words).unwrap();
            panic!("{name} does not listen: {words}");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Some(proxy)
}

/// A demo whose public URL is the proxy's; its log goes to a file.
fn demo(dir: &TempDir, origin: &str, portal: u16) -> Process {
    let listen = format!("127.0.0.1:{portal}");
    let arguments = [
        "demo",
        "--listen",
        &listen,
        "--sandbox-listen",
        "127.0.0.1:0",
    ];
    let variables = [
        ("RUBRICA_PUBLIC_URL", origin),
        ("RUBRICA_TRUSTED_PROXIES", "127.0.0.1"),
        ("RUBRICA_LOG", "info"),
    ];
    let mut started = command(dir.path(), &arguments, &variables);
    started.stderr(std::fs::File::create(dir.path().join("log")).unwrap());
    Process::try_start(started, 2).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_sign_in_through_each_proxy_that_logs_no_token_and_choose_no_address() {
    let (dir, port, portal) = (tempdir().unwrap(), free_port(), free_port());
    let origin = format!("http://localhost:{port}");
    let mut demo = demo(&dir, &origin, portal);
    for (name, file) in [
        ("nginx", "nginx.conf"),
        ("haproxy", "haproxy.cfg"),
        ("caddy", "Caddyfile"),
        ("apache2", "apache.conf"),
    ] {
        let Some(_proxy) = start(name, &dir, &example(file, port, &[portal]), port) else {
            continue;
        };
        let ana = Visitor::new(&origin, "demo");
        let signed_in = ana.sign_in_at_redtrust().await;
        signed_in.unwrap_or_else(|why| panic!("{name}: {why}"));
        let forged = [("x-forwarded-for", "6.6.6.6")];
        let page = ana.browser.get_with(&ana.at("/"), &forged).await;
        assert_eq!(page.status.as_u16(), 200, "{name}: {page:?}");
        let logged = std::fs::read_to_string(dir.path().join("access.log"));
        let logged = logged.unwrap_or_default();
        assert!(!logged.contains("tkn="), "{name}: {logged}");
    }
    assert_eq!(demo.terminate(), Some(0));
    let log = std::fs::read_to_string(dir.path().join("log")).unwrap();
    assert!(log.contains("127.0.0.1"), "{log}");
    assert!(!log.contains("6.6.6.6"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_without_the_line_for_host_is_told_so_instead_of_going_round_in_a_circle() {
    let (dir, port, portal) = (tempdir().unwrap(), free_port(), free_port());
    let origin = format!("http://localhost:{port}");
    let text = example("nginx.conf", port, &[portal]);
    let line = "proxy_set_header Host $http_host;";
    assert!(text.contains(line));
    let Some(_proxy) = start("nginx", &dir, &text.replace(line, ""), port) else {
        return;
    };
    let mut demo = demo(&dir, &origin, portal);
    let page = Browser::new().visit(&format!("{origin}/sign-in")).await;
    let page = page.expect_status(421);
    assert!(
        page.body.contains("must pass the Host header on"),
        "{page:?}"
    );
    Browser::new()
        .visit(&format!("{origin}/"))
        .await
        .expect_status(421);
    assert_eq!(demo.terminate(), Some(0));
    let log = std::fs::read_to_string(dir.path().join("log")).unwrap();
    assert_eq!(log.matches("host_not_passed_on").count(), 1, "{log}");
}
