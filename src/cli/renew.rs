//! `rubrica renew`: renews one certificate from the shell, with unchanged data.

use clap::Args;

use super::CliError;
use super::direct::{self, DirectArgs, SignedIn, ToOrder, english};
use super::issue::{NameArgs, answers};
use crate::domain::certificate::Certificate;
use crate::domain::distinguished_name::DistinguishedName;
use crate::domain::issuance::State;
use crate::domain::thumbprint::Thumbprint;
use crate::services::issue::{self, Draft};
use crate::services::renew::{self, BeginFrom, Begun};
use crate::services::{certificates, ids};
use crate::web::{routes, words};

#[derive(Debug, Args)]
pub(super) struct RenewArgs {
    /// The thumbprint of the certificate, one of the user's own that this portal knows
    #[arg(long, value_name = "HEX")]
    thumbprint: Thumbprint,
    /// Only for a certificate of which nothing but its thumbprint is known
    #[command(flatten)]
    name: NameArgs,
    #[command(flatten)]
    direct: DirectArgs,
}

pub(super) async fn run(args: RenewArgs) -> Result<(), CliError> {
    let name = args.name.name()?;
    let thumbprint = args.thumbprint;
    direct::order(args.direct, async |signed_in| {
        renewal(signed_in, &thumbprint, name).await
    })
    .await
}

async fn renewal(
    signed_in: &SignedIn,
    thumbprint: &Thumbprint,
    name: Option<DistinguishedName>,
) -> Result<ToOrder, CliError> {
    let (portal, who) = (&signed_in.portal, &signed_in.who);
    let found = certificates::own_certificate(portal, who, thumbprint).await;
    let Some(certificate) = found.map_err(CliError::failed)? else {
        return Err(CliError::Failed(format!(
            "this user has no certificate {thumbprint} at this portal: take it over first, at {}{}",
            portal.public_url,
            routes::TAKE_OVER
        )));
    };
    let needs_name = renew::needs_details(portal, &certificate).await;
    let name = match (needs_name.map_err(CliError::failed)?, name) {
        (true, Some(name)) => name,
        (true, None) => {
            return Err(CliError::configuration(
                "nothing but the thumbprint of this certificate is known: give its holder, too, \
                 as --cn NAME or --dn ATTRIBUTE=VALUE",
            ));
        }
        (false, None) => DistinguishedName::default(),
        (false, Some(_)) => {
            return Err(CliError::configuration(
                "only unchanged data is renewed: leave --cn and --dn out, or issue a new one",
            ));
        }
    };
    let id = ids::new_id();
    let draft = begin(signed_in, &certificate, &name, &id).await?;
    let is_new = draft.issuance.id == id;
    Ok(ToOrder {
        draft,
        is_new,
        name,
    })
}

async fn begin(
    signed_in: &SignedIn,
    certificate: &Certificate,
    name: &DistinguishedName,
    id: &str,
) -> Result<Draft, CliError> {
    let (portal, who) = (&signed_in.portal, &signed_in.who);
    let begun = match name.attributes().is_empty() {
        true => renew::begin(portal, who, BeginFrom::Renewal(certificate), id).await,
        false => {
            let answers = answers(name);
            renew::begin_with_details(portal, who, certificate, answers, id).await
        }
    };
    match begun.map_err(CliError::failed)? {
        Begun::Draft(draft) => Ok(*draft),
        // One that was begun before and not submitted asks for just the same.
        Begun::UnderWay(open) if open.state == State::Draft => {
            let draft = issue::load(portal, who, &open.id).await;
            let draft = draft.map_err(CliError::failed)?;
            draft.ok_or_else(|| CliError::failed("the renewal was erased meanwhile"))
        }
        Begun::UnderWay(open) => Err(CliError::Failed(format!(
            "this certificate is being renewed already: {}{}",
            portal.public_url,
            routes::issuance(&open.id)
        ))),
        Begun::Blocked(obstacle) => {
            let (why, next) = words::reason(&obstacle);
            Err(CliError::Failed(format!(
                "{} {}",
                english(why),
                english(next)
            )))
        }
        Begun::Missing => Err(CliError::failed("the renewal could not be stored")),
    }
}
