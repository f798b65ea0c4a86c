# Certificates that exist already and were not issued in this portal.
certificates-endless = No expiry date
certificates-expiry-unknown = Expiry date not known
certificates-not-issued-here = not issued here
certificates-not-issued-here-hint = This certificate was not issued in this portal: you added it. Redtrust decides whether you may renew it.
renew-date-unknown = The expiry date of this certificate is not known here. If you have its file, add it and we read the date from it.
renew-date-unknown-short = You can ask for a renewal; the expiry date is not known.
