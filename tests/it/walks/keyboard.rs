//! Nothing but the keyboard, from sign-in to the certificate.

use fantoccini::key::Key;

use super::walker::Walker;
use super::{DESK, look};

/// Presses Tab until `css` has the focus, and proves that one can see it.
async fn tab_to(walker: &Walker, css: &str) {
    let active = "const one = document.activeElement; const style = getComputedStyle(one); \
                  return [one.matches(arguments[0]), one.tabIndex < 0 || \
                  style.outlineStyle !== 'none' || style.boxShadow !== 'none', one.outerHTML]";
    for _ in 0..80 {
        let seen = walker
            .chromium
            .client
            .execute(active, vec![css.into()])
            .await
            .unwrap();
        assert_eq!(seen[1], true, "no visible focus on {}", seen[2]);
        if seen[0] == true {
            return;
        }
        press(walker, &Key::Tab.to_string()).await;
    }
    panic!(
        "Tab never reaches {css}: {}",
        walker.chromium.client.source().await.unwrap()
    );
}

async fn press(walker: &Walker, keys: &str) {
    let client = &walker.chromium.client;
    let active = client.active_element().await.unwrap();
    active.send_keys(keys).await.unwrap();
}

/// Presses a key that leads to the next page.
async fn press_on(walker: &Walker, key: Key) {
    let mark = "document.documentElement.dataset.before = 'press'";
    let client = &walker.chromium.client;
    client.execute(mark, Vec::new()).await.unwrap();
    press(walker, &key.to_string()).await;
    walker.chromium.next_page().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_issued_with_the_keyboard_alone() {
    let Some(walker) = Walker::start(look(true, "es", DESK)).await else {
        return;
    };
    walker.visit("/").await;
    tab_to(&walker, "form[action='/sign-in/redtrust'] button").await;
    press_on(&walker, Key::Enter).await;
    tab_to(&walker, "[name=username]").await;
    press(&walker, "demo").await;
    tab_to(&walker, "[name=password]").await;
    press(&walker, "demo").await;
    press_on(&walker, Key::Enter).await;
    // The first Tab offers to skip what stands above the content.
    press(&walker, &Key::Tab.to_string()).await;
    tab_to(&walker, ".skip-link").await;
    press(&walker, &Key::Enter.to_string()).await;
    tab_to(&walker, "main a[href='/issue']").await;
    press_on(&walker, Key::Enter).await;
    tab_to(&walker, "[name=kind]").await;
    while !walker.chromium.has("[name=kind][value=name]:checked").await {
        press(&walker, &Key::Down.to_string()).await;
    }
    press_on(&walker, Key::Enter).await;
    tab_to(&walker, "[name=common_name]").await;
    press(&walker, "ANA").await;
    press_on(&walker, Key::Enter).await;
    tab_to(&walker, "form#step button[type=submit]").await;
    press_on(&walker, Key::Enter).await;
    tab_to(&walker, "[name=confirm]").await;
    press(&walker, " ").await;
    tab_to(&walker, "form#step button[type=submit]").await;
    press_on(&walker, Key::Enter).await;
    walker.issued().await;
    tab_to(&walker, "form[action='/sign-out'] button").await;
    press_on(&walker, Key::Enter).await;
    assert!(!walker.chromium.has("#signed-in-as").await);
}
