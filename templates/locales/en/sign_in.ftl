## Sign-in
sign-in-title = Sign in
sign-in-lead = Here you issue and renew digital certificates that are kept in Redtrust.
sign-in-choose = Where is your account?
sign-in-last = Used last in this browser
sign-in-unreachable = This portal could not reach Redtrust the last time it tried, so signing in may fail or take longer than usual. If it fails, wait a minute and try again.
sign-in-clock = The clock of Redtrust and the clock of this portal do not agree, so signing in may fail. If it does, tell the people who manage this service.
sign-in-choose-again = Go to sign-in
sign-in-none = No Redtrust server is connected yet. Ask the people who manage this service to add one.
sign-in-connection = Redtrust server
sign-in-redtrust = Sign in with Redtrust
sign-in-redtrust-hint = You will go to Redtrust’s own page and come back here afterwards.
sign-in-direct-title = Use application credentials
sign-in-direct-hint = For application users only; those of a SAML, OAuth2 or certificate domain cannot sign in this way. Everybody who signs in with the same user shares what it issues.
sign-in-direct = Sign in with these credentials
sign-in-username = User name
sign-in-password = Password
sign-in-domain = Domain
sign-in-domain-hint = Or write user@domain as the user name.
sign-in-username-blank = Enter a user name
sign-in-password-blank = Enter a password
sign-in-credentials = The user name or password was not accepted
sign-in-input = Redtrust does not accept these details. Check the user name and the domain; users of a SAML, OAuth2 or certificate domain have to use “Sign in with Redtrust”
sign-in-refused = Redtrust did not accept the sign-in. Check the user name and the password
sign-in-unknown-user = unknown user

sign-in-no-connection-title = This Redtrust server is not available
sign-in-no-connection-what = There is no such server here, or it has been switched off. Nobody was signed in.
sign-in-no-connection-next = Choose another one, or ask the people who manage this service.

sign-in-url-what = Redtrust only sends people back to an address that it knows. Until that is settled nobody can sign in here. Nothing was sent to Redtrust.
sign-in-url-missing-title = Sign-in is not set up yet
sign-in-url-missing-next = An administrator has to enter the redirect URL of this server under “Redirect URLs”, and have it registered in Redtrust.
sign-in-url-draft-title = The redirect URL is not registered yet
sign-in-url-draft-next = An administrator has to register the redirect URL in Redtrust, and then mark it as registered under “Redirect URLs”.
sign-in-url-disabled-title = The redirect URL is disabled
sign-in-url-disabled-next = An administrator has to enable the redirect URL again under “Redirect URLs”, or enter another one.
sign-in-url-moved-next = The public address of this server has changed. An administrator has to register its new redirect URL in Redtrust, and then say so on the connection’s page.

sign-in-key-title = Sign-in is not set up correctly
sign-in-key-what = The key shared with Redtrust cannot be used in the form that was chosen for it. Nothing was sent to Redtrust.
sign-in-key-next = An administrator has to check the shared key and its encoding on the page of this connection.

## Coming back from Redtrust
callback-next = Start again from the sign-in page. If it happens again, ask for help and quote the reference below.
callback-start-again = Start sign-in again
callback-missing-title = You were not signed in
callback-missing-what = Redtrust sent you back without a sign-in. That also happens when you cancel there.
callback-shape-title = This link is not complete
callback-shape-what = What came back from Redtrust is not a sign-in link we can read. Nobody was signed in.
callback-used-title = This link was already used
callback-used-what = Each sign-in link works once only, and this one has been used. Nobody was signed in here.
callback-no-attempt-title = This sign-in was not started here
callback-no-attempt-what = The link belongs to a sign-in that was started in another browser, or was finished already. Nobody was signed in.
callback-still-signed-in = You are still signed in as { $name }.
callback-signed-in-title = You are already signed in
callback-signed-in-what = The link from Redtrust did not begin another session. Nothing was changed.
callback-signed-in-next = Go on from the start page. To sign in as somebody else, sign out first.
callback-attempt-expired-title = The sign-in took too long
callback-attempt-expired-what = More than ten minutes passed since you started, so the sign-in expired. Nobody was signed in.
callback-token-expired-title = The sign-in link has expired
callback-token-expired-what = A link from Redtrust is good for two minutes only, and this one expired. Nobody was signed in.
callback-clock-title = The clocks do not agree
callback-clock-what = The sign-in link carries a time that cannot be right here. The clock of Redtrust’s server or of this one is wrong. Nobody was signed in.
callback-audience-title = This link is for someone else
callback-audience-what = The sign-in link was made for another application or comes from another server. Nobody was signed in.
callback-url-title = This link was made for another address
callback-url-what = The sign-in link was made for a different redirect URL. Nobody was signed in.
callback-form-title = This is not the kind of link we expect
callback-form-what = Redtrust sent a sign-in link of another kind than this connection is set up for. Nobody was signed in.
callback-signature-title = The signature of the link does not hold
callback-signature-what = The sign-in link was not signed with the key we share with Redtrust. Nobody was signed in.
callback-no-connection-title = This Redtrust server is not available
callback-no-connection-what = It was switched off while you were signing in. Nobody was signed in.
callback-rejected-title = Redtrust did not accept the sign-in
callback-rejected-what = You came back from Redtrust, but it refused to complete the sign-in. Nobody was signed in.

## Account
account-title = Your session
account-name = Signed in as
account-connection = Redtrust server
account-everywhere-title = Sign out everywhere
account-everywhere-text = This ends your sessions in every browser and on every device, here and at Redtrust. Requests under way go on.
account-everywhere = Sign out everywhere
