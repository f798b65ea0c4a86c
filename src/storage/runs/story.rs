//! What became of the lines of a run.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

use crate::domain::holder_name::HolderName;
use crate::domain::issuance::{Cause, Refusal, ServerMessage, State};
use crate::domain::millis::Millis;
use crate::domain::run::{Faults, LineOutcome, LineState, Run, Skip};
use crate::domain::thumbprint::Thumbprint;
use crate::storage::issuances::in_doubt;
use crate::storage::row::{Fields, FromRow, readable};
use crate::storage::{Storage, StorageError};

/// One line with what its issuance says.
#[derive(Debug, Clone)]
pub struct Told {
    pub position: i64,
    /// The certificate to renew.
    pub renews: Option<Thumbprint>,
    pub outcome: LineOutcome,
    pub skip: Option<Skip>,
    /// What was wrong with its row.
    pub faults: Faults,
    /// As far as known.
    pub holder: HolderName,
    /// Id and reference of the issuance, if there is one that was submitted.
    pub issuance: Option<(String, String)>,
    /// The new certificate.
    pub thumbprint: Option<Thumbprint>,
    /// Redtrust's words.
    pub said: Option<ServerMessage>,
    /// What they ask for if they are a refusal.
    pub refusal: Option<Refusal>,
}

/// The columns of a [`refusal`], beside the state of an issuance `i`.
pub(super) const REFUSAL: &str =
    "i.error_code, i.error_message, i.reason, i.request_code, i.renews AS renewal";

/// What Redtrust refused last of an issuance that can go on or ended with it.
pub(super) fn refusal(fields: &Fields<'_>) -> Result<Option<Refusal>, StorageError> {
    let (state, cause) = (
        fields.parsed_or_null::<State>("state")?,
        fields.parsed_or_null::<Cause>("reason")?,
    );
    let (Some(state), Some(cause), Some(said)) = (state, cause, said(fields)?) else {
        return Ok(None);
    };
    let is_left = matches!(state, State::Draft | State::KeyCreated | State::Refused);
    let is_renewal = fields.text_or_null("renewal")?.is_some();
    let has_code = fields.text_or_null("request_code")?.is_some();
    let class = said.refusal(cause).filter(|_| is_left);
    Ok(class.map(|class| Refusal {
        class,
        state,
        has_code,
        lacks_old_certificate: is_renewal && said.misses_certificate(),
    }))
}

fn said(fields: &Fields<'_>) -> Result<Option<ServerMessage>, StorageError> {
    let code = fields.text_or_null("error_code")?;
    let text = fields.text_or_null("error_message")?;
    let both = code.zip(text);
    Ok(both.map(|(code, text)| ServerMessage { code, text }))
}

impl FromRow for Told {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let fields = Fields::new(row, "run_lines", "run_id");
        let line: LineState = fields.parsed("line_state")?;
        let state: Option<State> = fields.parsed_or_null("state")?;
        let at_work = fields.integer_or_null("at_work")?.unwrap_or_default() != 0;
        let submitted = fields.integer_or_null("submitted_at")?.is_some();
        let id = fields.text_or_null("id")?.filter(|_| submitted);
        Ok(Self {
            position: fields.integer("position")?,
            renews: fields.parsed_or_null("renews")?,
            outcome: LineOutcome::of(line, state, at_work),
            skip: fields.parsed_or_null("skip")?,
            // A line is not lost for what another version wrote here.
            faults: (fields.json_or_null("faults").ok().flatten()).unwrap_or_default(),
            holder: fields.text("holder")?.into(),
            issuance: id.zip(fields.text_or_null("reference")?),
            thumbprint: fields.parsed_or_null("thumbprint")?,
            said: said(&fields)?,
            refusal: refusal(&fields)?,
        })
    }
}

/// All lines of a run, in order. The holder of a line that was not ordered yet is the one
/// of its certificate.
pub async fn told(storage: &Storage, run: &Run, now: Millis) -> Result<Vec<Told>, StorageError> {
    let sql = format!(
        "SELECT l.run_id, l.position, l.thumbprint AS renews, l.state AS line_state, l.skip, \
         l.faults, \
         COALESCE(CASE WHEN i.submitted_at IS NULL THEN NULL ELSE i.holder END, c.holder, l.holder) \
         AS holder, i.id, i.reference, i.submitted_at, {} AS state, i.thumbprint, {REFUSAL}, \
         CAST(CASE WHEN i.lease_until > $1 THEN 1 ELSE 0 END AS BIGINT) AS at_work \
         FROM run_lines l LEFT JOIN issuances i ON i.id = l.issuance_id \
         LEFT JOIN certificates c ON c.connection_id = $2 AND c.owner_id = $3 \
         AND c.thumbprint IN (l.thumbprint, l.thumbprint || ' ' || $3) \
         WHERE l.run_id = $4 ORDER BY l.position",
        state()
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(now.0)
        .bind(&run.connection_id)
        .bind(&run.owner_id)
        .bind(&run.id)
        .fetch_all(storage.pool())
        .await?;
    Ok(readable(&rows))
}

/// The state of the issuance of a line. Giving up makes nothing known.
fn state() -> String {
    format!(
        "CASE WHEN {} THEN 'unknown' ELSE i.state END",
        in_doubt("i")
    )
}

/// How many lines have each outcome, and were given up or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(Vec<(LineOutcome, bool, usize)>);

impl Tally {
    /// The lines with this outcome.
    pub fn of(&self, outcome: LineOutcome) -> usize {
        self.count(|one, _| one == outcome)
    }

    /// The lines whose outcome is not known and that were not given up.
    pub fn to_settle(&self) -> usize {
        self.count(|one, given_up| one == LineOutcome::Unknown && !given_up)
    }

    /// All lines.
    pub fn all(&self) -> usize {
        self.count(|_, _| true)
    }

    fn count(&self, is_wanted: impl Fn(LineOutcome, bool) -> bool) -> usize {
        let wanted = self.0.iter().filter(|(one, up, _)| is_wanted(*one, *up));
        wanted.map(|(_, _, lines)| lines).sum()
    }
}

/// Counts the lines of a run without reading each.
pub async fn tally(storage: &Storage, run_id: &str, now: Millis) -> Result<Tally, StorageError> {
    let sql = format!(
        "SELECT l.state AS line_state, {} AS state, \
         CAST(CASE WHEN i.lease_until > $1 THEN 1 ELSE 0 END AS BIGINT) AS at_work, \
         CAST(CASE WHEN i.state = 'abandoned' THEN 1 ELSE 0 END AS BIGINT) AS given_up, \
         COUNT(*) AS lines FROM run_lines l LEFT JOIN issuances i ON i.id = l.issuance_id \
         WHERE l.run_id = $2 GROUP BY 1, 2, 3, 4",
        state()
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(now.0)
        .bind(run_id)
        .fetch_all(storage.pool())
        .await?;
    let counted = |row: &AnyRow| {
        let fields = Fields::with_id(row, "run_lines", run_id);
        let outcome = LineOutcome::of(
            fields.parsed("line_state")?,
            fields.parsed_or_null("state")?,
            fields.flag("at_work")?,
        );
        let lines: i64 = row.try_get("lines")?;
        let lines = usize::try_from(lines).unwrap_or_default();
        Ok((outcome, fields.flag("given_up")?, lines))
    };
    let counted: Result<_, StorageError> = rows.iter().map(counted).collect();
    Ok(Tally(counted?))
}
