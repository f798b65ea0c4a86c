//! Other users of the same machine: what they may read, lock or be told; and what the
//! operator lets admins reach from it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::tempdir;

use crate::support::admin;
use crate::support::app::free_port;
use crate::support::browser::Browser;
use crate::support::page::Page;
use crate::support::process::{Process, command};

const KEY: &str = "abababababababababababababababababababababababababababababababab";
const PASSWORD: &str = "correct horse battery staple";

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// The same command under this umask.
fn under_umask(umask: &str, inner: &Command) -> Command {
    let mut shell = Command::new("sh");
    let script = format!("umask {umask}; exec \"$0\" \"$@\"");
    shell.arg("-c").arg(script).arg(inner.get_program());
    shell.args(inner.get_args());
    shell.current_dir(inner.get_current_dir().unwrap());
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}

fn demo_in(dir: &Path, umask: &str) -> Process {
    let ports = ["--listen", "127.0.0.1:0", "--sandbox-listen", "127.0.0.1:0"];
    let arguments = [&["demo", "--data-dir", "data"], ports.as_slice()].concat();
    let demo = command(dir, &arguments, &[]);
    Process::try_start(under_umask(umask, &demo), 2).unwrap()
}

fn loose_in(dir: &Path) -> Vec<String> {
    let mut loose = Vec::new();
    let mut say = |path: &Path, right: u32| {
        let mode = mode(path);
        if mode != right {
            loose.push(format!("{mode:o} {}", path.display()));
        }
    };
    say(dir, 0o700);
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => say(&path, 0o700),
            false => say(&path, 0o600),
        }
    }
    loose
}

#[tokio::test(flavor = "multi_thread")]
async fn i17_what_the_demo_makes_is_its_owners_whatever_the_umask() {
    for umask in ["000", "022", "077"] {
        let dir = tempdir().unwrap();
        let mut demo = demo_in(dir.path(), umask);
        let data = dir.path().join("data");
        assert_eq!(loose_in(&data), Vec::<String>::new(), "umask {umask}");
        let sandbox = loose_in(&data.join("sandbox"));
        assert_eq!(sandbox, Vec::<String>::new(), "umask {umask}");
        demo.kill();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i17_a_lock_file_that_an_earlier_version_made_is_tightened() {
    let dir = tempdir().unwrap();
    let data = dir.path().join("data");
    demo_in(dir.path(), "022").kill();
    let lock = data.join("rubrica.db.lock");
    set_mode(&lock, 0o666);
    let _demo = demo_in(dir.path(), "022");
    assert_eq!(mode(&lock), 0o600);
}

fn check_config(dir: &Path, text: &str) -> Output {
    std::fs::write(dir.join("c.toml"), text).unwrap();
    let arguments = ["check-config", "--config", "c.toml"];
    command(dir, &arguments, &[]).output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn i19_no_error_of_the_configuration_prints_a_secret() {
    let dir = tempdir().unwrap();
    let head = format!(
        "public_url = \"http://localhost:1\"\ndatabase_url = \"sqlite://x.db\"\n\
         master_key = \"{KEY}\"\n[[connection]]\nslug = \"acme\"\nname = \"Acme\"\n\
         base_url = \"https://a.example\"\npartner = \"ACME\"\n"
    );
    let wrong = [
        "42424242",
        "007topsecret",
        "topsecret",
        "\"topsecret",
        "'topsecret",
        "[\"topsecret\"]",
        "{ key = \"topsecret\" }",
        "\"\"\"topsecret",
        "\"top\\qsecret\"",
        "1979-05-27T07:32:00topsecret",
        "\n  topsecret=",
        "\"a\" topsecret=",
    ];
    for setting in ["shared_key", "next_shared_key"] {
        for value in wrong {
            let text = format!("{head}{setting} = {value}\n");
            says_nothing_of_it(&text, &check_config(dir.path(), &text));
        }
    }
    for setting in ["master_key", "database_url"] {
        for value in wrong {
            let text = format!("{setting} = {value}\n");
            says_nothing_of_it(&text, &check_config(dir.path(), &text));
        }
    }
    for text in [
        "master_key: topsecret=\n",
        "master_key topsecret = 1\n",
        "master_key = \"a\"\nmaster_key = \"topsecret\"\n",
        "database_url = \"postgres://topsecret:topsecret@:x/topsecret\"\n",
        "database_url = \"topsecret\"\n",
        "topsecret\n",
    ] {
        says_nothing_of_it(text, &check_config(dir.path(), text));
    }
}

fn says_nothing_of_it(text: &str, output: &Output) {
    let said = [output.stdout.as_slice(), &output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert_eq!(output.status.code(), Some(2), "{text}: {said}");
    for secret in ["topsecret", "42424242", "secret="] {
        assert!(!said.contains(secret), "{text}: {said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i19_files_with_secrets_that_are_open_to_others_are_named() {
    let dir = tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at("master.key"), KEY).unwrap();
    std::fs::write(at("acme.key"), "a-shared-key").unwrap();
    std::fs::write(at("x.db"), "").unwrap();
    let text = "public_url = \"http://localhost:1\"\ndatabase_url = \"sqlite://x.db\"\n\
        master_key_file = \"master.key\"\n[[connection]]\nslug = \"acme\"\nname = \"Acme\"\n\
        base_url = \"https://a.example\"\npartner = \"ACME\"\nshared_key_file = \"acme.key\"\n";
    check_config(dir.path(), text);
    let warned = |mode: u32| {
        for file in ["master.key", "acme.key", "x.db", "c.toml"] {
            set_mode(&at(file), mode);
        }
        let output = check_config(dir.path(), text);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{said}");
        ["master.key", "acme.key", "x.db", "c.toml"].map(|file| said.contains(file))
    };
    for open in [0o644, 0o604, 0o660, 0o602] {
        assert_eq!(warned(open), [true; 4], "{open:o}");
    }
    for closed in [0o600, 0o640, 0o400] {
        assert_eq!(warned(closed), [false; 4], "{closed:o}");
    }
}

/// A portal as an operator runs it, with one administrator signed in.
async fn served(dir: &Path, networks: Option<&str>) -> (Process, Browser, String) {
    let port = free_port();
    let (url, listen) = (
        format!("http://localhost:{port}"),
        format!("127.0.0.1:{port}"),
    );
    let mut variables = vec![
        ("RUBRICA_PUBLIC_URL", url.as_str()),
        ("RUBRICA_LISTEN", &listen),
        ("RUBRICA_DATABASE_URL", "sqlite://portal.db"),
        ("RUBRICA_MASTER_KEY", KEY),
    ];
    variables.extend(networks.map(|networks| ("RUBRICA_ALLOWED_NETWORKS", networks)));
    let portal = Process::start(dir, &["serve"], &variables, 1);
    std::fs::write(dir.join("password"), PASSWORD).unwrap();
    let made = command(dir, &admin::create("maria"), &variables)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let browser = Browser::new();
    let page = browser.visit(&format!("{url}/admin")).await;
    let form = page.form("main form#step");
    let form = form.set("username", "maria").set("password", PASSWORD);
    browser.submit_and_follow(&form).await.expect_status(200);
    (portal, browser, url)
}

async fn add(browser: &Browser, url: &str, number: usize, base_url: &str) -> Page {
    let page = browser.get(&format!("{url}/admin/connections/new")).await;
    let form = page
        .form("main form#step")
        .set("name", &format!("Acme {number}"))
        .set("slug", &format!("acme-{number}"))
        .set("base_url", base_url)
        .set("partner", "ACME")
        .set("shared_key", "a-shared-key");
    admin::saved(browser, &form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn i19_a_base_url_leads_only_where_the_operator_lets_it() {
    let table: [(Option<&str>, &[&str], &[&str]); 3] = [
        (
            None,
            &[
                "https://10.1.2.3:8082",
                "https://redtrust.example",
                "https://8.8.8.8",
            ],
            &[
                "http://127.0.0.1:8082",
                "http://localhost:8082",
                "https://localhost",
                "https://2130706433",
                "http://[::1]:8082",
                "https://169.254.169.254",
                "https://[::ffff:127.0.0.1]",
                "https://100.100.100.200",
            ],
        ),
        (
            Some("10.1.0.0/16, 127.0.0.1"),
            &[
                "https://10.1.2.3",
                "http://127.0.0.1:8082",
                "https://8.8.8.8",
            ],
            &[
                "https://10.2.0.1",
                "http://127.0.0.2:8082",
                "https://192.168.1.1",
            ],
        ),
        (
            Some(""),
            &["https://8.8.8.8"],
            &[
                "https://10.1.2.3",
                "http://localhost:8082",
                "https://169.254.169.254",
            ],
        ),
    ];
    for (networks, good, bad) in table {
        let dir = tempdir().unwrap();
        let (_portal, browser, url) = served(dir.path(), networks).await;
        for (number, base_url) in good.iter().enumerate() {
            let page = add(&browser, &url, number, base_url).await;
            assert_eq!(page.status, 200, "{networks:?} {base_url}: {page:?}");
        }
        for base_url in bad {
            let page = add(&browser, &url, 99, base_url).await.expect_status(422);
            let link = page.has("#error-summary a[href='#base_url']");
            assert!(link, "{networks:?} {base_url}: {page:?}");
        }
    }
    let dir = tempdir().unwrap();
    let wrong = [("RUBRICA_ALLOWED_NETWORKS", "10.0.0.0/40")];
    let output = command(dir.path(), &["check-config"], &wrong)
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
}

/// An address of this machine that other machines could have; `None` without a network.
fn outer_address() -> Option<std::net::IpAddr> {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

/// The first bytes that a portal with this address sends to a server that has no TLS,
/// and what it says at its end.
fn first_bytes(address: std::net::IpAddr, more: &str) -> (Vec<u8>, String) {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind((address, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut all = vec![0; 8];
        stream.read_exact(&mut all).unwrap();
        stream.write_all(b"N").unwrap();
        let _cut = stream.read_to_end(&mut all);
        all
    });
    let dir = tempdir().unwrap();
    let url = format!("postgres://rubrica:topsecret@{address}:{port}/rubrica{more}");
    let variables = [
        ("RUBRICA_DATABASE_URL", url.as_str()),
        ("RUBRICA_MASTER_KEY", KEY),
    ];
    let verify = command(dir.path(), &["audit", "verify"], &variables).output();
    let said = String::from_utf8(verify.unwrap().stderr).unwrap();
    (server.join().unwrap(), said)
}

#[tokio::test(flavor = "multi_thread")]
async fn i22_nothing_is_sent_in_the_clear_to_a_database_on_another_machine() {
    let Some(address) = outer_address() else {
        return;
    };
    let asks_for_tls = [0, 0, 0, 8, 4, 210, 22, 47];
    for more in ["", "?sslmode=verify-full", "?application_name=x"] {
        let (sent, said) = first_bytes(address, more);
        assert_eq!(sent, asks_for_tls, "{more}: {said}");
        assert!(!said.contains("topsecret"), "{said}");
    }
    let (sent, _) = first_bytes(address, "?sslmode=prefer");
    assert!(
        sent.len() > 8 && sent.starts_with(&asks_for_tls),
        "{sent:?}"
    );
}
