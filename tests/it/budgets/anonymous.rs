//! Visitors who are not signed in leave nothing behind.

use std::collections::BTreeMap;

use rubrica::web::ALL_ROUTES;
use sqlx::{AnyConnection, Connection as _};

use crate::support::app::App;
use crate::support::browser::Browser;

/// How many rows each table has.
async fn rows(app: &App) -> BTreeMap<String, i64> {
    let url = format!("sqlite://{}/rubrica.db", app.data_dir().display());
    let mut database = AnyConnection::connect(&url).await.unwrap();
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table'";
    let tables: Vec<String> = sqlx::query_scalar(tables)
        .fetch_all(&mut database)
        .await
        .unwrap();
    assert!(tables.len() > 10, "{tables:?}");
    let mut rows = BTreeMap::new();
    for table in tables {
        let count = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
        let count = sqlx::query_scalar(count).fetch_one(&mut database).await;
        rows.insert(table, count.unwrap());
    }
    rows
}

#[tokio::test(flavor = "multi_thread")]
async fn g08_anonymous_visits_write_no_rows_and_only_sign_in_pages_set_a_cookie() {
    let app = App::spawn().await;
    let before = rows(&app).await;
    for _ in 0..20 {
        for route in ALL_ROUTES.iter().copied().flatten() {
            if route.method != "GET" {
                continue;
            }
            let path = route.path.replace("{slug}", "demo");
            let (path, _) = path.split_once('{').unwrap_or((&path, ""));
            let browser = Browser::new();
            browser.get(&app.at(path)).await;
            let cookies = browser.cookie_names(&app.url);
            let may = path.contains("sign-in") || path == "/admin/setup";
            assert!(may || cookies.is_empty(), "{path}: {cookies:?}");
            assert!(
                cookies.iter().all(|name| name.contains("pre")),
                "{cookies:?}"
            );
        }
    }
    assert_eq!(rows(&app).await, before);
}
