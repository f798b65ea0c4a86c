//! Writes calendar files (RFC 5545) with all-day reminders, each with an alarm.
//! Knows only the format, not certificates.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::millis::Millis;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// Identifies the reminder; must not change when the file is made again.
    pub uid: String,
    /// Grows whenever the day moves, so that calendars take the new one.
    pub sequence: i64,
    pub day: Date,
    /// Whether its alarm still lies ahead.
    pub rings: bool,
    /// The title, on one line.
    pub summary: String,
    /// The description.
    pub text: String,
    /// Where the person can act.
    pub url: String,
}

/// How long before its day an alarm rings: at nine the morning before. An alarm after
/// the start of an all-day event is passed over by some calendars.
pub const HOURS_BEFORE: i64 = 15;

/// Longest line in bytes, without its line end.
const LINE: usize = 75;

/// The reminders as a file; `now` is the time of writing.
pub fn file(reminders: &[Reminder], now: Millis) -> String {
    let stamp = Timestamp::from_second(now.as_secs())
        .map(|at| at.strftime("%Y%m%dT%H%M%SZ").to_string())
        .unwrap_or_default();
    let mut file = File(String::new());
    file.line("BEGIN:VCALENDAR");
    file.line("VERSION:2.0");
    file.line("PRODID:-//rubrica//reminders//EN");
    file.line("CALSCALE:GREGORIAN");
    file.line("METHOD:PUBLISH");
    for reminder in reminders {
        file.reminder(reminder, &stamp);
    }
    file.line("END:VCALENDAR");
    file.0
}

struct File(String);

impl File {
    fn reminder(&mut self, reminder: &Reminder, stamp: &str) {
        let day = |day: Date| day.strftime("%Y%m%d").to_string();
        let next = reminder.day.tomorrow().unwrap_or(reminder.day);
        let summary = escaped(&reminder.summary);
        self.line("BEGIN:VEVENT");
        self.line(&format!("UID:{}", reminder.uid));
        self.line(&format!("DTSTAMP:{stamp}"));
        self.line(&format!("LAST-MODIFIED:{stamp}"));
        self.line(&format!("SEQUENCE:{}", reminder.sequence));
        self.line(&format!("DTSTART;VALUE=DATE:{}", day(reminder.day)));
        self.line(&format!("DTEND;VALUE=DATE:{}", day(next)));
        self.line(&format!("SUMMARY:{summary}"));
        self.line(&format!("DESCRIPTION:{}", escaped(&reminder.text)));
        self.line(&format!("URL:{}", reminder.url));
        self.line("TRANSP:TRANSPARENT");
        if reminder.rings {
            self.line("BEGIN:VALARM");
            self.line("ACTION:DISPLAY");
            self.line(&format!("DESCRIPTION:{summary}"));
            self.line(&format!("TRIGGER:-PT{HOURS_BEFORE}H"));
            self.line("END:VALARM");
        }
        self.line("END:VEVENT");
    }

    /// Writes one line, folded between characters so that no line is too long.
    fn line(&mut self, text: &str) {
        let mut length = 0;
        for letter in text.chars() {
            if length + letter.len_utf8() > LINE {
                self.0.push_str("\r\n ");
                length = 1;
            }
            self.0.push(letter);
            length += letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}

/// Escapes text for a value, and removes control characters.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            '\n' => escaped.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reminder(summary: &str) -> Reminder {
        Reminder {
            uid: "REF-30@portal.example".to_owned(),
            sequence: 1,
            day: "2026-12-31".parse().unwrap(),
            rings: true,
            summary: summary.to_owned(),
            text: "One\nTwo".to_owned(),
            url: "https://portal.example/x".to_owned(),
        }
    }

    #[test]
    fn lines_end_as_they_must_and_none_is_too_long() {
        let text = file(&[reminder(&"Ñandú ".repeat(40))], Millis(0));
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
        assert!(text.split("\r\n").all(|line| line.len() <= LINE), "{text}");
        let unfolded = text.replace("\r\n ", "");
        assert!(unfolded.contains(&format!("SUMMARY:{}\r\n", "Ñandú ".repeat(40))));
        assert!(text.contains("DTSTAMP:19700101T000000Z\r\n"));
        assert!(text.contains("LAST-MODIFIED:19700101T000000Z\r\nSEQUENCE:1\r\n"));
        assert!(text.contains("TRIGGER:-PT15H\r\n"));
        assert!(text.contains("DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n"));
    }

    #[test]
    fn typed_text_cannot_start_a_new_line() {
        let hostile = "a\r\nEND:VEVENT\r\nATTACH:x; b, c\\ \u{7f}";
        let text = file(&[reminder(hostile)], Millis(0));
        let unfolded = text.replace("\r\n ", "");
        assert!(unfolded.contains("SUMMARY:a\\nEND:VEVENT\\nATTACH:x\\; b\\, c\\\\ \r\n"));
        assert_eq!(text.matches("\r\nEND:VEVENT\r\n").count(), 1);
        assert!(text.contains("DESCRIPTION:One\\nTwo\r\n"));
    }
}
