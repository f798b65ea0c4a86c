## Diagnostics: failed sign-ins, comparison with another program
nav-diagnostics = Diagnostics
diagnostics-lead = Why people could not sign in, and whether this portal signs as another program does.
diagnostics-failures = Last failed sign-ins
diagnostics-failures-hint = The last fifty of each connection and way of signing in. Tokens and user names are not kept.
diagnostics-not-here = Only those who come back from Redtrust are seen here. If Redtrust’s own page refuses the sign-in (partner not known, signature refused, redirect URL not registered), nobody comes back. Test the connection: it asks Redtrust and says what to change.
diagnostics-test = Test { $name }
diagnostics-none = No sign-in has failed.
diagnostics-when = When
diagnostics-cause = Cause and what to do
diagnostics-known = What is known
diagnostics-directly = With application credentials
diagnostics-signed = Signed message
diagnostics-timestamp = Timestamp
diagnostics-seconds = { $number } (seconds), that is { $time }
diagnostics-milliseconds = { $number } (milliseconds), that is { $time }
diagnostics-token = Token that came back
diagnostics-token-look = { $length } characters, { $parts } parts separated by dots, alphabet: { $alphabet }
diagnostics-token-algorithm = A JWS signed with { $name }
diagnostics-parameters = Parameters that came back
diagnostics-said = Redtrust said
diagnostics-error = Error of the call
diagnostics-clock = Redtrust’s clock
diagnostics-ahead = { $seconds } seconds ahead of ours
diagnostics-behind = { $seconds } seconds behind ours
diagnostics-digits = digits
diagnostics-hex = hexadecimal digits
diagnostics-base64url = Base64url
diagnostics-base64 = Base64
diagnostics-unreserved = letters, digits and - . _ ~ + / =
diagnostics-other = other characters
health-works = Works
health-fails = Fails
health-closed = Closed
health-direct-only = Application users only
health-url = Nobody can sign in with Redtrust. Redirect URL: { $state }
health-never = Nobody has signed in yet
health-worked = Last sign-in { $ago }
health-failed = Last sign-in failed { $ago }: { $cause }
health-now = just now
health-minutes = { $count } min ago
health-hours = { $count } h ago
health-days = { $count ->
    [one] 1 day ago
   *[other] { $count } days ago
  }
health-failures = See the last failures

## Causes of failed sign-ins, and what to do
why-token-missing = Came back without a token
why-token-missing-fix = This also happens when somebody cancels at Redtrust. If nobody did: look at the parameters that came back. If the token is in another one than tkn, ask Redtrust’s support.
why-token-shape = What came back does not look like a token
why-token-shape-fix = Look at its length and characters. Something between Redtrust and this portal may cut or change the address.
why-token-form = The token is of another kind than the connection expects
why-token-form-fix = On the page of the connection, set “{ admin-dialect-token }” to “{ admin-dialect-temp_token-opaque }” or to “{ admin-dialect-temp_token-auto }”.
why-token-signature = The token’s signature is wrong
why-token-signature-fix = The shared key here is not the one that Redtrust uses: enter it again, check its encoding, and look for a blank or a missing character. If login URLs are accepted with this key, set “{ admin-dialect-token }” to “{ admin-dialect-temp_token-opaque }”.
why-token-claims = The token’s content cannot be read
why-token-claims-fix = On the page of the connection, set “{ admin-dialect-token }” to “{ admin-dialect-temp_token-opaque }”.
why-token-expired = The token had expired
why-token-expired-fix = If it happens often, the clocks differ, or the way back is slow: synchronise both servers with a time server.
why-token-clock = The clocks do not agree
why-token-clock-fix = The token’s times cannot be right here. Synchronise this server and Redtrust’s with a time server.
why-token-audience = The token was made for another partner
why-token-audience-fix = Check the partner name on the page of the connection. Redtrust expects it in capital letters, exactly as registered.
why-token-issuer = The token comes from another issuer
why-token-issuer-fix = Check the issuer on the page of the connection, or leave it empty.
why-token-redirect-url = The token was made for another redirect URL
why-token-redirect-url-fix = Compare the redirect URL registered in Redtrust with the one here, letter by letter: a trailing slash counts.
why-attempt-expired = It took more than ten minutes
why-attempt-expired-fix = Nothing to do, unless it happens often: then find out what keeps people at Redtrust’s page.
why-redirect-url = The redirect URL is not in use
why-redirect-url-fix = It was disabled or replaced while somebody was signing in. Enable it, or register another one, under “Redirect URLs”.
why-shared-key = The shared key cannot be used
why-shared-key-fix = It does not have the encoding that was chosen for it. Check the key and its encoding on the page of the connection.
why-rejected = Redtrust refused the token
why-rejected-fix = Look at what Redtrust said. If every token is refused, check the field that carries it (usually tempToken) and the partner’s rights in Redtrust.
why-credentials = User name or password not accepted
why-credentials-fix = Users of a SAML, OAuth2 or certificate domain cannot sign in directly. Otherwise the password, the user or the domain is wrong.
why-unreachable = Redtrust could not be reached
why-unreachable-fix = Check the server address and its port (usually 8082 or 8083), and whether a firewall lets this server through.
why-tls = Redtrust’s certificate is not trusted
why-tls-fix = Enter the CA of Redtrust’s server on the page of the connection, and check that its certificate names this host and has not expired.
why-busy = Too many calls to Redtrust had failed or were waiting
why-busy-fix = Wait a minute. If it goes on, find out why Redtrust’s server is slow.
why-no-answer = Redtrust did not answer in time
why-no-answer-fix = Find out why Redtrust’s server is slow, or whether something in between delays it.
why-bad-answer = Redtrust’s answer could not be used
why-bad-answer-fix = Often a proxy answers in Redtrust’s place, or the address is not that of the RA API. Test the connection on its page.

## Comparison with another program
compare-title = Compare with another program
compare-hint = Paste a login URL that another program made for the same connection. You will see part by part where it differs from the one that this portal signs for the same time, and what to do about the first difference.
compare-url = Login URL of the other program
compare-button = Compare
compare-url-unreadable = This is not a login URL with a timestamp
compare-connection-blank = Choose a connection
compare-no-url = This connection has no redirect URL in use
compare-bad-key = The shared key cannot be used with its encoding
compare-result = Comparison for { $name }
compare-same = Both are the same: this portal signs exactly as the other program does.
compare-made = The other URL is stamped { $time }. If it was not made then, that program’s clock is wrong; Redtrust allows about five minutes.
compare-part-server = Server
compare-part-path = Path
compare-part-order = Order of the parameters
compare-part = Part
compare-theirs = Other program
compare-ours = This portal
compare-state = Comparison
compare-absent = none
compare-signature = Of signatures only the beginning is shown, and in brackets how many characters they have.
compare-equal = the same
compare-differs = differs
compare-message = Message that this portal signs
compare-finder = Find the settings from this example
compare-server = The server differs: scheme, host or port. Check the address of the connection; Redtrust usually listens on 8082 or 8083.
compare-path = The path differs. Redtrust’s documents name /authclient/auth/loginrequest: ask Redtrust’s support about the other one.
compare-order = The parameters have other names or another order. If the other URL is accepted, find the settings from it.
compare-consumer = Consumer differs. This portal sends RA_API, as Redtrust’s documents say.
compare-domain = The domain differs. Enter it on the page of the connection exactly as the other program sends it, or leave it empty.
compare-redirect-url-slash = The redirect URLs differ in a slash at the end. Redtrust compares letter by letter: have exactly this portal’s URL registered.
compare-redirect-url = The redirect URLs differ. That is right if the other program has another address; this portal’s own URL must be registered in Redtrust.
compare-escaping = The redirect URL is escaped in another way. On the page of the connection, set “{ admin-dialect-url }” to “{ $value ->
    [dotnet-lower] { admin-dialect-url_encoding-dotnet-lower }
    [dotnet-upper] { admin-dialect-url_encoding-dotnet-upper }
   *[other] { admin-dialect-url_encoding-rfc3986 }
}” (url_encoding = { $value }).
compare-escaping-unknown = The redirect URL is escaped in a way that matches no setting. Find the settings from this URL.
compare-seconds = The other program sends the timestamp in seconds. On the page of the connection, set “{ admin-dialect-timestamp }” to “{ admin-dialect-timestamp_unit-seconds }” (timestamp_unit = seconds).
compare-milliseconds = The other program sends the timestamp in milliseconds. On the page of the connection, set “{ admin-dialect-timestamp }” to “{ admin-dialect-timestamp_unit-milliseconds }” (timestamp_unit = milliseconds).
compare-partner-case = The partner is written in different upper or lower case. Redtrust’s documents require capital letters, as this portal sends it: correct the other program.
compare-partner = The partner differs. Check the partner’s name on the page of the connection.
compare-settings = Only the signature differs. The shared key is right; it signs this URL with these settings: { $settings }. Set them on the page of the connection.
compare-key-blank = Only the signature differs: the shared key was stored with blanks or line ends around it. Enter it again without them.
compare-mistake = Only the signature differs. One mistake of the other program explains it:
compare-key-damaged = Only the signature differs, and the shared key stored here looks damaged: ask for it again, compare its length, its beginning and its end, and enter all of it.
compare-key = Only the signature differs, and no known combination produces it with the shared key. The key is a different one, or the signed message is unusual: enter the key again, then find the settings from this URL.
