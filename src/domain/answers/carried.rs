//! What a request contains besides the holder: the chosen groups and the
//! further facts, each only if the connection offers it.

use std::collections::BTreeMap;

use super::{Answers, Field};
use crate::connection::{InfoField, MOST_INFO, RequestOptions};
use crate::person_name::check_text;

/// Longest further fact, in characters.
const LONGEST: usize = 255;

/// The form fields of further facts, in the order of the connection's list.
pub const INFO_NAMES: [&str; MOST_INFO] = [
    "info_1", "info_2", "info_3", "info_4", "info_5", "info_6", "info_7", "info_8", "info_9",
    "info_10",
];

/// The further facts of a connection, each with its form field.
pub fn info_fields(options: &RequestOptions) -> impl Iterator<Item = (&'static str, &InfoField)> {
    INFO_NAMES.into_iter().zip(&options.info)
}

impl Answers {
    /// The numbers of the chosen groups; `None` if one of them is not offered.
    pub fn groups(&self, options: &RequestOptions) -> Option<Vec<i64>> {
        let separators = |c: char| c.is_whitespace() || c == ',';
        let numbers = self
            .text(Field::GroupIds)
            .split(separators)
            .filter(|part| !part.is_empty());
        let offered = |number: &str| Some(options.group(number.parse().ok()?)?.number);
        numbers.map(offered).collect()
    }

    /// The typed text of a further fact.
    pub fn info_text(&self, field: &InfoField) -> &str {
        self.info.get(&field.key).map_or("", |text| text.trim())
    }

    /// The form fields of further facts that cannot be sent as typed.
    pub(super) fn wrong_info(&self, options: &RequestOptions) -> Vec<&'static str> {
        let is_wrong = |text: &str| !text.is_empty() && check_text(text, LONGEST).is_err();
        info_fields(options)
            .filter(|(_, field)| is_wrong(self.info_text(field)))
            .map(|(name, _)| name)
            .collect()
    }

    /// The further facts to send, without blank ones.
    pub fn info_to_send(&self, options: &RequestOptions) -> BTreeMap<String, String> {
        let typed = options
            .info
            .iter()
            .map(|field| (field, self.info_text(field)));
        typed
            .filter(|(_, text)| !text.is_empty())
            .map(|(field, text)| (field.key.clone(), text.to_owned()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::{read_groups, read_info};

    fn options() -> RequestOptions {
        RequestOptions {
            groups: read_groups("3 Sales\n5 Legal").unwrap(),
            info: read_info("a A\nb B").unwrap(),
            ..RequestOptions::default()
        }
    }

    #[test]
    fn only_groups_that_are_offered_are_chosen() {
        let chosen = |text: &str, options: &RequestOptions| {
            Answers::with([(Field::GroupIds, text)]).groups(options)
        };
        assert_eq!(chosen(" 3, 5", &options()), Some(vec![3, 5]));
        assert_eq!(chosen("", &options()), Some(Vec::new()));
        for foreign in ["7", "3 7", "x", "3.0", "-3"] {
            assert_eq!(chosen(foreign, &options()), None, "{foreign}");
        }
        assert_eq!(chosen("3", &RequestOptions::default()), None);
    }

    #[test]
    fn only_facts_that_are_asked_for_are_sent() {
        let info = [("a", " x "), ("b", " "), ("c", "left over")];
        let own = |(key, text): (&str, &str)| (key.to_owned(), text.to_owned());
        let mut answers = Answers {
            info: info.into_iter().map(own).collect(),
            ..Answers::default()
        };
        let sent = BTreeMap::from([("a".to_owned(), "x".to_owned())]);
        assert_eq!(answers.info_to_send(&options()), sent);
        assert_eq!(answers.wrong_info(&options()), Vec::<&str>::new());
        answers.info.insert("b".into(), "x".repeat(256));
        assert_eq!(answers.wrong_info(&options()), ["info_2"]);
    }
}
