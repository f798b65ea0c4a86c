//! With 10,000 certificates of one's own: what finds one of them finds it on the first
//! page, and no page takes longer than with 100. Prints the figures.

use std::io::Write as _;
use std::time::{Duration, Instant};

use rubrica::domain::certificate::{Certificate, Origin, Validity};
use rubrica::domain::certificate_standing::Urgency;
use rubrica::domain::holder::Kind;
use rubrica::domain::millis::Millis;
use rubrica::domain::thumbprint::Thumbprint;
use rubrica::storage::certificates::{self, ShownFile};

use sqlx::{Connection, PgConnection};

use crate::support::admin;
use crate::support::app::{App, thumbprint_of};
use crate::support::browser::Browser;
use crate::support::page::Page;
use crate::support::postgres;

/// What the one to be found is called; thousands share each of these words.
const NEEDLE: [(&str, &str); 8] = [
    ("kind", "linked"),
    ("given_names", "María"),
    ("first_surname", "Núñez"),
    ("second_surname", "Güell"),
    ("document_type", "dni"),
    ("document_number", "12345678Z"),
    ("organisation_name", "Aceites Ibáñez"),
    ("organisation_nif", "A58818501"),
];

const NAMES: [&str; 5] = ["María", "Luis", "Carmen", "Íñigo", "Joan"];
const SURNAMES: [&str; 7] = [
    "Núñez", "García", "Güell", "López", "Peña", "Otero", "Martí",
];
const FIRMS: [&str; 3] = ["Notaría Ferrer", "Aceites Ferrer", "Gestoría Ibáñez"];

fn nth<T: Copy>(all: &[T], n: usize) -> T {
    all[n % all.len()]
}

/// In some order, over 60 days: however many there are, a page of each group is full.
fn end_of(n: usize, now: Millis) -> Millis {
    let hours = i64::try_from(n * 97 % 1_440).unwrap();
    Millis(now.0 + 3_600_000 * (24 + hours))
}

/// A certificate that was taken over, and its file.
fn numbered(n: usize, like: &Certificate, now: Millis) -> (Certificate, ShownFile) {
    let (name, one, other) = (
        nth(&NAMES, n),
        nth(&SURNAMES, n / 5),
        nth(&SURNAMES, n / 35),
    );
    let holder = match (name, one, other) {
        // Nobody else has all words of the name that is looked for.
        ("María", "Núñez", "Güell") | ("María", "Güell", "Núñez") => {
            "María Otero".to_owned()
        }
        _ => format!("{name} {one} {other}"),
    };
    let digits = 20_000_000 + n;
    let letter = char::from(nth(b"TRWAGMYFPDXBNJZSQVHLCKE", digits % 23));
    let subject = format!(
        "CN={holder}, serialNumber=IDCES-{digits}{letter}, O={}, C=ES",
        nth(&FIRMS, n)
    );
    let end = end_of(n, now);
    let sha1: Thumbprint = format!("{n:040X}").parse().unwrap();
    let file = ShownFile {
        der: vec![1, 2, 3],
        sha1: sha1.clone(),
        sha256: format!("{n:064X}").parse().unwrap(),
        serial: format!("{n:X}"),
        not_before: Millis(now.0 - 1_000),
        not_after: end,
        holder: holder.clone().into(),
        subject: subject.clone(),
        kind: Kind::Linked,
        chain: Vec::new(),
    };
    let certificate = Certificate {
        id: format!("many-{n:05}"),
        issuance_id: None,
        origin: Origin::File,
        certificate_id: None,
        thumbprint: sha1,
        file: None,
        holder: holder.into(),
        subject,
        kind: Some(Kind::Linked),
        validity: Validity::Exact(end),
        proven: false,
        ..like.clone()
    };
    (certificate, file)
}

/// A portal with so many certificates, one of which is the needle.
struct Office {
    app: App,
    ana: Browser,
    issued: Page,
    sha256: String,
}

impl Office {
    async fn of(count: usize, database_url: &str) -> Self {
        let app = App::spawn_with(database_url, |_| {}).await;
        let ana = Browser::new();
        app.sign_in(&ana, "demo").await;
        let page = app.walk(&ana, "/issue", &NEEDLE).await;
        let issued = app.settled(&ana, page).await;
        let print = thumbprint_of(&issued);
        let pem = app.sandbox.text(&format!("certificates/{print}")).await;
        let one = app.at(&format!("/certificates/{print}"));
        let page = ana.get(&one).await;
        let form = page.form("form#upload");
        let form = form.attach("certificate_file", "a.pem", pem.as_bytes());
        let page = ana.submit_and_follow(&form).await;
        let note = page
            .form("form#note-form")
            .set("note", "Ventanilla segunda");
        let page = ana.submit_and_follow(&note).await;
        let sha256 = page.text("#sha256").replace(' ', "");
        let (storage, print) = (&app.portal.storage, print.parse().unwrap());
        let at = app.portal.connections.all().await.unwrap()[0].id.clone();
        let like = certificates::by_thumbprint(storage, &at, &print).await;
        let (like, now) = (like.unwrap().unwrap(), app.clock.now());
        let numbers: Vec<usize> = (1..count).collect();
        for some in numbers.chunks(50) {
            let rows: Vec<_> = some.iter().map(|n| numbered(*n, &like, now)).collect();
            let keys = app.portal.keys.clone();
            let work = storage.write(move |conn| {
                Box::pin(async move {
                    for (certificate, file) in &rows {
                        certificates::take_over(conn, &keys, certificate, Some(file)).await?;
                    }
                    Ok(())
                })
            });
            work.await.unwrap();
        }
        Self {
            app,
            ana,
            issued,
            sha256,
        }
    }

    /// The address of what a search finds.
    async fn searched(&self, text: &str) -> String {
        let page = self.ana.get(&self.app.at("/certificates")).await;
        let form = page.form("form#filter").set("q", text);
        let found = self.ana.submit(&form).await.expect_status(303);
        found.location().unwrap().to_string()
    }

    /// What the needle is found by.
    fn texts(&self) -> [String; 8] {
        [
            self.issued.text("#reference"),
            thumbprint_of(&self.issued),
            self.sha256.clone(),
            "12345678Z".to_owned(),
            "A58818501".to_owned(),
            "María Núñez Güell".to_owned(),
            "aceites ibáñez".to_owned(),
            "ventanilla segunda".to_owned(),
        ]
    }

    /// The median of a page's time, by turns with others.
    async fn once(&self, url: &str) -> Duration {
        let begun = Instant::now();
        self.ana.get(url).await.expect_status(200);
        begun.elapsed()
    }
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort();
    all[all.len() / 2]
}

/// What autovacuum does within a minute: to plan beside rows just written takes longer.
async fn vacuum(urls: [&str; 2]) {
    for url in urls {
        let mut database = PgConnection::connect(url).await.unwrap();
        sqlx::raw_sql("VACUUM ANALYZE")
            .execute(&mut database)
            .await
            .unwrap();
    }
}

async fn compare(few: Office, many: Office) {
    let print = thumbprint_of(&many.issued);
    let mut pages: Vec<(String, [String; 2])> = Vec::new();
    for path in [
        "/",
        "/certificates",
        "/certificates?sort=last",
        "/certificates?sort=holder",
        "/certificates?due=within_30",
        "/certificates?kind=linked",
        "/renew/choose",
        "/issuances",
    ] {
        pages.push((path.to_owned(), [few.app.at(path), many.app.at(path)]));
    }
    for (of_few, of_many) in few.texts().iter().zip(many.texts()) {
        let [small, large] = [few.searched(of_few).await, many.searched(&of_many).await];
        let found = many.ana.get(&large).await.expect_status(200);
        let link = format!("#certificates a[href*='/certificates/{print}']");
        assert!(found.has(&link), "{of_many}: {found:?}");
        pages.push((of_many, [small, large]));
    }
    // Nobody has both: looking stops after some 2,000 rows, and the next page goes on.
    let never = "maría luis";
    let [small, large] = [few.searched(never).await, many.searched(never).await];
    pages.push((never.to_owned(), [small, large]));
    let mut slow = Vec::new();
    for (name, [small, large]) in pages {
        let (mut one, mut other) = (Vec::new(), Vec::new());
        for _ in 0..15 {
            one.push(few.once(&small).await);
            other.push(many.once(&large).await);
        }
        let (one, other) = (median(one), median(other));
        let ratio = other.as_secs_f64() / one.as_secs_f64();
        let line = format!("{name}: {one:?} with 100, {other:?} with 10,000, {ratio:.2}");
        writeln!(std::io::stderr(), "{line}").unwrap();
        if ratio >= 1.2 && name != never {
            slow.push((name, ratio));
        }
    }
    assert!(slow.is_empty(), "{slow:?}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: fills 10,000 rows and measures; wants a quiet machine"]
async fn i12_pages_with_10_000_certificates_take_as_long_as_with_100_on_sqlite() {
    compare(Office::of(100, "").await, Office::of(10_000, "").await).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: fills 10,000 rows and measures; wants a quiet machine"]
async fn i12_pages_with_10_000_certificates_take_as_long_as_with_100_on_postgresql() {
    let (Some(few), Some(many)) = (postgres::migrated().await, postgres::migrated().await) else {
        return;
    };
    let offices = (Office::of(100, &few).await, Office::of(10_000, &many).await);
    vacuum([&few, &many]).await;
    compare(offices.0, offices.1).await;
}

/// As many issued requests as there are certificates, all marked with one letter, each some
/// milliseconds before the one that was issued, and so much earlier.
const ISSUED: &str = "\
    INSERT INTO issuances (id, reference, owner_id, connection_id, sign_in_id, kind, state, \
        attempt, answers, request, holder, request_code, code_from_client, csr, csr_key, \
        certificate_id, thumbprint, lease_holder, lease_until, created_at, submitted_at, \
        updated_at, cursor, holder_key, search_key) \
    SELECT 'day-' || $1 || n, 'DAY' || $1 || n, owner_id, connection_id, sign_in_id, kind, \
        state, attempt, answers, request, holder, 'code-' || $1 || n, code_from_client, csr, \
        csr_key, $1 || n, '0000000000000000000000000000000000' || $1 || n, lease_holder, \
        lease_until, created_at - $2 - CAST(n AS BIGINT), \
        submitted_at - $2 - CAST(n AS BIGINT), updated_at - $2 - CAST(n AS BIGINT), cursor, \
        holder_key, search_key \
    FROM (SELECT substr(id, 6) AS n FROM certificates WHERE id LIKE 'many-%') many, issuances \
    WHERE state = 'issued' AND issuances.id NOT LIKE 'day-%'";

const DAY: i64 = 24 * 3_600_000;

impl Office {
    /// Fills the last day, and the three before it.
    async fn with_days(self) -> Self {
        for (mark, days) in [("A", 0), ("B", 1), ("C", 2), ("D", 3)] {
            let filled = self.app.portal.storage.write(move |conn| {
                Box::pin(async move {
                    let query = sqlx::query(ISSUED).bind(mark).bind(days * DAY);
                    query.execute(conn).await?;
                    Ok(())
                })
            });
            filled.await.unwrap();
        }
        self
    }
}

/// The numbers in these texts.
fn numbers(page: &Page, selector: &str) -> Vec<usize> {
    let number = |text: &String| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.parse::<usize>().unwrap()
    };
    page.texts(selector).iter().map(number).collect()
}

/// The counts on the first pages of the owner and of the admin are right.
async fn expect_counts(office: &Office, admin: &Browser, count: usize) {
    let day = admin.get(&office.app.at("/admin")).await.expect_status(200);
    assert_eq!(numbers(&day, "#day-issued"), [count], "{day:?}");
    let (now, today) = (office.app.clock.now(), office.app.portal.today());
    let expected = Urgency::GROUPS.iter().map(|urgency| {
        let is_of = |n: &usize| urgency.range(today).contains(&end_of(*n, now));
        // The one that was issued is valid for two years.
        (1..count).filter(is_of).count() + usize::from(*urgency == Urgency::Later)
    });
    let expected: Vec<usize> = expected.filter(|number| *number > 0).collect();
    let home = office.ana.get(&office.app.url).await.expect_status(200);
    assert_eq!(numbers(&home, "main h3 a"), expected, "{home:?}");
    assert_eq!(expected.iter().sum::<usize>(), count);
    let rows = home.texts("main table.cards tbody tr").len();
    assert!(rows <= 5 * expected.len(), "{rows} rows: {home:?}");
}

async fn compare_days(few: Office, many: Office) {
    let admins = [
        admin::signed_in(&few.app).await,
        admin::signed_in(&many.app).await,
    ];
    expect_counts(&few, &admins[0], 100).await;
    expect_counts(&many, &admins[1], 10_000).await;
    let (mut one, mut other) = (Vec::new(), Vec::new());
    for _ in 0..15 {
        for (times, office, admin) in [
            (&mut one, &few, &admins[0]),
            (&mut other, &many, &admins[1]),
        ] {
            let begun = Instant::now();
            admin.get(&office.app.at("/admin")).await.expect_status(200);
            times.push(begun.elapsed());
        }
    }
    let (one, other) = (median(one), median(other));
    let line = format!("/admin: {one:?} with 100 a day, {other:?} with 10,000");
    writeln!(std::io::stderr(), "{line}").unwrap();
    assert!(other < one * 2, "{line}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: fills 40,000 rows and measures; wants a quiet machine"]
async fn i12_with_10_000_certificates_a_day_the_counts_are_right_and_as_quick_on_sqlite() {
    let few = Office::of(100, "").await.with_days().await;
    compare_days(few, Office::of(10_000, "").await.with_days().await).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes minutes: fills 40,000 rows and measures; wants a quiet machine"]
async fn i12_with_10_000_certificates_a_day_the_counts_are_right_and_as_quick_on_postgresql() {
    let (Some(few), Some(many)) = (postgres::migrated().await, postgres::migrated().await) else {
        return;
    };
    let offices = (Office::of(100, &few).await, Office::of(10_000, &many).await);
    let offices = (offices.0.with_days().await, offices.1.with_days().await);
    vacuum([&few, &many]).await;
    compare_days(offices.0, offices.1).await;
}
