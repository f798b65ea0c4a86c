# The test of a connection: pages and command line.

check-title = Test of { $name }
check-button = Test this connection
check-button-hint = Looks at name, port, certificate, clock, RA API and a signed login URL, and says what to do. Changes nothing.
check-all-well = Nothing is wrong with this connection.
check-some-fail = { $count ->
    [one] One check failed. It says what to do.
   *[other] { $count } checks failed. Each one says what to do.
}
check-running = A test of this connection is running. Try again when it is over, in 20 seconds at most.
check-what-to-do = What to do:
check-said = Redtrust said:
check-again = Test again
check-again-lead = To try direct login too, give an application user. The user is signed in and out again; nothing is kept.
check-username = User name
check-username-hint = A user of a domain is written user@domain.
check-password = Password
check-password-missing = Enter the password

check-name-dns = Name (DNS)
check-name-tcp = Port (TCP)
check-name-tls = Certificate (TLS)
check-name-clock = Clock
check-name-api = RA API
check-name-login-url = Login URL
check-name-direct-login = Direct login
check-pass = Passed
check-fail = Failed
check-skip = Not checked

check-skip-after = Not checked, because this failed before: { $name ->
    [dns] the name
    [tcp] the port
    [tls] the certificate
   *[other] the RA API
}.
check-skip-time = Not checked, because the test took too long.
check-skip-http = The address begins with http://, so there is no TLS. That is possible on this machine only.
check-skip-date = The server does not say what time it is.
check-skip-credentials = No user name and password were given.
check-skip-public-url = The portal’s own address is not known here, so there is no redirect URL to sign.
check-skip-public-url-fix = Set RUBRICA_PUBLIC_URL, or enter the redirect URL.

check-dns-leads = { $host } resolves to { $addresses }.
check-dns-literal = The address { $address } needs no look-up.
check-dns-forbidden = { $host } resolves to { $address }, which the portal never calls.
check-dns-forbidden-fix = Enter the Redtrust server’s own address. Addresses of this machine, link-local and reserved ones are never called, so that nobody can reach other servers through the portal.
check-dns-unknown = The name { $host } is not known: { $detail }
check-dns-unknown-fix = Check the spelling of the address. If only the customer’s network knows the name, this machine must ask a name server that knows it.
check-dns-timeout = The name server did not answer when asked for { $host }.
check-dns-timeout-fix = Check this machine’s name servers, then test again.

check-tcp-open = Port { $port } answers.
check-tcp-open-partly = Port { $port } answers, but not at { $addresses }.
check-tcp-open-partly-fix = Calls are slow while the name also resolves to addresses that do not answer. Have those repaired, or removed from the name.
check-tcp-refused = Nothing listens on port { $port }: the connection was refused.
check-tcp-timeout = Port { $port } does not answer.
check-tcp-failed = Port { $port } cannot be reached: { $detail }
check-tcp-other-port-fix = Redtrust’s usual ports are 8082 and 8083. Port { $open } answers: change the port in the address to { $open }.
check-tcp-refused-fix = Redtrust’s usual ports are 8082 and 8083, and neither answers. Ask whether Redtrust is running, and on which port its RA API listens.
check-tcp-timeout-fix = Redtrust’s usual ports are 8082 and 8083, and neither answers. Ask whether the server is on, and whether a firewall lets this machine through.

check-tls-trusted = The certificate is trusted, { $by ->
    [private] by the private CA
   *[other] by a public CA
}. It is for { $names }, was issued by { $issuer }, and is valid until { $until }.
check-tls-accepted = The certificate is trusted.
check-tls-ends-soon-fix = The certificate ends within 30 days: have it renewed before then.
check-tls-name = The certificate is not for { $host }. It is for { $names }.
check-tls-name-fix = Enter the address with a name from the certificate, or have a certificate made for { $host }.
check-tls-no-name = The certificate names no host, so it is not for { $host }.
check-tls-no-name-fix = Have a certificate made with { $host } as a subject alternative name. The common name alone does not count.
check-tls-expired = The certificate expired on { $since }.
check-tls-expired-fix = Have the certificate of the Redtrust server renewed.
check-tls-not-yet = The certificate is valid only from { $from }.
check-tls-not-yet-fix = Check this machine’s clock. If it is right, have the server’s certificate made again.
check-tls-self-signed = The server signed its certificate itself. SHA-256: { $fingerprint }
check-tls-self-signed-fix = Get that certificate from whoever runs the server, compare the fingerprint, and enter it as private CA. Then exactly that certificate is trusted.
check-tls-self-signed-other-fix = It is not one of those entered as private CA: the server may have a new one. Get it from whoever runs the server, compare the fingerprint, and enter it as private CA.
check-tls-unknown-ca = The certificate’s CA is not trusted. It was issued by { $issuer }.
check-tls-unknown-ca-fix = Get the certificate of that CA from whoever runs the server, and enter it as private CA.
check-tls-other-ca-fix = The private CA that was entered is another one. Get the certificate of the CA named here, and enter it as private CA.
check-tls-plain-http = The server uses HTTP without TLS on port { $port }.
check-tls-plain-http-fix = Have TLS switched on there, or enter the port that has TLS. The portal sends nothing without TLS over a network.
check-tls-not-plain = The server uses TLS on port { $port }, but the address begins with http://.
check-tls-not-plain-fix = Begin the address with https://.
check-tls-too-old = The server offers only versions of TLS that are no longer safe.
check-tls-too-old-fix = Have TLS 1.2 or 1.3 switched on at the server.
check-tls-none = The server closed the connection before TLS began.
check-tls-none-fix = Check that the port is that of the RA API, and that nothing between this machine and the server breaks TLS.
check-tls-timeout = The server accepts connections, but TLS does not begin.
check-tls-no-roots = There is no CA to check the certificate with: this machine has no list of public CAs, or the private CA cannot be used.
check-tls-no-roots-fix = Install the system’s package of CA certificates, or enter the private CA again.
check-tls-other = The certificate is not accepted: { $detail }
check-tls-other-fix = Have a certificate for servers made that names the host, by a CA whose certificate is entered here.

check-clock-agrees = The clocks agree to { $seconds } s.
check-clock-ahead = Redtrust’s clock is { $seconds } s ahead of this machine’s: { $there } there, { $here } here.
check-clock-behind = Redtrust’s clock is { $seconds } s behind this machine’s: { $there } there, { $here } here.
check-clock-fix = See which of the two times is wrong, and have that machine’s clock set by a time server (NTP). Redtrust refuses login URLs whose time is too far from its own.

check-api-answers = The RA API answers ({ $code }) and knows the field for the temporary token.
check-api-untold = The RA API answers ({ $code }). Whether it knows the field for the temporary token will show at the first sign-in.
check-api-field = The RA API does not know the field { $set }: it expects the temporary token in { $right }.
check-api-field-fix = Enter { $right } as the name of the field for the temporary token (temp_token_field).
check-api-other = Something answers with status { $status } that is not the RA API.
check-api-other-page = Something answers with status { $status } that is not the RA API: “{ $title }”.
check-api-other-fix = Check host and port: 8082 is the usual port of the RA API. A proxy in front of it must pass on /raapi, /authapi and /authclient.
check-api-redirects = Instead of the RA API there is a redirect to { $to }.
check-api-unavailable = Redtrust is not available (status { $status }).
check-api-unavailable-fix = Test again in a while. If it stays like this, ask whoever runs Redtrust.
check-no-answer = No answer was received in time.
check-cut = No usable answer was received: { $detail }

check-login-page = Redtrust shows its sign-in page.
check-login-scripts = Redtrust shows a page that needs scripts. It can be read only in a browser, but it is not a refusal.
check-login-leads = Redtrust leads on to { $to }.
check-login-not-in-use = Redtrust accepts { $url }, but the portal does not use it yet.
check-login-not-in-use-fix = Enter it under “Redirect URLs”, and mark it as registered.
check-login-not-signed = The login URL cannot be signed: { $detail }
check-login-not-signed-fix = Enter the shared key again, and compare it with the setting of how it is written (key_encoding).
check-login-partner = Redtrust does not know the partner { $partner }.
check-login-partner-fix = Ask for the exact name of the application in Redtrust, and whether this is the right server.
check-login-signature = Redtrust refuses the signature.
check-login-signature-fix = Enter the shared key again, whole and without blanks. If it is right, the server expects something else to be signed: find out its settings with one login URL that works, on the pages or with rubrica find-dialect.
check-login-key-hex-odd = { check-login-signature } { finder-key-hex-odd }
check-login-key-hex-foreign = { check-login-signature } { finder-key-hex-foreign }
check-login-key-base64 = { check-login-signature } { finder-key-base64 }
check-login-key-bytes = { check-login-signature } { finder-key-bytes }
check-login-key-damaged-fix = Ask for the shared key again, compare its length, its beginning and its end, and enter all of it. If it is right as it is, find out the server’s settings with one login URL that works.
check-login-key-blanks = Redtrust refuses the signature, and accepts it when the shared key is used without the blanks in it.
check-login-key-blanks-fix = Enter the shared key again, without blanks.
check-login-timestamp = Redtrust refuses the time in the login URL.
check-login-timestamp-fix = Compare the clocks of the two machines, and the unit that the server expects (timestamp_unit).
check-login-setting = Redtrust refuses the login URL as the settings make it, and accepts it with { $setting } = { $right } instead of { $set }.
check-login-setting-fix = Set { $setting } to { $right }.
check-login-not-registered = The redirect URL is not registered in Redtrust.
check-login-register-fix = Register exactly this URL in Redtrust: { $url }
check-login-slash = Redtrust has the redirect URL with another end: { $registered }
check-login-refused = Redtrust refuses the login URL (status { $status }).
check-login-refused-fix = Ask whoever runs Redtrust what its log says about this moment.

check-direct-signed-in = The user could sign in, and was signed out again.
check-direct-not-signed-out = The user could sign in. Signing out failed; the session will end by itself.
check-direct-not-offered-fix = This connection does not offer direct login to people. Tick that setting if it should.
check-direct-credentials = Redtrust does not accept user name, password or domain.
check-direct-credentials-fix = Check all three. A user of a domain is written user@domain.
check-direct-change-password = The user must change the password first.
check-direct-change-password-fix = Change the user’s password in Redtrust, then test again with the new one.
check-direct-wait = The user must wait, usually after too many wrong passwords.
check-direct-wait-fix = Wait a few minutes, then test again.
check-direct-page-only = Users of this domain sign in on Redtrust’s own page only.
check-direct-page-only-fix = Use an application user whose password Redtrust keeps itself. Users of SAML, OAuth2 and certificate domains sign in through the redirect.
check-direct-not-allowed = The user, or this Redtrust, may not use the RA API.
check-direct-not-allowed-fix = Ask an administrator of Redtrust about the user’s permissions and the licence of the RA module.
check-direct-refused = Redtrust refuses the sign-in.
