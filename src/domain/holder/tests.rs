//! The table of kinds and attributes, line by line.

use super::*;

fn person(second_surname: Option<&str>) -> Person {
    Person {
        given_names: Some("María José".into()),
        first_surname: Some("O'Neill-Núñez".into()),
        second_surname: second_surname.map(ToOwned::to_owned),
        document: Document::read(DocumentType::Dni, "12345678Z", "").unwrap(),
    }
}

fn organisation() -> Organisation {
    Organisation {
        name: "Acme, S.A.".into(),
        nif: "A58818501".parse().unwrap(),
    }
}

fn linked() -> Holder {
    Holder::Linked {
        person: person(None),
        organisation: organisation(),
        department: Some("I+D".into()),
        position: Some("Directora".into()),
    }
}

fn representative(position: Option<&str>) -> Holder {
    Holder::Representative {
        person: person(None),
        organisation: organisation(),
        position: position.map(ToOwned::to_owned),
    }
}

fn seal() -> Holder {
    Holder::Seal {
        common_name: "Sello de Acme".into(),
        organisation: organisation(),
        department: Some("Facturación".into()),
    }
}

fn just_a_name() -> Holder {
    Holder::Name {
        common_name: "HOLDER_NAME".into(),
    }
}

/// The ordered attributes as `attribute=value`.
fn asked(holder: &Holder) -> Vec<String> {
    holder
        .distinguished_name()
        .attributes()
        .iter()
        .map(|a| format!("{}={}", a.attribute, a.value))
        .collect()
}

#[test]
fn a_person_has_names_document_and_country() {
    let holder = Holder::Person {
        person: person(Some("Pal·làs")),
        common_name: None,
    };
    assert_eq!(
        asked(&holder),
        [
            "cn=María José O'Neill-Núñez Pal·làs",
            "givenName=María José",
            "surname=O'Neill-Núñez Pal·làs",
            "serialNumber=IDCES-12345678Z",
            "c=ES",
        ]
    );
}

#[test]
fn a_persons_common_name_may_be_edited() {
    let holder = Holder::Person {
        person: person(None),
        common_name: Some("María O'Neill".into()),
    };
    assert_eq!(holder.common_name(), "María O'Neill");
    assert_eq!(asked(&holder)[2], "surname=O'Neill-Núñez");
}

#[test]
fn a_linked_person_has_the_organisation_too() {
    assert_eq!(
        asked(&linked()),
        [
            "cn=María José O'Neill-Núñez",
            "givenName=María José",
            "surname=O'Neill-Núñez",
            "serialNumber=IDCES-12345678Z",
            "o=Acme, S.A.",
            "organizationIdentifier=VATES-A58818501",
            "ou=I+D",
            "title=Directora",
            "c=ES",
        ]
    );
    let preview = linked().distinguished_name().preview();
    assert!(preview.contains(r"O=Acme\, S.A., "), "{preview}");
}

#[test]
fn a_representatives_name_says_whom_they_represent() {
    let plain = asked(&representative(None));
    assert_eq!(plain[0], "cn=María José O'Neill-Núñez (R: A58818501)");
    assert_eq!(plain.len(), 7, "{plain:?}");
    let titled = asked(&representative(Some("Apoderada")));
    assert_eq!(titled[6], "title=Apoderada");
}

#[test]
fn a_seal_has_no_person() {
    assert_eq!(
        asked(&seal()),
        [
            "cn=Sello de Acme",
            "o=Acme, S.A.",
            "organizationIdentifier=VATES-A58818501",
            "ou=Facturación",
            "c=ES",
        ]
    );
}

#[test]
fn just_a_name_is_only_that() {
    assert_eq!(asked(&just_a_name()), ["cn=HOLDER_NAME"]);
}

#[test]
fn what_a_kind_asks_for_is_what_its_holder_has() {
    let person = Holder::Person {
        person: person(None),
        common_name: None,
    };
    let holders = [
        person,
        linked(),
        representative(None),
        seal(),
        just_a_name(),
    ];
    for (holder, kind) in holders.iter().zip(Kind::ALL) {
        assert_eq!(holder.kind(), *kind);
        assert_eq!(holder.person().is_some(), kind.has_person(), "{kind}");
        let organisation = holder.organisation().is_some();
        assert_eq!(organisation, kind.has_organisation(), "{kind}");
        // Every attribute has a known OID, so a request's subject can be
        // compared completely.
        let name = holder.distinguished_name();
        assert!(name.attributes().iter().all(|a| a.oid().is_some()));
        assert_eq!(name.common_name(), Some(holder.common_name().as_str()));
    }
}

#[test]
fn every_kind_reads_back_what_it_writes() {
    for kind in Kind::ALL {
        assert_eq!(kind.to_string().parse(), Ok(*kind));
    }
    assert!("Person".parse::<Kind>().is_err());
}
