## On every page
skip-to-content = Skip to the content
languages = Language
signed-in-as = Signed in as
sign-out = Sign out
nav-label = Sections
nav-home = Overview
nav-issue = Issue a certificate
nav-renew = Renew a certificate
nav-issuances = History
nav-certificates = Certificates
nav-admin-home = Overview
nav-connections = Connections
nav-redirect-urls = Redirect URLs
nav-audit = Audit
footer-legal = Legal notice
footer-privacy = Privacy
footer-accessibility = Accessibility
footer-support = Get help
footer-about = Certificate service of { $partner }

## Words used everywhere
continue = Continue
save = Save
cancel = Cancel
change = Change
back = Back
copy = Copy
copied = Copied
yes = Yes
no = No
optional-label = { $label } (optional)
next-page = Next page
previous-page = Previous page

## Forms with mistakes
error-title-prefix = Error:
error-word = Error:
error-summary-title = There is a problem

## Dates
date = { $day } { $month } { $year }
date-time = { $date }, { $time }
month-year = { $month } { $year }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
