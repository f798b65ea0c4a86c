//! No link, form, file or redirect leads out of the portal, however the address of the
//! page was spelled; each page has one spelling only.

use reqwest::Url;
use rubrica::web::ALL_ROUTES;

use super::raw::ask;
use crate::support::admin;
use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;

/// What has led browsers or servers astray elsewhere.
const ASTRAY: [&str; 36] = [
    "//evil.example",
    "///evil.example",
    "////evil.example/x",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/%5cevil.example",
    "/%5C%5Cevil.example",
    "%2f%2fevil.example",
    "/%2fevil.example",
    "/%2F%2Fevil.example",
    "/%09/evil.example",
    "/%0a/evil.example",
    "/%0d%0aLocation:%20https://evil.example",
    "/%00/evil.example",
    "/%20/evil.example",
    "https://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "http:///evil.example",
    "//evil.example@localhost",
    "//localhost@evil.example",
    "//evil.example:80",
    "//evil%E3%80%82example",
    "//%65vil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/./evil.example/..",
    "/;@evil.example",
    "@evil.example",
    ".evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "?//evil.example",
    "/x?go=https://evil.example",
    "/%252f%252fevil.example",
];

/// Every address on the page, with the redirect's.
fn targets(page: &Page) -> Vec<String> {
    let mut all: Vec<String> = ["href", "src", "action", "formaction"]
        .iter()
        .flat_map(|name| page.attributes(&format!("[{name}]"), name))
        .collect();
    let headers = ["location", "refresh", "link", "content-location"];
    all.extend(headers.iter().map(|name| page.header(name).to_owned()));
    all.extend(page.attributes("meta[http-equiv=refresh]", "content"));
    all.retain(|target| !target.is_empty());
    all
}

#[track_caller]
fn stays(app: &App, asked: &str, page: &Page) -> usize {
    // As the browser sees it: relative addresses are read from the address bar.
    let base = Url::parse(&format!("{}{asked}", app.url));
    let base = base.unwrap_or_else(|_| app.url.parse().unwrap());
    let origin = Url::parse(&app.url).unwrap().origin();
    let all = targets(page);
    for target in &all {
        let to = base.join(target).unwrap();
        assert_eq!(to.origin(), origin, "{asked} leads to {target}: {page:?}");
    }
    all.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_no_spelling_of_an_address_makes_a_page_lead_elsewhere() {
    let (app, ana) = App::spawn_signed_in().await;
    let (mut asked, mut seen) = (0, 0);
    for before in ["", "/", "/admin/", "/issuances/", "/sign-in", "/static/"] {
        for astray in ASTRAY {
            for after in [
                "",
                "?lang=es&x=//evil.example",
                "/?connection=//evil.example",
            ] {
                let target = format!("{before}{astray}{after}");
                if !target.starts_with('/') {
                    continue;
                }
                let page = ask(&app, &ana, "GET", &target).await;
                // The server's parser itself turns some away, without a page.
                seen += stays(&app, &target, &page);
                assert!(page.status.as_u16() < 500, "{target}: {page:?}");
                asked += 1;
            }
        }
    }
    assert!(asked > 500 && seen > asked, "{asked} asked, {seen} seen");
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_no_parameter_of_any_page_makes_it_lead_elsewhere() {
    let (app, ana) = App::spawn_signed_in().await;
    let admin = admin::signed_in(&app).await;
    let names = "go connection lang page kept done find state kind from to sort link before";
    let astray = ASTRAY.map(|text| text.trim_start_matches('?').replace('&', "%26"));
    let pages = ALL_ROUTES.iter().copied().flatten();
    let pages = pages.filter(|route| route.method == "GET" && !route.path.contains('{'));
    for (number, route) in pages.enumerate() {
        let visitor = match route.path.starts_with("/admin") {
            true => &admin,
            false => &ana,
        };
        for browser in [visitor, &Browser::new()] {
            for (shift, name) in names.split(' ').enumerate() {
                let astray = &astray[(number * 5 + shift) % astray.len()];
                let target = format!("{}?{name}={astray}&x={astray}", route.path);
                let page = ask(&app, browser, "GET", &target).await;
                stays(&app, &target, &page);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_no_field_of_the_sign_in_forms_makes_them_lead_elsewhere() {
    let (app, ana) = (App::spawn().await, Browser::new());
    let page = ana.get(&app.at("/sign-in")).await;
    let direct = page.form("form[action='/sign-in/direct']");
    let direct = direct.set("username", "ra-app").set("password", "ra-app");
    let redtrust = page.form("form[action='/sign-in/redtrust']");
    for astray in ASTRAY {
        let answer = ana.submit(&direct.clone().forge("go", astray)).await;
        stays(&app, "/sign-in/direct", &answer.expect_status(303));
        let answer = ana
            .submit(&redtrust.clone().forge("connection", astray))
            .await;
        stays(&app, "/sign-in/redtrust", &answer.expect_status(404));
        let answer = ana.submit(&redtrust.clone().forge("go", astray)).await;
        let to = answer.location().unwrap();
        assert!(to.as_str().starts_with(&app.sandbox.url), "{to}");
        let mut query = to.query_pairs();
        let (_, back) = query.find(|(name, _)| name == "RedirectUrl").unwrap();
        assert_eq!(back, app.at("/callback/demo"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i12_a_path_in_another_spelling_is_404_before_any_handler() {
    let app = App::spawn().await;
    let admin = admin::signed_in(&app).await;
    for path in [
        "//admin",
        "/%61dmin",
        "/./admin",
        "/admin/.",
        "/sign-in/../admin",
        "/sign-in/%2e%2e/admin",
        "/admin%2faudit",
        "/admin%5Caudit",
        "/admin\\audit",
        "/admin//audit",
        "/admin/audit//",
        "/%61dmin/audit",
        "/admin/%61udit",
        "/admin/audit%00",
        "/healthz%00",
        "/%68ealthz",
        "//healthz",
        "/static//app.css",
    ] {
        for method in ["GET", "HEAD", "POST"] {
            let page = ask(&app, &admin, method, path).await.expect_status(404);
            if method == "HEAD" {
                continue;
            }
            assert_eq!(page.problem(), "not_found", "{path}");
            assert_eq!(page.header("x-request-id"), page.text("#request-id"));
            assert!(page.header("content-security-policy").contains("'none'"));
            let link = page.attribute("a[hreflang=es]", "href");
            assert!(link.is_some_and(|link| link.starts_with("/?") || link.starts_with("/admin?")));
        }
    }
    let page = ask(&app, &admin, "GET", "/admin/audit").await;
    page.expect_status(200);
}
