//! Which events of the log the tests of this run have seen: noted in a file, a name on
//! each line, because nobody knows which test is the last.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once};

use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

static SEEN: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

fn file() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("events-seen")
}

fn note(name: &str) {
    if SEEN.lock().unwrap().insert(name.to_owned()) {
        let file = File::options().create(true).append(true).open(file());
        writeln!(file.unwrap(), "{name}").unwrap();
    }
}

/// The name in the field `event`.
struct Name(Option<String>);

impl Visit for Name {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "event" {
            self.0 = Some(value.to_owned());
        }
    }

    fn record_debug(&mut self, _field: &Field, _value: &dyn std::fmt::Debug) {}
}

struct Noting;

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Noting {
    fn on_event(&self, event: &tracing::Event<'_>, _context: Context<'_, S>) {
        let mut name = Name(None);
        event.record(&mut name);
        if let Some(name) = name.0 {
            note(&name);
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

/// Notes what a server of its own has logged.
pub fn note_all(log: &str) {
    for rest in log.split("\"event\":\"").skip(1) {
        note(rest.split('"').next().unwrap_or_default());
    }
}

/// Everything that was ever noted.
pub fn seen() -> BTreeSet<String> {
    let text = std::fs::read_to_string(file()).unwrap_or_default();
    text.lines().map(ToOwned::to_owned).collect()
}
