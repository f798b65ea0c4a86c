//! What a request carries besides the holder, as Redtrust gets it.

use rubrica::domain::answers::{Answers, Field, Step};
use rubrica::domain::connection::{RequestOptions, read_attributes, read_groups, read_info};
use rubrica::domain::issuance::State;
use rubrica::services::issue::{self, NotReady, Submitted};
use serde_json::{Value, json};

use super::given::{FINALIZED, Given};
use crate::support::database::{Database, on_both_engines};
use crate::support::raw_server::Reply;

fn offer() -> RequestOptions {
    RequestOptions {
        groups: read_groups("3 Sales\n5 Legal").unwrap(),
        info: read_info("proident_9b File number\nother Other").unwrap(),
        attributes: read_attributes("surname = 2.5.4.4\nemail = E").unwrap(),
    }
}

async fn given(db: Database) -> Given {
    let script = vec![
        Reply::success(r#"{"requestCode":"r-1"}"#),
        Reply::success(FINALIZED),
    ];
    Given::with(db, script, |connection| {
        connection.settings.request_options = offer()
    })
    .await
}

fn answers() -> Answers {
    let info = [("proident_9b", " 7/2026 "), ("gone", "left over")];
    let own = |(key, text): (&str, &str)| (key.to_owned(), text.to_owned());
    let mut answers = Answers::with([
        (Field::Kind, "person"),
        (Field::GivenNames, "Ana"),
        (Field::FirstSurname, "Núñez"),
        (Field::DocumentNumber, "12345678Z"),
        (Field::Email, "ana@example.org"),
        (Field::GroupIds, "3 5"),
    ]);
    answers.info = info.into_iter().map(own).collect();
    answers
}

async fn filled(given: &Given, answers: &Answers) -> String {
    let id = given.draft().await;
    let draft = given.load(&id).await;
    let (seen, checked) = (draft.issuance.version, answers.checked(&draft.options));
    issue::save_answers(&given.portal, &given.ana, &draft, seen, &checked)
        .await
        .unwrap();
    id
}

async fn groups_facts_and_spellings_go_out_as_the_connection_has_them(db: Database) {
    let given = given(db).await;
    let id = filled(&given, &answers()).await;
    given.submit(&id).await;
    assert_eq!(given.state(&id).await, State::Issued);
    let requests = given.redtrust.requests();
    let (_, body) = requests[0].split_once("\r\n\r\n").unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body["groupIds"], json!([3, 5]), "{body}");
    assert_eq!(body["info"], json!({"proident_9b": "7/2026"}), "{body}");
    let dn = body["dn"].as_array().unwrap();
    let has = |attribute: &str, value: &str| {
        dn.contains(&json!({"attribute": attribute, "value": value}))
    };
    assert!(
        has("2.5.4.4", "Núñez") && has("E", "ana@example.org"),
        "{body}"
    );
    assert!(has("cn", "Ana Núñez") && has("givenName", "Ana"), "{body}");
    assert!(
        !dn.iter().any(|one| one["attribute"] == "surname"),
        "{body}"
    );
    assert_eq!(given.read(&id).await.holder, "Ana Núñez");
}

async fn a_group_that_is_not_offered_is_never_sent(db: Database) {
    let given = given(db).await;
    for foreign in ["7", "3 7", "three"] {
        let mut typed = answers();
        typed.set(Field::GroupIds, foreign);
        let id = filled(&given, &typed).await;
        let refused = given.submit(&id).await;
        let expected = Submitted::NotReady(NotReady::Incomplete(Step::Options));
        assert_eq!(refused, expected);
    }
    assert_eq!(given.calls(), Vec::<String>::new());
}

on_both_engines!(
    groups_facts_and_spellings_go_out_as_the_connection_has_them,
    a_group_that_is_not_offered_is_never_sent,
);
