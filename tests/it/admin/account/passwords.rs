//! Passwords that are easy to guess are refused wherever one is chosen; the own one is
//! changed with the old one.

use std::path::Path;

use rubrica::domain::secret::Secret;
use rubrica::services::accounts::{create_demo_admin, setup_link};
use rubrica::services::{Actor, Source};
use tempfile::tempdir;

use crate::support::admin::{self, PASSWORD, USERNAME, audited, sign_in};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;
use crate::support::process::{Process, command};

const NEW: &str = "cuatro gatos miran la lluvia";

/// Each for another reason: a common one, names of the portal, the user name, a sequence.
const GUESSED: [&str; 8] = [
    "password1234",
    "superman2024",
    "administrador",
    "rubrica12345",
    "12345RUBRICA",
    "ANA-ana-ana-2026",
    "123456789012",
    "aaaaaaaaaaaa",
];

#[tokio::test(flavor = "multi_thread")]
async fn i11_no_account_begins_with_a_password_that_is_easy_to_guess() {
    let app = App::spawn().await;
    let secret = setup_link::make(&app.portal).await.unwrap().unwrap();
    let url = app.at(&format!("/admin/setup?link={}", secret.expose()));
    let ana = Browser::new();
    let form = ana.get(&url).await.form("main form#step");
    let form = form.set("username", USERNAME);
    for guessed in GUESSED {
        let page = ana.submit(&form.clone().set("password", guessed)).await;
        let page = page.expect_status(422);
        assert!(page.has("#error-summary a[href='#password']"), "{page:?}");
        assert!(!page.body.contains(guessed), "{page:?}");
    }
    ana.submit(&form.set("password", PASSWORD))
        .await
        .expect_redirect_to("/admin");
}

/// Sends the form for another password.
async fn change(app: &App, browser: &Browser, [now, new]: [&str; 2]) -> Page {
    let page = browser.visit(&app.at("/admin/account")).await;
    let form = page.form("main form#step");
    let form = form.set("password", now).set("new_password", new);
    browser.submit(&form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_a_new_password_needs_the_old_one_and_ends_the_other_sessions() {
    let app = admin::app().await;
    let (ana, elsewhere) = (admin::signed_in(&app).await, admin::signed_in(&app).await);
    let before = ana.cookie(&app.url, "rubrica-admin").unwrap();
    let wrong = change(&app, &ana, ["not it", NEW]).await.expect_status(422);
    assert!(wrong.has("#error-summary a[href='#password']"), "{wrong:?}");
    for guessed in GUESSED.into_iter().chain(["short", PASSWORD]) {
        let refused = change(&app, &ana, [PASSWORD, guessed]).await;
        let refused = refused.expect_status(422);
        assert!(
            refused.has("#error-summary a[href='#new_password']"),
            "{refused:?}"
        );
    }
    elsewhere.get(&app.at("/admin")).await.expect_status(200);
    let changed = change(&app, &ana, [PASSWORD, NEW]).await;
    let page = ana.follow(changed).await.expect_status(200);
    assert!(page.has(".banner.good"), "{page:?}");
    elsewhere
        .get(&app.at("/admin"))
        .await
        .expect_redirect_to("/admin/sign-in");
    let after = ana.cookie(&app.url, "rubrica-admin").unwrap();
    assert_ne!(before, after);
    elsewhere.set_cookie(&app.url, "rubrica-admin", &before);
    elsewhere
        .get(&app.at("/admin"))
        .await
        .expect_redirect_to("/admin/sign-in");
    sign_in(&app, &elsewhere, USERNAME, PASSWORD)
        .await
        .expect_status(422);
    sign_in(&app, &elsewhere, USERNAME, NEW)
        .await
        .expect_redirect_to("/admin");
    let audit = audited(&app, &ana).await;
    assert!(audit[2].contains("Own password changed"), "{audit:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_who_is_refused_is_told_why_in_spanish() {
    let app = admin::app().await;
    let ana = Browser::speaking("es");
    sign_in(&app, &ana, USERNAME, PASSWORD)
        .await
        .expect_redirect_to("/admin");
    for (guessed, says) in [
        ("superman2024", "muy usada"),
        ("rubrica12345", "nombres de este portal"),
        ("123456789012", "secuencia"),
        ("corta", "12 caracteres"),
        (PASSWORD, "la contraseña que ya tiene"),
    ] {
        let page = change(&app, &ana, [PASSWORD, guessed]).await;
        let error = page.expect_status(422).text("#new_password-error");
        assert!(error.contains(says), "{guessed}: {error}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_an_account_with_a_weak_password_signs_in_and_is_told_until_it_is_changed() {
    let app = App::spawn().await;
    let actor = Actor {
        name: "system".into(),
        source: Source::default(),
    };
    let weak = Secret::new("password1234");
    create_demo_admin(&app.portal, USERNAME, weak, &actor)
        .await
        .unwrap();
    let ana = Browser::new();
    sign_in(&app, &ana, USERNAME, "password1234")
        .await
        .expect_redirect_to("/admin");
    let page = ana.visit(&app.at("/admin/account")).await;
    let told = page.text(".banner.warning");
    assert!(told.contains("easy to guess"), "{told}");
    let changed = change(&app, &ana, ["password1234", NEW]).await;
    let page = ana.follow(changed).await.expect_status(200);
    assert!(!page.has(".banner.warning"), "{page:?}");
}

fn run(dir: &Path, act: &str, password: &str) -> (bool, String) {
    std::fs::write(dir.join("password"), password).unwrap();
    let mut arguments = admin::create("maria");
    arguments[1] = act;
    let output = command(dir, &arguments, &[]).output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    (output.status.success(), words)
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_the_command_line_refuses_them_too_and_the_demo_warns() {
    let dir = tempdir().unwrap();
    std::fs::write(dir.path().join("weak"), "password1234\n").unwrap();
    let variables = [
        ("RUBRICA_ADMIN_USERNAME", "ana"),
        ("RUBRICA_ADMIN_PASSWORD_FILE", "weak"),
    ];
    let ports = ["--listen", "127.0.0.1:0", "--sandbox-listen", "127.0.0.1:0"];
    let arguments = [&["demo"], ports.as_slice()].concat();
    let mut demo = command(dir.path(), &arguments, &variables);
    let words = std::fs::File::create(dir.path().join("words")).unwrap();
    demo.stderr(words);
    let demo = Process::try_start(demo, 2).unwrap();
    let words = std::fs::read_to_string(dir.path().join("words")).unwrap();
    assert!(words.contains("RUBRICA_ADMIN_PASSWORD_FILE"), "{words}");
    assert!(!words.contains("password1234"), "{words}");
    let browser = Browser::new();
    let page = browser
        .visit(&format!("{}/admin", demo.url("portal")))
        .await;
    let form = page.form("main form#step").set("username", "ana");
    let form = form.set("password", "password1234");
    browser.submit_and_follow(&form).await.expect_status(200);

    for (act, guessed) in [("create", "mariamaria12"), ("create", "superman2024")] {
        let (is_made, words) = run(dir.path(), act, guessed);
        assert!(!is_made && !words.contains(guessed), "{words}");
    }
    assert!(run(dir.path(), "create", PASSWORD).0);
    let (is_reset, words) = run(dir.path(), "reset", "administrador");
    assert!(
        !is_reset && words.contains("names of this portal"),
        "{words}"
    );
    assert!(run(dir.path(), "reset", NEW).0);
}
