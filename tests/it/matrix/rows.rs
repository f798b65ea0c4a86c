use crate::support::admin;
use crate::support::app::{App, thumbprint_of};
use crate::support::browser::Browser;
use crate::support::raw_client::RawClient;

/// What is stated of one route.
#[derive(Debug)]
pub struct Row {
    pub method: &'static str,
    pub path: &'static str,
    pub guard: &'static str,
    /// `form`: without a file, up to 16 KiB. `pem`: the same up to 1 MiB. `file`: also
    /// with a file of up to 1 MiB. `-`: none.
    pub body: &'static str,
    pub class: &'static str,
    /// `never`, `hour`, or `hash`: for ever if the name has the hash of the content.
    pub cache: &'static str,
}

/// `routes.txt`, sorted by path and method.
pub fn rows() -> Vec<Row> {
    let lines = include_str!("routes.txt").lines();
    let mut rows: Vec<_> = lines
        .map(|line| {
            let words: Vec<_> = line.split_whitespace().collect();
            let [method, path, guard, body, class, cache] = words[..] else {
                panic!("{line}");
            };
            Row {
                method,
                path,
                guard,
                body,
                class,
                cache,
            }
        })
        .collect();
    rows.sort_by_key(|row| (row.path, row.method));
    rows
}

/// A portal in which a user and an admin are signed in, with one certificate.
pub struct Desk {
    app: App,
    user: RawClient,
    admin: RawClient,
    id: String,
    thumbprint: String,
    stylesheet: String,
}

impl Desk {
    pub async fn new() -> Self {
        let (app, ana) = App::spawn_signed_in().await;
        let issued = app.issue(&ana, "Ana").await;
        let head = admin::signed_in(&app).await;
        Self {
            user: RawClient::of(&ana, &app.url, None),
            admin: RawClient::of(&head, &app.url, None),
            id: issued.url.path().rsplit('/').next().unwrap().to_owned(),
            thumbprint: thumbprint_of(&issued),
            stylesheet: issued.attribute("link[rel=stylesheet]", "href").unwrap(),
            app,
        }
    }

    /// The client that may use this route.
    pub fn client(&self, row: &Row) -> &RawClient {
        match row.guard {
            "Open" | "BeforeSignIn" | "User" => &self.user,
            _ => &self.admin,
        }
    }

    /// The path of this route, filled in with what there is.
    pub fn filled(&self, row: &Row) -> String {
        let name = self.stylesheet.rsplit('/').next().unwrap();
        row.path
            .replace("{id}", &self.id)
            .replace("{slug}", "demo")
            .replace("{step}", "holder")
            .replace("{reference}", "0123456789")
            .replace("{thumbprint}", &self.thumbprint)
            .replace("{secret}", "nobodys")
            .replace("{file}", name)
    }

    /// Whether both are still signed in.
    pub async fn assert_signed_in(&self) {
        for (client, path) in [(&self.user, "/account"), (&self.admin, "/admin")] {
            let browser = Browser::new();
            let cookies = [("cookie", client.cookies.as_str())];
            let page = browser.get_with(&self.app.at(path), &cookies).await;
            page.expect_status(200);
        }
    }
}
