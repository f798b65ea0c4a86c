//! The calls of the RA API, one method for each.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::answers;
use super::endpoints::Operation;
use super::envelope::Answer;
use super::error::RedtrustError;
use super::health::Fault;
use super::messages::{CsrCreateBody, CsrCreated, Finalized};
use super::settings::ClientSettings;
use super::transport::{Load, Outgoing, Transport};
use crate::domain::connection::Connection;
use crate::domain::millis::Millis;
use crate::domain::order::Order;
use crate::domain::secret::Secret;
use crate::domain::temp_token::TempToken;
use crate::domain::tokens::{TokenPair, subject_of};

/// The client of one connection. Keep it as long as the settings of the connection do
/// not change, because its limit and its breaker count all calls.
#[derive(Debug)]
pub struct RedtrustClient {
    transport: Transport,
    temp_token_field: String,
    /// The keys that we sign with, which no answer may repeat.
    shared_keys: Vec<Secret>,
    call_timeout: Duration,
    issue_timeout: Duration,
}

impl RedtrustClient {
    /// A client for `connection`.
    ///
    /// # Errors
    /// [`RedtrustError::Tls`] if there are no root certificates: the private CA cannot
    /// be read, or this machine has none.
    pub fn new(connection: &Connection, settings: &ClientSettings) -> Result<Self, RedtrustError> {
        Ok(Self {
            transport: Transport::new(connection, settings)?,
            temp_token_field: connection.settings.dialect.temp_token_field.to_string(),
            shared_keys: std::iter::once(&connection.shared_key)
                .chain(connection.second_key.as_ref().map(|second| &second.key))
                .cloned()
                .collect(),
            call_timeout: settings.call_timeout,
            issue_timeout: connection.settings.issue_timeout.duration(),
        })
    }

    /// Whether the server's certificate was rejected at the last call that checked it.
    pub fn is_untrusted(&self) -> bool {
        self.transport.health.is_untrusted()
    }

    /// Why the last call failed, if that was recently.
    pub fn fault(&self) -> Option<Fault> {
        self.transport.health.fault(Instant::now())
    }

    /// How busy it is.
    pub fn load(&self) -> Load {
        self.transport.load()
    }

    /// The server's current time, if an answer had a `Date`.
    pub fn time_there(&self) -> Option<Millis> {
        self.transport.health.time_there()
    }

    /// Signs in directly with the password of an application user. `place` is where
    /// the request comes from: failures of one place count once.
    ///
    /// # Errors
    /// [`RedtrustError`].
    pub async fn login(
        &self,
        username: &str,
        password: &Secret,
        domain: Option<&str>,
        place: &str,
    ) -> Result<TokenPair, RedtrustError> {
        let mut body = Map::new();
        body.insert("username".to_owned(), username.into());
        body.insert("password".to_owned(), password.expose().into());
        if let Some(domain) = domain {
            body.insert("domain".to_owned(), domain.into());
        }
        let body = Value::Object(body);
        let password = password.expose();
        let tokens = self
            .sign_in(Operation::Login, &body, password, place)
            .await?;
        // A password may be a part of its owner's name, and then comes back in it.
        let name = subject_of(&tokens.access).unwrap_or_default();
        match name == password && name != username {
            true => Err(answers::malformed("the person's name is the password")),
            false => Ok(tokens),
        }
    }

    /// Exchanges the refresh token for a new pair of tokens. Failures of one owner count
    /// once; empty for the portal itself.
    ///
    /// # Errors
    /// [`RedtrustError`].
    pub async fn refresh_token(
        &self,
        refresh: &Secret,
        owner_id: &str,
    ) -> Result<TokenPair, RedtrustError> {
        let body = json!({ "refreshToken": refresh.expose() });
        self.sign_in(Operation::RefreshToken, &body, refresh.expose(), owner_id)
            .await
    }

    /// Exchanges the temporary token of a redirect. `place` is as for
    /// [`RedtrustClient::login`].
    ///
    /// # Errors
    /// [`RedtrustError`].
    pub async fn login_by_temp_token(
        &self,
        token: &TempToken,
        place: &str,
    ) -> Result<TokenPair, RedtrustError> {
        let mut body = Map::new();
        body.insert(self.temp_token_field.clone(), token.expose().into());
        let body = Value::Object(body);
        self.sign_in(Operation::LoginByTempToken, &body, token.expose(), place)
            .await
    }

    /// Ends the session at Redtrust.
    ///
    /// # Errors
    /// [`RedtrustError`].
    pub async fn logout(&self, access: &Secret) -> Result<(), RedtrustError> {
        let call = Outgoing {
            operation: Operation::Logout,
            bearer: Some(access.expose()),
            body: None,
            secrets: &self.secrets([access.expose()]),
            within: self.call_timeout,
            caller: "",
        };
        self.transport.call(call).await.map(drop)
    }

    /// Makes Redtrust create a key pair and its CSR. `owner_id` is as for
    /// [`RedtrustClient::refresh_token`].
    ///
    /// # Errors
    /// [`RedtrustError`].
    pub async fn csr_create(
        &self,
        tokens: &TokenPair,
        order: &Order,
        owner_id: &str,
    ) -> Result<CsrCreated, RedtrustError> {
        let body = CsrCreateBody::from(order);
        let secrets = self.secrets_of(tokens);
        let call = self.issue(Operation::CsrCreate, tokens, &secrets, &body, owner_id);
        let sent = order.request_code.as_deref();
        answers::csr_created(call.await?, sent, &secrets)
    }

    /// Makes Redtrust issue the certificate for the key pair of `request_code`. `owner_id`
    /// is as for [`RedtrustClient::refresh_token`].
    ///
    /// # Errors
    /// [`RedtrustError`].
    pub async fn csr_finalize(
        &self,
        tokens: &TokenPair,
        request_code: &str,
        owner_id: &str,
    ) -> Result<Finalized, RedtrustError> {
        let body = json!({ "requestCode": request_code });
        let secrets = self.secrets_of(tokens);
        let call = self.issue(Operation::CsrFinalize, tokens, &secrets, &body, owner_id);
        answers::finalized(call.await?, &secrets)
    }

    /// Registers a redirect URL. Only the sandbox offers this call.
    ///
    /// # Errors
    /// [`RedtrustError`].
    pub async fn register_sandbox_redirect_url(
        &self,
        url: &str,
        partner: &str,
    ) -> Result<(), RedtrustError> {
        let call = Outgoing {
            operation: Operation::SandboxRedirectUrl,
            bearer: None,
            body: Some(json_bytes(&json!({ "url": url, "partner": partner }))?),
            secrets: &[],
            within: self.call_timeout,
            caller: "",
        };
        self.transport.call(call).await.map(drop)
    }

    /// The CA that issues, in PEM form. Only the sandbox offers this call.
    ///
    /// # Errors
    /// [`RedtrustError`].
    pub async fn sandbox_ca(&self) -> Result<String, RedtrustError> {
        let call = Outgoing {
            operation: Operation::SandboxCa,
            bearer: None,
            body: None,
            secrets: &[],
            within: self.call_timeout,
            caller: "",
        };
        let answer = self.transport.call(call).await?;
        Ok(answer.data.as_str().unwrap_or_default().to_owned())
    }

    async fn sign_in(
        &self,
        operation: Operation,
        body: &Value,
        secret: &str,
        caller: &str,
    ) -> Result<TokenPair, RedtrustError> {
        let secrets = self.secrets([secret]);
        let call = Outgoing {
            operation,
            bearer: None,
            body: Some(json_bytes(body)?),
            secrets: &secrets,
            within: self.call_timeout,
            caller,
        };
        let answer = self.transport.call(call).await?;
        match operation {
            Operation::Login => answers::token_pair(&answer.data, &self.secrets([])),
            _ => answers::token_pair(&answer.data, &secrets),
        }
    }

    async fn issue(
        &self,
        operation: Operation,
        tokens: &TokenPair,
        secrets: &[&str],
        body: &impl Serialize,
        owner_id: &str,
    ) -> Result<Answer, RedtrustError> {
        let call = Outgoing {
            operation,
            bearer: Some(tokens.access.expose()),
            body: Some(json_bytes(body)?),
            secrets,
            within: self.issue_timeout,
            caller: owner_id,
        };
        self.transport.call(call).await
    }

    /// What no answer may repeat, besides these of the call.
    fn secrets<'s>(&'s self, of_call: impl IntoIterator<Item = &'s str>) -> Vec<&'s str> {
        let keys = self.shared_keys.iter().map(Secret::expose);
        of_call.into_iter().chain(keys).collect()
    }

    fn secrets_of<'s>(&'s self, tokens: &'s TokenPair) -> Vec<&'s str> {
        let both = std::iter::once(&tokens.access).chain(&tokens.refresh);
        self.secrets(both.map(Secret::expose))
    }
}

/// Serialization cannot fail here: the bodies have only text keys and plain values.
fn json_bytes(body: &impl Serialize) -> Result<Vec<u8>, RedtrustError> {
    serde_json::to_vec(body).map_err(|error| RedtrustError::Unreachable {
        cause: error.to_string(),
    })
}
