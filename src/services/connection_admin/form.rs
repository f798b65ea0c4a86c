//! What an admin types about a connection, and how it is read.

use super::problem::{ConnectionField, ConnectionProblem, ConnectionProblems};
use crate::domain::connection::{
    Connection, RequestOptions, check_private_ca, read_attributes, read_groups, read_info,
};
use crate::domain::dialect::Dialect;
use crate::domain::millis::Millis;
use crate::domain::origin::Origin;
use crate::domain::person_name::check_text;
use crate::domain::secret::Secret;
use crate::domain::signing::shared_key_bytes;
use crate::services::connections::ConnectionRegistry;

/// The texts of the form. The shared key goes in and never comes out: empty
/// keeps the one that is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionForm {
    /// Name for people.
    pub name: String,
    /// Name in paths; matters for a new connection only.
    pub slug: String,
    /// Host and port.
    pub base_url: String,
    pub domain: String,
    /// Our name there.
    pub partner: String,
    /// The new shared key.
    pub shared_key: Secret,
    /// The private CA.
    pub ca_pem: String,
    /// The issuer a signed temporary token must name.
    pub issuer: String,
    /// Application users may sign in.
    pub direct_login: bool,
    /// Anybody may use it.
    pub enabled: bool,
    pub validity_days: String,
    /// Time for create and finalize.
    pub issue_timeout_secs: String,
    /// Origins, with blanks or line ends between.
    pub extra_sign_in_origins: String,
    /// Groups that requests may name, one on each line.
    pub groups: String,
    /// Further facts that requests may carry, one on each line.
    pub info_fields: String,
    /// How the server spells attributes, one on each line.
    pub attributes: String,
    pub signed_message: String,
    pub signature_encoding: String,
    pub timestamp_unit: String,
    pub key_encoding: String,
    pub temp_token: String,
    pub temp_token_field: String,
    pub client_request_code: String,
}

impl Default for ConnectionForm {
    /// A new connection as the form offers it.
    fn default() -> Self {
        let form = Self {
            name: String::new(),
            slug: String::new(),
            base_url: String::new(),
            domain: String::new(),
            partner: String::new(),
            shared_key: Secret::new(""),
            ca_pem: String::new(),
            issuer: String::new(),
            direct_login: false,
            enabled: true,
            validity_days: Connection::VALIDITY_DAYS.to_string(),
            issue_timeout_secs: Connection::ISSUE_TIMEOUT_SECS.to_string(),
            extra_sign_in_origins: String::new(),
            groups: String::new(),
            info_fields: String::new(),
            attributes: String::new(),
            signed_message: String::new(),
            signature_encoding: String::new(),
            timestamp_unit: String::new(),
            key_encoding: String::new(),
            temp_token: String::new(),
            temp_token_field: String::new(),
            client_request_code: String::new(),
        };
        form.with_dialect(&Dialect::default())
    }
}

impl ConnectionForm {
    /// The form of a stored connection, without its key.
    pub fn of(connection: &Connection) -> Self {
        let form = Self {
            name: connection.name.clone(),
            slug: connection.slug.to_string(),
            base_url: connection.base_url.as_str().to_owned(),
            domain: connection.domain.clone().unwrap_or_default(),
            partner: connection.partner.as_str().to_owned(),
            shared_key: Secret::new(""),
            ca_pem: connection.ca_pem.clone().unwrap_or_default(),
            issuer: connection.issuer.clone().unwrap_or_default(),
            direct_login: connection.direct_login,
            enabled: connection.enabled,
            validity_days: connection.validity_days.to_string(),
            issue_timeout_secs: connection.issue_timeout_secs.to_string(),
            extra_sign_in_origins: write_origins(&connection.extra_sign_in_origins),
            groups: connection.offer.group_lines(),
            info_fields: connection.offer.info_lines(),
            attributes: connection.offer.attribute_lines(),
            ..Self::default()
        };
        form.with_dialect(&connection.dialect)
    }

    fn with_dialect(mut self, dialect: &Dialect) -> Self {
        self.signed_message = dialect.signed_message.to_string();
        self.signature_encoding = dialect.signature_encoding.to_string();
        self.timestamp_unit = dialect.timestamp_unit.to_string();
        self.key_encoding = dialect.key_encoding.to_string();
        self.temp_token = dialect.temp_token.to_string();
        self.temp_token_field.clone_from(&dialect.temp_token_field);
        self.client_request_code = dialect.client_request_code.to_string();
        self
    }

    /// The connection that this form makes of `base`, or a new one with
    /// `new_id`.
    pub(super) fn read(
        &self,
        base: Option<&Connection>,
        new_id: String,
        book: &ConnectionRegistry,
        now: Millis,
    ) -> Result<Connection, ConnectionProblems> {
        let mut reader = Reader::default();
        let connection = reader.connection(self, base, new_id, now);
        if let Some(connection) = &connection
            && let Some(address) = book.refuses(&connection.base_url)
        {
            reader.wrong(
                ConnectionField::BaseUrl,
                ConnectionProblem::Refused(address),
            );
        }
        match connection {
            Some(connection) if reader.0.is_empty() => Ok(connection),
            _ => Err(reader.0),
        }
    }
}

/// Collects what is wrong while the rest is read on.
#[derive(Default)]
struct Reader(ConnectionProblems);

impl Reader {
    fn wrong(&mut self, field: ConnectionField, problem: ConnectionProblem) {
        self.0.push((field, problem));
    }

    fn take<T>(&mut self, field: ConnectionField, read: Result<T, ConnectionProblem>) -> Option<T> {
        read.map_err(|problem| self.wrong(field, problem)).ok()
    }

    fn connection(
        &mut self,
        form: &ConnectionForm,
        base: Option<&Connection>,
        new_id: String,
        now: Millis,
    ) -> Option<Connection> {
        use ConnectionField as F;
        use ConnectionProblem as P;
        let name = self.take(F::Name, check_text(&form.name, 100).map_err(P::Name));
        let slug = match base {
            Some(base) => Some(base.slug.clone()),
            None => self.take(F::Slug, form.slug.trim().parse().map_err(P::Slug)),
        };
        let base_url = self.take(F::BaseUrl, form.base_url.parse().map_err(P::BaseUrl));
        let domain = self.take(F::Domain, optional(&form.domain));
        let partner = self.take(F::Partner, form.partner.parse().map_err(P::Partner));
        let shared_key = self.take(F::SharedKey, shared_key(&form.shared_key, base));
        let ca_pem = self.take(F::CaPem, private_ca(&form.ca_pem, now));
        let issuer = self.take(F::Issuer, optional(&form.issuer));
        let validity_days = self.take(F::ValidityDays, number(&form.validity_days, 3650));
        let timeout = self.take(F::IssueTimeout, number(&form.issue_timeout_secs, 600));
        let origins = self.take(F::ExtraOrigins, origins(&form.extra_sign_in_origins));
        let offer = self.offer(form);
        let dialect = self.dialect(form);
        let connection = Connection {
            id: base.map_or(new_id, |base| base.id.clone()),
            slug: slug?,
            name: name?,
            base_url: base_url?,
            domain: domain?,
            partner: partner?,
            shared_key: shared_key?,
            ca_pem: ca_pem?,
            dialect: dialect?,
            issuer: issuer?,
            direct_login: form.direct_login,
            // Whether it is our own sandbox no form can say.
            sandbox: base.is_some_and(|base| base.sandbox),
            enabled: form.enabled,
            from_file: false,
            validity_days: validity_days?,
            issue_timeout_secs: timeout?,
            extra_sign_in_origins: origins?,
            offer: offer?,
            version: base.map_or(1, |base| base.version),
        };
        if let Err(error) = shared_key_bytes(&connection) {
            self.wrong(F::SharedKey, P::Key(error));
        }
        Some(connection)
    }

    fn offer(&mut self, form: &ConnectionForm) -> Option<RequestOptions> {
        use ConnectionField as F;
        use ConnectionProblem as P;
        let groups = self.take(
            F::Groups,
            read_groups(&form.groups).map_err(P::RequestOptions),
        );
        let info = self.take(
            F::InfoFields,
            read_info(&form.info_fields).map_err(P::RequestOptions),
        );
        let attributes = read_attributes(&form.attributes).map_err(P::RequestOptions);
        let attributes = self.take(F::Attributes, attributes);
        Some(RequestOptions {
            groups: groups?,
            info: info?,
            attributes: attributes?,
        })
    }

    fn dialect(&mut self, form: &ConnectionForm) -> Option<Dialect> {
        use ConnectionField as F;
        use ConnectionProblem as P;
        let message = form.signed_message.trim().parse().map_err(P::Template);
        let message = self.take(F::SignedMessage, message);
        let signature = self.take(F::SignatureEncoding, choice(&form.signature_encoding));
        let unit = self.take(F::TimestampUnit, choice(&form.timestamp_unit));
        let key = self.take(F::KeyEncoding, choice(&form.key_encoding));
        let token = self.take(F::TempToken, choice(&form.temp_token));
        let field = self.take(F::TempTokenField, field_name(&form.temp_token_field));
        let code = self.take(F::ClientRequestCode, choice(&form.client_request_code));
        Some(Dialect {
            signed_message: message?,
            signature_encoding: signature?,
            timestamp_unit: unit?,
            key_encoding: key?,
            temp_token: token?,
            temp_token_field: field?,
            client_request_code: code?,
        })
    }
}

fn choice<T: std::str::FromStr>(text: &str) -> Result<T, ConnectionProblem> {
    text.parse().map_err(|_| ConnectionProblem::Choice)
}

/// Any visible text, or none.
fn optional(text: &str) -> Result<Option<String>, ConnectionProblem> {
    let text = text.trim();
    if text.chars().count() > 255 || text.chars().any(char::is_control) {
        return Err(ConnectionProblem::Text);
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}

/// Exactly as typed: blanks may be part of a key.
fn shared_key(new: &Secret, base: Option<&Connection>) -> Result<Secret, ConnectionProblem> {
    match (new.expose(), base) {
        ("", Some(base)) => Ok(base.shared_key.clone()),
        ("", None) => Err(ConnectionProblem::Missing),
        (text, _) if text.len() > 4096 => Err(ConnectionProblem::Text),
        _ => Ok(new.clone()),
    }
}

fn private_ca(pem: &str, now: Millis) -> Result<Option<String>, ConnectionProblem> {
    let pem = pem.trim();
    if pem.is_empty() {
        return Ok(None);
    }
    check_private_ca(pem, now).map_err(ConnectionProblem::Ca)?;
    Ok(Some(format!("{pem}\n")))
}

fn number(text: &str, most: u32) -> Result<u32, ConnectionProblem> {
    match text.trim().parse() {
        Ok(number) if (1..=most).contains(&number) => Ok(number),
        _ => Err(ConnectionProblem::Choice),
    }
}

fn field_name(text: &str) -> Result<String, ConnectionProblem> {
    let text = text.trim();
    let known = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if text.is_empty() {
        return Err(ConnectionProblem::Missing);
    }
    if text.len() > 64 || !text.bytes().all(known) {
        return Err(ConnectionProblem::Text);
    }
    Ok(text.to_owned())
}

fn origins(text: &str) -> Result<Vec<Origin>, ConnectionProblem> {
    let origins = text.split_whitespace().map(str::parse);
    let origins = origins.collect::<Result<Vec<_>, _>>();
    let origins = origins.map_err(|_| ConnectionProblem::Origin)?;
    if origins.len() > 10 {
        return Err(ConnectionProblem::Origin);
    }
    Ok(origins)
}

fn write_origins(origins: &[Origin]) -> String {
    let texts: Vec<_> = origins.iter().map(Origin::as_str).collect();
    texts.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_key_keeps_the_stored_one_and_a_new_connection_needs_one() {
        assert_eq!(
            shared_key(&Secret::new(""), None),
            Err(ConnectionProblem::Missing)
        );
        let typed = shared_key(&Secret::new(" k "), None);
        assert_eq!(typed, Ok(Secret::new(" k ")));
    }

    #[test]
    fn numbers_stay_in_their_range() {
        assert_eq!(number(" 730 ", 3650), Ok(730));
        for bad in ["0", "-1", "3651", "many", ""] {
            assert_eq!(number(bad, 3650), Err(ConnectionProblem::Choice), "{bad}");
        }
    }
}
