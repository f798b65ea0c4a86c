//! Owners of issuances and certificates, and the names by which they are found: see
//! [`OwnerName`].

use std::collections::HashMap;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use super::conditions::of_ids;
use super::one_row::OneRow as _;
use super::row::Fields;
use super::{Storage, StorageError};
use crate::domain::millis::Millis;
use crate::domain::owner_name::{NameBefore, OwnerName};
use crate::domain::sign_in_failure::Method;

/// Somebody who has just signed in.
#[derive(Debug, Clone)]
pub struct Arrived {
    pub connection_id: String,
    /// The server that named them: names of another server are other people.
    pub server: String,
    /// `None` if the server did not say who it is: nobody will be found by it again.
    pub name: Option<OwnerName>,
    /// Whether the connection says that ASCII case makes no difference.
    pub ignore_case: bool,
    /// The name as it is shown.
    pub shown: String,
    /// The name by the rule before migration 0011.
    pub before: String,
}

/// The id of the owner with this name, created with `new_id` if there is none.
///
/// # Errors
/// [`StorageError::Reference`] if the connection does not exist.
pub async fn find_or_create(
    conn: &mut AnyConnection,
    arrived: &Arrived,
    new_id: &str,
    now: Millis,
) -> Result<String, StorageError> {
    let Some(name) = &arrived.name else {
        insert(conn, arrived, new_id, now).await?;
        return Ok(new_id.to_owned());
    };
    if let Some(id) = known(conn, arrived, name).await? {
        rename(conn, &id, arrived).await?;
        return Ok(id);
    }
    let old = take_old(conn, arrived, name.way).await?;
    if let Some(id) = &old {
        add_name(conn, arrived, name, id, now).await?;
    } else {
        insert(conn, arrived, new_id, now).await?;
        if add_name(conn, arrived, name, new_id, now).await? {
            return Ok(new_id.to_owned());
        }
        // Another node created it first and has committed: the insert waited for that.
        sqlx::query("DELETE FROM owners WHERE id = $1")
            .bind(new_id)
            .execute(&mut *conn)
            .await?;
    }
    let theirs = known(conn, arrived, name).await?;
    theirs.ok_or_else(|| StorageError::Corrupt {
        table: "owner_names",
        id: new_id.to_owned(),
    })
}

/// Shows an owner as the server names them now. An old one who may come in by another way
/// yet is found by the name as it was written.
async fn rename(conn: &mut AnyConnection, id: &str, arrived: &Arrived) -> Result<(), StorageError> {
    sqlx::query(
        "UPDATE owners SET login = $1 WHERE id = $2 AND login <> $1 \
         AND redirect_open = 0 AND direct_open = 0",
    )
    .bind(arrived.shown.trim())
    .bind(id)
    .execute(conn)
    .await?;
    Ok(())
}

/// The owner with exactly this name; else, where case makes no difference, the first
/// one with it in other letters.
async fn known(
    conn: &mut AnyConnection,
    arrived: &Arrived,
    name: &OwnerName,
) -> Result<Option<String>, StorageError> {
    let rows = sqlx::query(
        "SELECT owner_id, domain, subject, any_case FROM owner_names \
         WHERE connection_id = $1 AND server = $2 AND way = $3 AND folded = $4 \
         ORDER BY created_at, owner_id",
    )
    .bind(&arrived.connection_id)
    .bind(&arrived.server)
    .bind(name.way.as_str())
    .bind(name.folded_subject())
    .fetch_all(conn)
    .await?;
    let found = rows.iter().map(|row| Found::read(row, name.way));
    let found = found.collect::<Result<Vec<_>, _>>()?;
    let is_it = |one: &&Found| one.name == *name;
    let but_for_case =
        |one: &&Found| (arrived.ignore_case || one.any_case) && one.name.is_but_for_case(name);
    let exact = found.iter().find(is_it);
    let one = exact.or_else(|| found.iter().find(but_for_case));
    Ok(one.map(|one| one.owner_id.clone()))
}

struct Found {
    owner_id: String,
    name: OwnerName,
    any_case: bool,
}

impl Found {
    fn read(row: &AnyRow, way: Method) -> Result<Self, StorageError> {
        let fields = Fields::new(row, "owner_names", "owner_id");
        Ok(Self {
            owner_id: fields.id().to_owned(),
            name: OwnerName {
                way,
                domain: fields.text("domain")?,
                subject: fields.text("subject")?,
            },
            any_case: fields.flag("any_case")?,
        })
    }
}

/// Takes over the owner from before migration 0011 who has this name by the rule of
/// then and had come in this way, unless somebody else already did.
async fn take_old(
    conn: &mut AnyConnection,
    arrived: &Arrived,
    way: Method,
) -> Result<Option<String>, StorageError> {
    let before = NameBefore::of(&arrived.before);
    let open = match way {
        Method::Redirect => "redirect_open",
        Method::Direct => "direct_open",
    };
    let sql = format!(
        "UPDATE owners SET {open} = 0 WHERE connection_id = $1 AND old_name = $2 \
         AND old_server IN ('', $3) AND ($4 = 0 OR login = $5) AND {open} = 1 RETURNING id"
    );
    let id: Option<String> = sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(&arrived.connection_id)
        .bind(before.text)
        .bind(&arrived.server)
        .bind(i64::from(before.only_if_written_so))
        .bind(&arrived.before)
        .fetch_optional(conn)
        .await?;
    if let Some(id) = &id {
        tracing::info!(event = "old_owner_taken_over", owner = %id, way = way.as_str());
    }
    Ok(id)
}

async fn insert(
    conn: &mut AnyConnection,
    arrived: &Arrived,
    id: &str,
    now: Millis,
) -> Result<(), StorageError> {
    sqlx::query(
        "INSERT INTO owners (id, connection_id, old_name, login, created_at) \
         VALUES ($1, $2, $1, $3, $4)",
    )
    .bind(id)
    .bind(&arrived.connection_id)
    .bind(arrived.shown.trim())
    .bind(now.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives an owner a name. Returns whether it was free.
async fn add_name(
    conn: &mut AnyConnection,
    arrived: &Arrived,
    name: &OwnerName,
    owner_id: &str,
    now: Millis,
) -> Result<bool, StorageError> {
    sqlx::query(
        "INSERT INTO owner_names (connection_id, server, way, domain, subject, folded, \
         any_case, owner_id, created_at) \
         SELECT $1, $2, $3, $4, $5, $6, CASE WHEN old_name = id THEN 0 ELSE 1 END, id, $7 \
         FROM owners WHERE id = $8 \
         ON CONFLICT (connection_id, server, way, domain, subject) DO NOTHING",
    )
    .bind(&arrived.connection_id)
    .bind(&arrived.server)
    .bind(name.way.as_str())
    .bind(&name.domain)
    .bind(&name.subject)
    .bind(name.folded_subject())
    .bind(now.0)
    .bind(owner_id)
    .changes_one(conn)
    .await
}

/// Lets the people of the server `from` be the same ones at the server `to`: an admin
/// says that both have the same users. A name that `to` has already keeps its owner.
pub async fn carry_over(
    conn: &mut AnyConnection,
    connection_id: &str,
    from: &str,
    to: &str,
) -> Result<(), StorageError> {
    sqlx::query(
        "INSERT INTO owner_names (connection_id, server, way, domain, subject, folded, \
         any_case, owner_id, created_at) \
         SELECT connection_id, $1, way, domain, subject, folded, any_case, owner_id, created_at \
         FROM owner_names WHERE connection_id = $2 AND server = $3 \
         ON CONFLICT (connection_id, server, way, domain, subject) DO NOTHING",
    )
    .bind(to)
    .bind(connection_id)
    .bind(from)
    .execute(&mut *conn)
    .await?;
    move_old(conn, connection_id, from, to).await
}

/// Ties the old owners whom nobody has taken over yet to the server that their
/// connection has at the first start after migration 0011: nobody knows of an earlier
/// one.
pub async fn tie_old(
    conn: &mut AnyConnection,
    connection_id: &str,
    server: &str,
) -> Result<(), StorageError> {
    move_old(conn, connection_id, "", server).await
}

/// The same for those of the server `from` as well as those of none.
async fn move_old(
    conn: &mut AnyConnection,
    connection_id: &str,
    from: &str,
    to: &str,
) -> Result<(), StorageError> {
    sqlx::query(
        "UPDATE owners SET old_server = $1 WHERE connection_id = $2 \
         AND old_server IN ('', $3) AND (redirect_open = 1 OR direct_open = 1)",
    )
    .bind(to)
    .bind(connection_id)
    .bind(from)
    .execute(conn)
    .await?;
    Ok(())
}

/// The name of the owner with this id, as it is shown.
///
/// # Errors
/// [`StorageError::Corrupt`] if there is no such owner.
pub async fn login_of(conn: &mut AnyConnection, id: &str) -> Result<String, StorageError> {
    let login = sqlx::query_scalar("SELECT login FROM owners WHERE id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await?;
    login.ok_or_else(|| StorageError::Corrupt {
        table: "owners",
        id: id.to_owned(),
    })
}

/// The connection of the owner with this id.
pub async fn connection_of(storage: &Storage, id: &str) -> Result<Option<String>, StorageError> {
    let found = sqlx::query_scalar("SELECT connection_id FROM owners WHERE id = $1")
        .bind(id.to_owned())
        .fetch_optional(storage.pool());
    Ok(found.await?)
}

/// Whether an owner is one of this server: it has named them, or nobody has and they are not
/// known to be of another one.
pub async fn is_at(storage: &Storage, id: &str, server: &str) -> Result<bool, StorageError> {
    let sql = "SELECT owner_id FROM owner_names WHERE owner_id = $1 AND server = $2 \
        UNION ALL SELECT id FROM owners WHERE id = $1 AND old_server IN ('', $2) \
        AND NOT EXISTS (SELECT owner_id FROM owner_names WHERE owner_id = $1)";
    let found: Option<String> = sqlx::query_scalar(sql)
        .bind(id.to_owned())
        .bind(server.to_owned())
        .fetch_optional(storage.pool())
        .await?;
    Ok(found.is_some())
}

/// The names of these owners, by id.
pub async fn names(
    storage: &Storage,
    ids: &[&str],
) -> Result<HashMap<String, String>, StorageError> {
    let rows = of_ids(storage, "id, login", "owners", ids).await?;
    let name = |row: &AnyRow| {
        let fields = Fields::new(row, "owners", "id");
        Ok((fields.id().to_owned(), fields.text("login")?))
    };
    rows.iter().map(name).collect()
}
