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
home-empty = You have no certificates here yet. Those you issue will appear with their expiry dates.
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
