//! Accounts and connections in an admin's hands.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use rubrica::domain::connection::{Problem, Written};
use rubrica::domain::device::Device;
use rubrica::domain::secret::Secret;
use rubrica::services::accounts::{
    AccountError, AccountProblem, AdminSignIn, Confirmation, Confirmed, Credentials, Hashers,
    NewAccount, OfSecondFactor, Role, Standing, confirm, create_admin, create_by_link, own, people,
    reset_password, setup_link, sign_in,
};
use rubrica::services::connection_admin::{Asked, Changed, Made, create, edit, set_enabled};
use rubrica::services::connection_keys::{KeyAct, act};
use rubrica::services::connections::ConnectionRegistry;
use rubrica::services::engine::InFlight;
use rubrica::services::jobs::Jobs;
use rubrica::services::limiter::{Limiter, Stranger};
use rubrica::services::may_issue::Refusals;
use rubrica::services::{Actor, Portal, Source};
use rubrica::storage::audit::{Verified, list, verify};
use rubrica::storage::sessions::{self, Kind, Session};
use rubrica::storage::{StorageError, admins, connections};

use super::given::Given;
use crate::support::database::{Database, on_both_engines};
use crate::support::raw_server::Reply;
use crate::support::redtrust::settings;

const KEY: &str = "canary-shared-key";

pub(super) fn root() -> Actor {
    Actor {
        name: "root".into(),
        source: Source {
            from: "127.0.0.1".into(),
            request_id: "req".into(),
        },
    }
}

pub(super) fn form() -> Written {
    let settings = [
        ("name", "Corp"),
        ("base_url", "https://redtrust.corp.example"),
        ("partner", "rubrica"),
    ];
    let own = |(key, text): (&str, &str)| (key.to_owned(), text.to_owned());
    Written {
        slug: "corp".into(),
        shared_key: Secret::new(KEY),
        settings: settings.into_iter().map(own).collect(),
    }
}

/// The form with another text in a field.
pub(super) fn with(mut form: Written, key: &str, text: &str) -> Written {
    form.settings.insert(key.to_owned(), text.to_owned());
    form
}

pub(super) async fn made(given: &Given) -> String {
    let confirmed = confirmed(&given.portal).await;
    let made = create(&given.portal, &root(), &form(), confirmed.as_ref()).await;
    match made.unwrap() {
        Made::Made(slug) => {
            let all = given.portal.connections.all().await.unwrap();
            let made = all.iter().find(|one| one.slug == slug);
            made.unwrap().id.clone()
        }
        other => panic!("{other:?}"),
    }
}

async fn c03_an_empty_key_keeps_the_stored_one_and_the_audit_never_sees_it(db: Database) {
    let given = Given::redtrust(db, vec![Reply::Hang]).await;
    let (portal, id) = (&given.portal, made(&given).await);
    let changed = Written {
        shared_key: Secret::new(""),
        ..with(form(), "name", "Corporation")
    };
    let bare = edit(portal, &root(), &id, 1, &changed, Asked::default()).await;
    assert!(matches!(bare, Ok(Changed::Unconfirmed)), "{bare:?}");
    let asked = Asked::here(confirmed(portal).await);
    let done = edit(portal, &root(), &id, 1, &changed, asked).await;
    assert!(matches!(done, Ok(Changed::Done)), "{done:?}");
    let stored = connections::by_id(&portal.storage, &portal.keys, &id).await;
    let stored = stored.unwrap().unwrap();
    assert_eq!(stored.shared_key, Secret::new(KEY));
    assert_eq!(
        (stored.settings.name.as_str(), stored.version),
        ("Corporation", 2)
    );
    let told = list(&portal.storage, 0, 10).await.unwrap();
    assert_eq!(told.len(), 3);
    assert!(!format!("{told:?}").contains("canary"), "{told:?}");
    let verified = verify(&portal.storage, &portal.keys).await;
    assert_eq!(verified, Ok(Verified::Intact { entries: 3 }));
}

/// Another node on the same database.
pub(super) fn other_node(given: &Given) -> Arc<Portal> {
    let portal = &given.portal;
    Arc::new(Portal {
        connections: ConnectionRegistry::new(
            portal.storage.clone(),
            portal.keys.clone(),
            settings(),
        ),
        storage: portal.storage.clone(),
        keys: portal.keys.clone(),
        clock: portal.clock.clone(),
        in_flight: Arc::new(InFlight::new("other".into())),
        limiter: Limiter::default(),
        refusals: Refusals::default(),
        jobs: Jobs::default(),
        hashers: Hashers::default(),
        public_url: portal.public_url.clone(),
        retention: None,
        mail: None,
        webhook: None,
        partner_name: portal.partner_name.clone(),
        zone: portal.zone.clone(),
        needs_second_factor: false,
    })
}

async fn keys_at(portal: &Portal, id: &str) -> Vec<String> {
    let found = portal.connections.by_id(id).await.unwrap().unwrap();
    let keys = found.connection.token_keys(portal.clock.now());
    keys.map(|key| key.expose().to_owned()).collect()
}

fn without_code(password: Secret) -> Credentials {
    let code = String::new();
    Credentials { password, code }
}

/// The session in which `root` types the password.
pub(super) const SESSION: [u8; 32] = [7; 32];

/// The proof that `root`, who is made at the first time, has typed the password.
pub(super) async fn confirmed(portal: &Portal) -> Option<Confirmed> {
    let password = || Secret::new("correct horse battery staple");
    let made = create_admin(portal, "root", password(), &root()).await;
    if let NewAccount::Created(account) = made.unwrap() {
        begin_session(portal, &account.id).await;
    }
    let account = admins::by_username(&portal.storage, &portal.keys, "root").await;
    let account = account.unwrap().unwrap();
    let who = Stranger::default();
    let said = async |id: &str, password: Secret| {
        let typed = without_code(password);
        let said = confirm(portal, (id, SESSION), &root(), typed, &who).await;
        match said.unwrap() {
            Confirmation::Right(confirmed) => Some(*confirmed),
            _ => None,
        }
    };
    let wrong = Secret::new("correct horse battery stable");
    assert!(said(&account.id, wrong).await.is_none());
    assert!(said("another id", password()).await.is_none());
    said(&account.id, password()).await
}

/// Each link was made while there was no account.
async fn i11_of_two_setup_links_one_makes_the_first_admin(db: Database) {
    let given = Given::redtrust(db, vec![Reply::Hang]).await;
    let there = other_node(&given);
    let mut tries = Vec::new();
    for (portal, name) in [(&given.portal, "root"), (&there, "toor")] {
        let link = setup_link::make(portal).await.unwrap().unwrap();
        let password = Secret::new("correct horse battery staple");
        tries.push(
            async move { create_by_link(portal, link.expose(), name, password, &root()).await },
        );
    }
    let made = join_all(tries).await;
    let made = made
        .iter()
        .filter(|one| matches!(one, Ok(NewAccount::Created(_))));
    assert_eq!(made.count(), 1);
}

/// Two admins; one is disabled when the other's password has been looked at.
async fn i11_who_was_disabled_meanwhile_changes_nobody(db: Database) {
    let given = Given::redtrust(db, vec![Reply::Hang]).await;
    let portal = &given.portal;
    let late = confirmed(portal).await.unwrap();
    let made = create_admin(portal, "eva", Secret::new("correct horse battery"), &root()).await;
    let NewAccount::Created(eva) = made.unwrap() else {
        panic!("no account");
    };
    let (id, keys) = (root_id(portal).await, portal.keys.clone());
    let off = Standing {
        role: Role::Admin,
        connections: Vec::new(),
        enabled: false,
    };
    let (theirs, now) = (off.clone(), portal.clock.now());
    let disabled = portal.storage.write(move |conn| {
        Box::pin(async move { admins::set_standing(conn, &keys, &id, &theirs, now).await })
    });
    assert_eq!(disabled.await, Ok(true));
    let changed = people::change(portal, &root(), &eva.id, (off.clone(), off), &late).await;
    assert_eq!(changed.err(), Some(StorageError::Lapsed));
}

async fn root_id(portal: &Portal) -> String {
    let root = admins::by_username(&portal.storage, &portal.keys, "root").await;
    root.unwrap().unwrap().id
}

/// Somebody who knows the password changes it while its owner has it reset.
async fn i11_a_password_that_was_reset_meanwhile_is_not_changed(db: Database) {
    let given = Given::redtrust(db, vec![Reply::Hang]).await;
    let portal = &given.portal;
    let mut confirmed = confirmed(portal).await.unwrap();
    let kept = OfSecondFactor::Kept;
    let reset = Secret::new("another horse battery staple");
    let done = reset_password(portal, "root", reset.clone(), kept, &root()).await;
    assert_eq!(done.unwrap(), None);
    let theirs = Secret::new("a third horse battery staple");
    let late = own::change_password(portal, &mut confirmed, &root(), theirs).await;
    let taken = AccountError::Storage(StorageError::Lapsed);
    assert_eq!(late.unwrap_err().to_string(), taken.to_string());
    let in_with = without_code(reset);
    let signed_in = sign_in(portal, "root", in_with, &Stranger::default()).await;
    assert!(matches!(signed_in, Ok(AdminSignIn::SignedIn(_))));
}

async fn begin_session(portal: &Portal, account_id: &str) {
    let now = portal.clock.now();
    let session = Session {
        id_hash: SESSION,
        kind: Kind::Admin,
        subject: account_id.to_owned(),
        sign_in_id: None,
        state: "{}".to_owned(),
        created_at: now,
        used_at: now,
        address: String::new(),
        device: Device::of_user_agent(""),
        idle_until: now + Duration::from_secs(3600),
        absolute_until: now + Duration::from_secs(3600),
    };
    let begun = portal
        .storage
        .write(move |conn| Box::pin(async move { sessions::insert(conn, &session).await }));
    begun.await.unwrap();
}

async fn a_key_is_rotated_once_on_two_nodes(db: Database) {
    let given = Given::redtrust(db, vec![Reply::Hang]).await;
    let id = made(&given).await;
    let (here, there) = (&given.portal, other_node(&given));
    let next = KeyAct::StoreNext(Secret::new("canary-next"));
    let bare = act(here, &root(), &id, 1, &next, None).await.unwrap();
    assert!(matches!(bare, Changed::Unconfirmed), "{bare:?}");
    let typed = confirmed(here).await;
    let stored = act(here, &root(), &id, 1, &next, typed).await.unwrap();
    assert!(matches!(stored, Changed::Done), "{stored:?}");
    assert_eq!(keys_at(&there, &id).await, [KEY, "canary-next"]);
    for one in [KeyAct::UseNext, KeyAct::DropSecond] {
        let bare = act(here, &root(), &id, 2, &one, None).await.unwrap();
        assert!(matches!(bare, Changed::Unconfirmed), "{bare:?}");
    }
    let (root, typed) = (root(), [confirmed(here).await, confirmed(here).await]);
    let pressed = [here, &there].into_iter().zip(typed);
    let pressed =
        pressed.map(|(portal, typed)| act(portal, &root, &id, 2, &KeyAct::UseNext, typed));
    let pressed = join_all(pressed).await;
    let done = |changed: &&Result<Changed, _>| matches!(changed, Ok(Changed::Done));
    assert_eq!(pressed.iter().filter(done).count(), 1, "{pressed:?}");
    for portal in [here, &there] {
        portal.connections.changed();
        assert_eq!(keys_at(portal, &id).await, ["canary-next", KEY]);
    }
    let told = list(&here.storage, 0, 10).await.unwrap();
    let actions: Vec<_> = told.iter().map(|one| one.what.action.as_str()).collect();
    let expected = [
        "admin.create",
        "connection.create",
        "connection.next_key_store",
        "connection.next_key_use",
    ];
    assert_eq!(actions, expected);
    assert!(!format!("{told:?}").contains("canary"), "{told:?}");
}

async fn who_comes_second_sees_how_it_stands_now(db: Database) {
    let given = Given::redtrust(db, vec![Reply::Hang]).await;
    let (portal, id) = (&given.portal, made(&given).await);
    let bare = set_enabled(portal, &root(), &id, 1, false, None).await;
    assert!(matches!(bare, Ok(Changed::Unconfirmed)), "{bare:?}");
    let confirmed = confirmed(portal).await;
    let off = set_enabled(portal, &root(), &id, 1, false, confirmed.as_ref()).await;
    assert!(matches!(off, Ok(Changed::Done)), "{off:?}");
    let late = edit(portal, &root(), &id, 1, &form(), Asked::default())
        .await
        .unwrap();
    let Changed::Stale(stored) = late else {
        panic!("{late:?}")
    };
    assert!(!stored.enabled);
}

async fn a_bad_form_names_its_fields_and_stores_nothing(db: Database) {
    let given = Given::redtrust(db, vec![Reply::Hang]).await;
    let bad = Written {
        slug: "-x".into(),
        shared_key: Secret::new(""),
        settings: form().settings,
    };
    let bad = with(with(bad, "ca", "hello"), "temp_token", "magic");
    let refused = create(&given.portal, &root(), &bad, None).await.unwrap();
    let Made::Wrong(problems) = refused else {
        panic!("{refused:?}")
    };
    let fields: Vec<_> = problems.iter().map(|(field, _)| *field).collect();
    assert_eq!(fields, ["slug", "shared_key", "ca", "temp_token"]);
    for metadata in ["https://2852039166", "https://[::ffff:169.254.169.254]"] {
        let bad = with(form(), "base_url", metadata);
        let refused = create(&given.portal, &root(), &bad, None).await.unwrap();
        assert!(matches!(
            refused,
            Made::Wrong(problems) if matches!(problems[..], [("base_url", Problem::Refused(_))])
        ));
    }
    assert!(list(&given.portal.storage, 0, 10).await.unwrap().is_empty());
}

async fn the_first_admin_comes_by_a_link_that_works_once(db: Database) {
    let given = Given::redtrust(db, vec![Reply::Hang]).await;
    let portal = &given.portal;
    let link = setup_link::make(portal).await.unwrap().unwrap();
    let password = || Secret::new("correct horse battery");
    let first = |link: String| async move {
        create_by_link(portal, &link, "Root", password(), &root())
            .await
            .unwrap()
    };
    assert_eq!(
        first("guessed".into()).await,
        NewAccount::Refused(AccountProblem::Link)
    );
    let made = first(link.expose().into()).await;
    assert!(matches!(made, NewAccount::Created(_)), "{made:?}");
    assert_eq!(
        first(link.expose().into()).await,
        NewAccount::Refused(AccountProblem::Link)
    );
    assert!(setup_link::make(portal).await.unwrap().is_none());
    let typed = without_code(password());
    let right = sign_in(portal, "ROOT", typed, &Stranger::default())
        .await
        .unwrap();
    assert!(matches!(right, AdminSignIn::SignedIn(_)));
    for (username, password) in [("root", "wrong horse battery"), ("nobody", "x")] {
        let wrong = sign_in(
            portal,
            username,
            without_code(Secret::new(password)),
            &Stranger::default(),
        )
        .await;
        assert_eq!(wrong.unwrap(), AdminSignIn::Refused);
    }
    let taken = create_admin(portal, "root", password(), &root()).await;
    assert_eq!(
        taken.unwrap(),
        NewAccount::Refused(AccountProblem::UsernameTaken)
    );
}

on_both_engines!(
    c03_an_empty_key_keeps_the_stored_one_and_the_audit_never_sees_it,
    i11_a_password_that_was_reset_meanwhile_is_not_changed,
    i11_of_two_setup_links_one_makes_the_first_admin,
    i11_who_was_disabled_meanwhile_changes_nobody,
    a_key_is_rotated_once_on_two_nodes,
    who_comes_second_sees_how_it_stands_now,
    a_bad_form_names_its_fields_and_stores_nothing,
    the_first_admin_comes_by_a_link_that_works_once,
);
