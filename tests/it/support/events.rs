//! What the servers of this run have logged: each event with its fields for tests that wait
//! for one, and the names in a file that `tests/log.rs` reads after the run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, Once};
use std::time::Duration;

use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

/// Events of every request and call: their names are enough.
const FREQUENT: [&str; 2] = ["request", "redtrust_call"];

static NAMES: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
static EVENTS: Mutex<Vec<Event>> = Mutex::new(Vec::new());

/// Begun anew by each run.
static FILE: LazyLock<File> = LazyLock::new(|| File::create(file()).unwrap());

/// One event: its fields by name, `event` and `level` among them.
pub type Event = BTreeMap<String, String>;

fn file() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("events-seen")
}

fn note(name: &str) {
    if NAMES.lock().unwrap().insert(name.to_owned()) {
        writeln!(&*FILE, "{name}").unwrap();
    }
}

struct Fields<'e>(&'e mut Event);

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

struct Noting;

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Noting {
    fn on_event(&self, event: &tracing::Event<'_>, _context: Context<'_, S>) {
        let level = event.metadata().level().to_string().to_lowercase();
        let mut fields = Event::from([("level".to_owned(), level)]);
        event.record(&mut Fields(&mut fields));
        let Some(name) = fields.get("event") else {
            return;
        };
        note(name);
        if !FREQUENT.contains(&&**name) {
            EVENTS.lock().unwrap().push(fields);
        }
    }
}

/// Notes from now on what servers in this process log.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Somebody else may be listening already.
        let _listening = tracing_subscriber::registry().with(Noting).try_init();
    });
}

/// Notes what a server of its own has logged, and answers it.
pub fn note_all(log: &str) -> Vec<Event> {
    let text = |value: serde_json::Value| match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    };
    let lines = log.lines().filter_map(|line| {
        let line: BTreeMap<String, serde_json::Value> = serde_json::from_str(line).ok()?;
        let mut event: Event = line
            .into_iter()
            .map(|(name, value)| (name, text(value)))
            .collect();
        event.get_mut("level")?.make_ascii_lowercase();
        note(event.get("event")?);
        Some(event)
    });
    lines.collect()
}

/// Waits until a server in this process has logged this event with a field that contains
/// this text.
pub async fn told(name: &str, (field, part): (&str, &str)) -> Event {
    let is_it = |event: &&Event| {
        event["event"] == name && event.get(field).is_some_and(|text| text.contains(part))
    };
    for _ in 0..1_200 {
        if let Some(event) = EVENTS.lock().unwrap().iter().find(is_it) {
            return event.clone();
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let mut all = EVENTS.lock().unwrap().clone();
    all.retain(|event| event["event"] == name);
    panic!("no {name} with {part} in {field}: {all:?}");
}
