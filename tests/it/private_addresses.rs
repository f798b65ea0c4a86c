//! Personal data are in no address: addresses lie in logs of proxies, in histories and in
//! `Referer`. A walk along all links looks for a number and a name in every one of them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use percent_encoding::percent_decode_str;
use reqwest::Url;
use rubrica::services::accounts::Role;

use crate::support::admin::{self, tamper};
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;
use crate::support::people::signed_in_as;

const NUMBER: &str = "54362315K";
const NAME: &str = "PLANTADA";

/// As many more as two pages need.
const CERTIFICATES: &str = "\
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 45) \
    INSERT INTO certificates (id, connection_id, owner_id, origin, recorded_at, certificate_id, \
        thumbprint, holder, subject, kind, issued_at, not_after, exact, proven, holder_key, \
        search_key) \
    SELECT 'copy-' || i, connection_id, owner_id, 'file', recorded_at, '', \
        printf('%040X', i), holder, subject, kind, issued_at, not_after + i, exact, proven, \
        holder_key, search_key \
    FROM n, certificates WHERE issuance_id IS NOT NULL";

/// Pages of the same shape that are looked at.
const OF_A_SHAPE: usize = 2;

/// An address in every form in which it can be read.
fn readings(address: &str) -> Vec<String> {
    let mut all = vec![address.to_owned()];
    // The way back to a list is an address within an address.
    for _ in 0..3 {
        let inner = percent_decode_str(&all[all.len() - 1]).decode_utf8_lossy();
        let inner = inner.into_owned();
        all.push(inner);
    }
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let words = all[3].split(|c: char| !is_of_word(c));
    let read = words.flat_map(|word| {
        let word = word.as_bytes();
        [
            data_encoding::BASE64URL_NOPAD.decode(word),
            data_encoding::HEXLOWER_PERMISSIVE.decode(word),
        ]
    });
    let read: Vec<String> = read
        .flatten()
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect();
    all.extend(read);
    all
}

fn tells(text: &str, secret: &str) -> bool {
    let secret = secret.to_lowercase();
    let mut all = readings(text).into_iter();
    all.any(|reading| reading.to_lowercase().contains(&secret))
}

/// The address without what differs from one record to the next.
fn shape(url: &Url) -> String {
    let parts = url.path().split('/').map(|part| {
        let is_id = part.contains(|c: char| c.is_ascii_digit());
        if is_id { "*" } else { part }
    });
    let path: Vec<_> = parts.collect();
    let names: BTreeSet<_> = url.query_pairs().map(|(name, _)| name).collect();
    format!("{} {names:?}", path.join("/"))
}

/// Everything on a page that leads somewhere.
fn addresses(page: &Page) -> Vec<String> {
    let places = [
        ("[href]", "href"),
        ("[action]", "action"),
        ("[formaction]", "formaction"),
        ("[src]", "src"),
        ("[data-events]", "data-events"),
        ("[data-finds]", "data-finds"),
        ("[data-send]", "data-send"),
        ("meta[http-equiv=refresh]", "content"),
    ];
    let all = places.iter();
    let mut all: Vec<String> = all
        .flat_map(|(selector, name)| page.attributes(selector, name))
        .collect();
    all.extend(page.location().map(String::from));
    all
}

/// What a walk has found.
#[derive(Default)]
struct Found {
    /// What tells something.
    telling: BTreeSet<String>,
    /// The lists of which a further page was looked at.
    lists: BTreeSet<String>,
    looked_at: usize,
}

impl Found {
    fn look_at(&mut self, page: &Page) {
        let at = page.url.path();
        for address in addresses(page) {
            if tells(&address, NUMBER) || tells(&address, NAME) {
                self.telling.insert(format!("{at} leads to {address}"));
            }
        }
        for (what, text) in [
            ("title", page.find("head title").unwrap_or_default()),
            ("file", page.header("content-disposition").to_owned()),
        ] {
            if tells(&text, NUMBER) {
                self.telling.insert(format!("{at} has the {what} {text}"));
            }
        }
        let query: Vec<_> = page.url.query_pairs().map(|(name, _)| name).collect();
        for place in ["page", "back"] {
            let is_further = page.has("a[rel=prev]") || place == "back";
            if query.iter().any(|name| name == place) && is_further && page.has("tbody tr") {
                self.lists.insert(format!("{at} {place}"));
            }
        }
        self.looked_at += 1;
    }
}

/// Follows all links from these pages on.
async fn walk(app: &App, browser: &Browser, starts: &[&str], found: &mut Found) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let starts = starts.iter().map(|path| app.at(path));
    let mut open: VecDeque<(String, String)> = starts.map(|url| (url, app.at("/"))).collect();
    while let Some((address, from)) = open.pop_front() {
        let url = Url::parse(&address).unwrap();
        let times = seen.entry(shape(&url)).or_default();
        *times += 1;
        if *times > OF_A_SHAPE {
            continue;
        }
        let page = browser.get_with(&address, &[("referer", &from)]).await;
        found.look_at(&page);
        let mut links = page.attributes("a[href]", "href");
        links.extend(page.location().map(String::from));
        for link in links {
            let mut there = page.url.join(&link).unwrap();
            there.set_fragment(None);
            if there.as_str().starts_with(&app.url) {
                open.push_back((there.into(), address.clone()));
            }
        }
    }
}

/// What a search for this leads to.
async fn search(app: &App, browser: &Browser, list: &str, found: &mut Found) -> String {
    let form = browser.get(&app.at(list)).await.form("form#filter");
    let form = form.set("q", NAME).set("sort", "holder");
    let answer = browser.submit(&form).await.expect_status(303);
    found.look_at(&answer);
    let there = answer.location().unwrap();
    format!("{}?{}", there.path(), there.query().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_address_tells_a_name_or_a_number_and_no_title_a_number() {
    let app = App::spawn().await;
    let ana = Browser::new();
    app.sign_in(&ana, "demo").await;
    let holder = |number: usize| format!("{NUMBER} EVA {NAME} {number:02}");
    app.issue(&ana, &holder(0)).await;
    tamper(&app, CERTIFICATES).await;
    let refused = ("csr_create", "INVALID_PARAM", "no");
    app.sandbox.refuse(refused.0, refused.1, refused.2).await;
    for number in 1..=21 {
        app.issue(&ana, &holder(number)).await;
    }
    let begun = ana.visit(&app.at("/issue")).await;
    let begun = begun.form("form#step").set("kind", "name");
    let begun = ana.submit_and_follow(&begun).await;
    let begun = begun.form("form#step").set("common_name", &holder(22));
    ana.submit(&begun).await.expect_status(303);

    let mut found = Found::default();
    let mut starts = vec!["/", "/account", "/issuances/drafts"];
    let sorted = ["/certificates?sort=holder", "/issuances?sort=holder"];
    starts.extend(sorted);
    let searched = [
        search(&app, &ana, "/certificates", &mut found).await,
        search(&app, &ana, "/issuances", &mut found).await,
    ];
    starts.extend(searched.iter().map(String::as_str));
    walk(&app, &ana, &starts, &mut found).await;
    let leo = signed_in_as(&app, "leo", Role::Officer, &["demo"]).await;
    let starts = [
        "/attention?sort=holder",
        "/attention/certificates?sort=holder",
    ];
    walk(&app, &leo, &starts, &mut found).await;
    admin::make_admin(&app).await;
    let desk = admin::signed_in(&app).await;
    walk(&app, &desk, &["/admin", "/admin/audit"], &mut found).await;

    for list in [
        "/certificates",
        "/issuances",
        "/attention",
        "/attention/certificates",
    ] {
        for place in ["page", "back"] {
            let further = format!("{list} {place}");
            assert!(found.lists.contains(&further), "{further} was not seen");
        }
    }
    assert!(found.looked_at > 60, "only {} pages", found.looked_at);
    assert!(found.telling.is_empty(), "{:#?}", found.telling);
}

#[test]
fn what_an_address_hides_is_found() {
    let bytes = format!("\0\x14{}", NUMBER.to_lowercase());
    for hidden in [
        data_encoding::BASE64URL_NOPAD.encode(bytes.as_bytes()),
        data_encoding::HEXUPPER.encode(bytes.as_bytes()),
        "54362315%4b".to_owned(),
        "54362315%254B".to_owned(),
    ] {
        let address = format!("/certificates?sort=holder&page={hidden}");
        assert!(tells(&address, NUMBER), "{address}");
    }
    assert!(!tells("/certificates?sort=holder&page=AAAA", NUMBER));
}
