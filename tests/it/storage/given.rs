//! Rows that tests start from.

use rubrica::domain::answers::Answers;
use rubrica::domain::certificate::{Certificate, Origin, Validity};
use rubrica::domain::connection::{
    Connection, ConnectionSettings, RequestOptions, read_attributes, read_groups, read_info,
};
use rubrica::domain::holder::Kind;
use rubrica::domain::issuance::{Event, Issuance};
use rubrica::domain::millis::Millis;
use rubrica::domain::owner_name::OwnerName;
use rubrica::domain::secret::Secret;
use rubrica::domain::sign_in_failure::Method;
use rubrica::domain::tokens::TokenPair;
use rubrica::storage::admins::{Admin, Role};
use rubrica::storage::issuances::{self, Change, Lease, NewDraft};
use rubrica::storage::owners::Arrived;
use rubrica::storage::sign_ins::{self, NewTokens, SignIn};
use rubrica::storage::{Engine, Sought, StorageError, certificates, connections, owners};

use crate::support::database::Database;
use crate::support::redtrust::asked;

/// When everything happens unless a test says otherwise.
pub const NOW: Millis = Millis(1_750_000_000_000);

/// The server of every connection here, which tokens and names are of.
pub const SERVER: &str = "79e0542496d2fc7a7046e5f925bbc2c0af9d0c014d7ffd28b9127ce1b01f47db";

/// A certificate's name.
pub const THUMBPRINT: &str = "AAAAAAAAAABBBBBBBBBBCCCCCCCCCCDDDDDDDDDD";

/// A connection's settings; its id is its slug.
pub fn settings(slug: &str) -> Connection {
    let settings = ConnectionSettings {
        name: format!("Connection {slug}"),
        base_url: "https://redtrust.example:8082".parse().unwrap(),
        domain: Some("corp".to_owned()),
        partner: "RUBRICA".parse().unwrap(),
        direct_login: true,
        extra_sign_in_origins: vec!["https://login.example".parse().unwrap()],
        request_options: RequestOptions {
            groups: read_groups("12 Sales").unwrap(),
            info: read_info("proident_9b File number").unwrap(),
            attributes: read_attributes("surname = 2.5.4.4").unwrap(),
        },
        ..ConnectionSettings::blank()
    };
    let key = Secret::new("canary-shared-key");
    Connection {
        key_set_at: NOW,
        ..Connection::new(slug.to_owned(), slug.parse().unwrap(), settings, key)
    }
}

/// A stored connection.
pub async fn connection(db: &Database, slug: &str) -> Connection {
    let (keys, settings) = (db.keys.clone(), settings(slug));
    let stored = settings.clone();
    db.storage
        .write(move |conn| {
            Box::pin(async move { connections::insert(conn, &keys, &settings, NOW).await })
        })
        .await
        .unwrap();
    stored
}

/// The owner of this name at a connection that is there.
pub async fn owner(db: &Database, connection_id: &str, login: &str) -> String {
    let (connection_id, login) = (connection_id.to_owned(), login.to_owned());
    let new_id = format!("owner-{login}");
    db.storage
        .write(move |conn| {
            Box::pin(async move {
                let arrived = arrived(&connection_id, Method::Redirect, &login);
                owners::find_or_create(conn, &arrived, &new_id, NOW).await
            })
        })
        .await
        .unwrap()
}

/// Somebody who signs in at the server `server`, and is called so there.
pub fn arrived(connection_id: &str, way: Method, login: &str) -> Arrived {
    Arrived {
        connection_id: connection_id.to_owned(),
        server: SERVER.to_owned(),
        name: Some(OwnerName::new(way, None, login)),
        ignore_case: false,
        shown: login.to_owned(),
        before: login.to_owned(),
    }
}

/// Tokens as Redtrust gives them.
pub fn tokens(name: &str) -> TokenPair {
    TokenPair {
        access: Secret::new(format!("canary-access-{name}")),
        refresh: Some(Secret::new(format!("canary-refresh-{name}"))),
        expires_at: Some(Millis(NOW.0 + 60_000)),
    }
}

/// A stored sign-in of this owner.
pub async fn sign_in(db: &Database, id: &str, owner_id: &str) -> SignIn {
    let (keys, row_id, owner_id) = (db.keys.clone(), id.to_owned(), owner_id.to_owned());
    db.storage
        .write(move |conn| {
            Box::pin(async move {
                let new = NewTokens {
                    id: &row_id,
                    owner_id: &owner_id,
                    connection_id: "acme",
                    method: "redirect",
                    server: SERVER,
                    tokens: &tokens(&row_id),
                };
                sign_ins::insert(conn, &keys, new, NOW).await
            })
        })
        .await
        .unwrap();
    let found = sign_ins::load(&db.storage, &db.keys, id, SERVER)
        .await
        .unwrap();
    found.unwrap()
}

/// A connection `acme`, and the owner `ana` there.
pub async fn ana(db: &Database) -> String {
    connection(db, "acme").await;
    owner(db, "acme", "ana").await
}

/// A stored draft for a holder of this name.
pub async fn draft(db: &Database, id: &str, owner_id: &str, holder: &str) -> Issuance {
    let draft = NewDraft {
        id: id.to_owned(),
        reference: format!("REF{id}"),
        owner_id: owner_id.to_owned(),
        connection_id: "acme".to_owned(),
        sign_in_id: "sign-in".to_owned(),
        kind: Kind::Name,
        answers: Answers::default(),
        holder: holder.to_owned(),
        renews: None,
    };
    let made = db
        .storage
        .write(move |conn| {
            Box::pin(async move { issuances::insert_draft(conn, &draft, NOW).await })
        })
        .await
        .unwrap();
    assert!(made, "the draft {id} was there already");
    read(db, id).await
}

/// The issuance as it stands.
pub async fn read(db: &Database, id: &str) -> Issuance {
    issuances::by_id(&db.storage, id).await.unwrap().unwrap()
}

/// Moves an issuance, by `node` if nobody else is said, and answers whether
/// it moved.
pub async fn moved(
    db: &Database,
    issuance: &Issuance,
    event: Event,
    change: Change,
    now: Millis,
) -> Result<bool, StorageError> {
    let (before, mut change, keys) = (issuance.clone(), change, db.keys.clone());
    change.by = change.by.or_else(|| Some("node".to_owned()));
    let computed = change.applied_to(issuance, event, now);
    let moved = db
        .storage
        .write(move |conn| {
            Box::pin(async move {
                issuances::transition(conn, &keys, &before, event, &change, now).await
            })
        })
        .await;
    if moved == Ok(true) {
        let stored = read(db, &issuance.id).await;
        assert_eq!(format!("{stored:?}"), format!("{:?}", computed.unwrap()));
    }
    moved
}

/// Panics if one of these plans reads a table from end to end, or sorts all of a list.
/// PostgreSQL does so with tables of few rows whatever indexes they have, so there it only
/// has to understand the statements.
pub fn reads_by_index(db: &Database, plans: &[String]) {
    for plan in plans {
        assert!(!plan.is_empty());
        if db.storage.engine() == Engine::Postgres {
            continue;
        }
        for line in plan.lines() {
            // What a statement found itself is no table.
            let own = ["SCAN found", "SCAN (subquery", "SCAN part"];
            let is_own = own.iter().any(|own| line.starts_with(own));
            let is_whole = line.starts_with("SCAN ") && !is_own;
            assert!(!is_whole || line.contains(" USING "), "{plan}");
        }
        let joined = plan.contains("found") || plan.contains("SCAN part");
        assert!(
            joined || !plan.contains("TEMP B-TREE FOR ORDER BY"),
            "{plan}"
        );
    }
}

/// An account whose id is its name.
pub fn account(name: &str, role: Role) -> Admin {
    Admin::new(
        name.to_owned(),
        name.to_owned(),
        role,
        "hash".to_owned(),
        NOW,
    )
}

/// A certificate of which only the thumbprint is known.
pub fn named(id: &str, owner_id: &str, thumbprint: &str) -> Certificate {
    Certificate {
        id: id.to_owned(),
        connection_id: "acme".to_owned(),
        owner_id: owner_id.to_owned(),
        issuance_id: None,
        origin: Origin::Thumbprint,
        recorded_at: NOW,
        certificate_id: None,
        thumbprint: thumbprint.parse().unwrap(),
        file: None,
        holder: "not known".into(),
        subject: String::new(),
        kind: None,
        renews: None,
        replaced_by: None,
        issued_at: NOW,
        validity: Validity::Unknown,
        proven: false,
    }
}

/// The certificate that an issuance led to.
pub fn certificate(issuance: &Issuance, thumbprint: &str) -> Certificate {
    Certificate {
        connection_id: issuance.connection_id.clone(),
        issuance_id: Some(issuance.id.clone()),
        origin: Origin::Issued,
        certificate_id: Some("42".to_owned()),
        holder: issuance.holder.clone(),
        subject: format!("cn={}", issuance.holder.in_full()),
        kind: Some(issuance.kind),
        validity: Validity::Estimated(Millis(NOW.0 + 1000)),
        proven: true,
        ..named(
            &format!("certificate-{}", issuance.id),
            &issuance.owner_id,
            thumbprint,
        )
    }
}

/// Stores a certificate that Redtrust has told of.
pub async fn store(db: &Database, certificate: &Certificate) -> Result<(), StorageError> {
    let (keys, certificate) = (db.keys.clone(), certificate.clone());
    db.storage
        .write(move |conn| {
            Box::pin(async move { certificates::insert(conn, &keys, &certificate).await })
        })
        .await
}

/// A search for these words.
pub fn sought(text: &str) -> Sought {
    Sought {
        text: text.to_owned(),
        ..Sought::default()
    }
}

/// What sends a draft off, for a holder of this name.
pub fn submit(holder: &str) -> Change {
    Change {
        order: Some(asked()),
        holder: Some(holder.to_owned()),
        lease: Some(Lease {
            holder: "node".to_owned(),
            until: Millis(NOW.0 + 10),
        }),
        ..Change::default()
    }
}

/// Moves an issuance as it stands.
pub async fn step(
    db: &Database,
    id: &str,
    event: Event,
    change: Change,
) -> Result<bool, StorageError> {
    let before = read(db, id).await;
    moved(db, &before, event, change, NOW).await
}

/// An issuance that waits for `csr/finalize`'s answer.
pub async fn finalizing(db: &Database, id: &str, owner: &str, code: &str) -> Issuance {
    draft(db, id, owner, "Ana").await;
    let created = Change {
        request_code: Some(code.to_owned()),
        ..Change::default()
    };
    for (event, change) in [
        (Event::CreateIntended, submit("Ana")),
        (Event::KeyCreated, created),
        (Event::FinalizeIntended, Change::default()),
    ] {
        assert_eq!(step(db, id, event, change).await, Ok(true));
    }
    read(db, id).await
}
