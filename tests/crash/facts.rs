//! Collects the facts: the sandbox's ledger over HTTP, the portal's database directly,
//! and the audit chain by running the public command.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Connection as _, Row as _};

use super::judge::{Effect, Facts, Row};
use super::support::controls::Controls;
use super::support::deployed::Deployed;

/// If the ledger does not grow for this long, the sandbox has finished the calls of the
/// dead client.
const STILL: Duration = Duration::from_millis(600);

#[derive(Debug, Clone)]
pub struct Stored {
    /// The facts for the judge.
    pub row: Row,
    pub login: String,
    /// It has left `draft` at least once.
    pub submitted: bool,
}

/// Reads the database directly, not through the portal.
pub async fn stored(database_url: &str) -> Result<Vec<Stored>, String> {
    read(database_url).await.map_err(|error| error.to_string())
}

/// The issuances in flight: id, step, and the end of the lease, which only a live worker
/// extends.
pub async fn in_flight(database_url: &str) -> Result<BTreeSet<(String, i64, i64)>, String> {
    let look = async {
        let mut conn = connect(database_url).await?;
        let sql = "SELECT id, attempt, lease_until FROM issuances \
            WHERE state IN ('creating', 'finalizing')";
        let rows = sqlx::query(sql).fetch_all(&mut conn).await?;
        conn.close().await?;
        let of = |row: &AnyRow| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
        rows.iter()
            .map(of)
            .collect::<Result<BTreeSet<_>, sqlx::Error>>()
    };
    look.await.map_err(|error| error.to_string())
}

/// The runs that have not ended, with their states.
pub async fn open_runs(database_url: &str) -> Result<Vec<(String, String)>, String> {
    let look = async {
        let mut conn = connect(database_url).await?;
        let sql = "SELECT id, state FROM runs WHERE state IN ('working', 'paused')";
        let rows = sqlx::query_as(sql).fetch_all(&mut conn).await?;
        conn.close().await?;
        Ok::<_, sqlx::Error>(rows)
    };
    look.await.map_err(|error| error.to_string())
}

/// One line of a run.
#[derive(Debug)]
pub struct Line {
    pub run: String,
    pub position: i64,
    pub state: String,
    /// The state of its issuance, if it is there.
    pub issuance: Option<String>,
    /// How many lines name that issuance.
    pub lines_of_issuance: i64,
}

/// The lines of all confirmed runs.
pub async fn lines(database_url: &str) -> Result<Vec<Line>, String> {
    let look = async {
        let mut conn = connect(database_url).await?;
        let sql = "SELECT l.run_id, l.position, l.state, i.state, \
            (SELECT COUNT(*) FROM run_lines o WHERE o.issuance_id = l.issuance_id) \
            FROM run_lines l JOIN runs r ON r.id = l.run_id AND r.state <> 'check' \
            LEFT JOIN issuances i ON i.id = l.issuance_id ORDER BY 1, 2";
        let rows: Vec<(String, i64, String, Option<String>, i64)> =
            sqlx::query_as(sql).fetch_all(&mut conn).await?;
        conn.close().await?;
        Ok::<_, sqlx::Error>(rows)
    };
    let rows = look.await.map_err(|error| error.to_string())?;
    let line = |(run, position, state, issuance, lines_of_issuance)| Line {
        run,
        position,
        state,
        issuance,
        lines_of_issuance,
    };
    Ok(rows.into_iter().map(line).collect())
}

async fn connect(database_url: &str) -> Result<AnyConnection, sqlx::Error> {
    let read_only = match database_url.starts_with("sqlite:") {
        true => format!("{database_url}?mode=ro"),
        false => database_url.to_owned(),
    };
    AnyConnection::connect(&read_only).await
}

async fn read(database_url: &str) -> Result<Vec<Stored>, sqlx::Error> {
    let mut conn = connect(database_url).await?;
    let sql = "SELECT i.id, i.state, i.request_code, i.thumbprint, i.holder, i.renews, o.login, \
         i.submitted_at FROM issuances i JOIN owners o ON o.id = i.owner_id ORDER BY i.id";
    let rows = sqlx::query(sql).fetch_all(&mut conn).await?;
    let timeline = "SELECT issuance_id, state FROM issuance_events ORDER BY issuance_id, attempt";
    let mut steps = states(&mut conn, timeline, |state| state).await?;
    let audit = "SELECT object, after_text FROM audit WHERE object LIKE 'issuance %' ORDER BY seq";
    let mut audited = states(&mut conn, audit, state_after).await?;
    conn.close().await?;
    rows.iter()
        .map(|row| {
            let id: String = row.try_get("id")?;
            let object = format!("issuance {id}");
            of_row(
                row,
                steps.remove(&id).unwrap_or_default(),
                audited.remove(&object).unwrap_or_default(),
            )
        })
        .collect()
}

/// The states that each issuance reached.
async fn states(
    conn: &mut AnyConnection,
    sql: &'static str,
    state: impl Fn(String) -> String,
) -> Result<BTreeMap<String, Vec<String>>, sqlx::Error> {
    let mut states: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in sqlx::query(sql).fetch_all(conn).await? {
        let (object, text) = (row.try_get(0)?, row.try_get(1)?);
        states.entry(object).or_default().push(state(text));
    }
    Ok(states)
}

/// The state of an issuance after a step, as recorded in the audit.
fn state_after(json: String) -> String {
    serde_json::from_str::<serde_json::Value>(&json)
        .ok()
        .and_then(|after| Some(after.get("state")?.as_str()?.to_owned()))
        .unwrap_or(json)
}

fn of_row(row: &AnyRow, steps: Vec<String>, audited: Vec<String>) -> Result<Stored, sqlx::Error> {
    Ok(Stored {
        row: Row {
            id: row.try_get("id")?,
            state: row.try_get("state")?,
            code: row.try_get("request_code")?,
            thumbprint: row.try_get("thumbprint")?,
            holder: row.try_get("holder")?,
            renews: row.try_get("renews")?,
            steps,
            audited,
        },
        login: row.try_get("login")?,
        submitted: row.try_get::<Option<i64>, _>("submitted_at")?.is_some(),
    })
}

/// All facts, after the sandbox has finished the calls of the dead client.
pub async fn gather(deployed: &Deployed) -> Result<Facts, String> {
    let effects = still_ledger(&deployed.controls).await?;
    let rows = stored(&deployed.database_url).await?;
    let rows = rows.into_iter().map(|stored| stored.row).collect();
    let mut verify = deployed.command(0, &["audit", "verify"], &[]);
    let verified = tokio::task::spawn_blocking(move || verify.output()).await;
    let verified = verified
        .map_err(|error| error.to_string())?
        .map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&verified.stderr).into_owned();
    Ok(Facts {
        effects,
        rows,
        broken_audit: (!verified.status.success()).then_some(said),
    })
}

async fn still_ledger(controls: &Controls) -> Result<Vec<Effect>, String> {
    let mut before = controls.ledger().await;
    for _ in 0..50 {
        tokio::time::sleep(STILL).await;
        let now = controls.ledger().await;
        if now.len() == before.len() {
            return Ok(now.iter().filter_map(effect).collect());
        }
        before = now;
    }
    Err("the sandbox never rests".to_owned())
}

fn effect(entry: &serde_json::Value) -> Option<Effect> {
    let text = |name: &str| entry[name].as_str().map(ToOwned::to_owned);
    let thumbprint = match entry["kind"].as_str()? {
        "key_pair" => None,
        "certificate" => Some(text("thumbprint").unwrap_or_default()),
        _ => return None,
    };
    Some(Effect {
        thumbprint,
        code: text("request_code").unwrap_or_default(),
        subject: text("subject").unwrap_or_default(),
        renews: text("renews"),
    })
}
