//! The test of a connection: each mistake an administrator can make is named with what
//! to do, by the button and by the command alike.

mod direct;
mod doors;
mod login_url;
mod network;
mod tls;

use serde_json::Value;

use crate::support::admin;
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;
use crate::support::process::command;

const NAMES: [&str; 7] = [
    "dns",
    "tcp",
    "tls",
    "clock",
    "api",
    "login_url",
    "direct_login",
];

/// A portal with the connection `demo`, and its administrator.
pub struct Desk {
    pub app: App,
    pub ana: Browser,
}

impl Desk {
    pub async fn new() -> Self {
        Self::at(App::spawn().await).await
    }

    pub async fn at(app: App) -> Self {
        let ana = admin::signed_in(&app).await;
        Self { app, ana }
    }

    /// Changes the connection on its page.
    pub async fn edit(&self, fields: &[(&str, &str)]) {
        let page = self.page().await;
        let mut form = page.form("main form#step");
        for (name, value) in fields {
            form = form.set(name, value);
        }
        let page = admin::confirmed(&self.ana, self.ana.submit(&form).await).await;
        if !page.has("form#step[action$='/server']") {
            return;
        }
        admin::led_on(&self.app, &self.ana, page).await;
        // Whoever runs the other server says so.
        let sql = "UPDATE redirect_urls SET state = 'registered'";
        admin::tamper(&self.app, sql).await;
    }

    async fn page(&self) -> Page {
        let page = self
            .ana
            .visit(&self.app.at("/admin/connections/demo"))
            .await;
        page.expect_status(200)
    }

    /// Presses the button.
    pub async fn pressed(&self) -> Page {
        let form = self.page().await.form("main form[action$='/test']");
        self.ana.submit(&form).await
    }

    /// Runs the command; returns its status and its two outputs.
    async fn command(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let dir = self.app.data_dir().to_owned();
        let data_dir = dir.to_str().unwrap().to_owned();
        let first = ["doctor", "demo", "--data-dir", &data_dir];
        let mut command = command(&dir, &[&first, arguments].concat(), &[]);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        let output = output.await.unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    }

    /// Tests the connection by the button and by the command. Both must find the same.
    pub async fn tested(&self) -> Findings {
        let page = self.pressed().await.expect_status(200);
        let (status, says, words) = self.command(&["--json"]).await;
        let of_command = Findings::of_json(&says, &words);
        let failed = of_command.0.iter().any(|one| one.result == "fail");
        assert_eq!(status, Some(i32::from(failed)), "{says} {words}");
        let of_button = Findings::of_page(&page);
        for (button, command) in of_button.0.iter().zip(&of_command.0) {
            // Seconds pass between the two.
            if button.name != "clock" {
                assert_eq!(button, command);
            }
            assert_eq!(button.result, command.result);
        }
        of_button
    }
}

/// What one door says.
#[derive(Debug)]
pub struct Findings(Vec<Found>);

#[derive(Debug, PartialEq, Eq)]
pub struct Found {
    name: String,
    result: String,
    pub cause: String,
    fix: String,
}

impl Findings {
    fn of_json(says: &str, words: &str) -> Self {
        let object: Value =
            serde_json::from_str(says).unwrap_or_else(|error| panic!("{error}: {says}, {words}"));
        let checks = object["checks"].as_array().unwrap();
        let text = |check: &Value, name: &str| check[name].as_str().unwrap_or("").to_owned();
        let found = checks.iter().map(|check| Found {
            name: text(check, "name"),
            result: text(check, "result"),
            cause: text(check, "cause"),
            fix: text(check, "fix"),
        });
        Self(found.collect()).whole()
    }

    pub fn of_page(page: &Page) -> Self {
        let text = |name: &str, what: &str| {
            let text = page.find(&format!("#check-{name} .{what}"));
            text.unwrap_or_default()
        };
        let found = NAMES.map(|name| {
            let fix = text(name, "fix");
            let cause = [text(name, "cause"), text(name, "said")].join(" ");
            Found {
                name: name.to_owned(),
                result: page
                    .attribute(&format!("#check-{name}"), "data-result")
                    .unwrap_or_else(|| panic!("no {name} on {page:?}")),
                cause: cause.trim().to_owned(),
                fix: fix.strip_prefix("What to do: ").unwrap_or(&fix).to_owned(),
            }
        });
        Self(found.into()).whole()
    }

    /// Every check is there, in order; every failure says what to do.
    fn whole(self) -> Self {
        let names: Vec<&str> = self.0.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, NAMES);
        for one in &self.0 {
            assert!(!one.cause.is_empty(), "{one:?}");
            assert!(one.result != "fail" || !one.fix.is_empty(), "{one:?}");
        }
        self
    }

    pub fn of(&self, name: &str) -> &Found {
        self.0.iter().find(|one| one.name == name).unwrap()
    }

    /// The check failed, and its cause and fix contain these words.
    #[track_caller]
    pub fn fails(&self, name: &str, cause: &str, fix: &str) {
        let found = self.of(name);
        assert_eq!(found.result, "fail", "{self:#?}");
        assert!(found.cause.contains(cause), "{cause}: {found:#?}");
        assert!(found.fix.contains(fix), "{fix}: {found:#?}");
    }

    /// The check passed, and its cause contains these words.
    #[track_caller]
    pub fn passes(&self, name: &str, cause: &str) {
        let found = self.of(name);
        assert_eq!(found.result, "pass", "{self:#?}");
        assert!(found.cause.contains(cause), "{cause}: {found:#?}");
    }

    /// Every check after this one was skipped, and says that this one is why.
    #[track_caller]
    fn skips_all_after(&self, name: &str, word: &str) {
        let rest = self.0.iter().skip_while(|one| one.name != name).skip(1);
        for one in rest {
            assert_eq!(one.result, "skip", "{self:#?}");
            assert!(one.cause.contains(word), "{one:#?}");
        }
    }
}
