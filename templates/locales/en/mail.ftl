# Mail, and the pages about it
mail-issued-subject = Certificate issued: request { $reference }
mail-issued = The certificate for { $holder } was issued. Request { $reference }.
mail-failed-subject = No certificate: request { $reference }
mail-failed = No certificate was issued for { $holder }. The page of request { $reference } says why, and what you can do.
mail-unknown-subject = Outcome not known: request { $reference }
mail-unknown = It is not known whether the certificate for { $holder } was issued: no usable answer arrived. The page of request { $reference } says what is safe to do.
mail-alert-subject = Outcome not known: request { $reference }
mail-alert = The outcome of request { $reference } is not known, or Redtrust’s answer does not match it. Only the person who requested it can go on with it. The request’s page says who that is and what we tell them: please let them know.
mail-reminder-subject = { $count ->
    [one] A certificate expires soon
   *[other] { $count } certificates expire soon
}
mail-reminder = { $count ->
    [one] This certificate expires soon and has not been renewed here:
   *[other] These certificates expire soon and have not been renewed here:
}
mail-expired-subject = { $count ->
    [one] A certificate has expired
   *[other] { $count } certificates have expired
}
mail-expired = { $count ->
    [one] This certificate has expired and has not been renewed here. If it is still needed, request a new one:
   *[other] These certificates have expired and have not been renewed here. If they are still needed, request new ones:
}
mail-more = And { $more } more. You will find all of them here:
mail-play = TEST: { $subject }
mail-welcome-subject = Mail from { $portal }
mail-welcome = Somebody who is signed in at { $portal } has entered this address. Confirmations of certificate requests will arrive here.
mail-welcome-reminders = So will reminders before certificates expire, and one once they have expired.
mail-welcome-unexpected = If you did not expect this, tell whoever runs the portal.
mail-test-subject = Test mail from { $portal }
mail-test = Mail from { $portal } arrives.
mail-foot = Sent by { $portal }. You can change or remove your address, and switch reminders off, on the page “{ $page }”:
mail-foot-alert = Sent by { $portal } to the addresses in RUBRICA_MAIL_ALERTS_TO.
mail-foot-officer = Sent by { $portal } to an officer of the connection. You can change or remove your address on the page “{ $page }”:
mail-account-title = Mail
mail-account-lead = We write to this address when a request ends, with a certificate or without one, and when its outcome is not known. Leave it empty if you want no mail.
mail-officer-lead = We write to this address when an outcome is not known in one of your connections, or an answer does not match its request. Leave it empty if you want no mail.
mail-account-address = E-mail (optional)
mail-account-reminders = Also send me reminders before certificates expire, and one when they have
mail-account-days = Days before they expire: { $days }
mail-account-off = off
mail-account-save = Save address
mail-silenced = We will not remind you of that certificate.
mail-heard-again = We will remind you of that certificate again.
mail-saved = The address is saved.
mail-changed-too-often = You have changed the address too often. Wait a quarter of an hour and save it again
nav-mail = Mail
mail-off = No mail is sent: RUBRICA_SMTP_URL and RUBRICA_MAIL_FROM are not set. Set them in the environment, or as smtp_url and mail_from in the configuration file, and start the portal again.
mail-nobody = RUBRICA_MAIL_ALERTS_TO names nobody: nobody gets notices of unknown outcomes, or test mail.
mail-list-lead = The newest mail of the last 30 days. A mail whose outcome is not known is not sent again by itself: the server may have accepted it, and then it would arrive twice.
mail-list-none = There is no mail yet.
mail-list-at = Date
mail-list-kind = About
mail-list-state = State
mail-kind-issued = Issued
mail-kind-failed = Not issued
mail-kind-unknown = Outcome not known
mail-kind-alert = Notice to those in charge
mail-kind-officer = Notice to an officer
mail-kind-reminder = Reminder
mail-kind-expired = Certificates expired
mail-kind-welcome = New address
mail-kind-test = Test
mail-state-waiting = Waiting
mail-state-off = Not sent as long as mail is not set up
mail-state-sending = Being sent
mail-state-sent = Accepted by the server
mail-state-failed = Not sent
mail-state-unknown = Not known
mail-reason-nobody = RUBRICA_MAIL_ALERTS_TO names nobody
mail-reason-no-address = there is no address that can be used
mail-reason-ascii = the mail server takes ASCII addresses only
mail-reason-no-answer = the mail server did not answer in time
mail-test-send = Send a test mail
mail-test-hint = It goes to the addresses in RUBRICA_MAIL_ALERTS_TO.
mail-test-ordered = The test mail will be sent within seconds.
admin-audit-mail-test = Test mail sent
admin-audit-mail-address = Address for mail changed
admin-audit-mail-again = Mail sent again
mail-again = Send again
mail-again-ordered = The mail will be sent again within seconds.
mail-upcoming = Upcoming reminders
mail-upcoming-at = We write on { $at }. It expires on { $expires }.
mail-upcoming-lead = On the page of each certificate you can switch its reminders off as well.
mail-upcoming-silent = No reminder. It expires on { $expires }.
mail-upcoming-never = Do not remind me
mail-upcoming-again = Remind me again
mail-certificate-title = Reminders
mail-certificate-on = We will send you reminders before this certificate expires.
mail-certificate-off = We will send you no reminders of this certificate.
