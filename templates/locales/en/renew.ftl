## Renew a certificate
renew-choose-title = Which certificate do you want to renew?
renew-lead = The new certificate takes the place of the old one in Redtrust and keeps its configuration and associations.
renew-list = Your certificates, the first to expire first
renew-search = Search your certificates
renew-expired = { $count ->
    [one] See the one that has expired: it can no longer be renewed
   *[other] See the { $count } that have expired: they can no longer be renewed
  }
renew-both = You entered a thumbprint and chose a file. Name the certificate in one way only
renew-none = You have no certificates here that could be renewed.
renew-see-why = See why
renew-now = It can be renewed now.
renew-from = The usual time to renew is from { $date } on.
renew-or-file = Or the file of the certificate
renew-which-title = Which of the certificates in the file do you want to renew?
renew-which-facts = Issued { $issued }, { $until }. Thumbprint { $thumbprint }.
renew-which-others = Also in the file
renew-which-others-why = These certificates were not issued in this portal. To renew them, add them.
renew-which-dates = valid from { $from } to { $to }, thumbprint
missing-which = Choose the certificate that you want to renew
renew-type-title = Name the certificate by its thumbprint or file
hint-thumbprint = 40 or 64 digits, as Redtrust shows them. Blanks and colons do not matter.
missing-thumbprint = Enter the thumbprint of the certificate, or choose its file
wrong-thumbprint-digit = A thumbprint has only the digits 0 to 9 and the letters A to F
wrong-thumbprint-length = A thumbprint has 40 or 64 digits; there are { $length }

renew-changed-title = Renew this certificate
hint-data-changed = Name, document, organisation, position: only unchanged data can be renewed.
renew-changed-no = No, everything is still right
renew-changed-no-hint = We renew the certificate with the same data.
renew-changed-yes = Yes, something has changed
renew-changed-yes-hint = You issue a new certificate instead. We copy your earlier answers so that you can correct them.
renew-endless = This certificate does not expire: it need not be renewed.
renew-not-yet = It is not valid until { $from }. The certification authority may refuse to renew it before then.
renew-early = The usual time to renew is from { $date } on. The certification authority may refuse an earlier renewal.
renew-estimated = The expiry date is an estimate, because Redtrust does not give it. The certificate itself has the exact one.

renew-blocked-title = This certificate cannot be renewed
renew-expired-why = It has expired.
renew-expired-next = Only a valid certificate can be renewed. Issue a new one; we copy your earlier answers.
renew-estimated-why = It has expired, as far as we can estimate.
renew-estimated-next = Redtrust does not give the expiry date. If the certificate is still valid, choose its file on its page: we read the exact date, and you can renew it. Otherwise issue a new one; we copy your earlier answers.
renew-seal-why = Seals cannot be renewed.
renew-seal-next = The certification authority does not renew seals. Issue a new one; we copy your earlier answers.
renew-replaced-why = It has been renewed already.
renew-replaced-next = Another certificate has taken its place. Renew that one instead.
renew-open = Renewal not finished
renew-open-unknown = Renewal with unknown outcome
renew-under-way-why = A renewal of it has begun, and it is not finished or its outcome is not known.
renew-under-way-next = Finish that renewal, or give it up, before you begin another.
renew-unknown-why = We no longer have the data it was issued with.
renew-unknown-next = Issue a new certificate instead.
renew-look-at = See what prevents it
renew-anew = Issue a new one with these answers

renew-check-title = Check the renewal
renew-old-title = The certificate you have
renew-new-title = The new certificate
renew-key-settings = Keys
renew-carries-over = Redtrust makes new keys. The configuration and associations of the old certificate carry over to the new one.
renew-confirm = Nothing in this data has changed, and I want to renew this certificate
renew-details-confirm = The data is that of the certificate, and I want to renew it
renew-submit = Renew the certificate
