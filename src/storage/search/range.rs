//! Which words are meant.

use crate::storage::conditions::Bound;

/// A range of words: from the first on, up to and without the second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Range(Vec<u8>, Vec<u8>);

impl Range {
    /// All words that begin like this: UTF-8 never contains 0xFF.
    pub(super) fn beginning(word: Vec<u8>) -> Self {
        let end = [word.as_slice(), &[0xFF]].concat();
        Self(word, end)
    }

    /// This word alone.
    pub(super) fn exactly(word: Vec<u8>) -> Self {
        let end = [word.as_slice(), &[0]].concat();
        Self(word, end)
    }

    /// How much of a word it names.
    pub(super) const fn length(&self) -> usize {
        self.0.len()
    }

    pub(super) fn bounds(&self) -> [Bound; 2] {
        [Bound::Bytes(self.0.clone()), Bound::Bytes(self.1.clone())]
    }
}
