## Lists
lists-total = { $count ->
    [one] 1 result
   *[other] { $count } results
  }
lists-total-more = More than { $count } results
lists-exactly = These words are very common. Only results are shown whose name, organisation or note consists of exactly these words. If yours is missing, search for its document or reference.
lists-goes-on = Part of the list has not been searched yet. To search on, use the page links below.
lists-search-hint = Name, document, NIF, organisation, reference, thumbprint, note or tag. All words must match; the beginning of each is enough.
lists-status = Status
lists-all-current = All that were not replaced
lists-valid = Valid, or not valid yet
lists-due = Expiry
lists-any-time = At any time
lists-organisation = Organisation
lists-group = Group
lists-all-groups = All groups
lists-expires-from = Expires from
lists-expires-to = Expires until
lists-first-to-expire = By expiry, the next first
lists-last-to-expire = By expiry, the last first
lists-requester = Requester
lists-requester-or-owner = Requested or added by
lists-expiry-date-is = Exact or estimated date
lists-exact = exact
lists-estimated = estimated
lists-certificates-file-name = certificates

lists-play = Notice
calendar-play = TEST: { $summary }
lists-choose = Choose
lists-elsewhere = { $count ->
    [one] 1 more is chosen on another page.
   *[other] { $count } more are chosen on other pages.
  }
lists-tick-page = Choose all on this page
lists-untick = Choose none

## Drafts
drafts-title = Drafts
drafts-all = See your drafts
drafts-lead = Requests that you began and did not send. Redtrust does not know about them.
drafts-search-hint = Name, document, organisation, NIF or e-mail. All words must match.
drafts-none = You have no drafts.
drafts-changed = Last changed
drafts-age = { $days ->
    [0] today
    [one] 1 day ago
   *[other] { $days } days ago
  }
drafts-discard = Discard
drafts-discarded = Draft discarded. If you need it after all, begin it again from its page:

## Note and tags
note-title = Note and tags
note-note = Note
note-hint = Only for you and those who look after this connection. It is not sent to Redtrust.
note-tags = Tags
note-tags-hint = Separated by commas, for example: Health, file 2024/123
note-save = Save the note
note-saved = The note and the tags are saved.

## Calendar
feed-title = Reminders in your calendar
feed-lead = Your calendar can read at a secret address when your certificates expire, 30 and 7 days before. Whoever knows the address sees the names of the holders and the dates.
feed-once = Copy this address into your calendar, as a calendar to subscribe to. It is shown only this once.
feed-since = You have had an address since { $time }.
feed-make = Create the address
feed-replace = Create another address and revoke this one
feed-revoke = Revoke the address
