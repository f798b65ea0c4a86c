//! Connections and their redirect URLs.

use rubrica::domain::certificate::{Certificate, Origin};
use rubrica::domain::connection::{Connection, OVERLAP};
use rubrica::domain::device::Device;
use rubrica::domain::dialect::TempTokenForm;
use rubrica::domain::millis::Millis;
use rubrica::domain::redirect_url::{RedirectUrl, RedirectUrlState as State};
use rubrica::domain::secret::Secret;
use rubrica::storage::concerned::{self, Concerned};
use rubrica::storage::redirect_urls::{self, Entry};
use rubrica::storage::sessions::{self, Kind, Session};
use rubrica::storage::{StorageError, connections, kept_forms, lapsed_keys};

use super::given::{self, NOW};
use crate::support::database::{Database, on_both_engines};

const LATER: Millis = Millis(NOW.0 + 5);

async fn update(db: &Database, connection: &Connection) -> bool {
    let (keys, connection) = (db.keys.clone(), connection.clone());
    db.storage
        .write(move |conn| {
            Box::pin(async move { connections::update(conn, &keys, &connection, LATER).await })
        })
        .await
        .unwrap()
}

async fn from_file(db: &Database, connection: &Connection) -> Connection {
    let (keys, connection) = (db.keys.clone(), connection.clone());
    let id = db
        .storage
        .write(move |conn| {
            Box::pin(
                async move { connections::upsert_from_file(conn, &keys, &connection, LATER).await },
            )
        })
        .await
        .unwrap();
    stored(db, &id).await
}

async fn stored(db: &Database, id: &str) -> Connection {
    let found = connections::by_id(&db.storage, &db.keys, id).await.unwrap();
    found.unwrap()
}

async fn what_was_stored_is_read_back_whole(db: Database) {
    let made = given::connection(&db, "acme").await;
    let read = stored(&db, "acme").await;
    assert_eq!(format!("{made:?}"), format!("{read:?}"));
    assert_eq!(read.shared_key, made.shared_key);
}

async fn the_list_is_sorted_by_name_on_both_engines(db: Database) {
    for slug in ["b", "a", "c"] {
        given::connection(&db, slug).await;
    }
    let mut shouting = stored(&db, "b").await;
    shouting.settings.name = "CONNECTION AB".to_owned();
    assert!(update(&db, &shouting).await);
    let all = connections::list(&db.storage, &db.keys).await.unwrap();
    let slugs: Vec<&str> = all
        .iter()
        .map(|connection| connection.slug.as_str())
        .collect();
    assert_eq!(slugs, ["a", "b", "c"]);
}

async fn of_two_changes_to_the_same_version_one_is_refused(db: Database) {
    let mut mine = given::connection(&db, "acme").await;
    let mut theirs = mine.clone();
    mine.settings.name = "Mine".to_owned();
    mine.settings.dialect.temp_token = TempTokenForm::Signed;
    theirs.settings.name = "Theirs".to_owned();
    assert!(update(&db, &mine).await);
    assert!(!update(&db, &theirs).await);
    let read = stored(&db, "acme").await;
    assert_eq!((read.settings.name.as_str(), read.version), ("Mine", 2));
    assert_eq!(read.settings.dialect, mine.settings.dialect);
}

async fn the_age_of_a_key_counts_from_its_last_change(db: Database) {
    let mut connection = given::connection(&db, "acme").await;
    connection.settings.name = "Other".to_owned();
    assert!(update(&db, &connection).await);
    assert_eq!(stored(&db, "acme").await.key_set_at, NOW);
    connection.version = 2;
    connection.shared_key = Secret::new("another");
    assert!(update(&db, &connection).await);
    assert_eq!(stored(&db, "acme").await.key_set_at, LATER);
}

async fn a_second_key_is_stored_sealed_and_the_previous_one_is_dropped_in_time(db: Database) {
    let connection = given::connection(&db, "acme").await;
    let next = connection.with_next_key(&Secret::new("canary-next"), NOW);
    let next = next.unwrap();
    assert!(update(&db, &next).await);
    let read = stored(&db, "acme").await;
    assert_eq!(read.second_key, next.second_key);
    let sealed: Vec<u8> = sqlx::query_scalar("SELECT second_key FROM connections")
        .fetch_one(db.storage.pool())
        .await
        .unwrap();
    assert!(!sealed.windows(6).any(|bytes| bytes == b"canary"));
    let used = read.with_next_key_in_use(NOW).unwrap();
    assert!(update(&db, &used).await);
    let read = stored(&db, "acme").await;
    assert_eq!(read.shared_key, Secret::new("canary-next"));
    assert_eq!(
        (read.second_key.clone(), read.key_set_at),
        (used.second_key, LATER)
    );
    for (at, left) in [(Millis(NOW.0 - 1), true), (NOW, false)] {
        let (at, keys) = (at + OVERLAP, db.keys.clone());
        let dropped = db.storage.write(move |conn| {
            Box::pin(async move { lapsed_keys::drop_all(conn, &keys, at).await })
        });
        let expected = if left {
            vec![]
        } else {
            vec!["acme".to_owned()]
        };
        assert_eq!(dropped.await, Ok(expected));
        let read = stored(&db, "acme").await;
        assert_eq!(read.second_key.is_some(), left);
    }
}

async fn a_next_key_of_the_file_comes_into_use_with_the_old_one_still_accepted(db: Database) {
    let mut wanted = given::settings("acme");
    let old = wanted.shared_key.clone();
    let next = wanted.with_next_key(&Secret::new("next"), Millis(0));
    let next = next.unwrap();
    let first = from_file(&db, &next).await;
    assert_eq!(first.next_key(), Some(&Secret::new("next")));
    assert_eq!(from_file(&db, &next).await.version, first.version);
    wanted.shared_key = Secret::new("next");
    let used = from_file(&db, &wanted).await;
    let keys: Vec<_> = used.token_keys(LATER).collect();
    assert_eq!(keys, [&wanted.shared_key, &old]);
    assert_eq!(from_file(&db, &wanted).await, used);
}

async fn a_connection_that_left_the_file_is_enabled_when_it_comes_back(db: Database) {
    let wanted = given::settings("acme");
    let mut left = from_file(&db, &wanted).await;
    left.enabled = false;
    left.left_file_at = Some(NOW);
    assert!(update(&db, &left).await);
    assert_eq!(stored(&db, "acme").await.left_file_at, Some(NOW));
    let back = from_file(&db, &wanted).await;
    assert!(back.enabled && back.is_in_file());
}

async fn what_depends_on_a_connection_is_counted(db: Database) {
    let ana = given::ana(&db).await;
    given::connection(&db, "other").await;
    let bea = given::owner(&db, "other", "bea").await;
    given::draft(&db, "draft", &ana, "Ana").await;
    given::finalizing(&db, "open", &ana, "code").await;
    for (number, subject, lives_for) in
        [(1, &ana, 100), (2, &ana, 100), (3, &ana, 0), (4, &bea, 100)]
    {
        let session = Session {
            id_hash: [number; 32],
            kind: Kind::User,
            subject: subject.clone(),
            sign_in_id: None,
            state: "{}".to_owned(),
            created_at: NOW,
            used_at: NOW,
            address: String::new(),
            device: Device::default(),
            idle_until: Millis(NOW.0 + lives_for),
            absolute_until: Millis(NOW.0 + 1000),
        };
        db.storage
            .write(move |conn| Box::pin(async move { sessions::insert(conn, &session).await }))
            .await
            .unwrap();
    }
    let counted = concerned::by(&db.storage, "acme", NOW).await.unwrap();
    let expected = Concerned {
        signed_in: 1,
        open: 2,
        certificates: 0,
    };
    assert_eq!(counted, expected);
    let finalizing = given::read(&db, "open").await;
    let issued = given::certificate(&finalizing, given::THUMBPRINT);
    given::store(&db, &issued).await.unwrap();
    let counted = concerned::by(&db.storage, "acme", NOW).await.unwrap();
    assert_eq!(counted.certificates, 1);
    let taken_over = Certificate {
        id: "taken-over".to_owned(),
        issuance_id: None,
        certificate_id: None,
        origin: Origin::File,
        ..given::certificate(&finalizing, &"E".repeat(40))
    };
    given::store(&db, &taken_over).await.unwrap();
    let counted = concerned::by(&db.storage, "acme", NOW).await.unwrap();
    assert_eq!(
        counted.certificates, 1,
        "the other one was not issued through it"
    );
    let later = Millis(NOW.0 + 1000);
    let counted = concerned::by(&db.storage, "acme", later).await.unwrap();
    assert_eq!((counted.signed_in, counted.certificates), (0, 0));
}

async fn the_form_kept_last_is_found_by_its_owner(db: Database) {
    for (owner, place, until) in [("ana", "/a", 10), ("ana", "/b", 20), ("bea", "/c", 30)] {
        let until = Millis(NOW.0 + until);
        db.storage
            .write(move |conn| {
                Box::pin(async move { kept_forms::keep(conn, owner, place, b"x", until).await })
            })
            .await
            .unwrap();
    }
    for (owner, at, place) in [
        ("ana", NOW, Some("/b")),
        ("bea", NOW, Some("/c")),
        ("ana", Millis(NOW.0 + 20), None),
        ("eva", NOW, None),
    ] {
        let found = kept_forms::latest_place(&db.storage, owner, at).await;
        assert_eq!(found.unwrap().as_deref(), place);
    }
}

async fn a_connection_of_the_file_is_known_by_its_slug(db: Database) {
    let mut wanted = given::settings("acme");
    let first = from_file(&db, &wanted).await;
    assert!(first.from_file);
    assert_eq!(first.version, 1);
    wanted.id = "another-id".to_owned();
    let same = from_file(&db, &wanted).await;
    assert_eq!((same.id.as_str(), same.version), ("acme", 1));
    wanted.shared_key = Secret::new("another");
    let changed = from_file(&db, &wanted).await;
    assert_eq!((changed.id.as_str(), changed.version), ("acme", 2));
    assert_eq!(changed.shared_key, Secret::new("another"));
}

fn url(text: &str) -> RedirectUrl {
    text.parse().unwrap()
}

async fn states(db: &Database) -> Vec<(String, State)> {
    let all = redirect_urls::of_connection(&db.storage, "acme")
        .await
        .unwrap();
    all.into_iter()
        .map(|entry| (entry.url.to_string(), entry.state))
        .collect()
}

async fn a_redirect_url_is_confirmed_only_once_it_is_registered(db: Database) {
    given::connection(&db, "acme").await;
    let here = "https://portal.example/callback/acme";
    let entry = Entry {
        id: "url".to_owned(),
        connection_id: "acme".to_owned(),
        url: url(here),
        state: State::Draft,
        created_at: NOW,
        updated_at: NOW,
    };
    let twin = Entry {
        id: "twin".to_owned(),
        ..entry.clone()
    };
    let insert = |entry: Entry| {
        db.storage
            .write(move |conn| Box::pin(async move { redirect_urls::insert(conn, &entry).await }))
    };
    insert(entry.clone()).await.unwrap();
    let taken = insert(twin).await.unwrap_err();
    assert_eq!(taken, StorageError::Conflict);
    let confirm = || {
        db.storage.write(move |conn| {
            Box::pin(async move { redirect_urls::confirm(conn, "acme", &url(here), LATER).await })
        })
    };
    confirm().await.unwrap();
    assert_eq!(redirect_urls::all(&db.storage).await.unwrap(), [entry]);
    let register = || {
        db.storage.write(|conn| {
            Box::pin(async move {
                redirect_urls::set_state(conn, "url", State::Draft, State::Registered, LATER).await
            })
        })
    };
    assert_eq!(register().await, Ok(true));
    assert_eq!(register().await, Ok(false));
    confirm().await.unwrap();
    assert_eq!(states(&db).await, [(here.to_owned(), State::Confirmed)]);
}

async fn the_file_names_the_one_redirect_url_in_use(db: Database) {
    given::connection(&db, "acme").await;
    let (old, new) = (
        "https://old.example/callback/acme",
        "https://new.example/callback/acme",
    );
    let mut now = NOW;
    for text in [old, old, new, new] {
        let id = format!("url-{}", now.0);
        db.storage
            .write(move |conn| {
                Box::pin(async move {
                    redirect_urls::use_only(conn, "acme", &url(text), &id, now).await
                })
            })
            .await
            .unwrap();
        now = Millis(now.0 + 1);
    }
    let expected = [
        (new.to_owned(), State::Registered),
        (old.to_owned(), State::Disabled),
    ];
    assert_eq!(states(&db).await, expected);
}

on_both_engines!(
    what_was_stored_is_read_back_whole,
    the_list_is_sorted_by_name_on_both_engines,
    of_two_changes_to_the_same_version_one_is_refused,
    the_age_of_a_key_counts_from_its_last_change,
    a_second_key_is_stored_sealed_and_the_previous_one_is_dropped_in_time,
    a_next_key_of_the_file_comes_into_use_with_the_old_one_still_accepted,
    a_connection_that_left_the_file_is_enabled_when_it_comes_back,
    what_depends_on_a_connection_is_counted,
    the_form_kept_last_is_found_by_its_owner,
    a_connection_of_the_file_is_known_by_its_slug,
    a_redirect_url_is_confirmed_only_once_it_is_registered,
    the_file_names_the_one_redirect_url_in_use,
);
