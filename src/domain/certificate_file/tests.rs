use data_encoding::BASE64;
use proptest::prelude::*;
use serde::Deserialize;

use super::*;

/// One file of `tests/vectors/make_certificates.sh`.
#[derive(Deserialize)]
struct Case {
    name: String,
    problem: String,
    base64: String,
    certificates: Vec<Seen>,
}

/// What openssl reads in a certificate.
#[derive(Deserialize)]
struct Seen {
    sha1: String,
    sha256: String,
    not_before: i64,
    not_after: i64,
    key: String,
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("../../../tests/vectors/certificates.json")).unwrap()
}

fn file(name: &str) -> Vec<u8> {
    let case = cases().into_iter().find(|case| case.name == name).unwrap();
    BASE64.decode(case.base64.as_bytes()).unwrap()
}

#[test]
fn files_are_read_as_openssl_reads_them() {
    for case in cases().iter().filter(|case| case.problem.is_empty()) {
        let bytes = BASE64.decode(case.base64.as_bytes()).unwrap();
        let read = read_certificates(&bytes).unwrap_or_else(|why| panic!("{}: {why}", case.name));
        assert_eq!(read.len(), case.certificates.len(), "{}", case.name);
        for (read, seen) in read.iter().zip(&case.certificates) {
            assert_eq!(read.sha1.as_str(), seen.sha1, "{}", case.name);
            assert_eq!(read.sha256.as_str(), seen.sha256, "{}", case.name);
            assert_eq!(read.not_before.as_secs(), seen.not_before, "{}", case.name);
            assert_eq!(read.not_after.as_secs(), seen.not_after, "{}", case.name);
            assert_eq!(read.public_key_sha256, seen.key, "{}", case.name);
        }
    }
}

#[test]
fn keys_requests_and_anything_else_are_refused_by_name() {
    for case in cases().iter().filter(|case| !case.problem.is_empty()) {
        let why = match case.problem.as_str() {
            "private_key" => FileProblem::PrivateKey,
            "request" => FileProblem::Request,
            "damaged" => FileProblem::Damaged,
            "no_certificate" => FileProblem::NoCertificate,
            other => panic!("{other}"),
        };
        let bytes = BASE64.decode(case.base64.as_bytes()).unwrap();
        assert_eq!(read_certificates(&bytes), Err(why), "{}", case.name);
    }
    assert_eq!(read_certificates(b""), Err(FileProblem::Empty));
    assert_eq!(read_certificates(b" \r\n"), Err(FileProblem::Empty));
}

#[test]
fn a_pkcs12_file_of_indefinite_length_is_a_private_key_too() {
    let pfx = [0x30, 0x80, 2, 1, 3, 0x30, 0x80, 6, 1, 1, 0, 0, 0, 0];
    assert_eq!(read_certificates(&pfx), Err(FileProblem::PrivateKey));
}

#[test]
fn people_see_the_common_name() {
    let [read] = &read_certificates(&file("der")).unwrap()[..] else {
        panic!("not one")
    };
    assert_eq!(read.holder().in_full(), "María José O'Neill-Núñez");
    let whole = "C=ES, serialNumber=IDCES-12345678Z, CN=María José O'Neill-Núñez";
    assert_eq!(read.subject.preview(), whole);
}

#[test]
fn a_certificate_is_called_by_either_digest() {
    let read = read_certificates(&file("pem")).unwrap().remove(0);
    assert!(read.is_called(&read.sha1) && read.is_called(&read.sha256));
    assert!(!read.is_called(&"AB".repeat(20).parse().unwrap()));
    let example = "CD".repeat(32).parse().unwrap();
    assert_eq!(read.called_like(Some(&example)), &read.sha256);
    assert_eq!(read.called_like(None), &read.sha1);
}

mod field;

mod made {
    use super::*;

    /// A certificate whose size depends only on the lengths of these, not on
    /// chance.
    fn made(name: &str, serial: &[u8]) -> rcgen::Certificate {
        with_subject(&[(rcgen::DnType::CommonName, name)], serial)
    }

    fn with_subject(subject: &[(rcgen::DnType, &str)], serial: &[u8]) -> rcgen::Certificate {
        let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name = rcgen::DistinguishedName::new();
        for (kind, value) in subject {
            params.distinguished_name.push(kind.clone(), *value);
        }
        params.serial_number = Some(rcgen::SerialNumber::from_slice(serial));
        let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap();
        params.self_signed(&key).unwrap()
    }

    #[test]
    fn a_certificate_without_a_common_name_is_called_by_what_else_it_says() {
        use rcgen::DnType as T;
        let oid = |last| T::CustomDnType(vec![2, 5, 4, last]);
        let firm = (T::OrganizationName, "Solo organización, S.A.");
        let country = (T::CountryName, "ES");
        for (subject, holder) in [
            (&[country.clone(), firm.clone()][..], firm.1),
            (&[(T::CommonName, " "), firm.clone()], firm.1),
            (
                &[(oid(4), "Núñez"), firm.clone(), (oid(42), "Ana")],
                "Ana Núñez",
            ),
            (
                &[
                    (oid(5), "IDCES-12345678Z"),
                    (T::OrganizationalUnitName, "A, B"),
                ],
                "IDCES-12345678Z, A, B",
            ),
            (&[country], ""),
            (&[], ""),
        ] {
            let der = with_subject(subject, &[1]).der().to_vec();
            let read = read_certificates(&der).unwrap();
            assert_eq!(read[0].holder().in_full(), holder, "{subject:?}");
        }
    }

    /// The name occurs twice, so only the serial number can produce odd sizes.
    #[test]
    fn no_length_of_a_file_makes_it_look_like_something_else() {
        let mut tried = std::collections::BTreeSet::new();
        for length in 0..600 {
            let certificate = made(&"x".repeat(length / 2), &[1, 1][length % 2..]);
            let der = certificate.der().as_ref();
            tried.insert(der[3]);
            for file in [
                der.to_vec(),
                certificate.pem().into_bytes(),
                [der, b"\n"].concat(),
            ] {
                let read = read_certificates(&file).unwrap();
                assert_eq!(read.len(), 1, "{length}");
                let sha256 = Thumbprint::of_digest(&sha256(der)).unwrap();
                assert_eq!(read[0].sha256, sha256, "{length}");
            }
        }
        assert_eq!(tried.len(), 256, "not every length was tried");
    }

    #[test]
    fn a_hundred_certificates_are_read_and_more_are_refused() {
        let all: Vec<_> = (0..=MOST)
            .map(|number| made(&number.to_string(), &[1]))
            .collect();
        let der = |count| {
            let all = all.iter().take(count);
            all.flat_map(|one| one.der().to_vec()).collect::<Vec<u8>>()
        };
        assert_eq!(read_certificates(&der(MOST)).unwrap().len(), MOST);
        assert_eq!(read_certificates(&der(MOST + 1)), Err(FileProblem::TooMany));
        let pem: String = all.iter().map(rcgen::Certificate::pem).collect();
        let thousands = read_certificates(pem.repeat(20).as_bytes());
        assert_eq!(thousands, Err(FileProblem::TooMany));
        let same = all[0].pem().repeat(1000);
        assert_eq!(read_certificates(same.as_bytes()).unwrap().len(), 1);
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in any::<Vec<u8>>()) {
        let _ = read_certificates(&bytes);
    }

    #[test]
    fn no_damage_makes_the_reader_panic(at in 0_usize..4_000, byte in any::<u8>()) {
        for name in ["p7b", "indefinite", "two_der", "both.p12"] {
            let mut bytes = file(name);
            let at = at % bytes.len();
            bytes[at] = byte;
            let _ = read_certificates(&bytes);
        }
    }
}
