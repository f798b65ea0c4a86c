//! Forms with a file that end too early.

use std::time::Duration;

use futures_util::{StreamExt as _, stream};

use crate::support::app::App;
use crate::support::deployed::Deployed;
use crate::support::page::Page;
use crate::support::raw_client::{Answer, RawClient, Then, multipart};
use crate::support::visitor::Visitor;

const WITHIN: Duration = Duration::from_secs(15);

/// How many bodies are cut at the binary; `RUBRICA_TEST_CUT_BODIES` sets another number.
const BODIES: usize = 1_000;

/// Requests at once.
const AT_ONCE: usize = 40;

/// A form with a small file, ready to be cut.
struct Whole {
    client: RawClient,
    kind: String,
    body: Vec<u8>,
}

impl Whole {
    fn of(page: &Page, client: RawClient) -> Self {
        let form = page.form("form#step").set("thumbprint", "12 34");
        let (kind, body) = multipart(&form, "certificate_file", b"no certificate");
        Self { client, kind, body }
    }

    /// Sends the first `length` bytes of the body, announced as `announced`.
    async fn cut(&self, length: usize, announced: usize, then: Then) -> Option<Answer> {
        let head = self
            .client
            .form_head("/renew/choose", &self.kind, announced);
        let bytes = [head.as_bytes(), &self.body[..length]].concat();
        self.client.exchange(&bytes, then, WITHIN).await
    }

    /// Every length, and the answer to each.
    async fn every_length(&self, end_of_message: bool) -> Vec<(usize, Option<Answer>)> {
        let all = self.body.len();
        let cut = |length| async move {
            let answer = match end_of_message {
                // A message that is whole for HTTP, with a body that is not.
                true => self.cut(length, length, Then::Wait).await,
                // A message that ends before its length.
                false => self.cut(length, all, Then::EndWriting).await,
            };
            (length, answer)
        };
        let answers = stream::iter(0..all).map(cut).buffer_unordered(AT_ONCE);
        answers.collect().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i01_every_prefix_of_a_multipart_body_is_answered() {
    let (app, ana) = App::spawn_signed_in().await;
    let page = ana.visit(&app.at("/renew")).await;
    let whole = Whole::of(&page, RawClient::of(&ana, &app.url, None));
    // The line feed after the last boundary may be missing.
    let end = whole.body.len() - 2;
    for end_of_message in [true, false] {
        for (length, answer) in whole.every_length(end_of_message).await {
            let answer = answer.unwrap_or_else(|| panic!("{length} bytes were not answered"));
            let status = answer.status();
            let is_whole = end_of_message && length >= end;
            assert_eq!(
                status,
                if is_whole { 422 } else { 400 },
                "{length}: {answer:?}"
            );
            let is_page = is_whole || answer.is_problem_page();
            assert!(is_page, "{length}: {answer:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i01_every_prefix_is_answered_after_the_session_has_ended_too() {
    let (app, ana) = App::spawn_signed_in().await;
    let page = ana.visit(&app.at("/renew")).await;
    let whole = Whole::of(&page, RawClient::of(&ana, &app.url, None));
    app.clock.advance(Duration::from_secs(16 * 60));
    for (length, answer) in whole.every_length(true).await {
        let answer = answer.unwrap_or_else(|| panic!("{length} bytes were not answered"));
        assert_eq!(answer.status(), 303, "{length}: {answer:?}");
        assert!(answer.0.contains("/sign-in"), "{length}: {answer:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i01_thousands_of_cut_bodies_leave_no_memory_and_no_descriptors_behind() {
    let bodies = std::env::var("RUBRICA_TEST_CUT_BODIES");
    let bodies = bodies.map_or(BODIES, |bodies| bodies.parse().unwrap());
    let deployed = Deployed::start(None, 1).await;
    let portal = deployed.serve(0);
    let ana = Visitor::new(&deployed.origin(), "ra-app");
    ana.sign_in().await.unwrap();
    let page = ana.visit("/renew").await.unwrap();
    let client = RawClient::of(&ana.browser, &deployed.origin(), Some(deployed.ports[0]));
    let whole = Whole::of(&page, client);
    let (all, whole) = (whole.body.len(), &whole);
    let cut = |at: usize| async move {
        let answer = whole.cut(at % all, at % all, Then::Wait).await;
        answer.is_some_and(|answer| answer.status() == 400 || at % all >= all - 2)
    };
    let cut = |range: std::ops::Range<usize>| {
        let answers = stream::iter(range).map(cut).buffer_unordered(AT_ONCE);
        answers
            .filter(|answered| std::future::ready(*answered))
            .count()
    };
    // What the first requests make the process keep for good.
    assert_eq!(cut(0..all).await, all);
    let before = (portal.memory(), portal.open_files());
    assert_eq!(cut(0..bodies).await, bodies, "of {bodies} answered");
    portal.settles(|| portal.open_files() <= before.1);
    let after = (portal.memory(), portal.open_files());
    eprintln!("{bodies} cut bodies: KiB and descriptors {before:?} before, {after:?} after");
    assert!(after.0 <= before.0 + before.0 / 10, "{before:?} {after:?}");
    assert!(after.1 <= before.1, "{before:?} {after:?}");
}
