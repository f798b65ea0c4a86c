//! Whether browsers take the certificate that the portal is given, and whether the key
//! belongs to it.

use std::fs;
use std::path::Path;

use tempfile::tempdir;

use super::{GOOD, run, words};
use crate::support::events::note_all;
use crate::support::process::{Process, command};

/// A certificate for this name from one year to another, in files.
fn certificate(dir: &Path, name: &str, (from, to): (i32, i32)) {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new([name.to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(from, 1, 1);
    params.not_after = rcgen::date_time_ymd(to, 1, 1);
    let own = params.self_signed(&key).unwrap();
    fs::write(dir.join("tls.pem"), own.pem()).unwrap();
    fs::write(dir.join("tls.key"), key.serialize_pem()).unwrap();
}

const TLS: [(&str, &str); 3] = [
    ("RUBRICA_PUBLIC_URL", "https://portal.example"),
    ("RUBRICA_TLS_CERT_FILE", "tls.pem"),
    ("RUBRICA_TLS_KEY_FILE", "tls.key"),
];

#[test]
fn a_certificate_that_browsers_would_refuse_is_warned_of_and_files_are_named() {
    let dir = tempdir().unwrap();
    let check = |others: &[(&str, &str)]| {
        let output = run(dir.path(), &["check-config"], others);
        (output.status.code(), words(&output))
    };
    for (name, years, says) in [
        ("portal.example", (2001, 2002), "expired"),
        ("portal.example", (2201, 2202), "not valid before"),
        (
            "other.example",
            (2001, 2202),
            "another name than portal.example",
        ),
    ] {
        certificate(dir.path(), name, years);
        let (status, told) = check(&TLS);
        assert_eq!(status, Some(0), "{told}");
        assert!(told.contains(says), "{told}");
    }
    let mut started = command(dir.path(), &["serve"], &GOOD);
    started.envs(TLS);
    started.stderr(fs::File::create(dir.path().join("log")).unwrap());
    let mut served = Process::try_start(started, 1).unwrap();
    assert_eq!(served.terminate(), Some(0));
    let log = fs::read_to_string(dir.path().join("log")).unwrap();
    note_all(&log);
    assert!(
        log.contains("configuration_odd") && log.contains("another name"),
        "{log}"
    );
    certificate(dir.path(), "portal.example", (2001, 2202));
    assert!(!check(&TLS).1.contains("TLS_CERT"), "{:?}", check(&TLS));
    let (_, told) = check(&TLS[1..]);
    assert!(told.contains("without TLS"), "{told}");
    let key = fs::read(dir.path().join("tls.key")).unwrap();
    certificate(dir.path(), "portal.example", (2001, 2202));
    fs::write(dir.path().join("tls.key"), key).unwrap();
    let encrypted =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let old_form = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\
        DEK-Info: AES-256-CBC,00\n\nAA==\n-----END RSA PRIVATE KEY-----\n";
    for (file, content, says) in [
        (
            "tls.key",
            None,
            "the key does not belong to the certificate",
        ),
        (
            "tls.key",
            Some(encrypted),
            "RUBRICA_TLS_KEY_FILE: tls.key: the key is encrypted",
        ),
        (
            "tls.key",
            Some(old_form),
            "RUBRICA_TLS_KEY_FILE: tls.key: the key is encrypted",
        ),
        (
            "tls.pem",
            Some(""),
            "RUBRICA_TLS_CERT_FILE: tls.pem: there is no certificate",
        ),
    ] {
        if let Some(content) = content {
            fs::write(dir.path().join(file), content).unwrap();
        }
        let (status, told) = check(&TLS);
        assert_eq!(status, Some(2), "{told}");
        assert!(told.contains(says), "{told}");
    }
}

#[test]
fn a_certificate_of_version_1_and_a_short_key_are_called_what_they_are() {
    let dir = tempdir().unwrap();
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/tls");
    for (name, says) in [
        ("v1", "is of X.509 version 1"),
        ("rsa1024", "an RSA key of 1024 bits is too short"),
    ] {
        for end in ["pem", "key"] {
            let from = vectors.join(format!("{name}.{end}"));
            fs::copy(from, dir.path().join(format!("tls.{end}"))).unwrap();
        }
        let output = run(dir.path(), &["check-config"], &TLS);
        assert_eq!(output.status.code(), Some(2), "{}", words(&output));
        assert!(words(&output).contains(says), "{}", words(&output));
    }
}
