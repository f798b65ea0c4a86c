//! Direct login, where a user is given.

use serde_json::{Value, json};

use super::{Desk, Findings};
use crate::support::page::Page;

impl Desk {
    /// Tests with an application user, by the form below the findings.
    pub async fn pressed_with(&self, username: &str, password: &str) -> Page {
        let page = self.pressed().await.expect_status(200);
        let form = page.form("main form#step");
        let form = form.set("username", username).set("password", password);
        self.ana.submit(&form).await
    }

    /// The same by the command; both must find the same.
    async fn tested_with(&self, username: &str, password: &str) -> Findings {
        let page = self
            .pressed_with(username, password)
            .await
            .expect_status(200);
        let is_canary = password.starts_with("canary");
        assert!(!is_canary || !page.body.contains(password), "{page:?}");
        std::fs::write(self.app.data_dir().join("password"), password).unwrap();
        let user = [
            "--username",
            username,
            "--password-file",
            "password",
            "--json",
        ];
        let (_, says, words) = self.command(&user).await;
        let of_command = Findings::of_json(&says, &words);
        let of_button = Findings::of_page(&page);
        assert_eq!(of_button.of("direct_login"), of_command.of("direct_login"));
        of_button
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_may_is_signed_in_and_out_again() {
    let desk = Desk::new().await;
    let found = desk.tested_with("ra-app", "ra-app").await;
    found.passes("direct_login", "signed out again");
    for operation in ["login", "logout"] {
        assert_eq!(desk.app.sandbox.count("effect", operation).await, 2);
    }
    let found = desk.tested_with("demo@demo", "demo").await;
    found.passes("direct_login", "signed out again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_named_and_never_shown() {
    let desk = Desk::new().await;
    let found = desk.tested_with("ra-app", "canary-password").await;
    let words = "does not accept user name, password or domain";
    found.fails("direct_login", words, "user@domain");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_in_the_way_of_a_user_is_told_by_its_code() {
    let desk = Desk::new().await;
    for (code, cause, fix) in [
        (
            "CHANGE_PASSWORD",
            "must change the password first",
            "password in Redtrust",
        ),
        ("MUST_WAIT", "must wait", "Wait"),
        ("REDIRECT", "Redtrust’s own page only", "SAML"),
        (
            "ERR_INACTIVE_MODULE",
            "may not use the RA API",
            "permissions",
        ),
        ("ERR_STRANGE", "refuses the sign-in", "log"),
    ] {
        let body = json!({"message": "Palabras", "messageType": "ERROR", "errorCode": code,
            "data": {}});
        let body = Value::from(body.to_string());
        desk.app
            .sandbox
            .fault("login", "before", "body", body, 0)
            .await;
        let found = desk.tested_with("ra-app", "secret").await;
        found.fails("direct_login", cause, fix);
        found.fails(
            "direct_login",
            &format!("Redtrust said: {code}: Palabras"),
            "",
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_name_without_a_password_is_asked_for_it() {
    let desk = Desk::new().await;
    let page = desk.pressed_with("ra-app", "").await.expect_status(422);
    assert!(page.has("#error-summary a[href='#password']"), "{page:?}");
    assert_eq!(
        page.form("main form#step").value("username"),
        Some("ra-app")
    );
    let (status, ..) = desk.command(&["--username", "ra-app"]).await;
    assert_eq!(status, Some(2));
}
