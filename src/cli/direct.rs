//! Signing in from the shell with an application user, ordering one certificate, and
//! signing out: the services, the database and the rules are those of the pages.

use std::fmt::Display;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use clap::Args;
use serde_json::json;
use tokio::sync::oneshot::Receiver;
use tokio::sync::oneshot::error::TryRecvError;

use super::admin::{ask_hidden, command_line, read_password};
use super::data::{self, Data, DataArgs};
use super::signals::{hangups, until_stopped};
use super::{CliError, note, say};
use crate::domain::digest::sha256;
use crate::domain::distinguished_name::DistinguishedName;
use crate::domain::issuance::Standing;
use crate::domain::secret::Secret;
use crate::i18n::{Key, Lang, Message, key};
use crate::services::connections::Redtrust;
use crate::services::history::{self, Story};
use crate::services::issue::{self, Draft, Found, Likeness, NotReady, Submitted};
use crate::services::limiter::Stranger;
use crate::services::sign_in::{self, Credentials, Direct, DirectRefusal, NewSignIn};
use crate::services::{Caller, Portal, engine, resume, sign_out};
use crate::storage::lock::OrderLock;
use crate::storage::sessions;
use crate::web::problem::{Texts, of_redtrust};
use crate::web::session::{self, IdHash, Identity, User};
use crate::web::{routes, words};

#[derive(Debug, Args)]
pub(super) struct DirectArgs {
    /// The connection's slug
    #[arg(long, value_name = "SLUG")]
    connection: String,
    /// The application user; `user@domain` names the domain, too
    #[arg(long, value_name = "U")]
    username: String,
    /// File with that user's password on its first line; without it, the command asks for it
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Orders although the holder has a certificate already, or a request that is not over
    #[arg(long)]
    another: bool,
    /// Print one JSON object instead of lines; `error` in it says why there is no outcome
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: DataArgs,
}

/// Somebody who is signed in for the time of one command.
pub(super) struct SignedIn {
    pub(super) portal: Arc<Portal>,
    pub(super) who: Caller,
    session: IdHash,
}

/// A request that is ready to be submitted.
pub(super) struct ToOrder {
    pub(super) draft: Draft,
    /// Whether this command made the draft: one that somebody began on the pages is left
    /// there if nothing is ordered.
    pub(super) is_new: bool,
    /// The name that was asked for; empty if none was.
    pub(super) name: DistinguishedName,
}

/// Signs in, orders what `make` makes, waits for the outcome, prints it and signs out. The
/// first signal stops it before it orders, and never in the midst of a call.
pub(super) async fn order(
    args: DirectArgs,
    make: impl AsyncFnOnce(&SignedIn) -> Result<ToOrder, CliError>,
) -> Result<(), CliError> {
    let password = match &args.password_file {
        Some(file) => read_password(file)?,
        None => ask_hidden("Password: ")?,
    };
    let data = Data::of(&args.data.settings()?)?;
    let _ordering = OrderLock::take(&data.config.database_url).map_err(CliError::failed)?;
    let portal = Arc::new(data.open().await?);
    let hangups = hangups().map_err(CliError::failed)?;
    let mut ended = None;
    let served = until_stopped(Some(hangups), |stop| async {
        let leases = engine::keep_leases(
            portal.storage.clone(),
            portal.clock.clone(),
            Arc::clone(&portal.in_flight),
        );
        let leases = tokio::spawn(leases);
        ended = Some(signed_in(&portal, &args, password, make, stop).await);
        // The log-out is told in the background, too.
        portal.in_flight.idle().await;
        leases.abort();
        portal.storage.close().await;
        Ok(())
    });
    let served = served.await;
    let is_told = matches!(ended, Some(Ok(()) | Err(CliError::Told(_))));
    served.map_err(|error| match is_told {
        true => CliError::Told(error.to_string()),
        false => CliError::failed(error),
    })?;
    ended.unwrap_or(Ok(()))
}

async fn signed_in(
    portal: &Arc<Portal>,
    args: &DirectArgs,
    password: Secret,
    make: impl AsyncFnOnce(&SignedIn) -> Result<ToOrder, CliError>,
    stop: Receiver<()>,
) -> Result<(), CliError> {
    let connection = data::connection(portal, &args.connection).await?;
    let redtrust = portal.connections.redtrust(&connection);
    let redtrust = redtrust.map_err(CliError::failed)?;
    let signed_in = sign_in(portal, &redtrust, &args.username, password).await?;
    let ordered = match make(&signed_in).await {
        Ok(to_order) => submit(&signed_in, to_order, args.another, stop).await,
        Err(error) => Err(error),
    };
    let over = signed_in.sign_out().await;
    // What became of the order is told, whatever became of the sign-out.
    tell(portal, &ordered?, args.json)?;
    over.map_err(|error| CliError::Told(error.to_string()))
}

async fn sign_in(
    portal: &Arc<Portal>,
    redtrust: &Arc<Redtrust>,
    username: &str,
    password: Secret,
) -> Result<SignedIn, CliError> {
    let source = command_line().source;
    let known: Arc<OnceLock<Caller>> = Arc::default();
    let (is, from) = (Arc::clone(&known), source.clone());
    // As in a browser: who signs out everywhere ends it, and so does its time, if this
    // process is killed.
    let session = session::to_be(portal.clock.now(), move |new: &NewSignIn| {
        let who = Caller {
            owner_id: new.owner_id.clone(),
            connection_id: new.connection_id.clone(),
            sign_in_id: new.sign_in_id.clone(),
            counted_as: new.owner_id.clone(),
            source: from,
        };
        let user = User {
            sign_in: who.sign_in_id.clone(),
            owner: who.owner_id.clone(),
            connection: who.connection_id.clone(),
            counted_as: None,
            login: new.login.clone().unwrap_or_default(),
        };
        is.get_or_init(|| who);
        Identity::User(user)
    });
    let stranger = Stranger {
        source,
        ..Stranger::default()
    };
    let credentials = Credentials::new(username, None, password);
    let came = sign_in::direct(portal, redtrust, credentials, session, &stranger).await;
    match (came.map_err(CliError::failed)?, known.get()) {
        (Direct::SignedIn { session }, Some(who)) => Ok(SignedIn {
            portal: Arc::clone(portal),
            who: who.clone(),
            session: sha256(session.expose()),
        }),
        (Direct::SignedIn { .. }, None) => Err(CliError::failed("the sign-in was not stored")),
        (Direct::Refused(why), _) => Err(CliError::Failed(refused(&why))),
    }
}

fn refused(why: &DirectRefusal) -> String {
    match why {
        DirectRefusal::NotOffered => {
            "the connection is switched off, or offers no direct login".to_owned()
        }
        DirectRefusal::TooMany { wait } => {
            let seconds = wait.as_secs() + 1;
            format!("too many sign-ins: try again in {seconds} seconds")
        }
        DirectRefusal::Failed(error) => told(&of_redtrust(error).texts),
        // As on the page: what could tell a wrong password from an unknown user is not said.
        DirectRefusal::Refused(said) => match words::at_sign_in(said.class()) {
            Some(advice) => format!("{} ({}: {})", english(advice), said.code, said.text),
            None => english(key("sign-in-credentials")),
        },
    }
}

impl SignedIn {
    async fn sign_out(self) -> Result<(), CliError> {
        let session = self.session;
        let ended = self
            .portal
            .storage
            .write(move |conn| Box::pin(async move { sessions::delete(conn, &session).await }));
        ended.await.map_err(CliError::failed)?;
        let over = sign_out::sign_out(&self.portal, &self.who.sign_in_id);
        over.await.map_err(CliError::failed)
    }
}

/// Submits the draft once, unless the same would exist twice, and waits until it is settled.
async fn submit(
    signed_in: &SignedIn,
    to_order: ToOrder,
    another: bool,
    mut stop: Receiver<()>,
) -> Result<Story, CliError> {
    let (portal, who) = (&signed_in.portal, &signed_in.who);
    let ToOrder {
        draft,
        is_new,
        name,
    } = to_order;
    let id = &draft.issuance.id;
    let checked = match check(portal, &draft, &name, another).await {
        Ok(()) if stop.try_recv() == Err(TryRecvError::Closed) => {
            Err(CliError::failed("stopped before anything was ordered"))
        }
        checked => checked,
    };
    if let Err(error) = checked {
        if is_new {
            let discarded = resume::discard(portal, who, id).await;
            discarded.map_err(CliError::failed)?;
        }
        return Err(error);
    }
    let submitted = issue::submit(portal, who, &draft, draft.issuance.version, None).await;
    match submitted.map_err(CliError::failed)? {
        Submitted::Submitted | Submitted::AlreadySubmitted => {}
        Submitted::NotReady(why) => return Err(not_ready(&draft, &why)),
        Submitted::Missing | Submitted::Stale => {
            return Err(CliError::failed(
                "the request was changed meanwhile, and is not ordered",
            ));
        }
        Submitted::NoConnection => return Err(CliError::failed("the connection is switched off")),
        Submitted::TooMany => {
            return Err(CliError::failed(
                "too many requests of this user are under way: nothing was sent, and this one is \
                 kept as a draft; wait until one of the others is done",
            ));
        }
    }
    let story = match engine::settled(portal, id).await {
        Ok(_) => history::story(portal, who, id).await,
        Err(error) => Err(error.into()),
    };
    let failed = |error: &dyn Display| {
        let reference = &draft.issuance.reference;
        CliError::Failed(format!(
            "the request {reference} was ordered, and what became of it is not known here: {error}"
        ))
    };
    let story = story.map_err(|error| failed(&error))?;
    story.ok_or_else(|| failed(&"it was erased meanwhile"))
}

/// Whether what would be ordered has the name that was asked for, and nobody has it already.
async fn check(
    portal: &Portal,
    draft: &Draft,
    name: &DistinguishedName,
    another: bool,
) -> Result<(), CliError> {
    let review = issue::review(portal, draft).await;
    let review = match review.map_err(CliError::failed)? {
        Ok(review) => review,
        Err(why) => return Err(not_ready(draft, &why)),
    };
    let ordered = review.order.dn.subject();
    let mut asked = name.attributes().iter();
    if let Some(other) = asked.find(|one| !one.is_in(&ordered)) {
        return Err(CliError::Configuration(format!(
            "{}={} cannot be ordered like this: the certificate's name would be {}",
            other.attribute,
            other.value,
            review.order.dn.preview()
        )));
    }
    for (field, warning) in review.warnings {
        let text = words::warning(field, warning, Lang::En);
        note(&format!("rubrica: {}", Lang::En.message(&text)));
    }
    let same = |one: &&issue::Duplicate| one.likeness != Likeness::Namesake;
    match review.duplicates.iter().find(same) {
        Some(one) if !another => Err(CliError::Failed(format!(
            "{} already: --another orders one all the same",
            exists(portal, &one.found)
        ))),
        _ => Ok(()),
    }
}

fn exists(portal: &Portal, found: &Found) -> String {
    let at = |path: String| format!("{}{path}", portal.public_url);
    match found {
        Found::Certificate(thumbprint, _) => format!(
            "this holder has a valid certificate, {}",
            at(routes::certificate(thumbprint.as_str()))
        ),
        Found::Request { id, .. } => format!(
            "this holder has a request that is not over, {}",
            at(routes::issuance(id))
        ),
        Found::Line { run, position } => format!(
            "this holder stands in line {position} of {}",
            at(routes::run(run))
        ),
        Found::Row(row) => format!("this holder stands in row {row}"),
    }
}

fn not_ready(draft: &Draft, why: &NotReady) -> CliError {
    match why {
        NotReady::Incomplete(step) => {
            let problems = words::errors(&draft.checked().problems_on(*step), Lang::En);
            let line = |(field, problem): &(&str, Message)| {
                format!("{field}: {}", Lang::En.message(problem))
            };
            let all: Vec<String> = problems.iter().map(line).collect();
            CliError::Configuration(match all.is_empty() {
                true => "this connection asks for facts that only its pages take".to_owned(),
                false => all.join("\n         "),
            })
        }
        NotReady::NotRenewable(obstacle) => {
            let (why, next) = words::reason(obstacle);
            CliError::Failed(format!("{} {}", english(why), english(next)))
        }
    }
}

/// Prints the outcome; an error if it is not a certificate.
fn tell(portal: &Portal, story: &Story, as_json: bool) -> Result<(), CliError> {
    let issuance = &story.issuance;
    let page = format!("{}{}", portal.public_url, routes::issuance(&issuance.id));
    let thumbprint = issuance.thumbprint.as_ref().map(ToString::to_string);
    let issued = thumbprint.filter(|_| story.standing.is_issued());
    if as_json {
        let said = issuance.error.as_ref();
        let object = json!({
            "id": issuance.id,
            "reference": issuance.reference,
            "state": issuance.state.as_str(),
            "cause": issuance.cause.map(|cause| cause.as_str()),
            "thumbprint": issued,
            "renews": issuance.renews.as_ref().map(ToString::to_string),
            "said": said.map(|said| json!({ "code": said.code, "text": said.text })),
            "page": page,
        });
        say(&object.to_string())?;
    } else {
        say(&format!("state       {}", issuance.state))?;
        say(&format!("reference   {}", issuance.reference))?;
        if let Some(thumbprint) = issued {
            say(&format!("thumbprint  {thumbprint}"))?;
        }
        say(&format!("page        {page}"))?;
    }
    if story.standing == Standing::Issued {
        return Ok(());
    }
    let said = issuance.error.as_ref();
    let said = said.map(|said| format!(" ({}: {})", said.code, said.text));
    Err(CliError::Told(format!(
        "{}{}",
        told(&words::texts_of_story(story)),
        said.unwrap_or_default()
    )))
}

/// What happened and what to do, on one line.
fn told(texts: &Texts) -> String {
    let Texts { title, what, next } = texts;
    format!("{}. {} {}", english(*title), english(*what), english(*next))
}

pub(super) fn english(text: Key) -> String {
    Lang::En.of(text).into_owned()
}
