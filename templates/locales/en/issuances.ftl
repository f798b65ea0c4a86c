## History
issuances-search = Search
issuances-search-hint = A reference, a thumbprint, or the beginning of a word of the name.
issuances-from = From
issuances-to = To
issuances-sort = Order
issuances-newest = Newest first
issuances-oldest = Oldest first
issuances-by-holder = By holder, A to Z
issuances-from-unreadable = Enter the first day as day, month and year, such as 24/11/2026
issuances-to-unreadable = Enter the last day as day, month and year, such as 24/11/2026
issuances-to-before-from = The last day must not be before the first
issuances-search-gone = That search is too old. Type it again; below is everything.
issuances-export = Download this list for a spreadsheet (CSV)
issuances-file-name = certificate-requests
issuances-error-code = Redtrust’s error code
issuances-filters = Filters and order
issuances-state = State
issuances-all-states = All states
issuances-all-kinds = All kinds
issuances-filter = Show
issuances-filter-clear = Show all
issuances-none = You have not requested a certificate yet. Every request you send is listed here, whatever its outcome.
issuances-none-found = Nothing matches. Try the beginning of another word, or show all.
issuances-broken = { $count ->
    [one] One of your requests cannot be read and is missing from this page. Ask for help.
   *[other] { $count } of your requests cannot be read and are missing from this page. Ask for help.
  }
issuances-caption = Your requests
issuances-submitted = Requested
issuances-reference = Reference
issuances-renewal = (renewal)

## States
state-draft = Draft
state-creating = Under way
state-key-created = Keys created
state-finalizing = Under way
state-recording = Issued, being recorded
state-issued = Issued
state-refused = Refused
state-unknown = Outcome unknown
state-mismatch = Answer does not match
state-abandoned = Given up

## One request
one-draft-title = This request is a draft
one-draft-what = Nothing has been requested yet.
one-draft-next = Go on where you left off, or discard it.
one-not-sent-title = Nothing was sent
one-not-sent-what = Your request did not reach Redtrust. No keys and no certificate were made.
one-not-sent-next = Your answers are kept, and it is safe to send them again.
one-working-title = Your certificate is being issued
one-working-what = This usually takes a few seconds.
one-working-next = You may close this page: the work goes on without it, and you will find the request in your history.
one-waiting-title = Still waiting for Redtrust
one-waiting-what = The answer takes longer than usual. Nothing is wrong yet.
one-recording-title = Issued, being recorded
one-recording-what = Redtrust has issued the certificate. We are still writing it down here.
one-recording-next = Do not start again: the certificate exists. This page will show it as soon as it is recorded.
one-keys-only-title = The keys are ready, the certificate is not
one-keys-only-what = Redtrust has made the keys. The certificate for them has not been issued yet.
one-keys-only-next = It is safe to go on: the same keys are used and no second certificate can come of it.
one-issued-title = The certificate has been issued
one-issued-what = It is stored in Redtrust and ready for use.
one-issued-next = Keep the reference: you can come back to this page at any time.
one-settled-what = You showed the certificate: it was made with the keys of this request. Redtrust’s own answer never reached us.
one-refused-title = Redtrust refused this request
one-refused-what = No certificate was issued.
one-refused-next = If you can correct what Redtrust objects to, begin again with the same answers. Otherwise ask the people who manage your Redtrust account.
one-unknown-title = We do not know the outcome of this request
one-unknown-code-what = Redtrust’s answer did not reach us, so the certificate may or may not have been issued.
one-unknown-code-next = It is safe to ask again: we use the same request code, so no second certificate is made. If Redtrust says that it was issued already, look for it there.
one-unknown-what = Redtrust’s answer did not reach us, and we have no code to ask for it. Keys may have been made there; no certificate was issued for them by us.
one-unknown-next = We cannot continue this request. You have to start again: Redtrust then makes new keys, and any earlier ones stay unused.
one-mismatch-title = Redtrust’s answer does not match the request
one-mismatch-what = What came back is not what was asked for. Do not use the result.
one-mismatch-next = Tell the people who manage this service, and quote the reference below. You can begin again with the same answers.
one-abandoned-title = This request was given up
one-abandoned-what = Nothing more will be done with it.
one-abandoned-next = You can begin again with the same answers.

one-redtrust-said = Redtrust said:
one-progress = Progress
one-facts = Details
one-request-code = Request code
one-timeline = What happened
one-csr = Download the certificate request (CSR)
one-sign-in-again = Sign in again
one-resume = Go on with the same keys
one-settle-title = Do you have the certificate?
one-settle-what = If you find in Redtrust, or receive, the certificate issued for this request, show us its file. We compare its public key with that of this request.
one-settle = Settle this request with the file
renewed-title = What was renewed
renewed-carries-over = The new certificate has taken the place of the old one in Redtrust. The configuration and associations of the old one carry over.
renewed-what = Detail
renewed-old = Old certificate
renewed-new = New certificate
one-edit = Go on with this request
one-certificate = See the certificate
one-again = Begin again with the same answers
one-renew-again = Begin the renewal again
one-abandon-summary = Give this request up
one-abandon-warning = This cannot be undone. Keys that Redtrust has made stay there unused. If a certificate was issued after all, it stays in Redtrust and will not show here.
one-abandon = Give up for good

one-step-keys = Keys created
one-step-certificate = Certificate issued
one-step-stored = Stored in Redtrust
one-step-done = (done)
one-step-now = (under way)
one-step-open = (not yet)
one-step-failed = (not done)
one-step-not-known = (not known)

## Causes
cause-unreachable = No connection to Redtrust could be made.
cause-untrusted = Redtrust’s server could not prove its identity, so we did not talk to it. The people who manage this service have to check it.
cause-busy = Redtrust is busy, or did not answer several requests just now.
cause-sign-in-again = Your sign-in at Redtrust has ended. Sign in again to go on.
cause-timed-out = Redtrust did not answer in the time allowed.
cause-cut = The connection broke after the request went out.
cause-unreadable = Redtrust’s answer could not be read.
cause-server-error = Redtrust answered with a server error.
cause-worker-gone = This service was restarted while it waited for the answer.
cause-already-finalized = Redtrust says that this certificate was issued before. Look for it in Redtrust.
cause-rejected = Redtrust rejected it.
cause-other-key = The keys are not of the kind asked for.
cause-other-subject = The name is not the one asked for.
cause-other-request-code = The answer belongs to another request.
cause-thumbprint-taken = The thumbprint belongs to another request.
cause-shown-by-owner = You showed the certificate, made with the keys of this request.

## Events
event-begun = Draft started.
event-create-intended = Keys asked for.
event-nothing-sent = Not sent.
event-key-created = Keys created.
event-finalize-intended = Certificate asked for.
event-issued = Certificate issued and stored in Redtrust.
event-settled = Settled: the owner showed the certificate.
event-refused = Refused by Redtrust.
event-outcome-unknown = No usable answer: outcome unknown.
event-mismatched = The answer does not match the request.
event-abandoned = Given up.

## Afterwards
one-what-next = What happens next
one-receipt = Open the receipt, to print or keep
one-calendar = Add reminders to your calendar, 30 and 7 days before it expires
receipt-title = Receipt
receipt-of = Receipt { $reference }
receipt-lead = This certificate was requested through { $partner } and issued by Redtrust.
receipt-print = Print this receipt
receipt-ordered-by = Requested by
receipt-ordered = Requested on
receipt-issued = Issued on
receipt-connection = Redtrust server
receipt-printed = As known on { $time }.
receipt-back = Back to the request
calendar-summary = { $holder }: certificate expires on { $date }
calendar-text = Renew the certificate with the thumbprint { $thumbprint } before it expires on { $date }.
calendar-text-estimated = Renew the certificate with the thumbprint { $thumbprint } before it expires. The date, { $date }, is an estimate.
