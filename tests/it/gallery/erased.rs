//! What is left of requests and certificates once personal data was erased.

use std::time::Duration;

use rubrica::services::housekeeping;

use super::Gallery;
use crate::support::admin;

/// Twenty years later.
pub async fn walk(gallery: &mut Gallery) {
    let years = Duration::from_secs(20 * 366 * 86_400);
    gallery.app.clock.advance(years);
    housekeeping::sweep(&gallery.app.portal).await.unwrap();
    let browser = gallery.signed_in("demo").await;
    let certificates = gallery.app.at("/certificates");
    let list = browser.visit(&certificates).await.expect_status(200);
    // One that was issued here: what was taken over has no request.
    let mut issued = None;
    for one in list.attributes("table a[href^='/certificates/']", "href") {
        let page = browser.visit(&gallery.app.at(&one)).await;
        let request = "main a[href^='/issuances/']:not([download])";
        if let Some(issuance) = page.attribute(request, "href") {
            issued = Some((page, issuance.replace("/receipt", "")));
            break;
        }
    }
    gallery.keep("certificates-erased", list);
    let (page, issuance) = issued.expect("one that was issued here");
    gallery.keep("certificate-erased", page);
    gallery.visit(&browser, "issuance-erased", &issuance).await;
    let receipt = format!("{issuance}/receipt");
    gallery.visit(&browser, "receipt-erased", &receipt).await;
    let desk = gallery.browser();
    admin::sign_in(&gallery.app, &desk, admin::USERNAME, admin::PASSWORD).await;
    gallery.visit(&desk, "admin-home-old-keys", "/admin").await;
    gallery
        .visit(&desk, "admin-connections-old-keys", "/admin/connections")
        .await;
}
