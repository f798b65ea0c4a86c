//! Headings, and the ones whose meaning depends on the others.

use super::*;

fn of(headings: &str, kind: Option<Kind>) -> Vec<Column> {
    let headings: Vec<_> = headings.split(';').map(ToOwned::to_owned).collect();
    columns(&headings, kind, &RequestOptions::default()).unwrap()
}

#[test]
fn every_field_is_known_by_its_own_name() {
    for field in Field::ALL {
        assert_eq!(field_of(field.as_str()), Some(*field));
    }
}

#[test]
fn a_bare_nif_or_name_is_read_by_what_stands_beside_it() {
    use Field as F;
    for (headings, fields) in [
        (
            "Nombre;Apellidos;NIF",
            [F::GivenNames, F::FirstSurname, F::DocumentNumber].as_slice(),
        ),
        (
            "DNI;Empresa;NIF",
            &[F::DocumentNumber, F::OrganisationName, F::OrganisationNif],
        ),
        (
            "Nombre;NIF;Entidad",
            &[F::CommonName, F::OrganisationNif, F::OrganisationName],
        ),
        ("NOMBRE", &[F::CommonName]),
        ("Nombre;NIF", &[F::CommonName, F::DocumentNumber]),
        ("NIF;CIF empresa", &[F::DocumentNumber, F::OrganisationNif]),
        ("NIF/NIE;Empresa", &[F::DocumentNumber, F::OrganisationName]),
        ("DNI/NIF;NIF", &[F::DocumentNumber, F::OrganisationNif]),
        ("Nº documento", &[F::DocumentNumber]),
        (
            "2.º apellido;Núm. documento;C.I.F.",
            &[F::SecondSurname, F::DocumentNumber, F::OrganisationNif],
        ),
    ] {
        let fields: Vec<_> = fields.iter().copied().map(Column::Field).collect();
        assert_eq!(of(headings, None), fields, "{headings}");
    }
}

#[test]
fn a_bare_nif_or_holder_is_read_by_the_kind_and_by_what_else_there_is() {
    let headings = "Nombre;NIF;Entidad";
    for kind in Kind::ALL {
        let field = match kind.has_organisation() {
            true => Field::OrganisationNif,
            false => Field::DocumentNumber,
        };
        let found = of(headings, Some(*kind));
        assert_eq!(found[1], Column::Field(field), "{kind}");
    }
    let listed = of("Titular;Nombre en el certificado", None);
    let named = Column::Field(Field::CommonName);
    assert_eq!(listed, [Column::Unknown, named.clone()]);
    assert_eq!(of("Titular", None), [named]);
    let seal = of("Nombre;NIF", Some(Kind::Seal));
    assert_eq!(seal[1], Column::Field(Field::OrganisationNif));
}
