//! Local accounts with a second factor and a role, and invitations to make one.

use rubrica::domain::digest::sha256;
use rubrica::domain::millis::Millis;
use rubrica::domain::secret::Secret;
use rubrica::storage::admins::{self, Admin, Role, Standing};
use rubrica::storage::invitations::{self, Invitation};
use rubrica::storage::rotate::rotate;
use rubrica::storage::seal::KeyRing;
use rubrica::storage::sealed_rows::changed_rows;
use rubrica::storage::{Engine, StorageError};

use super::given::{self, NOW};
use crate::support::database::{Database, MASTER_KEY, on_both_engines};

on_both_engines! {
    a_second_factor_is_kept_sealed_and_each_code_is_good_once,
    a_row_that_the_version_before_sealed_holds,
    a_rotation_seals_second_factors_and_invitations_anew,
    an_account_gets_another_role_and_a_broken_one_is_listed_and_written_anew,
    an_invitation_is_good_once_and_for_its_time,
    i08_an_invitation_that_the_portal_did_not_write_is_none,
}

/// Does `$work` in one transaction, with `$conn` and `$keys`.
macro_rules! write {
    ($db:expr, |$conn:ident, $keys:ident| $work:expr) => {{
        let $keys = $db.keys.clone();
        $db.storage
            .write(move |$conn| Box::pin(async move { $work.await }))
            .await
    }};
}

async fn stored(db: &Database, name: &str, role: Role) -> Admin {
    let admin = given::account(name, role);
    let new = admin.clone();
    write!(db, |conn, keys| admins::insert(conn, &keys, &new)).unwrap();
    admin
}

async fn read(db: &Database, id: &str) -> Admin {
    let read = admins::by_id(&db.storage, &db.keys, id).await;
    read.unwrap().unwrap()
}

/// Gives the account a second factor with the recovery codes `one` and `two`.
async fn with_second_factor(db: &Database, id: &'static str) {
    let codes = ["one".to_owned(), "two".to_owned()];
    let done = write!(db, |conn, keys| async {
        let secret = Secret::new("JBSWY3DP");
        let factor = Some((&secret, codes.as_slice()));
        admins::set_second_factor(conn, &keys, id, factor, NOW).await
    });
    assert_eq!(done, Ok(true));
}

async fn a_second_factor_is_kept_sealed_and_each_code_is_good_once(db: Database) {
    stored(&db, "ana", Role::Admin).await;
    with_second_factor(&db, "ana").await;
    let ana = read(&db, "ana").await;
    assert_eq!(ana.totp_secret, Some(Secret::new("JBSWY3DP")));
    assert_eq!(ana.recovery_codes, ["one", "two"]);
    assert_eq!((ana.totp_last_step, ana.last_sign_in_at), (None, None));
    let step = async |step| write!(db, |conn, _keys| admins::use_totp_step(conn, "ana", step));
    assert_eq!(step(7).await, Ok(true));
    assert_eq!(step(7).await, Ok(false));
    assert_eq!(step(6).await, Ok(false));
    assert_eq!(step(8).await, Ok(true));
    let use_one = async || {
        let (before, left) = (ana.recovery_codes.clone(), vec!["two".to_owned()]);
        write!(db, |conn, keys| async {
            let lists = [before.as_slice(), left.as_slice()];
            admins::set_recovery_codes(conn, &keys, "ana", lists, NOW).await
        })
    };
    assert_eq!(use_one().await, Ok(true));
    assert_eq!(use_one().await, Ok(false));
    // The account that the sign-in had looked at, and what it is now.
    for (version, expected) in [(1, false), (2, true)] {
        let noted = write!(db, |conn, _keys| admins::note_sign_in(
            conn, "ana", version, NOW
        ));
        assert_eq!(noted, Ok(expected), "{version}");
    }
    let now = read(&db, "ana").await;
    assert_eq!(now.recovery_codes, ["two"]);
    assert_eq!(
        (now.totp_last_step, now.last_sign_in_at),
        (Some(8), Some(NOW))
    );
    let gone = write!(db, |conn, keys| admins::set_second_factor(
        conn, &keys, "ana", None, NOW
    ));
    assert_eq!(gone, Ok(true));
    let now = read(&db, "ana").await;
    let left = (
        now.totp_secret,
        now.totp_last_step,
        now.recovery_codes.len(),
    );
    assert_eq!(left, (None, None, 0));
}

async fn a_row_that_the_version_before_sealed_holds(db: Database) {
    stored(&db, "ana", Role::Admin).await;
    // Name, role, hash, enabled, created; no audit entry.
    let text = format!(r#"["ana","admin","hash",1,{},null,null]"#, NOW.0);
    let seal = db
        .keys
        .seal("row", "admins", "ana", "row_seal", &sha256(text));
    let hex = data_encoding::HEXLOWER.encode(&seal.unwrap());
    let literal = match db.storage.engine() {
        Engine::Sqlite => format!("x'{hex}'"),
        Engine::Postgres => format!("'\\x{hex}'"),
    };
    db.meddle(&format!("UPDATE admins SET row_seal = {literal}"))
        .await;
    assert_eq!(read(&db, "ana").await.role, Role::Admin);
}

async fn a_rotation_seals_second_factors_and_invitations_anew(db: Database) {
    stored(&db, "ana", Role::Admin).await;
    stored(&db, "eva", Role::Auditor).await;
    with_second_factor(&db, "ana").await;
    invite(&db, "first", 1, NOW).await;
    let both = KeyRing::new([9; 32]).with_older(MASTER_KEY);
    let done = rotate(&db.storage, &both.into()).await.unwrap();
    assert_eq!(done.broken, Vec::<String>::new());
    let new = KeyRing::new([9; 32]);
    let ana = admins::by_id(&db.storage, &new, "ana").await;
    assert_eq!(
        ana.unwrap().unwrap().totp_secret,
        Some(Secret::new("JBSWY3DP"))
    );
    assert_eq!(changed_rows(&db.storage, &new).await, Ok(Vec::new()));
}

async fn an_account_gets_another_role_and_a_broken_one_is_listed_and_written_anew(db: Database) {
    let ana = stored(&db, "ana", Role::Admin).await;
    let eva = stored(&db, "eva", Role::Auditor).await;
    let standing = Standing {
        role: Role::Officer,
        connections: vec!["acme".to_owned()],
        enabled: false,
    };
    let done = write!(db, |conn, keys| async {
        let locked = admins::lock_all(conn, &keys).await?;
        assert_eq!(locked.len(), 2);
        admins::set_standing(conn, &keys, "eva", &standing, NOW).await
    });
    assert_eq!(done, Ok(true));
    let now = read(&db, "eva").await;
    assert_eq!((now.role, now.enabled), (Role::Officer, false));
    assert_eq!(now.connections, ["acme"]);
    db.meddle("UPDATE admins SET enabled = 1 WHERE id = 'eva'")
        .await;
    let listed = admins::all(&db.storage, &db.keys).await.unwrap();
    let listed: Vec<_> = listed
        .into_iter()
        .map(|one| (one.username, one.account.is_some()))
        .collect();
    assert_eq!(
        listed,
        [("ana".to_owned(), true), ("eva".to_owned(), false)]
    );
    let anew = eva.clone();
    let done = write!(db, |conn, keys| admins::write_anew(conn, &keys, &anew));
    assert_eq!(done, Ok(true));
    assert_eq!(read(&db, "eva").await, Admin { version: 3, ..eva });
    assert_eq!(
        write!(db, |conn, _keys| admins::delete(conn, "eva")),
        Ok(true)
    );
    assert_eq!(admins::by_id(&db.storage, &db.keys, "eva").await, Ok(None));
    assert_eq!(read(&db, "ana").await, ana);
}

async fn invite(db: &Database, id: &str, hash: u8, now: Millis) {
    let new = Invitation {
        id: id.to_owned(),
        link_sha256: [hash; 32],
        role: Role::Officer,
        connections: vec!["acme".to_owned()],
        note: "Eva".to_owned(),
        created_by: "ana".to_owned(),
        created_at: now,
        expires_at: now + invitations::LIFE,
    };
    write!(db, |conn, keys| invitations::insert(conn, &keys, &new)).unwrap();
}

async fn by_link(db: &Database, hash: u8, now: Millis) -> Result<Option<String>, StorageError> {
    let found = invitations::by_link(&db.storage, &db.keys, &[hash; 32], now).await;
    Ok(found?.map(|invitation| invitation.id))
}

async fn an_invitation_is_good_once_and_for_its_time(db: Database) {
    invite(&db, "first", 1, NOW).await;
    let later = Millis(NOW.0 + 1);
    invite(&db, "second", 2, later).await;
    let open = invitations::open(&db.storage, &db.keys, later)
        .await
        .unwrap();
    let open: Vec<_> = open.into_iter().map(|one| one.id).collect();
    assert_eq!(open, ["second", "first"]);
    assert_eq!(by_link(&db, 1, later).await, Ok(Some("first".to_owned())));
    assert_eq!(by_link(&db, 1, NOW + invitations::LIFE).await, Ok(None));
    assert_eq!(by_link(&db, 3, later).await, Ok(None));
    let take = async || write!(db, |conn, _keys| invitations::take(conn, "first"));
    assert_eq!(take().await, Ok(true));
    assert_eq!(take().await, Ok(false));
    assert_eq!(by_link(&db, 1, later).await, Ok(None));
    let after = NOW + invitations::LIFE;
    invite(&db, "third", 3, after).await;
    let open = invitations::open(&db.storage, &db.keys, later)
        .await
        .unwrap();
    assert_eq!(open.len(), 2, "the second lives one millisecond longer");
}

async fn i08_an_invitation_that_the_portal_did_not_write_is_none(db: Database) {
    invite(&db, "first", 1, NOW).await;
    db.meddle("UPDATE invitations SET role = 'admin'").await;
    let corrupt = StorageError::Corrupt {
        table: "invitations",
        id: "first".to_owned(),
    };
    assert_eq!(by_link(&db, 1, NOW).await, Err(corrupt));
    let open = invitations::open(&db.storage, &db.keys, NOW).await;
    assert_eq!(open, Ok(Vec::new()));
    let changed = changed_rows(&db.storage, &db.keys).await.unwrap();
    let named = "invitation first was changed in the database, past the portal";
    assert_eq!(
        changed.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [named]
    );
}
