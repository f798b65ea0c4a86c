//! A connection that is taken out of the configuration file is disabled at the next
//! start, and everybody is told; back in the file, it is enabled again.

use crate::support::admin::{PASSWORD, USERNAME, saved};
use crate::support::browser::Browser;
use crate::support::deployed::Deployed;
use crate::support::page::Page;
use crate::support::process::Process;

const PAGE: &str = "/admin/connections/acme";

struct FromFile {
    deployed: Deployed,
    portal: Option<Process>,
    ana: Browser,
}

impl FromFile {
    async fn start() -> Self {
        let deployed = Deployed::start(None, 1).await;
        std::fs::write(deployed.dir.path().join("password"), PASSWORD).unwrap();
        let file = ["--password-file", "password"];
        let create = [
            &["admin", "create", "--username", USERNAME],
            file.as_slice(),
        ]
        .concat();
        let made = deployed.command(0, &create, &[]).output().unwrap();
        assert!(made.status.success(), "{made:?}");
        let portal = Some(deployed.serve(0));
        let ana = Browser::new();
        let mut here = Self {
            deployed,
            portal,
            ana,
        };
        here.sign_in().await;
        here
    }

    async fn sign_in(&mut self) {
        let page = self.visit("/admin/sign-in").await;
        let form = page.form("form#step").set("username", USERNAME);
        let form = form.set("password", PASSWORD);
        self.ana.submit(&form).await.expect_redirect_to("/admin");
    }

    fn at(&self, path: &str) -> String {
        format!("{}{path}", self.deployed.origin())
    }

    async fn visit(&self, path: &str) -> Page {
        self.ana.visit(&self.at(path)).await
    }

    /// Starts again, with another connection in the file.
    fn restart_with(&mut self, from: &str, to: &str) {
        drop(self.portal.take());
        let slug = |slug| format!("slug = \"{slug}\"");
        self.deployed.rewrite(0, &slug(from), &slug(to));
        let url = |slug| format!("/callback/{slug}\"");
        self.deployed.rewrite(0, &url(from), &url(to));
        self.portal = Some(self.deployed.serve(0));
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.deployed.log_of(0)).unwrap()
    }
}

fn state(page: &Page) -> String {
    page.attribute("#connection-state", "data-state")
        .unwrap_or_else(|| panic!("{page:?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn out_of_the_file_it_is_disabled_and_said_so_and_back_in_it_enabled() {
    let mut here = FromFile::start().await;
    let page = here.visit(PAGE).await;
    assert!(
        state(&page) == "enabled" && !page.has("form#step, form#switch"),
        "{page:?}"
    );
    here.restart_with("acme", "other");
    assert!(
        here.log().contains("\"connection_left_file\""),
        "{}",
        here.log()
    );
    let sign_in = here.at("/sign-in?connection=acme");
    Browser::new().visit(&sign_in).await.expect_status(404);
    let page = here.visit(PAGE).await;
    assert_eq!(state(&page), "disabled", "{page:?}");
    assert!(page.text(".banner").contains("no longer in"), "{page:?}");
    let list = here.visit("/admin/connections").await;
    let row = list.texts("tbody tr").concat();
    assert!(row.contains("No longer in the configuration file"), "{row}");
    let audit = here.visit("/admin/audit").await.texts("tbody tr").concat();
    assert!(
        audit.contains("no longer in the configuration file"),
        "{audit}"
    );
    here.restart_with("other", "acme");
    let page = here.visit(PAGE).await;
    assert!(
        state(&page) == "enabled" && !page.has(".banner"),
        "{page:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn out_of_the_file_an_admin_decides_about_it() {
    let mut here = FromFile::start().await;
    // On the pages, this machine is no address for a server unless the operator says so.
    let allowed = "allowed_networks = \"127.0.0.0/8\"\nlisten";
    here.deployed.rewrite(0, "listen", allowed);
    here.restart_with("acme", "other");
    let page = here.visit(PAGE).await;
    assert!(!page.has("form#step"), "{page:?}");
    let on = saved(&here.ana, &page.form("form#switch")).await;
    assert_eq!(state(&on), "enabled", "{on:?}");
    here.restart_with("other", "others");
    let page = here.visit(PAGE).await;
    assert_eq!(state(&page), "enabled", "a later start leaves it: {page:?}");
    let ask = here.visit(&format!("{PAGE}/off")).await;
    let off = saved(&here.ana, &ask.form("form#switch")).await;
    assert_eq!(state(&off), "disabled", "{off:?}");
    let ours = off.form("form#hand-over");
    let asked = here.ana.submit(&ours).await.expect_status(200);
    assert!(asked.has("form#step input[name=password]"), "{asked:?}");
    assert!(
        here.visit(PAGE).await.has("form#hand-over"),
        "asking changes nothing"
    );
    let mine = saved(&here.ana, &ours).await;
    let form = mine.expect_status(200).form("form#step");
    let named = saved(&here.ana, &form.set("name", "Ours")).await;
    assert_eq!(named.expect_status(200).text("main h1"), "Ours");
}
