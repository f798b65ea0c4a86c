//! Dates and times for display: in the portal's time zone, with the month's name.

use std::ops::Range;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

use crate::domain::millis::Millis;
use crate::i18n::{Arg, Key, Lang, key};

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

const SHORT_MONTHS: [Key; 12] = [
    key("month-short-1"),
    key("month-short-2"),
    key("month-short-3"),
    key("month-short-4"),
    key("month-short-5"),
    key("month-short-6"),
    key("month-short-7"),
    key("month-short-8"),
    key("month-short-9"),
    key("month-short-10"),
    key("month-short-11"),
    key("month-short-12"),
];

fn local(at: Millis, zone: &TimeZone) -> Option<Zoned> {
    let at = Timestamp::from_millisecond(at.0).ok()?;
    Some(at.to_zoned(zone.clone()))
}

fn nth(months: &[Key; 12], at: &Zoned) -> Option<Key> {
    let index = usize::try_from(at.month()).ok()?.checked_sub(1)?;
    months.get(index).copied()
}

fn month(at: &Zoned, lang: Lang) -> String {
    nth(&MONTHS, at)
        .map(|month| lang.of(month).into_owned())
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
    with_time(at, zone, lang, "%H:%M")
}

/// "24 de noviembre de 2026, 19:10:05", for events that follow each other quickly.
pub fn date_time_seconds(at: Millis, zone: &TimeZone, lang: Lang) -> String {
    with_time(at, zone, lang, "%H:%M:%S")
}

/// "19:10".
pub fn time(at: Millis, zone: &TimeZone) -> String {
    local(at, zone).map_or_else(String::new, |at| at.strftime("%H:%M").to_string())
}

fn with_time(at: Millis, zone: &TimeZone, lang: Lang, form: &str) -> String {
    let Some(local) = local(at, zone) else {
        return String::new();
    };
    let args = [
        ("date", Arg::from(date(at, zone, lang))),
        ("time", Arg::from(local.strftime(form).to_string())),
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

/// The calendar day of `at` in the portal's time zone.
pub fn day_of(at: Millis, zone: &TimeZone) -> Option<Date> {
    local(at, zone).map(|at| at.date())
}

/// A whole day, written `2026-11-24` (`<input type="date">`) or `24/11/2026`. Years from
/// 0 to 99 are those of this century: a date field sends `0026` for a 26.
pub fn day(text: &str, zone: &TimeZone) -> Option<Range<Millis>> {
    let text = text.trim();
    let day = Date::strptime("%Y-%m-%d", text)
        .or_else(|_| Date::strptime("%d/%m/%Y", text))
        .ok()?;
    let day = match day.year() {
        year @ 0..=99 => day.with().year(year + 2000).build().ok()?,
        _ => day,
    };
    Some(begins(day, zone)?..begins(day.tomorrow().ok()?, zone)?)
}

/// Whether `<input type="date">` can show this text: empty, or an ISO date.
pub fn fits_date_field(text: &str) -> bool {
    text.is_empty() || Date::strptime("%Y-%m-%d", text).is_ok()
}

/// Twelve months, starting with the current one.
pub fn year_of_months(now: Millis, zone: &TimeZone) -> Vec<Range<Millis>> {
    let Some(first) = day_of(now, zone).map(Date::first_of_month) else {
        return Vec::new();
    };
    let month = |months: i32| begins(first.checked_add(months.months()).ok()?, zone);
    (0..12)
        .filter_map(|at| Some(month(at)?..month(at + 1)?))
        .collect()
}

fn begins(day: Date, zone: &TimeZone) -> Option<Millis> {
    let at = day.to_zoned(zone.clone()).ok()?;
    Some(Millis(at.timestamp().as_millisecond()))
}

/// "nov", for a chart.
pub fn month_short(at: Millis, zone: &TimeZone, lang: Lang) -> String {
    local(at, zone)
        .and_then(|at| nth(&SHORT_MONTHS, &at))
        .map(|month| lang.of(month).into_owned())
        .unwrap_or_default()
}

/// "2026-11-24 19:10", for spreadsheets.
pub fn sortable(at: Millis, zone: &TimeZone) -> String {
    local(at, zone).map_or_else(String::new, |at| at.strftime("%Y-%m-%d %H:%M").to_string())
}

/// "2026-11-24", for spreadsheets.
pub fn sortable_day(at: Millis, zone: &TimeZone) -> String {
    day_of(at, zone).map_or_else(String::new, |day| day.to_string())
}

/// For `datetime=` of `<time>`: RFC 3339, UTC, whole seconds.
pub fn machine(at: Millis) -> String {
    Timestamp::from_second(at.as_secs())
        .map(|at| at.to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_in_the_portals_zone() {
        let madrid = TimeZone::get("Europe/Madrid").unwrap();
        // 2026-06-30T22:30:00Z is already the first of July in Madrid.
        let at = Millis(1_782_858_600_000);
        assert_eq!(date(at, &madrid, Lang::Es), "1 de julio de 2026");
        assert_eq!(date_time(at, &madrid, Lang::En), "1 July 2026, 00:30");
        assert_eq!(time(at, &madrid), "00:30");
        let seconds = date_time_seconds(at, &madrid, Lang::En);
        assert_eq!(seconds, "1 July 2026, 00:30:00");
        assert_eq!(
            date_time(at, &TimeZone::UTC, Lang::En),
            "30 June 2026, 22:30"
        );
        assert_eq!(month_year(at, &madrid, Lang::En), "July 2026");
        assert_eq!(machine(at), "2026-06-30T22:30:00Z");
    }

    #[test]
    fn a_day_is_read_in_the_portals_zone_even_if_it_has_23_or_25_hours() {
        let madrid = TimeZone::get("Europe/Madrid").unwrap();
        let hours = |text: &str| {
            let day = day(text, &madrid).unwrap();
            (day.end.0 - day.start.0) / 3_600_000
        };
        assert_eq!(hours("2026-07-01"), 24);
        assert_eq!(hours("29/03/2026"), 23);
        assert_eq!(hours(" 2026-10-25 "), 25);
        let first = day("2026-07-01", &madrid).unwrap();
        assert_eq!(first.start, Millis(1_782_856_800_000));
        for wrong in ["", "2026-02-30", "1.7.2026", "2026-07", "99999-01-01"] {
            assert_eq!(day(wrong, &madrid), None, "{wrong}");
        }
        for short in ["0026-07-01", "01/07/0026", "01/07/26"] {
            assert_eq!(day(short, &madrid).unwrap().start, first.start, "{short}");
        }
        assert!(fits_date_field("") && fits_date_field("2026-10-25"));
        assert!(!fits_date_field("29/03/2026") && !fits_date_field("soon"));
    }

    #[test]
    fn twelve_months_follow_each_other_without_a_gap() {
        let madrid = TimeZone::get("Europe/Madrid").unwrap();
        let months = year_of_months(Millis(1_782_858_600_000), &madrid);
        assert_eq!(months.len(), 12);
        assert!(months.windows(2).all(|pair| pair[0].end == pair[1].start));
        let (first, last) = (months[0].start, months[11].start);
        assert_eq!(month_year(first, &madrid, Lang::En), "July 2026");
        assert_eq!(month_short(last, &madrid, Lang::Es), "jun");
        assert_eq!(sortable(first, &madrid), "2026-07-01 00:00");
        assert_eq!(day_of(first, &madrid).unwrap().to_string(), "2026-07-01");
    }

    #[test]
    fn a_time_out_of_range_shows_nothing() {
        assert_eq!(date(Millis(i64::MAX), &TimeZone::UTC, Lang::Es), "");
    }
}
