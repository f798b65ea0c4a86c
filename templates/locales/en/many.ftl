## Several at once: choosing
many-choose-title = Renew several certificates at once
many-choose-submit = Check the chosen ones
many-due = { $count ->
    [one] One of your certificates expires within the next 30 days.
   *[other] { $count } of your certificates expire within the next 30 days.
  }
many-due-submit = { $count ->
    [one] Check and renew that certificate
   *[other] Check and renew those { $count } certificates
  }
many-all-submit = Check and renew those on this list
many-all-submit-most = Check and renew all of this list ({ $most } at most)
many-all-submit-first = Check and renew the first { $most } on this list
many-list-too-wide = There are too many certificates to search through to choose all at once. Use the filters, or other words
many-missing-choice = Choose at least one certificate
many-too-many = There are { $count }. A batch can have { $most } at most

## Checking
many-check-renew-title = Check the renewals
many-check-issue-title = Check the certificates
many-good-renew = { $count ->
    [0] No certificate will be renewed.
    [one] One certificate will be renewed.
   *[other] { $count } certificates will be renewed.
  }
many-good-issue = { $count ->
    [0] No certificate will be issued.
    [one] One certificate will be issued.
   *[other] { $count } certificates will be issued.
  }
many-bad-renew = { $count ->
    [one] One is left out; the reason is below.
   *[other] { $count } are left out; the reasons are below.
  }
many-bad-issue = { $count ->
    [one] One row is left out. You can correct the file and send it again, or go on without it.
   *[other] { $count } rows are left out. You can correct the file and send it again, or go on without them.
  }
many-bad-all = { $count ->
    [one] The only row is left out. Correct the file and send it again.
   *[other] All { $count } rows are left out. Correct the file and send it again.
  }
many-ignored = We do not know these columns and have not read them:
many-unused = Some rows give what their kind of holder does not have. There it is not used:
many-nothing = There is nothing to request.
many-choose-again = Choose again
many-lines = Line by line
many-line = Line
many-rows = Row by row
many-row = Row
many-plan = What will be done
many-will-renew = Will be renewed
many-will-issue = Will be issued
many-left-out = Left out
many-same-as = It is the same as row { $row }.
many-kind-missing = The row does not say the kind of holder. Add it to the file, or choose it when you send the file.
many-kind-unknown = “{ $text }” is not a kind of holder that we know. Correct it in the file. Known are: { $kinds }
many-kind-wrong = The kind of holder in the row is not one that we know. Correct it in the file. Known are: { $kinds }
many-stale = Since this page was shown, others of these people got a certificate, have a request under way or wait in another batch, so nothing was requested. Check the rows as they are now.
many-doubled = { $count ->
    [one] One row may be a duplicate: there is already, or there is planned, a certificate for the same holder. It is the first of those that will be issued. Take it out of the file if you do not need it.
   *[other] { $count } rows may be duplicates: there is already, or there is planned, a certificate for the same holder. They are the first of those that will be issued. Take out of the file those that you do not need.
  }
many-early = { $count ->
    [one] Of those to be renewed, one expires in more than 30 days. The usual time to renew is the last 30 days, and the certification authority may refuse an earlier renewal. To leave it out, go back and choose again.
   *[other] Of those to be renewed, { $count } expire in more than 30 days. The usual time to renew is the last 30 days, and the certification authority may refuse an earlier renewal. To leave some out, go back and choose again.
  }
many-early-line = Earlier than usual.
many-duplicates = This may be a duplicate:
many-namesakes = There is another person with the same name and another document. This is not a duplicate; check that you have the right person:
many-confirm-renew = { $count ->
    [one] No data has changed and I want to renew this certificate
   *[other] No data has changed and I want to renew these { $count } certificates
  }
many-confirm-issue = { $count ->
    [one] The data is correct and I want to issue this certificate
   *[other] The data is correct and I want to issue these { $count } certificates
  }
many-start-renew = { $count ->
    [one] Renew one certificate
   *[other] Renew { $count } certificates
  }
many-start-issue = { $count ->
    [one] Issue one certificate
   *[other] Issue { $count } certificates
  }
many-submit-hint = Even if you press twice, each certificate is requested only once.

## Why a line is left out
many-skip-expired = It has expired: issue a new one.
many-skip-seal = Seals are not renewed: issue a new one.
many-skip-replaced = It has already been renewed.
many-skip-under-way = A renewal has already begun.
many-skip-unknown = It is not recorded here as yours, or we no longer have its data.
many-skip-in-run = It is in another batch that has not ended.
many-skip-details = Details of the holder are missing: renew it on its own.
many-skip-incomplete = Something has to be corrected.
many-skip-repeated = It is in the file twice.
many-skip-stopped = The batch was ended before.

## A batch
many-kind-renew = Batch of renewals
many-kind-issue = Batch of new certificates
many-state-check = Not confirmed
many-state-working = The batch is in progress
many-state-paused = The batch is paused
many-state-done = The batch has ended
many-state-ending = The batch is ending
many-what-check = Nothing has been requested yet.
many-what-working = You can close this page: the work goes on as long as your session is open. You will find the batch in your history.
many-what-unreachable = We cannot reach Redtrust. Nothing is lost: we try again every little while, and the batch will go on by itself.
many-what-paused = Nothing more is requested until you go on. What was requested before is finished.
many-what-sign-in-again = Your session at Redtrust has ended. The rest has not been requested: sign in again and go on with the batch.
many-what-signed-in-again = The session in which the batch began ended at Redtrust before everything was requested. You have signed in again: go on with the batch when you like.
many-what-may-not-issue = Redtrust says that this user may not issue. The rest has not been requested: ask whoever manages your Redtrust account, then go on.
many-what-no-connection = The connection to Redtrust is disabled. The rest has not been requested: ask an administrator to enable it, then go on.
many-what-refusals = Redtrust has refused several requests one after another, so we have not sent the others. See its answers below, and go on once that is solved.
many-what-unknown = Of several requests one after another we do not know the outcome, so we have not sent the others. Open those below by their references: each page says what you can do. Go on once Redtrust answers again.
many-what-done = Nothing is left to request.
many-what-ending = Nothing more is requested. What was requested before is being finished.
many-needs-attention = { $count ->
    [one] One certificate needs your attention: we do not know whether it was issued. Open it by its reference; its page says what you can do.
   *[other] { $count } certificates need your attention: we do not know whether they were issued. Open them by their references; the page of each says what you can do.
  }
many-show-unknown = Show only those with an unknown outcome
many-renewed-until = Expiry of the previous one
many-total = { $count } in all
many-issued = Issued
many-under-way = In progress
many-waiting = Waiting
many-half-made = Unfinished
many-unknown = Outcome unknown
many-failed = Without a certificate
many-skipped = Left out of the batch
many-go-on = Go on with the batch
many-pause = Pause
many-stop = End without requesting the rest
many-stop-what = { $count ->
    [one] 1 certificate has not been finished, and will not be. This cannot be undone.
   *[other] { $count } certificates have not been finished, and will not be. This cannot be undone.
}
many-stop-now = End the batch
many-retry = { $count ->
    [one] Try the one that did not work again
   *[other] Try the { $count } that did not work again
  }
many-retry-hint = Only what Redtrust refused or what is unfinished is repeated. What has an unknown outcome is not repeated: open it by its reference.
many-mend-first = { $count ->
    [one] One will not work if it is only repeated: its line below says what to do first.
   *[other] { $count } will not work if they are only repeated: their lines below say what to do first.
  }
many-show-all = Show all
many-none = There is nothing here.
many-outcome = Outcome
many-why = Reason
many-said = Redtrust’s answer
many-results = Download the results for a spreadsheet (CSV)
many-file-name = batch-results
many-kept = This page is kept for 30 days after the last change. The requests stay in your history.
many-previous = Previous page
many-page = Page { $page } of { $last }

## The list of batches
many-runs-title = Batches
many-runs-none = You have not requested any batch yet.
many-confirmed = Confirmed
many-unconfirmed = Nothing has been requested with these batches yet. The last five are kept, for a day. Open them to check and confirm them.
many-gone-title = That batch is not kept here
many-gone-what = There is no batch of yours at this address. Of those that are not confirmed, the last five are kept, for a day; nothing was requested with the others. Confirmed ones are kept for 30 days after their last change.
many-gone-next = If you had not confirmed it, send the file or choose the certificates again. What was requested with a confirmed batch is still in your history.
many-busy-title = Too many of your batches are in progress at once
many-busy-what = Nothing more was requested with this batch, and nothing is lost: it is as it was.
many-busy-next = Wait until one of the others has ended, or pause one, and come back to this one then.
many-runs-count = { $count ->
    [one] One batch
   *[other] { $count } batches
  }
many-run = Batch
many-of = { $count } of { $total }
many-open = { $count } of { $total } issued

## A file of holders
many-file-title = Issue several certificates from a file
many-file-lead = A CSV file with one holder in each row. Before anything is requested, you see what was read and what has to be corrected.
many-template = Download an empty file with the columns
many-template-name = holders
many-file = CSV file
many-file-hint = From Excel: Save as, “CSV UTF-8”. Semicolons, commas and tabs will do. Up to { $most } rows and 1 MB.
many-file-kind = Kind of holder
many-file-kind-hint = For the rows that do not say it.
many-kind-in-file = It is in the file
many-file-submit = Read the file
many-file-one-only = Issue just one certificate
many-columns = Which columns are read
many-columns-hint = Their order does not matter, and only those of the kind of holder are needed. Names such as DNI, CIF, company or surnames are understood too.
many-document-type = Type of document
many-missing-file = Choose a file
many-file-empty = The file has no row below the headings of the columns
many-file-workbook = This is a workbook of a spreadsheet program. Save it as CSV and choose that file
many-file-binary = The file is not a text. Save the spreadsheet as CSV and choose that file
many-file-encoding = The accented letters of the file cannot be read: it is not saved in UTF-8, UTF-16 or Windows-1252, which are the encodings we read, but perhaps in that of MS-DOS or Macintosh. Nothing was requested. Save it in Excel as “CSV UTF-8” and choose that file
many-file-quote = A quote that opens in row { $row } is never closed
many-file-cells = Row { $row } has more cells than the first row has columns. Check the separators and the quotes
many-file-heading = We know none of the columns. The first row has to hold their headings
many-file-twice = Two columns are for the same thing; the second one is { $heading }
