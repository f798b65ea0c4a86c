//! A list of thousands, whose words hundreds have: what it says of a search that stopped
//! before its end, and of one that only whole names answer.

use super::Gallery;
use crate::support::admin::tamper;
use crate::support::app::App;
use crate::support::browser::Browser;

/// The certificates that the others are copies of, and two that have words of both.
const NAMES: [&str; 4] = [
    "Ana Notaría",
    "Luis Notaría",
    "Ana Luis",
    "Luis Ana Notaría Pons",
];

/// 2,100 copies of each of the first two.
const CERTIFICATES: &str = "\
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4200) \
    INSERT INTO certificates (id, connection_id, owner_id, origin, recorded_at, certificate_id, \
        thumbprint, holder, subject, kind, issued_at, not_after, exact, proven, search_key) \
    SELECT 'copy-' || i, connection_id, owner_id, 'file', recorded_at, '', \
        printf('%040X', i), holder, subject, kind, issued_at, not_after + i, exact, proven, \
        search_key \
    FROM n, certificates \
    WHERE issuance_id IS NOT NULL \
        AND holder = CASE i % 2 WHEN 0 THEN 'Ana Notaría' ELSE 'Luis Notaría' END";
const WORDS: &str = "\
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4200) \
    INSERT INTO certificate_words (owner_id, connection_id, word, at, row_id) \
    SELECT w.owner_id, w.connection_id, w.word, w.at + i, 'copy-' || i \
    FROM n, certificates c, certificate_words w \
    WHERE c.issuance_id IS NOT NULL AND w.row_id = c.id \
        AND c.holder = CASE i % 2 WHEN 0 THEN 'Ana Notaría' ELSE 'Luis Notaría' END";

/// Somebody with 4,204 certificates.
pub async fn owner(app: &App, browser: &Browser) {
    app.sign_in_directly(browser, "ra-app").await;
    for name in NAMES {
        app.issue(browser, name).await;
    }
    tamper(app, CERTIFICATES).await;
    tamper(app, WORDS).await;
}

pub async fn walk(gallery: &mut Gallery) {
    let browser = gallery.browser();
    owner(&gallery.app, &browser).await;
    let list = browser.visit(&gallery.app.at("/certificates")).await;
    let filter = list.form("form#filter");
    gallery.keep("certificates-thousands", list);
    for (name, text, says) in [
        ("certificates-goes-on", "notaria ana luis", "#total"),
        ("certificates-exactly", "ana luis", "#exactly"),
    ] {
        let form = filter.clone().set("q", text);
        let page = browser.submit_and_follow(&form).await.expect_status(200);
        assert!(page.has(says), "{name}: {page:?}");
        gallery.keep(name, page);
    }
}
