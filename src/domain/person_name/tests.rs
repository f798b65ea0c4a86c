//! Valid names in many languages, and attempts to hide something in one.

use proptest::prelude::*;

use super::*;

#[test]
fn d01_names_of_people_pass_as_they_are_written() {
    for name in [
        "María José O'Neill-Núñez",
        "Pal·làs",
        "Françoise d’Ornellas",
        "Mª del Carmen",
        "M. Ángeles",
        "Ελένη Παπαδοπούλου",
        "محمد الأمين",
        "Наталья",
        "田中さくら",
        "김민준",
        "नरेन्द्र",
        "de la O",
    ] {
        assert_eq!(check_name(name, 64).as_deref(), Ok(name));
        assert_eq!(check_text(name, 64).as_deref(), Ok(name));
    }
}

#[test]
fn d03_length_counts_characters() {
    let (fits, long) = ("Ñ".repeat(64), "Ñ".repeat(65));
    assert_eq!(check_name(&fits, 64).as_ref(), Ok(&fits));
    let error = NameError::TooLong {
        max: 64,
        length: 65,
    };
    assert_eq!(check_name(&long, 64), Err(error));
    assert_eq!(check_text(&long, 64), Err(error));
    // NFC comes first: 64 letters with their tildes count as 64 characters.
    assert_eq!(check_name(&"N\u{303}".repeat(64), 64), Ok(fits));
}

#[test]
fn over_the_usual_length_is_a_warning() {
    assert_eq!(warning(&"Ñ".repeat(64)), None);
    let length = 65;
    assert_eq!(
        warning(&"Ñ".repeat(length)),
        Some(NameWarning::Long { length })
    );
}

#[test]
fn blanks_are_collapsed_and_letters_composed() {
    assert_eq!(
        check_name("  Jose\u{301}\u{A0}  Luis ", 64).as_deref(),
        Ok("José Luis")
    );
    assert_eq!(check_name("ANA de", 64).as_deref(), Ok("ANA de"));
}

/// What people write with the keys that they have; from public reports of faults.
#[test]
fn names_from_the_field_are_read_as_they_are_meant() {
    for (typed, read) in [
        ("O´Neill", "O'Neill"),
        ("D`Angelo", "D'Angelo"),
        ("O‘Neill", "O'Neill"),
        ("O′Neill", "O'Neill"),
        ("O＇Neill", "O'Neill"),
        ("García–Lorca", "García-Lorca"),
        ("García—Lorca", "García-Lorca"),
        ("Pal•làs", "Pal·làs"),
        ("M° Carmen", "Mª Carmen"),
        ("Ｇａｒｃíａ", "García"),
        ("𝐆𝐚𝐫𝐜𝐢𝐚", "Garcia"),
    ] {
        assert_eq!(check_name(typed, 64).as_deref(), Ok(read), "{typed}");
    }
    // An accent that slipped off its letter may mean anything.
    assert_eq!(check_name("Jose´", 64), Err(NameError::Character('´')));
}

#[test]
fn d02_what_could_be_hidden_in_a_name_is_refused() {
    let heap = format!("A{}na", "\u{334}".repeat(5));
    for (name, why) in [
        ("", NameError::Empty),
        (" \u{A0}\u{3000}", NameError::Empty),
        ("Ana\0", NameError::Control),
        ("Ana\tLuisa", NameError::Control),
        ("Ana\r\nLuisa", NameError::Control),
        ("Ana\u{2028}", NameError::Control),
        ("\u{1B}[31mAna", NameError::Control),
        ("Ana\u{202E}siuL", NameError::Bidi),
        ("Ana\u{2066}", NameError::Bidi),
        ("\u{200F}Ana", NameError::Bidi),
        ("A\u{200B}na", NameError::ZeroWidth),
        ("A\u{200D}na", NameError::ZeroWidth),
        ("\u{FEFF}Ana", NameError::ZeroWidth),
        ("A\u{AD}na", NameError::ZeroWidth),
        ("A\u{E0041}na", NameError::ZeroWidth),
        ("Ana\u{E000}", NameError::Character('\u{E000}')),
        ("Ana\u{FFFD}", NameError::Character('\u{FFFD}')),
        ("\u{301}Ana", NameError::Character('\u{301}')),
        ("Ana \u{334}", NameError::Character('\u{334}')),
        (heap.as_str(), NameError::Character('\u{334}')),
        ("P\u{430}ul", NameError::MixedScripts),
        ("Мария Lopez", NameError::MixedScripts),
        ("\u{391}na", NameError::MixedScripts),
        ("Ana 田中", NameError::MixedScripts),
        ("-", NameError::NoLetter),
        ("' · .", NameError::NoLetter),
    ] {
        assert_eq!(check_name(name, 64), Err(why), "{name:?}");
        assert_eq!(check_text(name, 64), Err(why), "{name:?}");
    }
}

#[test]
fn digits_and_signs_belong_into_texts_and_not_into_names() {
    for (name, bad) in [
        ("Ana 2", '2'),
        ("Ana, Luisa", ','),
        ("<svg>", '<'),
        ("=Ana", '='),
        ("Ana 🔑", '🔑'),
    ] {
        assert_eq!(check_name(name, 64), Err(NameError::Character(bad)));
    }
    for text in [
        "3M España, S.A.",
        "I+D+i (R: A58818501)",
        "<svg onload=alert(1)>",
        "=cmd|' /C calc'!A0",
        "{{7*7}}",
        "Ñandú & Cía. «Sur» 100 %",
        "Κοινή 5 €",
    ] {
        assert_eq!(check_text(text, 64).as_deref(), Ok(text));
    }
}

proptest! {
    #[test]
    fn what_is_accepted_is_clean_and_stays_the_same(text in any::<String>()) {
        let checked = [check_name(&text, 64), check_text(&text, 64)];
        for name in checked.into_iter().flatten() {
            prop_assert!(name.chars().all(|c| hidden(c).is_none()));
            prop_assert!(!name.contains("  ") && name.trim() == name);
            prop_assert!(name.chars().count() <= 64);
            prop_assert_eq!(check_text(&name, 64), Ok(name));
        }
    }
}
