# Certificates that exist already and were not issued in this portal.
certificates-endless = No expiry date
certificates-expiry-unknown = Expiry date not known
certificates-not-issued-here = added
certificates-not-issued-here-hint = This certificate was not issued in this portal: you added it.
certificates-redtrust-decides = Redtrust decides whether you may renew it.
renew-date-unknown = The expiry date of this certificate is not known here. If you have its file, add it and we read the date from it.
renew-date-unknown-short = You can ask for a renewal; the expiry date is not known.
certificates-status = Status
certificates-valid = Valid
certificates-not-yet = Not valid yet: from { $from }
certificates-expiring = Expires soon
certificates-expired = Expired
certificates-replaced = Replaced
certificates-status-unknown = Validity not known
certificates-sha1 = Thumbprint (SHA-1)
certificates-sha256 = Thumbprint (SHA-256)
certificates-serial = Serial number
certificates-taken-over = Added
certificates-valid-from = Valid from
certificates-download = Download the certificate (.cer)
certificates-download-chain = Download the certificate and its chain (.pem)
certificates-file-hint = If you choose the file of the certificate here, you can download it later, and you see its serial number and both thumbprints.
take-over-title = Add certificates that exist already
take-over-lead = If Redtrust already holds certificates that were not issued in this portal, add them: you see them in your list with their expiry date, and you can renew them. Redtrust decides which ones you may renew.
take-over-files = Files of the certificates (optional)
hint-take-over-files = One or more .cer, .crt, .pem, .der or .p7b files, or a .zip of all of them; up to 4 MB in all. Without private keys.
take-over-thumbprint = Or the thumbprint of one (optional)
hint-take-over-thumbprint = It is then added without its details: we ask for them when you renew it.
take-over-submit = Add
take-over-this = Add this certificate
take-over-link = Add certificates that exist already
missing-take-over = Choose the files of the certificates, or enter a thumbprint
take-over-others-thumbprint = That certificate belongs to somebody else in this portal, so you cannot add it
taken-over-title = Certificates added
taken-over-title-one = Certificate added
take-over-only-ca = It is the certificate of a certification authority, which does not have to be added
take-over-nothing = Nothing was added. Below it says why, one by one
taken-over-nothing-new = There are no new certificates to add
taken-over-list = See your certificates
taken-over-lines = See them one by one
taken-over-no-name = A certificate without a name
taken-over-dates = { $from } to { $to }
renew-details-needed = We only know the thumbprint of this certificate. To renew it, Redtrust needs the details of its holder.
renew-details-of = This renews the certificate with the thumbprint
wrong-thumbprint-digest = That is a { $given } thumbprint. Here we need the { $wanted } one, with { $digits } digits
wrong-thumbprint-not-here = The certificate with that thumbprint was not issued in this portal. Check the thumbprint, or add the certificate
zip-password = It is protected by a password. Save it without one
zip-entry-too-large = It is too large to be a certificate
zip-entry-damaged = It is damaged and cannot be unpacked
zip-in-zip = It is a .zip inside another, which we do not open. Choose it on its own
zip-damaged = The .zip file is damaged. Create it again
zip-too-large = The .zip file holds too much. Split it into several
take-over-left-out = { $count ->
    [one] 1 more file or certificate was not looked at
   *[other] { $count } more files or certificates were not looked at
  }: one upload may have { $most }. Choose the rest again
take-over-too-many-today = { $count ->
    [one] 1 more certificate was not added
   *[other] { $count } more certificates were not added
  }: one person can add { $most } in 24 hours. Add the rest tomorrow
taken-over-new = { $count ->
    [one] 1 certificate added
   *[other] { $count } certificates added
  }
taken-over-here = { $count ->
    [one] 1 certificate that you had here already
   *[other] { $count } certificates that you had here already
  }
taken-over-others = { $count ->
    [one] 1 certificate of somebody else, which you cannot add
   *[other] { $count } certificates of other people, which you cannot add
  }
taken-over-of-cas = { $count ->
    [one] 1 certificate of a certification authority, which need not be added
   *[other] { $count } certificates of certification authorities, which need not be added
  }
taken-over-not-read = { $count ->
    [one] 1 file from which nothing was added
   *[other] { $count } files from which nothing was added
  }
