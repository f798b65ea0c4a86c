//! `rubrica issue`: issues one certificate from the shell.

use clap::Args;

use super::CliError;
use super::direct::{self, DirectArgs, SignedIn, ToOrder};
use crate::domain::answers::{Answers, Field};
use crate::domain::certificate_file::kind_of;
use crate::domain::distinguished_name::{Attribute, DistinguishedName};
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
    pub(super) fn name(&self) -> Result<Option<DistinguishedName>, CliError> {
        let common_name = self.cn.iter().map(|name| Ok(valued("cn", name)));
        let attributes: Result<Vec<_>, CliError> = common_name
            .chain(self.dn.iter().map(|text| attribute(text)))
            .collect();
        let name = DistinguishedName::new(attributes?);
        Ok(Some(name).filter(|name| !name.attributes().is_empty()))
    }
}

/// The answers that somebody would have given on the pages for a certificate with this name.
pub(super) fn answers(name: &DistinguishedName) -> Answers {
    let subject = name.subject();
    let mut answers = Answers::of_subject(&subject, kind_of(&subject));
    if let Some(email) = subject.values(EMAIL).next() {
        answers.set(Field::Email, email);
    }
    answers
}

/// The OID of the e-mail address in a name (RFC 2985, section 5.2.1).
const EMAIL: &str = "1.2.840.113549.1.9.1";

/// With single spaces between words, as the pages read what is typed.
fn valued(attribute: &str, value: &str) -> Attribute {
    let words: Vec<&str> = value.split_whitespace().collect();
    Attribute::new(attribute.trim(), words.join(" "))
}

fn attribute(text: &str) -> Result<Attribute, CliError> {
    let Some((attribute, value)) = text.split_once('=') else {
        return Err(CliError::Configuration(format!(
            "--dn {text}: write it as ATTRIBUTE=VALUE"
        )));
    };
    let attribute = valued(attribute, value);
    match attribute.oid() {
        Some(_) => Ok(attribute),
        None => Err(CliError::Configuration(format!(
            "--dn {text}: {} is no attribute of a name that is known here; give its OID",
            attribute.attribute
        ))),
    }
}

pub(super) async fn run(args: IssueArgs) -> Result<(), CliError> {
    let Some(name) = args.name.name()? else {
        return Err(CliError::configuration(
            "whom is it for? Give --cn NAME, or --dn ATTRIBUTE=VALUE once or more",
        ));
    };
    direct::order(args.direct, async |signed_in| draft(signed_in, name).await).await
}

async fn draft(signed_in: &SignedIn, name: DistinguishedName) -> Result<ToOrder, CliError> {
    let new = NewDraft {
        id: ids::new_id(),
        answers: answers(&name),
        renews: None,
    };
    let draft = issue::begin(&signed_in.portal, &signed_in.who, new).await;
    let draft = draft.map_err(CliError::failed)?;
    let draft = draft.ok_or_else(|| CliError::failed("the request could not be stored"))?;
    let is_new = true;
    Ok(ToOrder {
        draft,
        is_new,
        name,
    })
}
