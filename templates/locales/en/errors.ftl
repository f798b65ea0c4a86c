## Problem pages: what happened, whether anything was created, what is safe now
error-reference = If you ask for help, quote this reference:
error-link-home = Go to the start page

error-sign-in-title = Sign in first
error-sign-in-what = This page is for people who have signed in. Nothing was changed.
error-sign-in-next = Sign in, and you will come back to where you were.

error-other-session-title = This page belongs to another session
error-other-session-what = Since you opened it, another session has begun in this browser: somebody else’s, or a new one of yours. Nothing was sent, created or changed.
error-other-session-next = The top of this page says who is signed in now. If that is you, open the page again. If not, sign out there and sign in yourself.
error-forged-title = We could not accept that form
error-forged-what = The page was open for too long, or the form did not come from this site. Nothing was created or changed.
error-forged-next = Go back, reload the page and send the form again. If you followed a link from another site, do not send it.

error-cookies-title = This site needs cookies
error-cookies-what = Your browser did not send back the cookie that this site had set, so the form could not be accepted. Nothing was created or changed.
error-cookies-next = Allow cookies for this site in the settings of your browser. Then go to the start page and begin again.

error-not-allowed-title = You cannot do this
error-not-allowed-what = Your account does not have permission for this. Nothing was created or changed.
error-not-allowed-next = If you need it, ask the people who manage this service.

error-not-found-title = Page not found
error-not-found-what = This page does not exist, or you do not have access to it. Nothing was changed.
error-not-found-next = If you typed the address, check it. If you followed a link, start again from the start page.

error-conflict-title = Someone else has changed this in the meantime
error-conflict-what = What you were looking at is no longer current, so your change was not saved.
error-conflict-next = Open the page again to see what it says now, and repeat your change if it is still needed.

error-lapsed-title = Your confirmation is no longer valid
error-lapsed-what = After you typed your password, your account was changed or your session was ended, so your change was not saved.
error-lapsed-next = Sign in again if you are asked to, and repeat your change if you may still make it.

error-bad-request-title = We could not read that request
error-bad-request-what = The address or the form arrived incomplete. Nothing was created or changed.
error-bad-request-next = Go back and try again.

error-too-large-title = What you sent is too large
error-too-large-what = What you sent is larger than this page accepts. Nothing was created or changed.
error-too-large-text = What you wrote is larger than the 16 KB that this page accepts. Nothing was created or changed.
error-too-large-file = What you sent is larger than the limit of this page, 1 MB. Nothing was created or changed.
error-too-large-files = The files are more than this page accepts: 4 MB in all, and 1,000 files. Nothing was created or changed.
error-too-large-next = Go back, shorten the text or choose a smaller file, and send it again.

error-too-slow-title = The form took too long to arrive
error-too-slow-what = The connection was too slow, and we stopped waiting. Nothing was created or changed.
error-too-slow-next = Check your connection, go back and send the form again.

error-too-many-title = Too many attempts
error-too-many-what = There were too many attempts in a short time. Nothing was changed.
error-too-many-next = Wait a few minutes and try again.

error-share-title = You have too much open at once
error-share-what = Other downloads, uploads or progress pages of yours are still under way. Nothing was created or changed.
error-share-next = Wait until one of them ends or close a tab, and try again in a few seconds.

error-drafts-title = You have too many drafts
error-drafts-what = You have 1,000 requests that you began and did not send. No further one was begun.
error-drafts-next = Send some of them, or discard those that you no longer need, and begin again.

error-under-way-title = Too many of your requests are under way at once
error-under-way-what = This one was not sent, and nothing is lost: it is as it was.
error-under-way-next = Wait until one of the others is done, then send it again.

error-busy-title = Too much is going on right now
error-busy-what = Too many people are uploading, downloading or signing in at this moment. Nothing was created or changed.
error-busy-next = Try again in a few seconds.

error-late-title = This is taking too long
error-late-what = We stopped waiting for the answer. If you sent a form, what you requested may still be carried out.
error-late-next = Look at your requests first, and send the form again only if it is not there.

error-unavailable-title = The service is not available right now
error-unavailable-what = We could not read or save your data. This action was not carried out; what you saved before is safe.
error-unavailable-next = Try again in a few minutes. Your requests in progress continue by themselves.

error-unreadable-title = A stored record cannot be read
error-unreadable-what = What belongs on this page is damaged in our database. Nothing was changed, and other pages are not affected.
error-unreadable-next = Ask for help and give the reference below.

error-unreachable-title = Redtrust cannot be reached
error-unreachable-what = We could not connect to Redtrust, so nothing was sent and nothing was created.
error-unreachable-next = Try again in a few minutes. If it goes on, ask for help.

error-bad-upstream-title = Redtrust’s answer was not understood
error-bad-upstream-what = Redtrust answered with something this service cannot use. Nothing was changed here.
error-bad-upstream-next = Try again in a few minutes. If it happens again, ask for help.

error-no-answer-title = Redtrust did not answer in time
error-no-answer-what = We waited for Redtrust and stopped. Nothing was changed here.
error-no-answer-next = Try again in a few minutes.

error-internal-title = Something went wrong on our side
error-internal-what = This action could not be completed. What you saved before is safe.
error-internal-next = Before you repeat it, look in your history to see whether it was done.
