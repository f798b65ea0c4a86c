//! The pages of the wizard: their order, their paths, and which of them may
//! be seen. Some hold several of the services' steps.

use crate::domain::connection::RequestOptions;
use crate::domain::holder::Kind;
use crate::i18n::{Key, key};
use crate::services::issue::{Answers, Field, Step};
use crate::web::routes;

/// One page of the wizard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Page {
    /// Which kind of holder.
    Kind,
    /// Who; or just the name.
    Holder,
    /// Of which organisation.
    Organisation,
    /// E-mail address, and the key settings under "Advanced".
    Options,
    /// Check your answers.
    Check,
}

impl Page {
    /// Every page, in order.
    pub const ALL: [Self; 5] = [
        Self::Kind,
        Self::Holder,
        Self::Organisation,
        Self::Options,
        Self::Check,
    ];

    /// As it stands in the path.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Holder => "holder",
            Self::Organisation => "organisation",
            Self::Options => "options",
            Self::Check => "check",
        }
    }

    /// The page of this name.
    pub fn from_path(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|page| page.as_str() == text)
    }

    /// The page on which a step is asked.
    pub const fn of(step: Step) -> Self {
        match step {
            Step::Kind => Self::Kind,
            Step::Holder => Self::Holder,
            Step::Organisation => Self::Organisation,
            Step::Contact | Step::Key => Self::Options,
            Step::Changed => Self::Check,
        }
    }

    /// The pages for a holder of this kind, in order.
    pub fn all(kind: Kind) -> Vec<Self> {
        let mut pages: Vec<Self> = Step::all(kind).iter().copied().map(Self::of).collect();
        pages.dedup();
        pages.push(Self::Check);
        pages
    }

    /// The page after this one.
    pub fn next(self, kind: Kind) -> Self {
        let later = Self::all(kind).into_iter().find(|page| *page > self);
        later.unwrap_or(Self::Check)
    }

    /// The page before this one.
    pub fn before(self, kind: Kind) -> Option<Self> {
        Self::all(kind).into_iter().rfind(|page| *page < self)
    }

    /// The fields that stand on it for a holder of this kind.
    pub fn fields(self, kind: Option<Kind>) -> Vec<Field> {
        let stands_here = |field: &Field| {
            Self::of(field.step(kind)) == self
                && *field != Field::DataChanged
                && kind.is_none_or(|kind| field.is_asked(kind))
        };
        Field::ALL.iter().copied().filter(stands_here).collect()
    }

    /// Its headline.
    pub const fn title(self, kind: Option<Kind>) -> Key {
        match (self, kind) {
            (Self::Kind, _) => key("issue-kind-title"),
            (Self::Holder, Some(Kind::Name)) => key("issue-name-title"),
            (Self::Holder, _) => key("issue-holder-title"),
            (Self::Organisation, Some(Kind::Seal)) => key("issue-seal-title"),
            (Self::Organisation, _) => key("issue-organisation-title"),
            (Self::Options, _) => key("issue-options-title"),
            (Self::Check, _) => key("issue-check-title"),
        }
    }

    /// Its path for a draft.
    pub fn path(self, id: &str) -> String {
        routes::issue_step(id, self.as_str())
    }
}

/// The first page on which something is missing or wrong.
pub fn first_incomplete(answers: &Answers, offer: &RequestOptions) -> Option<Page> {
    let problems = answers.check(offer).err()?;
    let pages = problems
        .iter()
        .map(|(field, _)| Page::of(field.step(answers.kind())));
    pages.min()
}

/// Where somebody who asks for `page` has to go first.
pub fn detour(page: Page, answers: &Answers, offer: &RequestOptions) -> Option<Page> {
    if let Some(first) = first_incomplete(answers, offer)
        && first < page
    {
        return Some(first);
    }
    let kind = answers.kind()?;
    (!Page::all(kind).contains(&page)).then(|| page.next(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(kind: &str) -> Answers {
        Answers {
            kind: kind.to_owned(),
            ..Answers::default()
        }
    }

    #[test]
    fn no_kind_has_more_than_seven_pages_and_each_ends_with_the_check() {
        for kind in Kind::ALL {
            let pages = Page::all(*kind);
            assert!(pages.len() <= 7, "{kind}");
            assert_eq!(pages.first(), Some(&Page::Kind));
            assert_eq!(pages.last(), Some(&Page::Check));
            assert!(pages.is_sorted(), "{kind}: {pages:?}");
        }
        assert_eq!(
            Page::all(Kind::Seal),
            [Page::Kind, Page::Organisation, Page::Options, Page::Check]
        );
    }

    #[test]
    fn every_field_of_a_kind_stands_on_one_of_its_pages() {
        for kind in Kind::ALL {
            for field in Field::ALL.iter().filter(|field| field.is_asked(*kind)) {
                let pages = Page::all(*kind);
                let on = pages
                    .iter()
                    .filter(|page| page.fields(Some(*kind)).contains(field));
                assert_eq!(on.count(), 1, "{kind} {field:?}");
            }
        }
    }

    #[test]
    fn who_skips_a_page_is_led_to_the_first_that_is_not_complete() {
        assert_eq!(
            detour(Page::Check, &answers(""), &RequestOptions::default()),
            Some(Page::Kind)
        );
        assert_eq!(
            detour(Page::Check, &answers("linked"), &RequestOptions::default()),
            Some(Page::Holder)
        );
        assert_eq!(
            detour(Page::Holder, &answers("linked"), &RequestOptions::default()),
            None
        );
        assert_eq!(
            detour(Page::Kind, &answers("linked"), &RequestOptions::default()),
            None
        );
        assert_eq!(
            detour(Page::Holder, &answers("seal"), &RequestOptions::default()),
            Some(Page::Organisation)
        );
        let mut name = answers("name");
        name.common_name = "Ana".to_owned();
        assert_eq!(detour(Page::Check, &name, &RequestOptions::default()), None);
        assert_eq!(
            detour(Page::Organisation, &name, &RequestOptions::default()),
            Some(Page::Options)
        );
    }
}
