//! The words of holders' names, for searching by the beginning of a word.
//! Folded, so that `nunez` finds `Núñez`.

use std::collections::BTreeSet;

use sqlx::AnyConnection;
use unicode_normalization::char::is_combining_mark;

use super::by_holder;
use crate::storage::StorageError;
use crate::storage::folded::fold;

/// The searchable words of a name: each word, and the parts of words joined by
/// punctuation.
fn words(name: &str) -> BTreeSet<Vec<u8>> {
    let parts = name.split(|letter: char| !letter.is_alphanumeric() && !is_combining_mark(letter));
    name.split_whitespace()
        .chain(parts)
        .filter(|word| !word.is_empty())
        .map(fold)
        .collect()
}

/// Replaces the search words and the sort key of the issuance at `cursor`.
pub(super) async fn store(
    conn: &mut AnyConnection,
    owner_id: &str,
    before: &str,
    holder: &str,
    cursor: &[u8],
) -> Result<(), StorageError> {
    let (old, new) = (words(before), words(holder));
    for word in old.difference(&new) {
        sqlx::query("DELETE FROM issuance_words WHERE owner_id = $1 AND word = $2 AND cursor = $3")
            .bind(owner_id)
            .bind(word.clone())
            .bind(cursor.to_vec())
            .execute(&mut *conn)
            .await?;
    }
    for word in new {
        sqlx::query(
            "INSERT INTO issuance_words (owner_id, word, cursor) VALUES ($1, $2, $3) \
             ON CONFLICT DO NOTHING",
        )
        .bind(owner_id)
        .bind(word)
        .bind(cursor.to_vec())
        .execute(&mut *conn)
        .await?;
    }
    by_holder::store(conn, owner_id, holder, cursor).await
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_name_is_found_by_every_word_with_or_without_accents() {
        let found = words("María José  O'Neill-Núñez");
        let found: Vec<&str> = found
            .iter()
            .map(|word| std::str::from_utf8(word).unwrap())
            .collect();
        assert_eq!(
            found,
            ["jose", "maria", "neill", "nunez", "o", "o'neill-nunez"]
        );
    }
}
