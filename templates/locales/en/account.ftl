## Passwords
password-short = Enter a password of at least 12 characters
password-long = Enter a password of at most 128 characters
password-personal = This password contains your user name or names of this portal, which attackers try first. Use several words that have nothing to do with you or the portal.
password-common = This is a common password, or one or two common words. Use at least four words that have nothing to do with each other.
password-pattern = This password is a sequence, a row of keys or a repetition. Use several words that have nothing to do with each other.
password-same = This is the password that you have already. Choose another one.

## My account
admin-account-title = My account
admin-account-password-title = Password
admin-account-password-lead = Changing it ends your other sessions.
admin-account-password-now = Current password
admin-account-password-new = New password
admin-account-password-change = Change the password
admin-account-password-changed = The password was changed and your other sessions were ended.
admin-account-password-weak = Your password is easy to guess: it is on the list of common ones, or contains known names. It would not be accepted today. Change it.

## Second factor
second-factor-code = Code of six digits, or recovery code
second-factor-code-hint = The code that your app shows now. Each works once.
second-factor-first = Code of six digits
second-factor-first-hint = The six digits that the app shows
second-factor-wrong = The code was not accepted. Enter the one that your app shows now; if you have used it already, wait for the next.
second-factor-wrong-first = This code does not belong to this key. Enter the one that the app shows now, and check the time of your phone.
admin-second-factor-title = Second factor
admin-second-factor-is-on = On
admin-second-factor-is-off = Off
admin-second-factor-on-hint = Signing in also asks for a code of your app.
admin-second-factor-off-hint = Whoever finds out your password can sign in. If a code from your phone is asked for as well, they cannot.
admin-second-factor-on = Turn on the second factor
admin-second-factor-off = Turn off the second factor
admin-second-factor-required = This portal requires a second factor. Turn it on to use the other pages.
admin-second-factor-lead = You need an authenticator app on your phone, such as Aegis, FreeOTP, Google Authenticator, or that of your password manager.
admin-second-factor-scan-title = 1. Add the key to the app
admin-second-factor-scan = Scan this code with the app:
admin-second-factor-qr = QR code with the key. The same key is written below.
admin-second-factor-type = Or enter the key:
admin-second-factor-try-title = 2. Try a code
admin-second-factor-now-on = The second factor was turned on and your other sessions were ended.
admin-second-factor-off-title = Turn off the second factor?
admin-second-factor-off-lead = Then the password alone is enough to sign in. The recovery codes stop working, and your other sessions end.
admin-account-second-factor-off = The second factor was turned off and your other sessions were ended.

## Recovery codes
admin-recovery-codes-title = Recovery codes
admin-recovery-codes-lead = If you lose your phone, use one of these codes instead of the app’s. Each works once.
admin-recovery-codes-once = They are shown only now. Print them, or keep them where your phone is not.
admin-recovery-codes-kept = I have kept them
admin-recovery-codes-left = { $count ->
    [0] You have no recovery codes left.
    [one] You have { $count } recovery code left.
   *[other] You have { $count } recovery codes left.
  }
admin-recovery-codes-few = Make new ones before you need them.
admin-recovery-codes-new = Make new recovery codes
admin-recovery-codes-new-title = Make new recovery codes?
admin-recovery-codes-new-lead = The earlier ones stop working, used or not.

## Second step of signing in
admin-code-title = Code of your app
admin-code-lead = The password of { $name } is right. The second factor is still missing.
admin-code-lost = Do you not have your phone?
admin-code-lost-hint = Enter one of your recovery codes. If you do not have those either, whoever runs the portal can remove the second factor with the command “rubrica admin reset --clear-second-factor”.
admin-sign-in-over-title = Start again
admin-sign-in-over-what = The password was typed more than five minutes ago or in another browser, or the account has changed since. You are not signed in.
admin-sign-in-over-next = Enter your user name and password again.
