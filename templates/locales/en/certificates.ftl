## Overview
home-title = Your certificates
home-open-title = Continue your request
home-open-no-name = Request without a name yet
home-open-draft = Draft
home-open-under-way = Under way
home-open-key-created = Keys created
home-open-unknown = Outcome unknown
home-open-changed = Last changed { $time }
home-certificates-title = By expiry date
home-empty-title = No certificates yet
home-empty = Those you issue will appear here, with their expiry dates and a reminder of what to renew.
home-empty-next = To issue one, have the holder’s identity document at hand. It takes a few minutes, and you can stop at any step and go on later.
home-count = { $count ->
    [one] 1 certificate
   *[other] { $count } certificates
}
home-or-more = or more
home-why-not = Cannot be renewed: see why
home-all = See all certificates
home-months-title = Expiries by month
home-months-chart = Bar chart: certificates that expire in each of the next twelve months. The table has the same numbers.
home-months-month = Month
home-months-count = Certificates
home-expired = Expired
home-within-7 = Expire within 7 days
home-within-30 = Expire within 30 days
home-within-60 = Expire within 60 days
home-later = Expire later

## Certificates
certificates-title = Certificate
certificates-of = Certificate of { $holder }
certificates-holder = Holder
certificates-subject = Name in the certificate
certificates-thumbprint = Thumbprint
certificates-id = Id in Redtrust
certificates-issued = Issued
certificates-expires = Expires
certificates-estimated = (estimated)
certificates-estimated-hint = Redtrust does not tell us the expiry date. This one follows from the usual validity of this server’s certificates.
certificates-actions = What you can do
certificates-renew = Renew
certificates-renew-this = Renew this certificate
certificates-renews = Renews
certificates-replaced-by = Replaced by
certificates-where = The certificate and its private key are kept in Redtrust. Look for it there by its id or thumbprint.
certificates-issuance = See the request that led to it
certificates-chain = Renewals, the newest first
certificates-this = This certificate
