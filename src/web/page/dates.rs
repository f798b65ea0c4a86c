//! Dates and times for people: in the portal's zone, with the month's name.

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::domain::millis::Millis;
use crate::web::i18n::{Arg, Key, Lang, key};

const MONTHS: [Key; 12] = [
    key("month-1"),
    key("month-2"),
    key("month-3"),
    key("month-4"),
    key("month-5"),
    key("month-6"),
    key("month-7"),
    key("month-8"),
    key("month-9"),
    key("month-10"),
    key("month-11"),
    key("month-12"),
];

fn local(at: Millis, zone: &TimeZone) -> Option<Zoned> {
    let at = Timestamp::from_millisecond(at.0).ok()?;
    Some(at.to_zoned(zone.clone()))
}

fn month(at: &Zoned, lang: Lang) -> String {
    let index = usize::try_from(at.month()).unwrap_or(0).saturating_sub(1);
    MONTHS
        .get(index)
        .map(|month| lang.of(*month).into_owned())
        .unwrap_or_default()
}

/// "24 de noviembre de 2026".
pub fn date(at: Millis, zone: &TimeZone, lang: Lang) -> String {
    let Some(at) = local(at, zone) else {
        return String::new();
    };
    let args = [
        ("day", Arg::from(at.day().to_string())),
        ("month", Arg::from(month(&at, lang))),
        ("year", Arg::from(at.year().to_string())),
    ];
    lang.text_with(key("date").id(), &args).into_owned()
}

/// "24 de noviembre de 2026, 19:10".
pub fn date_time(at: Millis, zone: &TimeZone, lang: Lang) -> String {
    let Some(local) = local(at, zone) else {
        return String::new();
    };
    let args = [
        ("date", Arg::from(date(at, zone, lang))),
        ("time", Arg::from(local.strftime("%H:%M").to_string())),
    ];
    lang.text_with(key("date-time").id(), &args).into_owned()
}

/// "noviembre de 2026".
pub fn month_year(at: Millis, zone: &TimeZone, lang: Lang) -> String {
    let Some(at) = local(at, zone) else {
        return String::new();
    };
    let args = [
        ("month", Arg::from(month(&at, lang))),
        ("year", Arg::from(at.year().to_string())),
    ];
    lang.text_with(key("month-year").id(), &args).into_owned()
}

/// As `datetime=` of a `<time>` wants it: RFC 3339, UTC, whole seconds.
pub fn machine(at: Millis) -> String {
    Timestamp::from_second(at.as_secs())
        .map(|at| at.to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_stand_in_the_portals_zone() {
        let madrid = TimeZone::get("Europe/Madrid").unwrap();
        // 2026-06-30T22:30:00Z is the first of July in Madrid.
        let at = Millis(1_782_858_600_000);
        assert_eq!(date(at, &madrid, Lang::Es), "1 de julio de 2026");
        assert_eq!(date_time(at, &madrid, Lang::En), "1 July 2026, 00:30");
        assert_eq!(
            date_time(at, &TimeZone::UTC, Lang::En),
            "30 June 2026, 22:30"
        );
        assert_eq!(month_year(at, &madrid, Lang::En), "July 2026");
        assert_eq!(machine(at), "2026-06-30T22:30:00Z");
    }

    #[test]
    fn a_time_out_of_all_bounds_shows_nothing() {
        assert_eq!(date(Millis(i64::MAX), &TimeZone::UTC, Lang::Es), "");
    }
}
