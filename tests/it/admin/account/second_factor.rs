//! The second factor: switched on by a code, asked for at each sign-in and before what a
//! stolen session must not do, switched off with both.

use std::time::Duration;

use rubrica::config::SecondFactor;

use super::{STEP, next_code};
use crate::support::admin::{self, PASSWORD, USERNAME, audited, sign_in, sign_in_form};
use crate::support::app::App;
use crate::support::authenticator::{Authenticator, give, password_given, switch_on};
use crate::support::browser::Browser;

#[tokio::test(flavor = "multi_thread")]
async fn i11_a_second_factor_counts_once_a_code_has_shown_that_the_app_has_the_key() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let home = ana.visit(&app.at("/admin")).await;
    assert!(home.text(".tasks").contains("No second factor yet"));
    assert!(home.has(".tasks a[href='/admin/account']"), "{home:?}");
    let page = ana.visit(&app.at("/admin/account/second-factor")).await;
    assert!(page.has("svg#totp-qr path"), "{page:?}");
    let authenticator = Authenticator::of(&page);
    let form = page.form("main form#step");
    for (password, code, field) in [
        (PASSWORD, authenticator.wrong_code(&app), "totp"),
        ("not it", authenticator.code(&app), "password"),
    ] {
        let form = form.clone().set("password", password).set("totp", &code);
        let again = ana.submit(&form).await.expect_status(422);
        let link = format!("#error-summary a[href='#{field}']");
        assert!(again.has(&link), "{again:?}");
        assert_eq!(again.text("#totp-key"), page.text("#totp-key"));
        assert!(!again.body.contains(PASSWORD));
    }
    let other = admin::signed_in(&app).await;
    let (_, codes) = switch_on(&app, &ana).await;
    other
        .get(&app.at("/admin"))
        .await
        .expect_redirect_to("/admin/sign-in");
    let account = ana.visit(&app.at("/admin/account")).await;
    assert_eq!(
        account.attribute("#second-factor", "data-state").unwrap(),
        "on"
    );
    assert!(codes.iter().all(|code| !account.body.contains(code)));
    let again = ana.get(&app.at("/admin/account/second-factor")).await;
    again.expect_redirect_to("/admin/account");
    let home = ana.visit(&app.at("/admin")).await;
    assert!(!home.text(".tasks").contains("No second factor yet"));
    let audit = audited(&app, &ana).await;
    assert!(audit[0].contains("Second factor turned on"), "{audit:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_the_password_alone_gives_no_session_and_a_wrong_code_can_be_corrected() {
    let app = admin::app().await;
    let (authenticator, _) = switch_on(&app, &admin::signed_in(&app).await).await;
    next_code(&app);
    let ana = Browser::new();
    let page = password_given(&app, &ana, USERNAME).await;
    ana.get(&app.at("/admin"))
        .await
        .expect_redirect_to("/admin/sign-in");
    for wrong in ["", "12345", &authenticator.wrong_code(&app), "AAAAA-AAAAA"] {
        let again = give(&ana, &page, wrong).await.expect_status(422);
        assert!(again.has("#error-summary a[href='#totp']"), "{again:?}");
        assert!(ana.cookie(&app.url, "rubrica-admin").is_none());
    }
    let typed = authenticator.code(&app);
    let typed = format!(" {} {} ", &typed[..3], &typed[3..]);
    give(&ana, &page, &typed).await.expect_redirect_to("/admin");
    let audit = audited(&app, &ana).await;
    assert!(audit[0].contains("Signed in with a portal account") && audit[0].contains("App"));
    assert!(
        audit[1].contains("Sign-in with a portal account refused"),
        "{audit:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_a_code_is_taken_one_step_late_and_never_twice() {
    let app = admin::app().await;
    let (authenticator, _) = switch_on(&app, &admin::signed_in(&app).await).await;
    let spent = authenticator.code(&app);
    let ana = Browser::new();
    let page = password_given(&app, &ana, USERNAME).await;
    give(&ana, &page, &spent).await.expect_status(422);
    next_code(&app);
    let early = authenticator.code(&app);
    next_code(&app);
    give(&ana, &page, &early).await.expect_redirect_to("/admin");
    let (eve, seen) = (Browser::new(), early);
    let page = password_given(&app, &eve, USERNAME).await;
    give(&eve, &page, &seen).await.expect_status(422);
    let old = authenticator.code(&app);
    app.clock.advance(STEP * 2);
    give(&eve, &page, &old).await.expect_status(422);
    give(&eve, &page, &authenticator.code(&app))
        .await
        .expect_redirect_to("/admin");
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_password_and_code_may_come_at_once_and_a_wrong_code_leads_to_the_second_step() {
    let app = admin::app().await;
    let (authenticator, _) = switch_on(&app, &admin::signed_in(&app).await).await;
    next_code(&app);
    let ana = Browser::new();
    let form = sign_in_form(&app, &ana).await;
    let form = form.set("username", USERNAME).set("password", PASSWORD);
    let wrong = form.clone().forge("totp", &authenticator.wrong_code(&app));
    let page = ana.submit(&wrong).await.expect_status(422);
    assert!(ana.cookie(&app.url, "rubrica-admin").is_none());
    let right = form.forge("totp", &authenticator.code(&app));
    let eve = right.clone().set("password", "not it");
    ana.submit(&eve).await.expect_status(422);
    ana.submit(&right).await.expect_redirect_to("/admin");
    // That code is spent, and with it what the first answer was good for.
    let late = give(&ana, &page, &authenticator.code(&app)).await;
    assert_eq!(late.expect_status(400).problem(), "sign_in_over");
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_the_way_between_password_and_code_is_short_for_one_browser_and_for_once() {
    let app = admin::app().await;
    let (authenticator, _) = switch_on(&app, &admin::signed_in(&app).await).await;
    next_code(&app);
    let (ana, eve) = (Browser::new(), Browser::new());
    let page = password_given(&app, &ana, USERNAME).await;
    let carried = ana.cookie(&app.url, "rubrica-admin-code").unwrap();
    let elsewhere = sign_in_form(&app, &eve).await;
    eve.set_cookie(&app.url, "rubrica-admin-code", &carried);
    let elsewhere = elsewhere.to(&app.at("/admin/sign-in/code"));
    let refused = eve.submit(&elsewhere).await.expect_status(400);
    assert_eq!(refused.problem(), "sign_in_over");
    app.clock.advance(Duration::from_secs(5 * 60));
    let late = give(&ana, &page, &authenticator.code(&app)).await;
    assert_eq!(late.expect_status(400).problem(), "sign_in_over");
    let page = password_given(&app, &ana, USERNAME).await;
    let carried = ana.cookie(&app.url, "rubrica-admin-code").unwrap();
    give(&ana, &page, &authenticator.code(&app))
        .await
        .expect_redirect_to("/admin");
    assert!(ana.cookie(&app.url, "rubrica-admin-code").is_none());
    next_code(&app);
    ana.set_cookie(&app.url, "rubrica-admin-code", &carried);
    let replayed = give(&ana, &page, &authenticator.code(&app)).await;
    assert_eq!(replayed.expect_status(400).problem(), "sign_in_over");
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_it_is_switched_off_with_password_and_code_only() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let (authenticator, codes) = switch_on(&app, &ana).await;
    next_code(&app);
    let ask = app.at("/admin/account/second-factor/off");
    let form = ana.visit(&ask).await.form("main form#step");
    for (password, code) in [
        (PASSWORD, String::new()),
        (PASSWORD, authenticator.wrong_code(&app)),
        ("not it", authenticator.code(&app)),
    ] {
        let form = form.clone().set("password", password).set("totp", &code);
        ana.submit(&form).await.expect_status(422);
    }
    let form = form.set("password", PASSWORD);
    let off = ana
        .submit(&form.set("totp", &authenticator.code(&app)))
        .await;
    let page = ana.follow(off).await.expect_status(200);
    assert_eq!(
        page.attribute("#second-factor", "data-state").unwrap(),
        "off"
    );
    assert!(audited(&app, &ana).await[0].contains("Second factor turned off"));
    let eve = Browser::new();
    sign_in(&app, &eve, USERNAME, PASSWORD)
        .await
        .expect_redirect_to("/admin");
    // On again, with another key and other codes.
    next_code(&app);
    let (_, new) = switch_on(&app, &ana).await;
    assert!(new.iter().all(|code| !codes.contains(code)));
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_a_stolen_session_changes_nothing_without_the_code_and_is_dead_afterwards() {
    let app = admin::app().await;
    let ana = admin::signed_in(&app).await;
    let (authenticator, _) = switch_on(&app, &ana).await;
    next_code(&app);
    let stolen = ana.twin();
    let key = app.at("/admin/connections/demo/key");
    let form = ana.visit(&key).await.form("main form#step");
    let asked = ana.submit(&form.set("shared_key", "another key")).await;
    let form = asked.expect_status(200).form("main form#step");
    let form = form.set("password", PASSWORD);
    let refused = stolen.submit(&form).await.expect_status(422);
    assert!(refused.has("#error-summary a[href='#totp']"), "{refused:?}");
    let right = form.set("totp", &authenticator.code(&app));
    let done = ana.submit_and_follow(&right).await.expect_status(200);
    assert_eq!(done.url.path(), "/admin/connections/demo");
    stolen
        .get(&app.at("/admin"))
        .await
        .expect_redirect_to("/admin/sign-in");
    ana.get(&app.at("/admin")).await.expect_status(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_the_second_step_speaks_spanish() {
    let app = admin::app().await;
    let (authenticator, _) = switch_on(&app, &admin::signed_in(&app).await).await;
    let ana = Browser::speaking("es");
    let page = password_given(&app, &ana, USERNAME).await;
    assert_eq!(page.text("h1"), "Código de su aplicación");
    let wrong = give(&ana, &page, &authenticator.wrong_code(&app)).await;
    let told = wrong.expect_status(422).text("#error-summary li");
    assert!(told.contains("No se ha aceptado el código"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn i11_where_a_second_factor_is_demanded_nothing_opens_before_it_is_on() {
    let app = App::spawn_with("", |config| config.second_factor = SecondFactor::Required).await;
    admin::make_admin(&app).await;
    let ana = admin::signed_in(&app).await;
    let on = "/admin/account/second-factor";
    for path in [
        "/admin",
        "/admin/connections",
        "/admin/audit",
        "/admin/people",
        "/admin/account/mail",
    ] {
        ana.get(&app.at(path)).await.expect_redirect_to(on);
    }
    let account = ana.visit(&app.at("/admin/account")).await;
    assert!(
        account
            .text(".banner.warning")
            .contains("requires a second factor")
    );
    let (authenticator, _) = switch_on(&app, &ana).await;
    ana.visit(&app.at("/admin")).await.expect_status(200);
    let account = ana.visit(&app.at("/admin/account")).await;
    assert!(!account.has(".banner.warning"), "{account:?}");

    next_code(&app);
    let elsewhere = Browser::new();
    let page = password_given(&app, &elsewhere, USERNAME).await;
    give(&elsewhere, &page, &authenticator.code(&app))
        .await
        .expect_redirect_to("/admin");
    elsewhere.get(&app.at("/admin")).await.expect_status(200);

    // A new phone: off, and at once on again.
    next_code(&app);
    let form = ana.visit(&app.at("/admin/account/second-factor/off")).await;
    let form = form.form("main form#step").set("password", PASSWORD);
    let off = form.set("totp", &authenticator.code(&app));
    ana.submit(&off).await.expect_status(303);
    ana.get(&app.at("/admin")).await.expect_redirect_to(on);
    switch_on(&app, &ana).await;
    ana.visit(&app.at("/admin")).await.expect_status(200);
}
