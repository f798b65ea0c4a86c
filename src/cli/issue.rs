//! `rubrica issue`: issues one certificate from the shell.

use clap::Args;

use super::CliError;
use super::direct::{self, DirectArgs, SignedIn, ToOrder};
use crate::domain::answers::Answers;
use crate::domain::certificate_file::kind_of;
use crate::domain::distinguished_name::{Attribute, DistinguishedName, Subject};
use crate::services::ids;
use crate::services::issue::{self, NewDraft};

#[derive(Debug, Args)]
pub(super) struct IssueArgs {
    #[command(flatten)]
    name: NameArgs,
    #[command(flatten)]
    direct: DirectArgs,
}

/// The name in the certificate.
#[derive(Debug, Args)]
pub(super) struct NameArgs {
    /// The common name; the same as `--dn cn=NAME`
    #[arg(long, value_name = "NAME")]
    cn: Option<String>,
    /// An attribute of the name, by its short name or OID, such as `serialNumber=IDCES-12345678Z`;
    /// may be repeated
    #[arg(long, value_name = "ATTRIBUTE=VALUE")]
    dn: Vec<String>,
}

impl NameArgs {
    /// `None` if nothing was given.
    ///
    /// # Errors
    /// [`CliError::Configuration`] if something is no attribute.
    pub(super) fn subject(&self) -> Result<Option<Subject>, CliError> {
        let common_name = self.cn.iter().map(|name| Ok(Attribute::new("cn", name)));
        let attributes: Result<Vec<_>, CliError> = common_name
            .chain(self.dn.iter().map(|text| attribute(text)))
            .collect();
        let name = DistinguishedName::new(attributes?);
        Ok(Some(name.subject()).filter(|subject| !subject.attributes().is_empty()))
    }
}

fn attribute(text: &str) -> Result<Attribute, CliError> {
    let Some((attribute, value)) = text.split_once('=') else {
        return Err(CliError::Configuration(format!(
            "--dn {text}: write it as ATTRIBUTE=VALUE"
        )));
    };
    let attribute = Attribute::new(attribute.trim(), value.trim());
    match attribute.oid() {
        Some(_) => Ok(attribute),
        None => Err(CliError::Configuration(format!(
            "--dn {text}: {} is no attribute of a name that is known here; give its OID",
            attribute.attribute
        ))),
    }
}

pub(super) async fn run(args: IssueArgs) -> Result<(), CliError> {
    let Some(name) = args.name.subject()? else {
        return Err(CliError::configuration(
            "whom is it for? Give --cn NAME, or --dn ATTRIBUTE=VALUE once or more",
        ));
    };
    direct::order(args.direct, async |signed_in| draft(signed_in, name).await).await
}

/// The answers that somebody would have given on the pages for a certificate with this name.
async fn draft(signed_in: &SignedIn, name: Subject) -> Result<ToOrder, CliError> {
    let new = NewDraft {
        id: ids::new_id(),
        answers: Answers::of_subject(&name, kind_of(&name)),
        renews: None,
    };
    let draft = issue::begin(&signed_in.portal, &signed_in.who, new).await;
    let draft = draft.map_err(CliError::failed)?;
    let draft = draft.ok_or_else(|| CliError::failed("the request could not be stored"))?;
    Ok(ToOrder { draft, name })
}
