//! Every page in every state, judged by machines: HTML by the Nu checker,
//! accessibility by axe-core, width and targets by the browser itself.

use fantoccini::Locator;
use serde_json::{Value, json};
use tokio::time::{Duration, timeout};

use crate::gallery;
use crate::support::checkers::{self, Shot};
use crate::support::chromium::{Chromium, Look};

/// Width in CSS pixels, and colours.
type View = (u32, &'static str);

/// No page takes a fraction of this to be judged.
const LONGEST: Duration = Duration::from_secs(60);

/// Runs axe with everything it has for WCAG 2.2 AA, and its good practices.
const RUN_AXE: &str = "const done = arguments[0]; \
    axe.run(document, {resultTypes: ['violations'], runOnly: {type: 'tag', values: \
    ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}}) \
    .then(found => done(found.violations.map(violation => violation.id + ': ' + \
    violation.nodes.map(node => node.html + ' ' + node.failureSummary).join(' | '))));";

/// It outlives the pages that are shown one after the other at one address.
const HAS_AXE: &str = "return typeof axe !== 'undefined'";

/// What reaches beyond the right edge, where the page scrolls sideways.
const TOO_WIDE: &str = "const [width, scheme] = arguments; \
    if (window.innerWidth !== width) return ['shown at ' + window.innerWidth]; \
    if (!matchMedia('(prefers-color-scheme: ' + scheme + ')').matches) return ['not ' + scheme]; \
    if (document.documentElement.scrollWidth <= width) return []; \
    return [...document.querySelectorAll('body *')] \
    .filter(one => one.getBoundingClientRect().right > width) \
    .map(one => 'too wide: ' + one.outerHTML.slice(0, 200));";

/// A header that leaves too little of a phone's 640 pixels to the page. The menu folds in one
/// of the next frames after the window has become narrow.
const TALL_HEADER: &str = "const done = arguments[0]; \
    const header = document.querySelector('.site-header'); \
    let frames = 60; \
    const look = () => { \
        const height = header && window.innerWidth === 320 ? header.offsetHeight : 0; \
        if (height <= 120) done([]); \
        else if (frames-- > 0) requestAnimationFrame(look); \
        else done(['the header takes ' + height + ' px']); \
    }; look();";

/// A page that is longer than anybody scrolls.
const TOO_LONG: &str = "const long = document.documentElement.scrollHeight; \
    return long > 6000 ? ['the page is ' + long + ' px long'] : [];";

/// What is folded is hidden from axe.
const OPEN_MENU: &str = "for (const menu of document.querySelectorAll('.menu')) menu.open = true;";

/// What can be pressed and is smaller than 24 by 24 CSS pixels, but for links
/// within a sentence (WCAG 2.2, 2.5.8).
const SMALL_TARGETS: &str = "return [...document.querySelectorAll(\
    'a[href], button, input:not([type=hidden]), select, textarea, summary')] \
    .filter(one => one.checkVisibility() && !one.closest('p, li:not(nav li, .card, .choices li), .skip-link')) \
    .filter(one => !one.classList.contains('skip-link')) \
    .map(one => [one.outerHTML, one.getBoundingClientRect()]) \
    .filter(([, box]) => box.width < 24 || box.height < 24) \
    .map(([html, box]) => html + ' ' + box.width + ' x ' + box.height);";

/// More than one button that asks to be pressed first.
const RIVALS: &str = "const first = [...document.querySelectorAll(\
    'main .button:not(.secondary):not(.warning)')].filter(one => one.checkVisibility()); \
    return first.length > 1 ? ['rivals: ' + first.map(one => one.outerHTML).join(' ')] : [];";

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
            let is_there = chromium.client.execute(HAS_AXE, Vec::new()).await;
            if is_there.unwrap() == json!(false) {
                chromium.client.execute(axe, Vec::new()).await.unwrap();
            }
            let at = format!("{} ({language}, {width} px, {scheme})", shot.name);
            let judged = timeout(LONGEST, judge(&chromium, shot, view)).await;
            let faults = judged.unwrap_or_else(|_| panic!("{at} hangs"));
            found.extend(faults.into_iter().map(|fault| format!("{at}: {fault}")));
        }
    }
    Some(found)
}

/// The faults of the page that is shown.
async fn judge(chromium: &Chromium, shot: &Shot, (width, scheme): View) -> Vec<String> {
    let title = chromium.client.title().await.unwrap();
    assert!(!title.is_empty(), "{} is not shown", shot.name);
    let main = chromium.client.find(Locator::Css("main")).await;
    assert!(main.is_ok(), "{} has no main", shot.name);
    let tall = chromium.client.execute_async(TALL_HEADER, Vec::new()).await;
    let too_long = chromium.client.execute(TOO_LONG, Vec::new()).await;
    chromium
        .client
        .execute(OPEN_MENU, Vec::new())
        .await
        .unwrap();
    let view = vec![json!(width), json!(scheme)];
    let too_wide = chromium.client.execute(TOO_WIDE, view).await;
    let violations = chromium.client.execute_async(RUN_AXE, Vec::new()).await;
    let mut faults = texts(&violations.unwrap());
    faults.extend(texts(&tall.unwrap()));
    faults.extend(texts(&too_long.unwrap()));
    faults.extend(texts(&too_wide.unwrap()));
    let small = chromium.client.execute(SMALL_TARGETS, Vec::new()).await;
    faults.extend(texts(&small.unwrap()));
    let rivals = chromium.client.execute(RIVALS, Vec::new()).await;
    faults.extend(texts(&rivals.unwrap()));
    if let Ok(folder) = std::env::var("RUBRICA_TEST_PICTURES") {
        keep_picture(chromium, &folder, &format!("{}-{width}", shot.name), width).await;
    }
    faults
}

fn texts(found: &Value) -> Vec<String> {
    let found = found.as_array().unwrap();
    found
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
