//! A portal without pages, a person who is signed in, and a Redtrust that
//! plays a script.

use std::sync::Arc;
use std::time::Duration;

use rubrica::clock::Clock;
use rubrica::domain::answers::{Answers, Field};
use rubrica::domain::connection::Connection;
use rubrica::domain::issuance::{Issuance, State};
use rubrica::domain::millis::Millis;
use rubrica::domain::owner_name::OwnerName;
use rubrica::domain::secret::Secret;
use rubrica::domain::sign_in_failure::Method;
use rubrica::domain::tokens::TokenPair;
use rubrica::services::accounts::Hashers;
use rubrica::services::connections::ConnectionRegistry;
use rubrica::services::engine::InFlight;
use rubrica::services::issue::{self, Draft, NewDraft, Submitted};
use rubrica::services::jobs::Jobs;
use rubrica::services::limiter::Limiter;
use rubrica::services::may_issue::Refusals;
use rubrica::services::{Caller, Portal, Source, ids};
use rubrica::storage::issuances;
use rubrica::storage::owners::Arrived;
use rubrica::storage::sign_ins::NewTokens;
use rubrica::storage::{connections, owners, sign_ins};

use crate::support::database::Database;
use crate::support::raw_server::{RawServer, Reply};
use crate::support::redtrust::{connection, settings};

/// When these tests begin.
pub const NOW: Millis = Millis(1_800_000_000_000);

/// The calls that an issuance makes.
pub const CREATE: &str = "POST /raapi/v1/csr/create";
pub const FINALIZE: &str = "PUT /raapi/v1/csr/finalize";

/// What a server answers to a create.
pub fn created() -> Reply {
    Reply::success(r#"{"requestCode":"r-1"}"#)
}

/// What a server answers to a finalize.
pub const FINALIZED: &str =
    r#"{"idCertificate":7,"thumbprint":"ABABABABABABABABABABABABABABABABABABABAB"}"#;

/// Everything a test works with.
pub struct Given {
    pub portal: Arc<Portal>,
    pub ana: Caller,
    pub redtrust: RawServer,
    pub connection: Connection,
    _database: Database,
}

impl Given {
    /// A portal on this database; Redtrust answers with `script`.
    pub async fn redtrust(database: Database, script: Vec<Reply>) -> Self {
        Self::with(database, script, |_| {}).await
    }

    /// The same with a connection that `change` has changed.
    pub async fn with(
        database: Database,
        script: Vec<Reply>,
        change: impl FnOnce(&mut Connection),
    ) -> Self {
        let redtrust = RawServer::start(script).await;
        let mut connection = connection(&redtrust.url);
        change(&mut connection);
        let stored = connection.clone();
        let keys = Arc::clone(&database.keys);
        database
            .storage
            .write(move |conn| {
                Box::pin(async move { connections::insert(conn, &keys, &stored, NOW).await })
            })
            .await
            .unwrap();
        let (storage, keys) = (database.storage.clone(), Arc::clone(&database.keys));
        let portal = Arc::new(Portal {
            connections: ConnectionRegistry::new(storage.clone(), Arc::clone(&keys), settings()),
            storage,
            keys,
            clock: Clock::manual(NOW),
            in_flight: Arc::new(InFlight::new("node".into())),
            limiter: Limiter::default(),
            refusals: Refusals::default(),
            jobs: Jobs::default(),
            hashers: Hashers::default(),
            public_url: "http://localhost:8080".into(),
            retention: None,
            mail: None,
            webhook: None,
            partner_name: "rubrica".into(),
            zone: jiff::tz::TimeZone::UTC,
            needs_second_factor: false,
        });
        let ana = signed_in(&portal, &connection, "ana").await;
        Self {
            portal,
            ana,
            redtrust,
            connection,
            _database: database,
        }
    }

    /// A draft for just a name, ready to be submitted.
    pub async fn draft(&self) -> String {
        let answers = Answers::with([(Field::Kind, "name"), (Field::CommonName, "Ana Núñez")]);
        let draft = NewDraft {
            id: ids::new_id(),
            answers,
            renews: None,
        };
        let begun = issue::begin(&self.portal, &self.ana, draft).await.unwrap();
        begun.unwrap().issuance.id
    }

    /// Submits a draft as it stands, and waits for the end of the work.
    pub async fn submit(&self, id: &str) -> Submitted {
        let draft = self.load(id).await;
        let seen = draft.issuance.version;
        let submitted = issue::submit(&self.portal, &self.ana, &draft, seen, None).await;
        self.rest().await;
        submitted.unwrap()
    }

    /// Waits until nothing is under way.
    pub async fn rest(&self) {
        self.portal.in_flight.idle().await;
    }

    /// A draft of Ana's.
    pub async fn load(&self, id: &str) -> Draft {
        let found = issue::load(&self.portal, &self.ana, id).await;
        found.unwrap().unwrap()
    }

    pub async fn read(&self, id: &str) -> Issuance {
        let found = issuances::by_id(&self.portal.storage, id).await;
        found.unwrap().unwrap()
    }

    pub async fn state(&self, id: &str) -> State {
        self.read(id).await.state
    }

    /// The calls Redtrust saw, as `METHOD path`.
    pub fn calls(&self) -> Vec<String> {
        let requests = self.redtrust.requests();
        let line = |request: &String| request.split(" HTTP").next().unwrap().to_owned();
        requests.iter().map(line).collect()
    }

    pub fn advance(&self, by: Duration) {
        self.portal.clock.advance(by);
    }
}

/// Somebody else who is signed in.
pub async fn signed_in(portal: &Portal, connection: &Connection, login: &'static str) -> Caller {
    let keys = Arc::clone(&portal.keys);
    let (server, id) = (connection.server(), ids::new_id());
    let arrived = Arrived {
        connection_id: connection.id.clone(),
        server: server.clone(),
        name: Some(OwnerName::new(Method::Redirect, None, login)),
        ignore_case: false,
        shown: login.to_owned(),
        before: login.to_owned(),
    };
    let sign_in_id = id.clone();
    let owner_id = portal
        .storage
        .write(move |conn| {
            Box::pin(async move {
                let new_id = ids::new_id();
                let owner = owners::find_or_create(conn, &arrived, &new_id, NOW).await?;
                let tokens = TokenPair {
                    access: Secret::new("access-1"),
                    refresh: Some(Secret::new("refresh-1")),
                    expires_at: None,
                };
                let new = NewTokens {
                    id: &id,
                    owner_id: &owner,
                    connection_id: &arrived.connection_id,
                    method: "redirect",
                    server: &server,
                    tokens: &tokens,
                };
                sign_ins::insert(conn, &keys, new, NOW).await?;
                Ok(owner)
            })
        })
        .await
        .unwrap();
    Caller {
        counted_as: owner_id.clone(),
        owner_id,
        connection_id: connection.id.clone(),
        sign_in_id,
        source: Source {
            from: "203.0.113.9".into(),
            request_id: "req".into(),
        },
    }
}
