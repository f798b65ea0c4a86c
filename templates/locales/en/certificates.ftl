## Overview
home-title = Your certificates
home-open-title = Unfinished requests
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
home-8-to-30 = Expire in 8 to 30 days
home-31-to-60 = Expire in 31 to 60 days
home-later = Expire in more than 60 days
home-unknown = Expiry date not known

## Certificates
certificates-title = Certificate
certificates-of = Certificate of { $holder }
certificates-holder = Holder
certificates-holder-unknown = Not known
certificates-surnames = Surnames
certificates-subject = Subject (DN)
certificates-thumbprint = Thumbprint
certificates-id = Id in Redtrust
certificates-not-proven = Shown by the requester. Redtrust has not confirmed that it issued this certificate.
certificates-not-proven-short = not confirmed
certificates-id-unknown = Not known here: we have not received an answer from Redtrust that we can use. Look for the certificate by its thumbprint.
certificates-issued = Issued
certificates-expires = Expires
certificates-broken = { $count ->
    [one] One of your certificates cannot be read here and is missing from this page. Ask for help.
   *[other] { $count } of your certificates cannot be read here and are missing from this page. Ask for help.
  }
until-date = expires on { $date }
until-endless = does not expire
until-unknown = expiry date not known
certificates-estimated = (estimated)
certificates-estimated-hint = Redtrust does not give the expiry date. This is an estimate from the usual validity of this server’s certificates. If you have the certificate’s file, we can read the exact date in it.
certificates-revoke = Cancel or revoke this certificate
certificates-revoke-ask = A certificate cannot be revoked in this portal. Ask { $partner } to do it, with its thumbprint.
certificates-revoke-ask-anybody = A certificate cannot be revoked in this portal. Ask whoever runs this service to do it, with its thumbprint.
certificates-revoke-link = Go to the revocation page
certificates-actions = What you can do
certificates-renew = Renew
certificates-renew-this = Renew this certificate
certificates-renews = Replaces
certificates-replaced-by = Replaced by
certificates-where = The certificate and its private key are kept in Redtrust. Look for it there by its id or thumbprint.
certificates-where-no-id = The certificate and its private key are kept in Redtrust. Look for it there by its thumbprint.
certificates-issuance = See the request that led to it
certificates-chain = Renewals, the newest first
certificates-this = This certificate
certificates-exact-title = Get the exact expiry date
certificates-exact-submit = Read the expiry date

## The file of a certificate
field-certificate-file = File of the certificate
hint-certificate-file = A file that ends in .cer, .crt, .pem, .der or .p7b, up to 1 MB. Without the private key.
missing-certificate-file = Choose the file of the certificate
file-empty = The file is empty. Choose the file of the certificate
file-private-key = That file holds a private key. Keep it safe, and choose the certificate alone. We have not kept the file
file-request = That file is a certificate request (CSR). Choose the certificate that was issued for it
file-too-many = That file holds more than { $most } certificates. Choose a file with fewer
file-damaged = The certificate in that file is damaged or incomplete. Save it again, and choose the new file
file-no-certificate = There is no certificate in that file. Choose the file of the certificate
file-not-yours = That certificate was not issued in this portal: { $holder }, { $until }, thumbprint { $thumbprint }. You can add it
file-none-yours = That file holds { $count } certificates, and none of them was issued in this portal. You can add them
file-other = That file holds another certificate: { $holder }, { $until }, thumbprint { $thumbprint }. Choose the file of this one
file-none-this = That file holds { $count } certificates, and this one is not among them
file-other-key = The certificate in that file does not belong to the keys of this request: { $holder }, { $until }, thumbprint { $thumbprint }. Nothing was changed
file-none-of-key = That file holds { $count } certificates, and none of them belongs to the keys of this request. Nothing was changed
file-taken = The certificate in that file belongs to another request. Nothing was changed
