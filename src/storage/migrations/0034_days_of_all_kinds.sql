-- The numbers of days have a sum over all kinds as well, of the kind `all`, and stand in the
-- order of kinds: however many kinds there are, a page adds up one number for each day.
DROP TABLE certificate_days;
