## Searching the audit
audit-search-hint = Any part of who did it, of what it is about (a short name, a reference, a URL), or of the request id. All words must match.
audit-filters = Filters
audit-who-hint = The whole name, as it is shown
audit-action = Action
audit-all-actions = All actions
audit-outcome = Outcome
audit-all-outcomes = All outcomes
audit-none-found = Nothing matches.
audit-none-so-far = Nothing matches so far.
audit-total = { $count ->
    [one] 1 entry
   *[other] { $count } entries
  }
audit-total-more = At least { $count } entries
audit-looked-part = Words are looked for in { $count } entries at a time. The rest of the audit has not been looked through yet: turn the page to go on.
audit-newer = Newer entries
audit-connection = Connection
audit-redirect-url = Redirect URL
audit-account = Account
audit-invitation = Invitation
audit-mail = Mail
audit-from-cli = from the command line
audit-from-housekeeping = on a timer
audit-from-start = when the portal started
audit-actor-system = The system
audit-actor-portal = The portal
audit-user = User
audit-issuance = Request
audit-export-lead = The file has all entries that match, the oldest first. The export itself is audited.
audit-export-csv = Download for a spreadsheet (CSV)
audit-export-ndjson = Download for programs (NDJSON)
audit-file-name = audit
audit-file-time = Time (UTC)
audit-address = Address
audit-object = Object
audit-before = Before
audit-after = After
audit-request = Request id
