//! A password that was right a moment ago: what is done on it is done only if the account
//! is still as it was, and its session has not ended.

use rubrica::domain::connection::Written;
use rubrica::domain::secret::Secret;
use rubrica::services::Portal;
use rubrica::services::accounts::invite::{Invited, invite};
use rubrica::services::accounts::own::{change_password, switch_off};
use rubrica::services::accounts::people::{change, reset_second_factor, standing_of};
use rubrica::services::accounts::{
    AccountError, Confirmed, OfSecondFactor, Role, create_admin, reset_password,
};
use rubrica::services::connection_admin::{create, set_enabled};
use rubrica::services::connection_keys::{KeyAct, act};
use rubrica::storage::audit::list;
use rubrica::storage::{StorageError, admins, sessions};

use super::administering::{SESSION, confirmed, form, made, root, with as of_form};
use super::given::Given;
use crate::support::database::{Database, on_both_engines};
use crate::support::raw_server::Reply;

const RESET: &str = "another horse battery staple";

/// What happens between the password and the act.
#[derive(Debug, Clone, Copy)]
enum Meanwhile {
    Disabled,
    Reset,
    SessionEnded,
}

impl Meanwhile {
    async fn happens(self, portal: &Portal) {
        let account = admins::by_username(&portal.storage, &portal.keys, "root").await;
        let account = account.unwrap().unwrap();
        let (keys, now) = (portal.keys.clone(), portal.clock.now());
        match self {
            Self::Disabled => {
                let mut standing = standing_of(&account);
                standing.enabled = false;
                let off = portal.storage.write(move |conn| {
                    Box::pin(async move {
                        admins::set_standing(conn, &keys, &account.id, &standing, now).await
                    })
                });
                assert_eq!(off.await, Ok(true));
            }
            Self::Reset => {
                let (new, kept) = (Secret::new(RESET), OfSecondFactor::Kept);
                let reset = reset_password(portal, "root", new, kept, &root()).await;
                assert!(matches!(reset, Ok(None)), "{reset:?}");
            }
            Self::SessionEnded => {
                let ended = portal.storage.write(move |conn| {
                    Box::pin(async move { sessions::delete(conn, &SESSION).await })
                });
                assert_eq!(ended.await, Ok(true));
            }
        }
    }
}

fn late(error: &AccountError) -> bool {
    matches!(error, AccountError::Storage(StorageError::Lapsed))
}

/// Each act on this proof is refused, and nothing is changed.
async fn is_refused(given: &Given, id: &str, mut confirmed: Confirmed) {
    let (portal, root) = (&given.portal, root());
    let entries = async || list(&portal.storage, 0, 100).await.unwrap().len();
    let before = entries().await;
    let new = Secret::new("a third horse battery staple");
    let changed = change_password(portal, &mut confirmed, &root, new).await;
    assert!(changed.as_ref().is_err_and(late), "{changed:?}");
    let off = switch_off(portal, &mut confirmed, &root).await;
    assert!(off.as_ref().is_err_and(late), "{off:?}");
    let whom = Invited {
        role: Role::Admin,
        connections: Vec::new(),
        note: "Mallory".to_owned(),
    };
    let invited = invite(portal, &root, whom, &confirmed).await;
    assert_eq!(invited.err(), Some(StorageError::Lapsed));
    let eva = admins::by_username(&portal.storage, &portal.keys, "eva").await;
    let eva = eva.unwrap().unwrap();
    let mut wanted = standing_of(&eva);
    wanted.role = Role::Auditor;
    let standing = (standing_of(&eva), wanted);
    let demoted = change(portal, &root, &eva.id, standing, &confirmed).await;
    assert_eq!(demoted.err(), Some(StorageError::Lapsed));
    let reset = reset_second_factor(portal, &root, &eva.id, &confirmed).await;
    assert_eq!(reset.err(), Some(StorageError::Lapsed));
    let off = set_enabled(portal, &root, id, 1, false, Some(&confirmed)).await;
    assert_eq!(off.err(), Some(StorageError::Lapsed));
    let other = Written {
        slug: "other".into(),
        ..of_form(form(), "name", "Other")
    };
    let made = create(portal, &root, &other, Some(&confirmed)).await;
    assert_eq!(made.err(), Some(StorageError::Lapsed));
    let next = KeyAct::StoreNext(Secret::new("canary-next"));
    let stored = act(portal, &root, id, 1, &next, Some(confirmed)).await;
    assert_eq!(stored.err(), Some(StorageError::Lapsed));
    assert_eq!(entries().await, before);
}

async fn with(db: Database, meanwhile: Meanwhile) {
    let given = Given::redtrust(db, vec![Reply::Hang]).await;
    let portal = &given.portal;
    let id = made(&given).await;
    let password = Secret::new("correct horse battery staple");
    let made = create_admin(portal, "eva", password, &root()).await;
    made.unwrap();
    let confirmed = confirmed(portal).await.unwrap();
    meanwhile.happens(portal).await;
    is_refused(&given, &id, confirmed).await;
    let account = admins::by_username(&portal.storage, &portal.keys, "root").await;
    let account = account.unwrap().unwrap();
    assert_eq!(account.enabled, !matches!(meanwhile, Meanwhile::Disabled));
}

async fn nothing_is_done_on_the_password_of_an_account_that_was_disabled(db: Database) {
    with(db, Meanwhile::Disabled).await;
}

async fn nothing_is_done_on_a_password_that_was_reset(db: Database) {
    with(db, Meanwhile::Reset).await;
}

async fn nothing_is_done_on_a_password_typed_in_a_session_that_has_ended(db: Database) {
    with(db, Meanwhile::SessionEnded).await;
}

on_both_engines!(
    nothing_is_done_on_the_password_of_an_account_that_was_disabled,
    nothing_is_done_on_a_password_that_was_reset,
    nothing_is_done_on_a_password_typed_in_a_session_that_has_ended,
);
