//! Which field a column is for, by its heading: the fields' own names, what the forms call
//! them, and what people in Spain write above such columns.

use super::FileProblem;
use crate::answers::Field;
use crate::connection::RequestOptions;
use crate::holder::Kind;

/// What a column is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Column {
    Field(Field),
    /// A further fact, by its key.
    Info(String),
    Unknown,
}

/// Headings in small letters, without accents, blanks and signs.
const HEADINGS: &[(Field, &[&str])] = &[
    (
        Field::Kind,
        &[
            "kind",
            "tipo",
            "tipodetitular",
            "tipodecertificado",
            "clase",
            "type",
            "holdertype",
            "kindofholder",
            "kindofcertificate",
            "certificatetype",
        ],
    ),
    (
        Field::GivenNames,
        &[
            "givennames",
            "givenname",
            "firstname",
            "firstnames",
            "forename",
            "forenames",
            "nombres",
            "nombredepila",
        ],
    ),
    (
        Field::FirstSurname,
        &[
            "firstsurname",
            "surname1",
            "surname",
            "surnames",
            "lastname",
            "familyname",
            "apellido",
            "apellidos",
            "apellido1",
            "1apellido",
            "1erapellido",
            "primerapellido",
        ],
    ),
    (
        Field::SecondSurname,
        &[
            "secondsurname",
            "surname2",
            "apellido2",
            "2apellido",
            "2oapellido",
            "segundoapellido",
        ],
    ),
    (
        Field::OneName,
        &[
            "onename",
            "onlyonename",
            "hasonlyonename",
            "solounnombre",
            "solotieneunnombre",
        ],
    ),
    (
        Field::DocumentType,
        &[
            "documenttype",
            "typeofdocument",
            "kindofdocument",
            "tipodedocumento",
            "tipodocumento",
            "tipodoc",
        ],
    ),
    (
        Field::DocumentNumber,
        &[
            "documentnumber",
            "document",
            "idnumber",
            "numberofdocument",
            "documento",
            "documentodeidentidad",
            "identitydocument",
            "numerodedocumento",
            "numerodeldocumento",
            "numerodocumento",
            "ndocumento",
            "nodedocumento",
            "nodocumento",
            "numdocumento",
            "dni",
            "nie",
            "dninie",
            "dninif",
            "dninienif",
            "dninifnie",
            "nifnie",
            "nifdni",
            "nifdninie",
            "dniynie",
            "dnionie",
            "nifdeltitular",
            "nifpersona",
            "dnideltitular",
            "niftitular",
            "dnititular",
        ],
    ),
    (
        Field::DocumentCountry,
        &[
            "documentcountry",
            "country",
            "countryofissue",
            "issuingcountry",
            "countryofthepassport",
            "pais",
            "paisdeldocumento",
            "paisdeexpedicion",
            "paisexpedidor",
            "paisdelpasaporte",
        ],
    ),
    (
        Field::CommonName,
        &[
            "commonname",
            "cn",
            "fullname",
            "nameinthecertificate",
            "nombrecomun",
            "nombreenelcertificado",
            "nombrecompleto",
            "nombreyapellidos",
        ],
    ),
    (
        Field::OrganisationName,
        &[
            "organisationname",
            "organizationname",
            "organisation",
            "organization",
            "company",
            "companyname",
            "nameoftheorganisation",
            "empresa",
            "entidad",
            "organizacion",
            "razonsocial",
            "denominacion",
            "denominacionsocial",
            "nombredelaorganizacion",
            "nombredelaentidad",
            "nombredelaempresa",
        ],
    ),
    (
        Field::OrganisationNif,
        &[
            "organisationnif",
            "organizationnif",
            "niforganisation",
            "companynif",
            "nifoftheorganisation",
            "vat",
            "vatnumber",
            "cif",
            "cifnif",
            "nifcif",
            "cifempresa",
            "cifentidad",
            "ciforganizacion",
            "cifdelaempresa",
            "cifdelaentidad",
            "cifdelaorganizacion",
            "nifdelaorganizacion",
            "nifdelaentidad",
            "nifdelaempresa",
            "nifempresa",
            "niforganizacion",
            "nifentidad",
        ],
    ),
    (
        Field::Department,
        &[
            "department",
            "ou",
            "unit",
            "departamento",
            "unidad",
            "unidadorganizativa",
            "area",
        ],
    ),
    (
        Field::Position,
        &["position", "jobtitle", "title", "role", "cargo", "puesto"],
    ),
    (
        Field::Email,
        &[
            "email",
            "emailaddress",
            "mail",
            "contactemail",
            "correo",
            "correoelectronico",
            "correodecontacto",
            "emaildecontacto",
            "direcciondecorreo",
        ],
    ),
    (
        Field::GroupIds,
        &["groupids", "groupid", "groups", "group", "grupos", "grupo"],
    ),
    (
        Field::HashType,
        &[
            "hashtype",
            "hash",
            "hashalgorithm",
            "funcionhash",
            "algoritmo",
            "algoritmodehash",
            "resumen",
            "algoritmoderesumen",
        ],
    ),
    (
        Field::KeyLength,
        &[
            "keylength",
            "keysize",
            "longituddeclave",
            "longituddelaclave",
            "tamanodeclave",
            "tamanodelaclave",
        ],
    ),
    (
        Field::Provider,
        &[
            "provider",
            "ca",
            "certificationauthority",
            "proveedor",
            "autoridaddecertificacion",
        ],
    ),
];

/// The field that a heading names by itself.
fn field_of(heading: &str) -> Option<Field> {
    let folded = folded(heading);
    let mut all = HEADINGS.iter();
    let of = |(_, names): &&(Field, &[&str])| names.contains(&folded.as_str());
    all.find(of).map(|(field, _)| *field)
}

/// Whose number a bare "NIF" is: that of the person unless there is an organisation for it.
fn nif(has: impl Fn(Field) -> bool, kind: Option<Kind>) -> Field {
    let is_of_person = match kind {
        _ if has(Field::DocumentNumber) => false,
        _ if has(Field::OrganisationNif) => true,
        Some(Kind::Seal) => false,
        Some(kind) if !kind.has_organisation() => true,
        _ => has(Field::FirstSurname) || !has(Field::OrganisationName),
    };
    match is_of_person {
        true => Field::DocumentNumber,
        false => Field::OrganisationNif,
    }
}

/// What each column is for. A bare "NIF", "Name" or "Holder" depends on the other columns,
/// and on the kind of holder of rows that do not say it.
pub(super) fn columns(
    headings: &[String],
    kind: Option<Kind>,
    options: &RequestOptions,
) -> Result<Vec<Column>, FileProblem> {
    let plain: Vec<_> = headings.iter().map(|heading| field_of(heading)).collect();
    let has = |field| plain.contains(&Some(field));
    let mut columns: Vec<Column> = Vec::with_capacity(headings.len());
    for (heading, field) in headings.iter().zip(&plain) {
        let field = field.or(match folded(heading).as_str() {
            "nif" => Some(nif(has, kind)),
            "nombre" | "name" if has(Field::FirstSurname) => Some(Field::GivenNames),
            "nombre" | "name" => Some(Field::CommonName),
            // Lists of certificates have the whole name in a column of its own.
            "titular" | "holder" if !has(Field::CommonName) => Some(Field::CommonName),
            _ => None,
        });
        let column = match field {
            Some(field) => Column::Field(field),
            None => info(heading, options),
        };
        if column != Column::Unknown && columns.contains(&column) {
            return Err(FileProblem::TwoColumns(heading.trim().to_owned()));
        }
        columns.push(column);
    }
    match columns
        .iter()
        .any(|column| matches!(column, Column::Field(_)))
    {
        true => Ok(columns),
        false => Err(FileProblem::NoHeading),
    }
}

/// A further fact, named as the connection labels or sends it.
fn info(heading: &str, options: &RequestOptions) -> Column {
    let wanted = folded(heading);
    let is_it = |name: &str| !wanted.is_empty() && folded(name) == wanted;
    let mut fields = options.info.iter();
    fields
        .find(|field| is_it(&field.key) || is_it(&field.label))
        .map_or(Column::Unknown, |field| Column::Info(field.key.clone()))
}

/// Small letters and digits only, without accents.
pub(super) fn folded(text: &str) -> String {
    let folded = |c: char| match c {
        'á' | 'à' => Some('a'),
        'é' | 'è' => Some('e'),
        'í' | 'ï' => Some('i'),
        'ó' | 'ò' | 'º' => Some('o'),
        'ú' | 'ü' => Some('u'),
        'ñ' => Some('n'),
        'ª' => Some('a'),
        c if c.is_ascii_alphanumeric() => Some(c),
        _ => None,
    };
    text.to_lowercase().chars().filter_map(folded).collect()
}

#[cfg(test)]
mod tests;
