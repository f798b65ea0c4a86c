## On every page
skip-to-content = Skip to the content
languages-keep = Go on in another language and keep what you typed or ticked:
languages = Language
signed-in-as = Signed in as
sign-out = Sign out
menu = Menu
nav-label = Sections
nav-home = Overview
nav-issue = Issue a certificate
nav-renew = Renew a certificate
nav-issuances = History
nav-certificates = Certificates
nav-admin-home = Overview
nav-connections = Connections
nav-redirect-urls = Redirect URLs
nav-attention = Requests
nav-people = People
nav-audit = Audit
footer-help = Help
footer-legal = Legal notice
footer-privacy = Privacy
footer-accessibility = Accessibility
footer-support = Contact
footer-about = Certificate service of { $partner }

play-mark = Test certificates, not valid
play-certificate = Test certificate, not valid for anything. It was not issued by Camerfirma.

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
pages = Pages
first-page = First page
previous-page = Previous page
next-page = Next page
no-more = There is nothing more.

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
month-short-1 = Jan
month-short-2 = Feb
month-short-3 = Mar
month-short-4 = Apr
month-short-5 = May
month-short-6 = Jun
month-short-7 = Jul
month-short-8 = Aug
month-short-9 = Sep
month-short-10 = Oct
month-short-11 = Nov
month-short-12 = Dec

## Session
session-pause = Take your time. If you do nothing for { $minutes } minutes, you will be asked to sign in again.
session-end-title = Are you still there?
session-end-soon = For your security you will be signed out in less than two minutes.
session-end-last = You signed in hours ago, so you will be signed out in less than two minutes, whatever you do. Finish what you are doing, then sign in again.
session-end-over = Your session has ended
session-end-out = You have signed out in another tab.
session-end-old = What you see here may be out of date.
session-end-kept = What you have typed on this page is kept: it will be there again once you have signed in.
session-stay = Stay signed in
session-end-close = I understand
session-sign-in = Sign in again

## What Redtrust says
redtrust-said = Redtrust answered:
