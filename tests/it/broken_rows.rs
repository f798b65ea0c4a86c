//! A row that cannot be understood any more: its own page says so, and nothing
//! else is the worse for it.

use std::time::Duration;

use crate::support::admin::{self, tamper};
use crate::support::app::{App, state_of};
use crate::support::browser::Browser;
use crate::support::database::MASTER_KEY;
use crate::support::page::Page;
use crate::support::process::command;

const SAYS: &str = "A stored record cannot be read";

/// Somebody with one issued certificate of each of these names.
async fn issued(names: &[&str]) -> (App, Browser, Vec<Page>) {
    let (app, ana) = (App::spawn().await, Browser::new());
    app.sign_in_directly(&ana, "ra-app").await;
    let mut pages = Vec::new();
    for name in names {
        let page = app.issue(&ana, name).await;
        assert_eq!(state_of(&page), "issued", "{page:?}");
        pages.push(page);
    }
    (app, ana, pages)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issuance_without_a_state_is_missed_by_its_own_page_only() {
    let (app, ana, pages) = issued(&["ANA", "BEA"]).await;
    let sql = "UPDATE issuances SET state = 'nonsense' WHERE holder = 'BEA'";
    tamper(&app, sql).await;
    let broken = ana.get(pages[1].url.as_str()).await.expect_status(500);
    assert_eq!(broken.text("h1"), SAYS);
    assert!(!broken.text("#request-id").is_empty(), "{broken:?}");

    let page = ana.get(pages[0].url.as_str()).await.expect_status(200);
    assert_eq!(state_of(&page), "issued");
    let list = ana.get(&app.at("/issuances")).await.expect_status(200);
    let main = list.text("#issuances");
    assert!(main.contains("ANA") && !main.contains("BEA"), "{list:?}");
    assert!(list.body.contains("One of your requests cannot be read"));
    tamper(
        &app,
        "UPDATE certificates SET thumbprint = 'zz' WHERE holder = 'BEA'",
    )
    .await;
    for path in ["/", "/certificates"] {
        let page = ana.get(&app.at(path)).await.expect_status(200);
        let main = page.text("main");
        assert!(main.contains("ANA") && !main.contains("BEA"), "{page:?}");
    }
    let file = ana.get(&app.at("/issuances.csv")).await.expect_status(200);
    let says = file.body.contains("One of your requests cannot be read");
    assert!(says && file.body.contains("ANA"), "{file:?}");
    let page = app.issue(&ana, "EVA").await;
    assert_eq!(state_of(&page), "issued", "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_issuance_does_not_keep_the_others_from_being_sorted() {
    let (app, ana, pages) = issued(&["ANA", "BEA"]).await;
    for sql in [
        "UPDATE issuances SET state = 'creating', lease_until = 0, thumbprint = 'zz' \
         WHERE holder = 'ANA'",
        "UPDATE issuances SET state = 'finalizing', lease_until = 1 WHERE holder = 'BEA'",
    ] {
        tamper(&app, sql).await;
    }
    for _ in 0..200 {
        let page = ana.get(pages[1].url.as_str()).await.expect_status(200);
        if state_of(&page) == "unknown" {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!(
        "nobody sorts it: {:?}",
        ana.get(pages[1].url.as_str()).await
    );
}

/// Two connections; nobody can open the key of `acme` any more.
async fn with_a_broken_connection() -> App {
    let app = App::spawn_from_toml(|redtrust, key, origin| {
        let connection = |slug: &str| {
            format!(
                "[[connection]]\nslug = \"{slug}\"\nname = \"{slug}\"\nbase_url = \"{redtrust}\"\n\
                 partner = \"RUBRICA-DEMO\"\nshared_key = \"{key}\"\n\
                 redirect_url = \"{origin}/callback/{slug}\"\ndirect_login = true\n"
            )
        };
        connection("acme") + &connection("beta")
    })
    .await;
    tamper(
        &app,
        "UPDATE connections SET shared_key = x'00' WHERE slug = 'acme'",
    )
    .await;
    app.portal.connections.changed();
    app
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_whose_key_does_not_open_leaves_the_other_alone() {
    let app = with_a_broken_connection().await;
    let ana = Browser::new();
    let page = ana.get(&app.at("/sign-in?connection=acme")).await;
    let page = page.expect_status(404);
    assert_eq!(page.text("h1"), "This Redtrust server is not available");
    app.sign_in_directly(&ana, "ra-app").await;
    let page = app.issue(&ana, "ANA").await;
    assert_eq!(state_of(&page), "issued", "{page:?}");

    let admin = admin::signed_in(&app).await;
    let list = admin.get(&app.at("/admin/connections")).await;
    let list = list.expect_status(200);
    assert!(
        list.body.contains("The connection acme cannot be read"),
        "{list:?}"
    );
    let page = admin.get(&app.at("/admin/connections/acme")).await;
    assert_eq!(page.expect_status(500).text("h1"), SAYS);
    admin.get(&app.at("/admin")).await.expect_status(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_tokens_that_do_not_open_signs_in_again_and_goes_on() {
    let (app, ana, _) = issued(&[]).await;
    tamper(&app, "UPDATE sign_ins SET access_token = x'00'").await;
    let page = app.issue(&ana, "ANA").await;
    assert_eq!(state_of(&page), "draft", "{page:?}");
    assert!(page.text("main").contains("Sign in again"), "{page:?}");
    app.sign_in_directly(&ana, "ra-app").await;
    let page = app.issue(&ana, "ANA").await;
    assert_eq!(state_of(&page), "issued", "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_can_be_verified_beside_broken_rows() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", dir.path().join("rubrica.db").display());
    let (app, ana) = (App::spawn_with(&url, |_| {}).await, Browser::new());
    app.sign_in_directly(&ana, "ra-app").await;
    app.issue(&ana, "ANA").await;
    for sql in [
        "UPDATE issuances SET state = 'nonsense'",
        "UPDATE connections SET shared_key = x'00'",
        "UPDATE sign_ins SET access_token = x'00'",
    ] {
        tamper(&app, sql).await;
    }
    let key = data_encoding::HEXLOWER.encode(&MASTER_KEY);
    let variables = [
        ("RUBRICA_DATABASE_URL", url.as_str()),
        ("RUBRICA_MASTER_KEY", key.as_str()),
    ];
    let output = command(dir.path(), &["audit", "verify"], &variables)
        .output()
        .unwrap();
    let says = String::from_utf8_lossy(&output.stdout);
    assert!(says.contains("audit chain intact"), "{says}");
    // Nobody's audit tells of what was done to this connection.
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let named = String::from_utf8_lossy(&output.stderr);
    assert!(
        named.contains("connection demo was changed in the database"),
        "{named}"
    );
}
