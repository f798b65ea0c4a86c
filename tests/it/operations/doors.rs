//! What is wrong with the configuration is said at all three doors, the start, `check-config`
//! and SIGHUP, before anything is opened or made.

use std::fs;
use std::time::{Duration, Instant};

use data_encoding::HEXLOWER;
use tempfile::tempdir;

use super::{KEY, run, words};
use crate::support::app::free_port;
use crate::support::database::MASTER_KEY;
use crate::support::deployed::Deployed;

#[test]
fn check_config_and_a_start_refuse_the_same_in_the_same_words_and_nothing_is_made() {
    let dir = tempdir().unwrap();
    let long = format!("unix:{}/{}", dir.path().display(), "x".repeat(120));
    fs::create_dir(dir.path().join("folder")).unwrap();
    let folder = format!("unix:{}", dir.path().join("folder").display());
    let missing = format!("unix:{}", dir.path().join("no/such.sock").display());
    let (port, from) = (
        format!("127.0.0.1:{}", free_port()),
        ("RUBRICA_MAIL_FROM", "p@a.example"),
    );
    let smtp = |url| [("RUBRICA_SMTP_URL", url), from];
    let database = |url| [("RUBRICA_DATABASE_URL", url), ("RUBRICA_HSTS", "host")];
    let listen = |at| [("RUBRICA_LISTEN", at), ("RUBRICA_HSTS", "host")];
    for (others, says) in [
        (smtp("mail.example:25"), "RUBRICA_SMTP_URL"),
        (
            smtp("smtps://u:p@canary@mail.example:x"),
            "RUBRICA_SMTP_URL",
        ),
        (smtp("smtps://u:canary%zz@mail.example"), "%25 for a %"),
        (
            smtp("smtp://u:canary@mail.example"),
            "the password would go over",
        ),
        (
            smtp("smtp://u:canary@mail.example?tls=opportunistic"),
            "the password would go over",
        ),
        (
            smtp("smtps://u:canary@mail.example?timeout=5"),
            "the parameter \"timeout\" has no effect",
        ),
        (
            smtp("smtp://u:12?canary@mail.example"),
            "what follows the ? has no effect",
        ),
        (smtp("smtps://mail.example:0"), "port 0"),
        (smtp("smtps://u@mail.example"), "a user without a password"),
        (
            [("RUBRICA_LEGAL_URL", "https://"), ("RUBRICA_HSTS", "host")],
            "\"https://\" leads nowhere",
        ),
        (
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://[::1]:4318/?canary"),
                ("RUBRICA_HSTS", "host"),
            ],
            "OTEL_EXPORTER_OTLP_ENDPOINT: a query",
        ),
        (
            [
                ("RUBRICA_WEBHOOK_URL", "https://hook.example/in#canary"),
                ("RUBRICA_WEBHOOK_KEY", "a key of sixteen or more"),
            ],
            "RUBRICA_WEBHOOK_URL: a fragment",
        ),
        (
            [
                ("RUBRICA_SMTP_URL", "smtps://mail.example"),
                ("RUBRICA_MAIL_FROM", "notmail"),
            ],
            "RUBRICA_MAIL_FROM",
        ),
        (
            [
                ("RUBRICA_REMINDER_DAYS", "60,30,x"),
                ("RUBRICA_HSTS", "host"),
            ],
            "RUBRICA_REMINDER_DAYS",
        ),
        (database("sqlite://"), "SQLite needs a file"),
        (database("sqlite::memory:"), "SQLite needs a file"),
        (database("sqlite://what?.db"), "%3F"),
        (database("sqlite://what#.db"), "it has a #"),
        (
            database("sqlite://no/such/x.db"),
            "there is no directory no/such",
        ),
        (
            database("postgres://u:canary@db.example/x?sslrootcert=/no/such"),
            "sslrootcert: cannot read",
        ),
        (database("postgres://u:#canary@db.example/x"), "%23"),
        (
            database("postgres://u:canary@db.example/x?port=abc"),
            "port: \"abc\" is not a number",
        ),
        (
            database("postgres://u:p@canary@db.example:port/x"),
            "RUBRICA_DATABASE_URL",
        ),
        (
            [
                ("RUBRICA_LISTEN", port.as_str()),
                ("RUBRICA_METRICS_LISTEN", port.as_str()),
            ],
            "RUBRICA_METRICS_LISTEN",
        ),
        (listen("192.0.2.1:8080"), "cannot listen on 192.0.2.1:8080"),
        (database("sqlite://folder"), "folder is no file"),
        (listen(long.as_str()), "RUBRICA_LISTEN"),
        (listen(missing.as_str()), "there is no directory"),
        (listen(folder.as_str()), "no socket"),
        (
            [("RUBRICA_HSTS", "much"), ("RUBRICA_LOG", "info")],
            "rubrica: RUBRICA_HSTS: \"much\" is not one of",
        ),
        (
            [("RUBRICA_POOL_SIZE", "1"), ("RUBRICA_LOG", "info")],
            "RUBRICA_POOL_SIZE",
        ),
    ] {
        let both = ["serve", "check-config"].map(|one| run(dir.path(), &[one], &others));
        let [served, checked] = both.each_ref().map(words);
        for output in &both {
            assert_eq!(output.status.code(), Some(2), "{others:?}: {checked}");
        }
        assert_eq!(served, checked, "{others:?}");
        assert!(served.contains(says), "{others:?}: {served}");
        assert_eq!(served.trim().lines().count(), 1, "{served}");
        assert!(!served.contains("canary"), "{served}");
        let made = fs::read_dir(dir.path()).unwrap().count();
        assert_eq!(made, 1, "{others:?} left something behind");
    }
}

#[test]
fn all_mistakes_are_named_at_once_each_where_it_stands() {
    let dir = tempdir().unwrap();
    let text = "pool_size = 1\nhsts = \"x\"\nlog = \"verbose\"\ntime_zone = \"Mars\"\n\
        Log = \"info\"\nRUBRICA_LISTEN = \"x\"\nmail_from = 5\ntls_cert_file = \"no.pem\"\n\
        tls_key_file = \"no.key\"\n[[connection]]\nslug = \"acme\"\nname = 5\nsluug = 1\n\
        base_url = \"ftp://a\"\npartner = \"P\"\nshared_key = \"a-shared-key\"\n";
    fs::write(dir.path().join("c.toml"), text).unwrap();
    let wrong = [("RUBRICA_RETENTION_DAYS", "x")];
    for command in ["check-config", "serve"] {
        let output = run(dir.path(), &[command, "--config", "c.toml"], &wrong);
        let told = words(&output);
        assert_eq!(output.status.code(), Some(2), "{told}");
        let lines: Vec<&str> = told.lines().collect();
        for says in [
            "c.toml: pool_size (line 1): \"1\" is not a number",
            "c.toml: hsts (line 2): \"x\" is not one of",
            "c.toml: log (line 3): \"verbose\" is not one of",
            "c.toml: time_zone (line 4): ",
            "c.toml: \"Log\" (line 5): there is no such setting; is log meant?",
            "c.toml: \"RUBRICA_LISTEN\" (line 6): there is no such setting; is listen meant?",
            "c.toml: mail_from (line 7): must be a text in quotes",
            "c.toml: tls_cert_file (line 8): no.pem: ",
            "c.toml: tls_key_file (line 9): no.key: ",
            "connection \"acme\", name: must be a text in quotes",
            "connection \"acme\", sluug: there is no such setting; is slug meant?",
            "connection \"acme\", base_url: ",
            "RUBRICA_RETENTION_DAYS: \"x\" is not a number",
        ] {
            let is_it = |line: &&&str| line.starts_with(&format!("rubrica: {says}"));
            assert_eq!(lines.iter().filter(is_it).count(), 1, "{says}: {told}");
        }
        assert_eq!(lines.len(), 13, "{told}");
    }
    fs::write(
        dir.path().join("c.toml"),
        b"hsts = \"off\"\nlog = \"\xE9\"\n",
    )
    .unwrap();
    let told = words(&run(
        dir.path(),
        &["check-config", "--config", "c.toml"],
        &[],
    ));
    assert!(
        told.contains("line 2 has a letter that is not in UTF-8"),
        "{told}"
    );
}

#[test]
fn all_that_is_wrong_about_mail_is_named_at_once() {
    let dir = tempdir().unwrap();
    let wrong = [
        ("RUBRICA_SMTP_URL", "mail.example:25"),
        ("RUBRICA_MAIL_FROM", "notmail"),
        ("RUBRICA_MAIL_ALERTS_TO", "one, two"),
        ("RUBRICA_REMINDER_DAYS", "x"),
    ];
    let output = run(dir.path(), &["check-config"], &wrong);
    let told = words(&output);
    assert_eq!(output.status.code(), Some(2), "{told}");
    let named = |name: &str| {
        let begin = format!("rubrica: {name}: ");
        told.lines().filter(|line| line.starts_with(&begin)).count()
    };
    assert_eq!(wrong.map(|(name, _)| named(name)), [1, 1, 2, 1], "{told}");
}

#[test]
fn what_is_odd_is_warned_of_and_blanks_around_a_value_do_not_count() {
    let dir = tempdir().unwrap();
    let zeros = "0".repeat(64);
    for (others, says) in [
        (
            ("RUBRICA_MASTER_KEY", zeros.as_str()),
            "one digit over and over",
        ),
        (
            ("RUBRICA_OLD_MASTER_KEY", KEY),
            "the same as RUBRICA_MASTER_KEY",
        ),
        (
            ("RUBRICA_TRUSTED_PROXIES", "10.0.0.5/8"),
            "network 10.0.0.0/8",
        ),
        (
            ("RUBRICA_METRICS_LISTEN", "0.0.0.0:9100"),
            "reads the metrics",
        ),
        (
            (
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "http://127.0.0.1:4318/v1/traces",
            ),
            "leave /v1/traces out",
        ),
        (("RUBRICA_ADMIN_USERNAME", "ana"), "only the demo"),
        (
            (
                "RUBRICA_DATABASE_URL",
                "postgres://u:canary@db.example/x?sslmode=prefer",
            ),
            "with sslmode=prefer",
        ),
        (
            ("RUBRICA_DATABASE_URL", "postgres://u:canary@127.0.0.1"),
            "names no database",
        ),
    ] {
        let output = run(dir.path(), &["check-config"], &[others]);
        let told = words(&output);
        assert!(output.status.success(), "{others:?}: {told}");
        let is_warned = told.contains("rubrica: warning: ") && told.contains(says);
        assert!(is_warned && !told.contains("canary"), "{others:?}: {told}");
    }
    let blanks = [
        ("RUBRICA_LISTEN", " 127.0.0.1:8080 "),
        ("RUBRICA_PUBLIC_URL", "https://portal.example\t"),
        ("RUBRICA_HSTS", "host "),
    ];
    let output = run(dir.path(), &["check-config"], &blanks);
    assert!(output.status.success(), "{}", words(&output));
}

#[test]
fn what_does_nothing_is_warned_of_and_a_name_of_the_file_is_guessed() {
    let dir = tempdir().unwrap();
    let alerts = [("RUBRICA_MAIL_ALERTS_TO", "a@b.example")];
    let output = run(dir.path(), &["check-config"], &alerts);
    let says = words(&output);
    assert!(
        output.status.success() && says.contains("without RUBRICA_SMTP_URL"),
        "{says}"
    );
    for (line, says) in [
        ("trusted_proxy = \"::1\"", "is trusted_proxies meant?"),
        ("pool_size = 8.5", "\"8.5\" is not a number from 2 to 1000"),
        ("pool_size = true", "\"true\" is not a number"),
    ] {
        fs::write(dir.path().join("rubrica.toml"), line).unwrap();
        let arguments = ["check-config", "--config", "rubrica.toml"];
        let told = words(&run(dir.path(), &arguments, &[]));
        assert!(told.contains(says), "{line}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hangup_refuses_what_a_start_would_and_says_what_waits_for_one() {
    let deployed = Deployed::start(None, 1).await;
    let node = deployed.serve(0);
    let told = |event: &str, about: &str| {
        let until = Instant::now() + Duration::from_secs(10);
        loop {
            let log = fs::read_to_string(deployed.log_of(0)).unwrap();
            if log
                .lines()
                .any(|line| line.contains(event) && line.contains(about))
            {
                return;
            }
            assert!(Instant::now() < until, "{event} is not told: {log}");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    let mail = "log = \"warn\"\nmail_from = \"a@b.example\"\nsmtp_url = \"mail.example:25\"";
    deployed.rewrite(0, "log = \"warn\"", mail);
    node.signal("HUP");
    told("configuration_not_reloaded", "smtp_url");
    let key = deployed.dir.path().join("new.key");
    let other_key = format!("log = \"warn\"\nmaster_key_file = {key:?}");
    fs::write(&key, KEY).unwrap();
    deployed.rewrite(0, mail, &other_key);
    let of_settings = format!("master_key = \"{}\"\n", HEXLOWER.encode(&MASTER_KEY));
    deployed.rewrite(0, &of_settings, "");
    node.signal("HUP");
    told("configuration_not_reloaded", "not the one this database");
    fs::write(&key, HEXLOWER.encode(&MASTER_KEY)).unwrap();
    let folder = deployed.dir.path().join("no/such.db");
    deployed.rewrite(0, "portal.db", "no/such.db");
    node.signal("HUP");
    told("configuration_not_reloaded", "there is no directory");
    assert!(!folder.exists());
    deployed.rewrite(0, "no/such.db", "portal.db");
    let many = "log = \"warn\"\nhsts = \"off\"\ntime_zone = \"Europe/Paris\"\n\
        partner_name = \"P\"\nlegal_url = \"https://a.example\"";
    deployed.rewrite(0, "log = \"warn\"", many);
    node.signal("HUP");
    for name in [
        "master_key",
        "master_key_file",
        "hsts",
        "time_zone",
        "partner_name",
        "legal_url",
    ] {
        told("settings_wait_for_restart", name);
    }
}
