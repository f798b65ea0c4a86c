-- Drafts are found by words too: those that have none get them when the database is opened.
DROP INDEX issuances_without_words;
CREATE INDEX issuances_without_words ON issuances (id) WHERE search_key IS NULL;
