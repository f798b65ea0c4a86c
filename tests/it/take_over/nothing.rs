//! Nothing came of what was chosen, or less than it seems: said above all, and beside the
//! field.

use serde_json::json;

use super::{FIELD, form, lines, outside, packed, pem, taken, thumbprint};
use crate::support::app::App;
use crate::support::browser::Browser;

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_which_nothing_comes_is_told_at_its_field() {
    let (app, ana) = App::spawn_signed_in().await;
    let bea = Browser::new();
    app.sign_in_directly(&bea, "ra-app").await;
    let of_bea = outside(&app, json!({"user": "ra-app"})).await;
    taken(&app, &bea, &[("b.pem", pem(&of_bea[0]).as_bytes())]).await;
    let private = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let ca = app.sandbox.text("ca").await;
    for (name, content, words) in [
        ("key.pem", private.as_bytes(), "private key"),
        ("empty.cer", b"".as_slice(), "empty"),
        ("paper.pdf", b"%PDF-1.7 hello".as_slice(), "no certificate"),
        ("bea.pem", pem(&of_bea[0]).as_bytes(), "somebody else"),
        ("ca.pem", ca.as_bytes(), "certification authority"),
        ("empty.zip", &packed(&[]), "no certificate"),
    ] {
        let sent = form(&app, &ana).await.attach(FIELD, name, content);
        let page = ana.submit(&sent).await.expect_status(422);
        let said = page.text("#certificate_file-error");
        assert!(said.contains(words), "{name}: {page:?}");
        assert!(
            page.text("title").starts_with("Error: "),
            "{name}: {page:?}"
        );
        assert!(page.has("#error-summary a[href='#certificate_file']"));
        assert!(!page.text("h1").contains("Certificates added"), "{page:?}");
    }
    let several = form(&app, &ana)
        .await
        .attach(FIELD, "k.pem", private.as_bytes());
    let several = several.attach(FIELD, "bea.pem", pem(&of_bea[0]).as_bytes());
    let page = ana.submit(&several).await.expect_status(422);
    assert!(
        page.text("#certificate_file-error")
            .contains("Nothing was added")
    );
    assert_eq!((lines(&page, "not-read"), lines(&page, "others")), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_headline_says_whether_anything_was_added() {
    let (app, ana) = App::spawn_signed_in().await;
    let all = outside(&app, json!({"count": 2})).await;
    let one = [("a.pem", pem(&all[0]).as_bytes())];
    let added = taken(&app, &ana, &one).await;
    assert_eq!(added.text("h1"), "Certificate added");
    assert!(!added.has("main details"), "{added:?}");
    let again = taken(&app, &ana, &one).await;
    assert_eq!(again.text("h1"), "There are no new certificates to add");
    assert_eq!(lines(&again, "here"), 1, "{again:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thumbprint_beside_files_counts_too() {
    let (app, ana) = App::spawn_signed_in().await;
    let all = outside(&app, json!({"count": 3})).await;
    let file = |at: usize| pem(&all[at]).as_bytes();
    let with = async |typed: &str, at: usize| {
        let form = form(&app, &ana).await.set("thumbprint", typed);
        ana.submit(&form.attach(FIELD, "a.pem", file(at))).await
    };
    let wrong = with("12 34", 0).await.expect_status(422);
    assert!(
        wrong.text("#thumbprint-error").contains("there are 4"),
        "{wrong:?}"
    );
    assert_eq!(wrong.form("form#step").value("thumbprint"), Some("12 34"));
    let again = wrong.text("#certificate_file-error");
    assert!(again.contains("choose it again"), "{wrong:?}");
    let path = |at: usize| app.at(&format!("/certificates/{}", thumbprint(&all[at])));
    ana.get(&path(0)).await.expect_status(404);
    let both = with(thumbprint(&all[1]), 0).await.expect_status(200);
    assert_eq!(lines(&both, "taken-over"), 2, "{both:?}");
    for at in [0, 1] {
        ana.visit(&path(at)).await.expect_status(200);
    }
    // Its own file beside it: one line.
    let same = with(thumbprint(&all[2]), 2).await.expect_status(200);
    assert_eq!(lines(&same, "taken-over"), 1, "{same:?}");
    assert_eq!(lines(&same, "here"), 0, "{same:?}");
}
