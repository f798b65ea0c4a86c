//! Groups, further facts and spellings: an admin says what a connection has,
//! people choose from it, and nothing else is sent.

use super::{filled, refused_at, signed_in, up_to};
use crate::support::admin;
use crate::support::app::{App, state_of};
use crate::support::browser::Browser;
use crate::support::page::{Form, Page};

const NAME: [(&str, &str); 2] = [("kind", "name"), ("common_name", "ANA")];

/// The form of the connection `demo`.
async fn connection_form(app: &App, root: &Browser) -> Form {
    let page = root.visit(&app.at("/admin/connections/demo")).await;
    page.expect_status(200).form("main form#step")
}

async fn offered(app: &App) {
    let root = admin::signed_in(app).await;
    let form = connection_form(app, &root)
        .await
        .set("groups", "3 Sales\n5 <b>Legal</b>")
        .set("info_fields", "proident_9b File number")
        .set("attributes", "cn = 2.5.4.3\nemail = 1.2.840.113549.1.9.1");
    let saved = root.submit_and_follow(&form).await.expect_status(200);
    let form = saved.form("main form#step");
    assert_eq!(
        form.value("attributes"),
        Some("cn = 2.5.4.3\nemail = 1.2.840.113549.1.9.1")
    );
    let audit = admin::audited(app, &root).await;
    assert!(
        audit.iter().any(|row| row.contains("proident_9b")),
        "{audit:?}"
    );
}

/// The options page with these boxes ticked.
fn ticked(page: &Page, groups: &[&str]) -> Form {
    let mut form = page.form("form#step").without("group_ids");
    form = groups
        .iter()
        .fold(form, |form, group| form.push("group_ids", group));
    form
}

#[tokio::test(flavor = "multi_thread")]
async fn people_choose_groups_and_fill_in_facts_where_a_connection_has_them() {
    let (app, ana) = signed_in("en").await;
    let none = up_to(&app, &ana, "/options", &NAME).await;
    assert!(!none.has("[name=group_ids]") && !none.has("[name=info_1]"));
    let bare = up_to(&app, &ana, "/check", &NAME).await;
    let said = bare.texts("dl.summary dd");
    assert!(said.contains(&"Not given".to_owned()), "{said:?}");
    offered(&app).await;
    let page = up_to(&app, &ana, "/options", &NAME).await;
    assert_eq!(page.texts("fieldset label"), ["Sales", "<b>Legal</b>"]);
    assert!(page.text("label[for=info_1]").contains("File number"));
    assert!(page.text("#email-hint").contains("into the certificate"));
    let form = ticked(&page, &["3", "5"])
        .set("info_1", "7/2026")
        .set("email", "ana@example.org");
    let check = ana.submit_and_follow(&form).await.expect_status(200);
    let main = check.text("main");
    assert!(main.contains("Sales, <b>Legal</b>") && main.contains("7/2026"));
    assert!(
        check.text("#preview").contains("E=ana@example.org"),
        "{check:?}"
    );
    // Once more to that page: it stands as it was left, and boxes can be cleared.
    let change = check.attribute("dl a[href*='/options']", "href").unwrap();
    let again = ana.get(&app.at(&change)).await.expect_status(200);
    assert_eq!(
        again.texts("fieldset .option input[checked] + div").len(),
        2
    );
    assert_eq!(again.form("form#step").value("info_1"), Some("7/2026"));
    let cleared = ana.submit_and_follow(&ticked(&again, &[""])).await;
    assert!(!cleared.text("main").contains("Sales"), "{cleared:?}");
    let submit = cleared.form("form#step").set("confirm", "yes");
    let page = ana.submit_and_follow(&submit).await;
    let issued = app.settled(&ana, page).await;
    assert_eq!(state_of(&issued), "issued", "{issued:?}");
    assert_eq!(issued.text("#holder"), "ANA");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_offered_is_refused_at_its_field_and_nothing_is_sent() {
    let (app, ana) = signed_in("en").await;
    offered(&app).await;
    let page = up_to(&app, &ana, "/options", &NAME).await;
    let before = app.sandbox.ledger().await.len();
    for foreign in [&["7"][..], &["3", "7"], &["x"], &["3;5"]] {
        let answer = ana.submit(&ticked(&page, foreign)).await;
        refused_at(&answer, "group_ids", "not offered");
    }
    for wrong in ["a\u{7}b", &"x".repeat(256)] {
        let form = page.form("form#step").set("info_1", wrong);
        let answer = ana.submit(&form).await;
        refused_at(&answer, "info_1", "visible characters");
        // A page cannot contain a control character.
        let shown = wrong.replace('\u{7}', "\u{FFFD}");
        let again = answer.form("form#step");
        assert_eq!(again.value("info_1"), Some(shown.as_str()));
    }
    // A group that is taken back while the draft lies there.
    let check = ana.submit_and_follow(&ticked(&page, &["5"])).await;
    let root = admin::signed_in(&app).await;
    let form = connection_form(&app, &root).await.set("groups", "3 Sales");
    root.submit_and_follow(&form).await.expect_status(200);
    let submit = check.form("form#step").set("confirm", "yes");
    let back = ana.submit_and_follow(&submit).await.expect_status(200);
    assert!(back.url.path().ends_with("/options"), "{back:?}");
    assert_eq!(app.sandbox.ledger().await.len(), before);
    let goes_on = ana.submit_and_follow(&filled(&back, &[])).await;
    assert!(goes_on.url.path().ends_with("/check"), "{goes_on:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_is_told_which_line_is_wrong_and_how() {
    let app = admin::app().await;
    let root = admin::signed_in(&app).await;
    let many: String = (0..11).map(|number| format!("k{number} x\n")).collect();
    for (field, text, words) in [
        ("groups", "3 Sales\nLegal", "Line 2 is not a number"),
        ("groups", "3 Sales\n3 Legal", "Line 2 repeats"),
        ("info_fields", "proident_9b", "Line 1 is not a key"),
        ("info_fields", &many, "10 lines at most"),
        (
            "attributes",
            "shoe = 38",
            "Line 1 is not one of the attributes",
        ),
        (
            "attributes",
            "cn = a b",
            "Line 1 is not one of the attributes",
        ),
    ] {
        let form = connection_form(&app, &root).await.set(field, text);
        let answer = root.submit(&form).await;
        refused_at(&answer, field, words);
        let kept = answer.form("main form#step");
        assert_eq!(kept.value(field).map(str::trim_end), Some(text.trim_end()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_configuration_file_offers_the_same() {
    let app = App::spawn_from_toml(|url, key, origin| {
        format!(
            r#"
[[connection]]
slug = "acme"
name = "Acme"
base_url = "{url}"
partner = "RUBRICA-DEMO"
shared_key = "{key}"
redirect_url = "{origin}/callback/acme"
direct_login = true
groups = [{{ number = 3, name = "Sales" }}]
info_fields = [{{ key = "proident_9b", label = "File number" }}]
[connection.attributes]
surname = "2.5.4.4"
"#
        )
    })
    .await;
    let ana = Browser::new();
    app.sign_in_directly(&ana, "ra-app").await;
    let page = up_to(&app, &ana, "/options", &NAME).await;
    assert_eq!(page.texts("fieldset label"), ["Sales"]);
    assert!(page.has("[name=info_1]"), "{page:?}");
    let all = app.portal.connections.all().await.unwrap();
    assert_eq!(
        all[0].settings.request_options.attributes["surname"],
        "2.5.4.4"
    );
}
