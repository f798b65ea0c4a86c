//! Whom the lines of a run name: what tells holders of the same name apart.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use sqlx::any::AnyRow;

use crate::domain::answers::Answers;
use crate::domain::certificate::Validity;
use crate::domain::connection::RequestOptions;
use crate::domain::distinguished_name::DistinguishedName;
use crate::domain::order::Order;
use crate::domain::run::Run;
use crate::storage::certificates::validity;
use crate::storage::row::{Fields, FromRow, readable};
use crate::storage::{Storage, StorageError};

/// Whom a line names.
#[derive(Debug, Clone, Default)]
pub struct Named {
    position: i64,
    /// As ordered, else as it is in the certificate to renew or in the file. Empty if the
    /// line was left out of a file: nothing of it is kept.
    pub name: DistinguishedName,
    /// The expiry of the certificate to renew.
    pub renewed: Option<Validity>,
}

impl FromRow for Named {
    fn from_row(row: &AnyRow) -> Result<Self, StorageError> {
        let fields = Fields::new(row, "run_lines", "run_id");
        let ordered = fields.json_or_null::<Order>("request")?;
        let subject = fields.text_or_null("subject")?;
        let answers = fields.json_or_null::<Answers>("answers")?;
        let read = || {
            let answers = answers?;
            let checked = answers.checked(&RequestOptions::default());
            Some(checked.holder()?.distinguished_name())
        };
        let name = (ordered.map(|order| order.dn))
            .or_else(|| Some(DistinguishedName::of_preview(&subject?)))
            .or_else(read);
        let is_known = fields.integer_or_null("not_after")?.is_some();
        Ok(Self {
            position: fields.integer("position")?,
            name: name.unwrap_or_default(),
            renewed: is_known.then(|| validity(&fields)).transpose()?,
        })
    }
}

/// Whom these lines of a run name, by their positions.
pub async fn named(
    storage: &Storage,
    run: &Run,
    positions: RangeInclusive<i64>,
) -> Result<BTreeMap<i64, Named>, StorageError> {
    let sql = "SELECT l.run_id, l.position, l.answers, i.request, c.subject, c.not_after, \
        c.exact, c.origin FROM run_lines l LEFT JOIN issuances i ON i.id = l.issuance_id \
        LEFT JOIN certificates c ON c.connection_id = $1 AND c.owner_id = $2 \
        AND c.thumbprint IN (l.thumbprint, l.thumbprint || ' ' || $2) \
        WHERE l.run_id = $3 AND l.position BETWEEN $4 AND $5";
    let rows = sqlx::query(sql)
        .bind(&run.connection_id)
        .bind(&run.owner_id)
        .bind(&run.id)
        .bind(*positions.start())
        .bind(*positions.end())
        .fetch_all(storage.pool())
        .await?;
    let all: Vec<Named> = readable(&rows);
    Ok(all.into_iter().map(|one| (one.position, one)).collect())
}
