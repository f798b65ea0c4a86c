//! Valid and invalid examples for each rule.

use proptest::prelude::*;

use super::*;

#[test]
fn good_dnis_are_accepted() {
    for good in ["12345678Z", "00000000T", "99999999R", "54362315K"] {
        assert_eq!(parse_dni(good), Ok(SpanishId::Dni(good.into())), "{good}");
    }
}

#[test]
fn good_nies_are_accepted() {
    for good in ["X5253868R", "Y1234567X", "Z1234567R", "X0000000T"] {
        assert_eq!(parse_nie(good), Ok(SpanishId::Nie(good.into())), "{good}");
    }
}

#[test]
fn k_l_and_m_numbers_are_accepted_in_either_field() {
    for good in ["K1234567L", "L1234567L", "M1234567L"] {
        assert_eq!(parse_dni(good), Ok(SpanishId::Klm(good.into())), "{good}");
        assert_eq!(parse_nie(good), Ok(SpanishId::Klm(good.into())), "{good}");
    }
    assert_eq!(parse_dni("K1234567T"), Err(IdError::Letter));
    assert_eq!(parse_nie("M1234567T"), Err(IdError::Letter));
}

#[test]
fn good_company_nifs_are_accepted() {
    for good in [
        "A58818501",
        "B64717838",
        "A13585625",
        "Q2826000H",
        "P2807900B",
        "J99216582",
    ] {
        let nif: CompanyNif = good.parse().unwrap();
        assert_eq!((nif.as_str(), nif.is_unusual()), (good, false));
    }
    assert_eq!("J99216583".parse::<CompanyNif>(), Err(IdError::Control));
}

#[test]
fn the_other_form_of_a_control_character_is_accepted_and_told() {
    for unusual in ["A5881850A", "B6471783H", "Q28260008", "P28079002"] {
        let nif: CompanyNif = unusual.parse().unwrap();
        assert!(nif.is_unusual(), "{unusual}");
    }
    for either in ["J99216582", "J9921658B"] {
        let nif: CompanyNif = either.parse().unwrap();
        assert!(!nif.is_unusual(), "{either}");
    }
    assert_eq!("A5881850B".parse::<CompanyNif>(), Err(IdError::Control));
}

#[test]
fn a_number_may_be_in_full_width_and_behind_its_name() {
    for typed in [
        "１２３４５６７８Z",
        "１２３４５６７８－Ｚ",
        "DNI núm. 12345678Z",
        "DNI NUM 12345678Z",
        "DNI número 12345678Z",
        "DNI nº 12345678Z",
    ] {
        let read = parse_dni(typed);
        assert_eq!(read, Ok(SpanishId::Dni("12345678Z".into())), "{typed}");
    }
}

#[test]
fn a_wrong_letter_is_said_without_the_right_one() {
    for letter in ('A'..='Z').filter(|letter| *letter != 'Z') {
        let number = format!("12345678{letter}");
        assert_eq!(parse_dni(&number), Err(IdError::Letter), "{letter}");
    }
    assert_eq!(
        IdError::Letter.to_string(),
        "The letter does not match the number. Check both."
    );
}

#[test]
fn the_mistake_is_named() {
    use IdError as E;
    for (dni, why) in [
        ("", E::Empty),
        (" -.\u{200B}", E::Empty),
        ("1234567L", E::ShortDni),
        ("1Z", E::ShortDni),
        ("Z", E::Length(1)),
        ("X123456L", E::Length(8)),
        ("12345678", E::NoLetter),
        ("12.345.678", E::NoLetter),
        ("X1234567", E::NoLetter),
        ("A1234567", E::Length(8)),
        ("123456789Z", E::Length(10)),
        ("123456789", E::Form),
        ("1234A678Z", E::Form),
        ("I1234567A", E::Form),
        ("12345678Ñ", E::Characters),
        ("12345678ſ", E::Characters),
        ("12345678Z\0", E::Characters),
        ("<script>", E::Characters),
        ("X5253868R", E::IsNie),
        ("X5253868A", E::IsNie),
        ("A58818501", E::IsCompanyNif),
        ("Q2826000H", E::IsCompanyNif),
    ] {
        assert_eq!(parse_dni(dni), Err(why), "{dni:?}");
    }
    assert_eq!(parse_nie("12345678Z"), Err(E::IsDni));
    assert_eq!(parse_nie("B64717838"), Err(E::IsCompanyNif));
    assert_eq!(parse_nie("X5253868A"), Err(E::Letter));
    for person in ["12345678Z", "X5253868R", "K1234567L"] {
        assert_eq!(person.parse::<CompanyNif>(), Err(E::IsPersonal), "{person}");
    }
    assert_eq!("B6471783".parse::<CompanyNif>(), Err(E::Length(8)));
    assert_eq!("".parse::<CompanyNif>(), Err(E::Empty));
}

#[test]
fn what_people_put_around_a_number_is_forgiven() {
    for typed in [
        " 12345678z ",
        "12.345.678-Z",
        "12 345 678 / Z",
        "12345678\u{2011}Z",
        "\u{FEFF}12345678\u{A0}Z\u{200E}",
        "ES12345678Z",
        "es-12345678-z",
        "IDCES-12345678Z",
        "VATES-12345678Z",
        "DNI 12345678Z",
        "NIF: 12345678Z",
        "D.N.I. 12345678-Z",
        "D.N.I./N.I.F. nº 12.345.678-Z",
        "dni n° 12345678z",
        "Número 12345678Z",
        "NIF ES-12345678Z",
        "(12345678Z)",
        "\"12345678Z\";",
        "12345678–Z",
    ] {
        assert_eq!(normalise(typed), "12345678Z", "{typed:?}");
        assert!(parse_dni(typed).is_ok(), "{typed:?}");
    }
    assert!("VATES-A58818501".parse::<CompanyNif>().is_ok());
    assert!("ESB64717838".parse::<CompanyNif>().is_ok());
    // A lone E is a kind of organisation, not the start of ES.
    assert_eq!(normalise("E12345678"), "E12345678");
}

#[test]
fn etsi_values_are_built() {
    assert_eq!(parse_dni("12345678z").unwrap().etsi(), "IDCES-12345678Z");
    assert_eq!(parse_nie("X5253868R").unwrap().etsi(), "IDCES-X5253868R");
    let nif: CompanyNif = "a-58818501".parse().unwrap();
    assert_eq!(nif.etsi(), "VATES-A58818501");
}

#[test]
fn lists_and_logs_show_the_end_of_a_number_only() {
    let id = parse_dni("12345678Z").unwrap();
    assert_eq!(id.masked(), "*****678Z");
    assert_eq!(format!("{id:?}"), "*****678Z");
    assert_eq!(masked(""), "");
}

proptest! {
    #[test]
    fn any_text_is_a_number_or_refused(text in any::<String>()) {
        let _ = (parse_dni(&text), parse_nie(&text), text.parse::<CompanyNif>());
    }

    #[test]
    fn exactly_one_letter_matches_a_number(number in 0_u32..100_000_000) {
        let good = ('A'..='Z')
            .filter(|letter| parse_dni(&format!("{number:08}{letter}")).is_ok())
            .count();
        prop_assert_eq!(good, 1);
    }

    #[test]
    fn exactly_one_digit_and_one_letter_match_a_company(
        kind in "[ABCDEFGHJNPQRSUVW]",
        number in 0_u32..10_000_000,
    ) {
        let good: String = ('0'..='9')
            .chain('A'..='Z')
            .filter(|c| format!("{kind}{number:07}{c}").parse::<CompanyNif>().is_ok())
            .collect();
        prop_assert_eq!(good.len(), 2);
        prop_assert!(good.starts_with(|c: char| c.is_ascii_digit()));
    }
}

#[test]
fn numbers_of_before_and_with_words_are_read() {
    for (typed, nie) in [
        ("X01234567L", "X1234567L"),
        ("x-0 1234567-l", "X1234567L"),
        ("N.I.E. X-01234567-L", "X1234567L"),
        ("NIE: X5253868R", "X5253868R"),
    ] {
        assert_eq!(parse_nie(typed), Ok(SpanishId::Nie(nie.into())), "{typed}");
    }
    assert_eq!(parse_nie("X11234567L"), Err(IdError::Length(10)));
    for typed in [
        "C.I.F.: B-64717838",
        "NIF B64717838",
        "CIF/NIF: ES B64717838",
    ] {
        let nif: CompanyNif = typed.parse().unwrap();
        assert_eq!(nif.as_str(), "B64717838", "{typed}");
    }
    // First letters of companies that begin one of the words too.
    for number in ["E58818501", "D58818506", "N0032484H", "C58818503"] {
        assert_eq!(normalise(number), number);
    }
}
