//! Certificates that the server holds although no client asked for them through the RA
//! API, as every real server does. They are in no ledger: no call led to them.

use serde_json::json;

use super::super::pki::certificate::{self, Issued, Validity};
use super::super::pki::hash::Hash;
use super::super::pki::keys::KeyLength;
use super::super::pki::name::Name;
use super::super::refusal::Refusal;
use super::super::secrets;
use super::super::state::State;
use super::super::users::User;
use super::certificates::{self, Associations};
use super::requests::{self, Request};

/// Issues a certificate to `user` for each of these names, valid for so many days, and
/// stores all of them. They share one key pair, which is made for this call.
pub(crate) async fn issue(
    state: &State,
    user: &User,
    wanted: &[(Name, i64)],
) -> Result<Vec<Issued>, Refusal> {
    let key = state.keys.make(KeyLength::Bits2048).await;
    let key = key.map_err(Refusal::internal)?;
    let private_key = key.pkcs8().map_err(Refusal::internal)?;
    let (hash, now) = (Hash::Sha256, state.clock.now());
    let mut all = Vec::with_capacity(wanted.len());
    let mut write = state.db.write().await?;
    for (name, days) in wanted {
        let validity = Validity::of_days(*days, now);
        let subject = name.der();
        let issued = certificate::issue(&state.ca, &subject, key.public_key(), hash, validity);
        let issued = issued.map_err(Refusal::internal)?;
        let request = Request {
            code: secrets::random_text()?,
            user_id: user.id,
            fingerprint: Vec::new(),
            subject: name.text().to_owned(),
            subject_der: subject,
            hash_type: hash.name().to_owned(),
            public_key: key.public_key().to_vec(),
            csr: String::new(),
            renews: None,
            groups: json!([]).to_string(),
            info: json!({}).to_string(),
            created_at: now.0,
        };
        requests::insert(write.conn(), &request, &private_key).await?;
        let associations = Associations {
            user_id: user.id,
            groups: request.groups.clone(),
            info: request.info.clone(),
        };
        certificates::insert(write.conn(), &issued, &request.code, &associations, now).await?;
        all.push(issued);
    }
    write.commit().await?;
    Ok(all)
}
