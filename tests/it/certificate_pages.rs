//! The list of certificates: page by page, the first to expire first.

use rubrica::storage::StorageError;
use sqlx::AnyConnection;

use crate::support::app::App;
use crate::support::browser::Browser;
use crate::support::page::Page;

/// Copies of one certificate and its issuance, numbered 10 to 54; of three
/// each expire at the same moment.
const ISSUANCES: &str = "\
    WITH d(n) AS (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)), many(n) AS (\
        SELECT 10 * a.n + b.n FROM d a, d b WHERE 10 * a.n + b.n BETWEEN 10 AND 54) \
    INSERT INTO issuances (id, reference, owner_id, connection_id, sign_in_id, kind, state, \
        attempt, answers, holder, code_from_client, thumbprint, lease_until, created_at, \
        submitted_at, updated_at, cursor) \
    SELECT 'copy-' || CAST(n AS TEXT), 'COPY' || CAST(n AS TEXT), owner_id, connection_id, \
        sign_in_id, kind, state, attempt, answers, holder, code_from_client, \
        CAST(n AS TEXT) || '00000000000000000000000000000000000000', lease_until, created_at, \
        submitted_at, updated_at, cursor \
    FROM many, issuances WHERE state = 'issued'";
const CERTIFICATES: &str = "\
    INSERT INTO certificates (id, connection_id, owner_id, issuance_id, certificate_id, \
        thumbprint, holder, subject, kind, issued_at, not_after, exact) \
    SELECT i.id, i.connection_id, i.owner_id, i.id, '1', i.thumbprint, \
        'HOLDER ' || SUBSTR(i.id, 6), c.subject, c.kind, c.issued_at, \
        c.not_after + 60000 * (CAST(SUBSTR(i.id, 6) AS BIGINT) / 3), c.exact \
    FROM issuances i, certificates c WHERE i.id LIKE 'copy-%'";

async fn copied(conn: &mut AnyConnection) -> Result<(), StorageError> {
    for copies in [ISSUANCES, CERTIFICATES] {
        let made = sqlx::query(copies).execute(&mut *conn).await?;
        assert_eq!(made.rows_affected(), 45);
    }
    Ok(())
}

fn holders(page: &Page) -> Vec<String> {
    page.texts("table.cards tbody th[scope=row]")
}

#[tokio::test(flavor = "multi_thread")]
async fn many_certificates_are_read_page_by_page_each_once_and_in_order() {
    let (app, ana) = (App::spawn().await, Browser::speaking("es"));
    app.sign_in(&ana, "demo").await;
    app.issue(&ana, "HOLDER 09").await;
    let storage = &app.portal.storage;
    storage.write(|conn| Box::pin(copied(conn))).await.unwrap();

    let first = ana.get(&app.at("/certificates")).await.expect_status(200);
    assert!(!first.has("nav.pagination a:not([rel=next])"), "{first:?}");
    assert_eq!(first.text("#total"), "46 resultados");
    let (mut found, mut sizes, mut page) = (Vec::new(), Vec::new(), first);
    loop {
        found.extend(holders(&page));
        sizes.push(holders(&page).len());
        let Some(next) = page.attribute("a[rel=next]", "href") else {
            break;
        };
        assert_eq!(page.text("a[rel=next]"), "Página siguiente");
        page = ana.get(&app.at(&next)).await.expect_status(200);
    }
    let all: Vec<_> = (9..55).map(|at| format!("HOLDER {at:02}")).collect();
    assert_eq!((&found, sizes), (&all, vec![20, 20, 6]));
    assert_eq!(page.text("nav.pagination a"), "Primera página", "{page:?}");
    let back = page.attribute("nav.pagination a", "href");
    assert_eq!(back.as_deref(), Some("/certificates"), "{page:?}");
    let mut backwards = holders(&page);
    while let Some(previous) = page.attribute("a[rel=prev]", "href") {
        page = ana.get(&app.at(&previous)).await.expect_status(200);
        backwards.splice(0..0, holders(&page));
    }
    assert_eq!(backwards, all);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_none_is_the_first_and_behind_the_last_is_nothing() {
    let (app, ana) = (App::spawn().await, Browser::new());
    app.sign_in(&ana, "demo").await;
    app.issue(&ana, "ANA").await;
    // The last two are a moment and NUL, and a moment and what is no UTF-8.
    for page in ["", "!", "AAAA", "AAAAAAAAAAAA", "AAAAAAAAAAD_"] {
        let address = app.at(&format!("/certificates?page={page}"));
        let list = ana.get(&address).await.expect_status(200);
        assert_eq!(holders(&list), ["ANA"], "{page}: {list:?}");
    }
    // The last moment there is: eight bytes of a number, and an id of none.
    let end = [&[0, 8][..], &i64::MAX.to_be_bytes(), &[0, 0]].concat();
    let owner: String = sqlx::query_scalar("SELECT owner_id FROM certificates")
        .fetch_one(app.portal.storage.pool())
        .await
        .unwrap();
    let keys = &app.portal.keys;
    let end = keys.seal("place", "certificates", &owner, "place", &end);
    let end = data_encoding::BASE64URL_NOPAD.encode(&end.unwrap());
    let address = app.at(&format!("/certificates?page={end}"));
    let behind = ana.get(&address).await.expect_status(200);
    assert_eq!(behind.text("#empty"), "There is nothing more.");
    assert!(!behind.has("a[rel=next]"), "{behind:?}");
    assert_eq!(behind.text("nav.pagination a"), "First page");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_cannot_be_read_is_missed_in_words() {
    let (app, ana) = (App::spawn().await, Browser::new());
    app.sign_in(&ana, "demo").await;
    app.issue(&ana, "ANA").await;
    app.issue(&ana, "EVA").await;
    let spoilt = app.portal.storage.write(|conn| {
        Box::pin(async move {
            let spoil = "UPDATE certificates SET thumbprint = 'none' WHERE holder = 'ANA'";
            sqlx::query(spoil).execute(conn).await?;
            Ok::<_, StorageError>(())
        })
    });
    spoilt.await.unwrap();
    let list = ana.get(&app.at("/certificates")).await.expect_status(200);
    assert_eq!(holders(&list), ["EVA"], "{list:?}");
    let said = list.text(".banner.bad");
    assert!(said.contains("One of your certificates"), "{list:?}");
}
