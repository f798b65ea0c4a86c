//! Two nodes that are killed again and again while they remind hundreds of people, with a
//! real mail server: each gets one mail.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rubrica::domain::mail::{Kind, State};
use rubrica::domain::millis::Millis;
use rubrica::storage::Storage;
use rubrica::storage::mail::newest;
use rubrica::storage::seal::KeyRing;

use crate::support::database::MASTER_KEY;
use crate::support::deployed::Deployed;
use crate::support::postgres;
use crate::support::process::Process;
use crate::support::smtp::{Manner, SmtpServer};
use crate::support::visitor::Visitor;

/// Two certificates of each person.
const EACH: i64 = 2;

/// How it went.
#[derive(Debug)]
struct Told {
    /// Who got how many mails.
    received: BTreeMap<String, usize>,
    /// How many mails were being handed over when their node was killed.
    unknown: usize,
}

async fn open(url: &str) -> Storage {
    let keys = KeyRing::new(MASTER_KEY);
    Storage::open(url, &keys).await.unwrap()
}

/// So many people like the one there is, each with an address and certificates that
/// expire in 20 days.
async fn crowd(storage: &Storage, people: usize, now: Millis) {
    let soon = now + Duration::from_secs(20 * 24 * 3600);
    let work = storage.write(move |conn| {
        Box::pin(async move {
            for sql in [
                "INSERT INTO owners (id, connection_id, login, old_name, created_at) \
                 SELECT 'person ' || n, connection_id, 'person ' || n, 'person ' || n, $1 \
                 FROM owners, generate_series(1, $2) AS n WHERE $3 > 0",
                "INSERT INTO mail_people (owner_id, address, language, reminders, reminded_at) \
                 SELECT id, replace(id, ' ', '') || '@example.com', 'es', 1, 0 FROM owners \
                 WHERE id LIKE 'person %' AND $1 + $2 + $3 > 0",
                "INSERT INTO certificates (id, connection_id, owner_id, origin, recorded_at, \
                 certificate_id, thumbprint, holder, subject, issued_at, not_after, exact, proven) \
                 SELECT o.id || '/' || k, c.connection_id, o.id, 'file', c.recorded_at, \
                 c.certificate_id, upper(md5(o.id || k)) || '00000000', c.holder, c.subject, \
                 c.issued_at, $1, 1, 1 FROM certificates c, owners o, generate_series(1, $3) AS k \
                 WHERE o.id LIKE 'person %' AND $2 > 0",
            ] {
                sqlx::query(sql)
                    .bind(soon.0)
                    .bind(i64::try_from(people).unwrap())
                    .bind(EACH)
                    .execute(&mut *conn)
                    .await?;
            }
            Ok(())
        })
    });
    work.await.unwrap();
}

/// Two nodes that send mail; one of them is killed so many times, the other one in turn.
async fn kill_while_reminding(people: usize, kills: usize, slow: Duration) -> Option<Told> {
    let url = postgres::migrated().await?;
    let smtp = SmtpServer::start().await;
    smtp.behave(Manner::TakeSlowly(slow));
    let deployed = Deployed::start(Some(url.clone()), 2).await;
    let mut alone = deployed.serve(0);
    let ana = Visitor::new(&deployed.origin(), "ra-app");
    ana.sign_in().await.unwrap();
    let answers = [("kind", "name"), ("common_name", "Copied")];
    let last = ana.to_last_step("/issue", &answers).await.unwrap();
    let page = ana.submit(&last).await.unwrap();
    let patience = Duration::from_secs(20);
    ana.settled(page.url.path(), patience).await.unwrap();
    assert_eq!(alone.terminate(), Some(0));
    let storage = open(&url).await;
    crowd(
        &storage,
        people,
        Millis(jiff::Timestamp::now().as_millisecond()),
    )
    .await;

    let variables = [
        ("RUBRICA_SMTP_URL", smtp.url.as_str()),
        ("RUBRICA_MAIL_FROM", "portal@example.com"),
    ];
    let serve = |node| Process::try_start(deployed.serving(node, &variables), 1).unwrap();
    let mut nodes = [serve(0), serve(1)];
    for kill in 0..kills {
        let pause = rand::random_range(50..400);
        tokio::time::sleep(Duration::from_millis(pause)).await;
        nodes[kill % 2].kill();
        nodes[kill % 2] = serve(kill % 2);
    }
    let waiting = |states: &[State]| states.contains(&State::Waiting);
    let until = Instant::now() + Duration::from_secs(120);
    let mut states = states(&storage, people).await;
    while states.len() < people || waiting(&states) {
        assert!(Instant::now() < until, "never sent: {states:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
        states = self::states(&storage, people).await;
    }
    // What a node is just handing over.
    tokio::time::sleep(slow * 3).await;
    let states = self::states(&storage, people).await;
    let mut received = BTreeMap::new();
    for mail in smtp.accepted() {
        assert!(
            mail.header("Subject").contains("2 certificados"),
            "{mail:?}"
        );
        *received.entry(mail.to.concat()).or_insert(0) += 1;
    }
    Some(Told {
        received,
        unknown: states
            .iter()
            .filter(|state| **state == State::Sending)
            .count(),
    })
}

async fn states(storage: &Storage, people: usize) -> Vec<State> {
    let limit = u16::try_from(people + 10).unwrap();
    let all = newest(storage, limit).await.unwrap();
    let reminders = all.iter().filter(|mail| mail.what.kind == Kind::Reminder);
    reminders.map(|mail| mail.state).collect()
}

fn judge(told: &Told, people: usize) {
    let twice: Vec<_> = told.received.iter().filter(|(_, n)| **n > 1).collect();
    assert!(twice.is_empty(), "got more than one: {twice:?}");
    let none = people - told.received.len();
    assert!(
        none <= told.unknown,
        "{none} got none, {} unknown",
        told.unknown
    );
    eprintln!(
        "{people} people, {} certificates: {} got one mail, 0 more than one, {none} none; \
         {} were being handed over at a kill",
        people * usize::try_from(EACH).unwrap(),
        told.received.len(),
        told.unknown
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_reminded_twice_by_nodes_that_are_killed() {
    let people = 24;
    let Some(told) = kill_while_reminding(people, 4, Duration::from_millis(60)).await else {
        return;
    };
    judge(&told, people);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes"]
async fn of_500_certificates_that_expire_together_everybody_hears_once_despite_50_kills() {
    let people = 250;
    let Some(told) = kill_while_reminding(people, 50, Duration::from_millis(150)).await else {
        return;
    };
    judge(&told, people);
    assert_eq!(told.received.len(), people, "everybody hears");
}
