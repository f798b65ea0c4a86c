//! Connections and their redirect URLs.

use rubrica::domain::connection::Connection;
use rubrica::domain::dialect::TempTokenForm;
use rubrica::domain::millis::Millis;
use rubrica::domain::redirect_url::{RedirectUrl, RedirectUrlState as State};
use rubrica::domain::secret::Secret;
use rubrica::storage::redirect_urls::{self, Entry};
use rubrica::storage::{StorageError, connections};

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
    let age = connections::key_set_at(&db.storage, "acme").await.unwrap();
    assert_eq!(age, Some(NOW));
    connection.version = 2;
    connection.shared_key = Secret::new("another");
    assert!(update(&db, &connection).await);
    let age = connections::key_set_at(&db.storage, "acme").await.unwrap();
    assert_eq!(age, Some(LATER));
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
    a_connection_of_the_file_is_known_by_its_slug,
    a_redirect_url_is_confirmed_only_once_it_is_registered,
    the_file_names_the_one_redirect_url_in_use,
);
