-- What Redtrust said at an event, in its own words; its code is in error_code.
ALTER TABLE issuance_events ADD COLUMN message TEXT;

-- What Redtrust said when this sign-in's fresh token was not enough to issue; both
-- NULL as long as it has not said so.
ALTER TABLE sign_ins ADD COLUMN may_not_issue_code TEXT;
ALTER TABLE sign_ins ADD COLUMN may_not_issue_message TEXT;
