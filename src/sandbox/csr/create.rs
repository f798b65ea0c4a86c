//! `POST /raapi/v1/csr/create`: makes a key pair on the server and returns its CSR.
//!
//! Under the dialect `client_request_code = "send"` the client's `requestCode` names
//! the key pair, and a repeated call with that code returns the same CSR. Under `off`
//! the client's code is ignored and the server makes its own.

use serde_json::{Map, Value, json};

use super::super::answer::Answer;
use super::super::incoming::Incoming;
use super::super::ledger::{self, Details, Operation};
use super::super::pki::keys::RsaKey;
use super::super::pki::{PkiError, request};
use super::super::refusal::{ErrorCode, Refusal};
use super::super::secrets;
use super::super::state::State;
use super::super::tokens::bearer;
use super::super::users::User;
use super::asked::Asked;
use super::certificates;
use super::requests::{self, Request};
use rubrica_domain::dialect::ClientRequestCode;
use sqlx::SqliteConnection;

const OPERATION: Operation = Operation::CsrCreate;

pub(crate) async fn answer(
    state: &State,
    incoming: &Incoming,
    details: &mut Details,
) -> Result<Answer, Refusal> {
    let mut conn = state.db.pool().acquire().await?;
    let user = bearer::authenticate(&mut conn, state, incoming).await?.user;
    details.user = Some(user.username.clone());
    if !user.may_issue {
        return Err(ErrorCode::NoPermission.into());
    }
    let mut asked = Asked::read(&incoming.json()?)?;
    if state.dialect().open.client_request_code == ClientRequestCode::Off {
        asked.code = None;
    }
    details.request_code.clone_from(&asked.code);
    details.subject = Some(asked.name.text().to_owned());
    details.renews.clone_from(&asked.renews);
    // A renewal keeps the groups of the old certificate.
    let names_group = !asked.groups.is_empty() || asked.renews.is_some();
    if state.dialect().own.group_mandatory && !names_group {
        return Err(ErrorCode::GroupMandatory.into());
    }
    let known = check(&mut conn, &asked, &user).await?;
    // Making the key takes long, so release the connection first.
    drop(conn);
    let key = match known {
        Some(_) => None,
        None => Some(state.keys.make(asked.length).await.map_err(internal)?),
    };
    store(state, incoming, &asked, &user, key, details).await
}

/// Checks the request against stored data; returns the existing request if the client's
/// code is already taken by the same request.
async fn check(
    conn: &mut SqliteConnection,
    asked: &Asked,
    user: &User,
) -> Result<Option<Request>, Refusal> {
    if let Some(code) = &asked.code
        && let Some(known) = requests::by_code(conn, code).await?
    {
        if known.user_id != user.id || known.fingerprint != asked.fingerprint() {
            return Err(ErrorCode::RequestCodeTaken.into());
        }
        return Ok(Some(known));
    }
    if let Some(thumbprint) = &asked.renews {
        certificates::renewable(conn, thumbprint, user).await?;
    }
    Ok(None)
}

/// Stores the key pair, unless a concurrent call stored the same code first.
async fn store(
    state: &State,
    incoming: &Incoming,
    asked: &Asked,
    user: &User,
    key: Option<RsaKey>,
    details: &mut Details,
) -> Result<Answer, Refusal> {
    let mut write = state.db.write().await?;
    let known = check(write.conn(), asked, user).await?;
    let request = match (known, key) {
        (Some(known), _) => {
            ledger::call_done(write.conn(), OPERATION, details, incoming.now).await?;
            known
        }
        (None, Some(key)) => {
            let made = new_request(asked, user, &key, incoming)?;
            let private_key = key.pkcs8().map_err(internal)?;
            requests::insert(write.conn(), &made, &private_key).await?;
            details.request_code = Some(made.code.clone());
            ledger::effect_done(write.conn(), OPERATION, details, incoming.now).await?;
            made
        }
        (None, None) => return Err(Refusal::internal("a stored request went away")),
    };
    write.commit().await?;
    let manners = state.dialect().own;
    let mut data = Map::new();
    data.insert("csr".to_owned(), json!(manners.csr_form.of(&request.csr)));
    if asked.code.is_none() || manners.create_request_code {
        data.insert("requestCode".to_owned(), json!(request.code));
    }
    Ok(Answer::Data(Value::Object(data)))
}

fn new_request(
    asked: &Asked,
    user: &User,
    key: &RsaKey,
    incoming: &Incoming,
) -> Result<Request, Refusal> {
    let subject_der = asked.name.der();
    Ok(Request {
        code: match &asked.code {
            Some(code) => code.clone(),
            None => secrets::random_text()?,
        },
        user_id: user.id,
        fingerprint: asked.fingerprint(),
        subject: asked.name.text().to_owned(),
        csr: request::make(&subject_der, key, asked.hash).map_err(internal)?,
        subject_der,
        hash_type: asked.hash.name().to_owned(),
        public_key: key.public_key().to_vec(),
        renews: asked.renews.clone(),
        groups: json!(asked.groups).to_string(),
        info: asked.info.clone(),
        created_at: incoming.now.0,
    })
}

fn internal(error: PkiError) -> Refusal {
    Refusal::internal(error)
}
