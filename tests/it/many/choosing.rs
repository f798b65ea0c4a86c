//! What may be chosen, and what speaks against a certificate.

use super::{choices, chosen, confirm, count, done, issued, names, upload};
use crate::support::admin;
use crate::support::app::{App, thumbprint_of};
use crate::support::browser::Browser;
use crate::support::page::Page;

/// Whether a certificate is left out, and what is said about it.
fn said(check: &Page, holder: &str) -> String {
    let rows = check.texts("#lines tbody tr");
    let row = rows.iter().find(|row| row.contains(holder));
    row.unwrap_or_else(|| panic!("{holder} is not on {check:?}"))
        .clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_certificate_that_cannot_be_renewed_is_left_out_with_the_reason() {
    let (app, ana) = App::spawn_signed_in().await;
    let bea = Browser::new();
    app.sign_in_directly(&bea, "ra-app").await;
    let foreign = thumbprint_of(&app.issue(&bea, "DE BEA").await);
    let unknown = "AB".repeat(20);
    issued(&app, &ana, 2).await;
    let (_, all) = choices(&app, &ana).await;
    // One of them is being renewed on its own, and its outcome is not known.
    app.sandbox
        .fault("csr_finalize", "after", "drop", serde_json::json!(null), 1)
        .await;
    let begun = app
        .walk(
            &ana,
            &format!("/renew/{}", all[0]),
            &[("data_changed", "no")],
        )
        .await;
    let begun = app.settled(&ana, begun).await;
    let wanted = [all.clone(), vec![foreign.clone(), unknown.clone()]].concat();
    let check = chosen(&app, &ana, &wanted).await.expect_status(200);
    assert_eq!(check.attribute("#good", "data-count").unwrap(), "1");
    assert_eq!(check.attribute("#bad", "data-count").unwrap(), "3");
    assert!(said(&check, "A renewal has already begun").contains("TITULAR"));
    let link = format!("#lines a[href='{}']", begun.url.path());
    assert_eq!(check.text(&link), "Renewal with unknown outcome");
    let grouped = |print: &str| {
        let groups: Vec<_> = print
            .as_bytes()
            .chunks(4)
            .map(|four| std::str::from_utf8(four).unwrap())
            .collect();
        groups.join(" ")
    };
    let [of_bea, of_nobody] = [&foreign, &unknown].map(|print| {
        let row = said(&check, &grouped(print));
        row.replace(&grouped(print), "")
    });
    let tail = |row: &str| row.split_once("Left out").unwrap().1.to_owned();
    assert_eq!(tail(&of_bea), tail(&of_nobody), "nothing is given away");
    assert!(of_bea.contains("not recorded here as yours"), "{of_bea}");

    let page = confirm(&ana, &check).await;
    let page = done(&ana, &page).await;
    assert_eq!((count(&page, "issued"), count(&page, "skipped")), (1, 3));
    let of_bea_renewed = super::renewals(&app).await.contains_key(&foreign);
    assert!(!of_bea_renewed);
    bea.get(page.url.as_str()).await.expect_status(404);
    for path in ["/events", "/results.csv"] {
        let url = app.at(&format!("{}{path}", page.url.path()));
        bea.get(&url).await.expect_status(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_waits_in_another_run_is_left_out() {
    let (app, ana) = App::spawn_signed_in().await;
    issued(&app, &ana, 6).await;
    let (_, all) = choices(&app, &ana).await;
    app.sandbox
        .fault("csr_create", "before", "delay", serde_json::json!(1_500), 0)
        .await;
    let first = confirm(&ana, &chosen(&app, &ana, &all).await).await;
    let first = super::until(&ana, &first, |page| count(page, "under_way") == 4).await;
    let first = ana.submit_and_follow(&first.form("form#pause")).await;
    let second = chosen(&app, &ana, &all).await;
    assert_eq!(
        second.attribute("#bad", "data-count").unwrap(),
        "6",
        "{second:?}"
    );
    let rows = second.texts("#lines tbody tr");
    let with = |words| rows.iter().filter(|row| row.contains(words)).count();
    assert_eq!(with("another batch that has not ended"), 2, "{rows:#?}");
    assert_eq!(with("A renewal has already begun"), 4, "{rows:#?}");
    app.sandbox.mend().await;
    let first = super::until(&ana, &first, |page| count(page, "under_way") == 0).await;
    let first = ana.submit_and_follow(&first.form("form#go_on")).await;
    let first = done(&ana, &first).await;
    assert_eq!(count(&first, "issued"), 6, "{first:?}");
    assert!(
        super::renewals(&app)
            .await
            .values()
            .all(|times| *times == 1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_a_search_finds_are_renewed_in_one_go() {
    let (app, ana) = App::spawn_signed_in().await;
    issued(&app, &ana, 12).await;
    let list = ana.visit(&app.at("/certificates")).await;
    let filter = list.form("form#filter").set("q", "titular 0003");
    let found = ana.submit_and_follow(&filter).await.expect_status(200);
    let check = ana.submit_and_follow(&found.form("form#renew-all")).await;
    assert_eq!(
        check.attribute("#good", "data-count").unwrap(),
        "1",
        "{check:?}"
    );
    assert!(check.text("#lines").contains("TITULAR 0003"), "{check:?}");
    let all = ana.submit_and_follow(&list.form("form#renew-all")).await;
    assert_eq!(
        all.attribute("#good", "data-count").unwrap(),
        "12",
        "{all:?}"
    );
    assert_eq!(all.attribute("#early", "data-count").unwrap(), "12");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_are_taken_and_one_more_is_told() {
    let (app, ana) = App::spawn_signed_in().await;
    issued(&app, &ana, 1).await;
    let (page, all) = choices(&app, &ana).await;
    let made_up = |from: usize, to: usize| (from..to).map(|n| format!("{n:040X}"));
    let form = page.form("form#choose");
    let most = made_up(0, 999)
        .chain(all)
        .fold(form.clone(), |form, one| form.push("thumbprint", &one));
    let check = ana.submit_and_follow(&most).await.expect_status(200);
    assert_eq!(check.attribute("#good", "data-count").unwrap(), "1");
    assert_eq!(check.attribute("#bad", "data-count").unwrap(), "999");
    assert_eq!(check.texts("#lines tbody tr").len(), 20);
    assert!(
        check.text(".pagination").contains("Page 1 of 50"),
        "{check:?}"
    );
    let last = ana
        .get(&app.at(&format!("{}?page=50", check.url.path())))
        .await;
    assert!(last.text("#lines").contains("TITULAR 0001"), "{last:?}");

    // Those of before are kept, but for the one that is not ticked any more.
    let more = made_up(999, 1001).fold(form.clone(), |form, one| form.push("thumbprint", &one));
    let told = ana.submit(&more).await.expect_status(422);
    let told = told.text("#thumbprint-error");
    assert!(told.contains("1001") || told.contains("1,001"), "{told}");
    let untick = form.clone().to(&app.at("/certificates/tick"));
    ana.submit(&untick.forge("untick", "all"))
        .await
        .expect_status(303);
    let none = ana.submit(&form).await.expect_status(422);
    assert!(none.text("#error-summary").contains("Choose at least one"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_starts_only_when_it_is_confirmed_and_is_forgotten_when_it_never_is() {
    let (app, ana) = App::spawn_signed_in().await;
    issued(&app, &ana, 1).await;
    let (_, all) = choices(&app, &ana).await;
    let check = chosen(&app, &ana, &all).await;
    let told = ana
        .submit(&check.form("form#step"))
        .await
        .expect_status(422);
    assert!(told.text("#error-summary").contains("Confirm"), "{told:?}");
    assert_eq!(super::renewals(&app).await.len(), 0);
    let odd = check.form("form#step").forge("act", "explode");
    ana.submit(&odd).await.expect_status(400);
    app.clock.advance(std::time::Duration::from_secs(25 * 3600));
    rubrica::services::housekeeping::sweep(&app.portal)
        .await
        .unwrap();
    app.sign_in(&ana, "demo").await;
    ana.get(check.url.as_str()).await.expect_status(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_that_wait_are_listed_and_one_that_is_gone_says_so_without_telling_strangers() {
    let (app, ana) = App::spawn_signed_in().await;
    let mut all = Vec::new();
    for lines in 1..=6 {
        let check = upload(&app, &ana, "name", names(lines).as_bytes()).await;
        all.push(check.expect_status(200).url.path().to_owned());
    }
    let list = ana.visit(&app.at("/runs")).await.expect_status(200);
    let mut waiting = list.attributes("#unconfirmed a", "href");
    waiting.reverse();
    assert_eq!(waiting, all[1..], "{list:?}");
    let said = |page: &Page| page.text("#problem p.lead");
    let gone = ana.get(&app.at(&all[0])).await.expect_status(404);
    assert_eq!(gone.problem(), "no_such_run");
    assert!(said(&gone).contains("the last five are kept"), "{gone:?}");
    let never = ana.get(&app.at("/runs/never")).await.expect_status(404);
    let bea = Browser::new();
    app.sign_in_directly(&bea, "ra-app").await;
    let of_ana = bea.get(&app.at(&all[1])).await.expect_status(404);
    for page in [never, of_ana] {
        assert_eq!((page.problem(), said(&page)), (gone.problem(), said(&gone)));
    }
}

/// Twenty runs that nobody on this node works on.
const BUSY: &str = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20) \
    INSERT INTO runs (id, owner_id, connection_id, sign_in_id, kind, state, source, request_id, \
    ignored, lease_until, version, created_at, updated_at) \
    SELECT 'busy-' || i, owner_id, connection_id, sign_in_id, kind, 'working', source, \
    request_id, ignored, 9000000000000000, 1, created_at, updated_at FROM runs, n";

#[tokio::test(flavor = "multi_thread")]
async fn only_so_many_batches_of_one_person_are_worked_on_at_once() {
    let (app, ana) = App::spawn_signed_in().await;
    let check = upload(&app, &ana, "name", names(1).as_bytes()).await;
    admin::tamper(&app, BUSY).await;
    let form = check.form("form#step").set("confirm", "yes");
    let refused = ana.submit(&form).await.expect_status(429);
    assert_eq!(refused.problem(), "too_many_runs");
    let again = ana.get(check.url.as_str()).await.expect_status(200);
    assert_eq!(again.attribute("#good", "data-count").unwrap(), "1");
    admin::tamper(&app, "UPDATE runs SET state = 'done' WHERE id = 'busy-1'").await;
    let page = done(&ana, &confirm(&ana, &again).await).await;
    assert_eq!(count(&page, "issued"), 1, "{page:?}");
}
