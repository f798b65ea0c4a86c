//! Every page in every state, judged by machines: HTML by the Nu checker,
//! accessibility by axe-core, width and targets by the browser itself.

use serde_json::json;
use tokio::time::{Duration, timeout};

use crate::gallery;
use crate::support::checkers::{self, Shot};
use crate::support::chromium::{Chromium, Look};

/// Width in CSS pixels, and colours.
type View = (u32, &'static str);

/// No page takes a fraction of this to be judged.
const LONGEST: Duration = Duration::from_secs(60);

/// What judges a page that is shown.
const JUDGE: &str = include_str!("accessibility/judge.js");

#[tokio::test(flavor = "multi_thread")]
async fn axe_and_the_nu_checker_find_nothing_in_spanish() {
    nothing_found("es", [(320, "light"), (1280, "dark")]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_and_the_nu_checker_find_nothing_in_english() {
    nothing_found("en", [(320, "dark"), (1280, "light")]).await;
}

/// Neither the Nu checker, nor axe, nor the ruler: nothing is too wide, nothing too small
/// to press. The pages are walked once for all of them, because that takes long.
async fn nothing_found(language: &'static str, views: [View; 2]) {
    let gallery = gallery::all(language).await;
    let mut found = checkers::nu_findings(&gallery.shots).unwrap_or_default();
    if let Some(axe) = checkers::axe() {
        let judged = judge_all(&gallery.shots, &axe, language, views).await;
        found.extend(judged.unwrap_or_default());
    }
    let count = found.len();
    assert!(found.is_empty(), "{count} faults:\n{}", found.join("\n"));
}

/// The faults of all pages in both views; nothing where there is no browser.
async fn judge_all(
    shots: &[Shot],
    axe: &str,
    language: &'static str,
    views: [View; 2],
) -> Option<Vec<String>> {
    let javascript = true;
    let look = Look {
        language,
        width: views[0].0,
        javascript,
    };
    let chromium = Chromium::start(look).await?;
    let mut found = Vec::new();
    for view in views {
        let (width, scheme) = view;
        let mut is_new_view = true;
        for shot in shots {
            is_new_view |= chromium.be_at_origin_of(&shot.page.url).await;
            if is_new_view {
                chromium.be_wide(width).await;
                chromium.prefer(scheme).await;
                is_new_view = false;
            }
            chromium.show(&shot.page.body).await;
            let at = format!("{} ({language}, {width} px, {scheme})", shot.name);
            let judged = timeout(LONGEST, judge(&chromium, axe, view)).await;
            let faults = judged.unwrap_or_else(|_| panic!("{at} hangs"));
            found.extend(faults.into_iter().map(|fault| format!("{at}: {fault}")));
            if let Ok(folder) = std::env::var("RUBRICA_TEST_PICTURES") {
                let name = format!("{}-{width}", shot.name);
                keep_picture(&chromium, &folder, &name, width).await;
            }
        }
    }
    Some(found)
}

/// The faults of the page that is shown.
async fn judge(chromium: &Chromium, axe: &str, (width, scheme): View) -> Vec<String> {
    let client = &chromium.client;
    let view = vec![json!(width), json!(scheme)];
    let mut judged = client.execute_async(JUDGE, view.clone()).await.unwrap();
    if judged.is_null() {
        client.execute(axe, Vec::new()).await.unwrap();
        judged = client.execute_async(JUDGE, view).await.unwrap();
    }
    let faults = judged.as_array().expect("axe is there");
    faults
        .iter()
        .map(|text| text.as_str().unwrap().to_owned())
        .collect()
}

/// A picture of the whole page, to be looked at by people.
async fn keep_picture(chromium: &Chromium, folder: &str, name: &str, width: u32) {
    let script = "return [document.documentElement.lang, document.documentElement.scrollHeight]";
    let page = chromium.client.execute(script, Vec::new()).await.unwrap();
    let clip = json!({"x": 0, "y": 0, "width": width, "height": page[1], "scale": 1});
    let asked = json!({"captureBeyondViewport": true, "clip": clip});
    let taken = chromium.devtools("Page.captureScreenshot", asked).await;
    let picture = data_encoding::BASE64.decode(taken["data"].as_str().unwrap().as_bytes());
    let file = format!("{folder}/{}-{name}.png", page[0].as_str().unwrap());
    std::fs::write(file, picture.unwrap()).unwrap();
}
