## The dialect finder
finder-title = Find out which signature this server expects
finder-lead = Paste one login URL that works, such as an example from Redtrust’s support or from another program that uses the same key. The portal finds out what was signed and how. It sends nothing to anybody.
finder-url = Login URL that works
finder-url-hint = The whole address with its hmac, even if it is old. It begins like { $address }
finder-key = Shared key
finder-key-hint = Only if the example was made with another key than the one stored here. Paste it exactly as you received it.
finder-kept = What you typed is still here. A shared key is not kept: if you entered one, enter it again.
finder-search = Find
finder-again = Search with another example
finder-link = Find the settings from an example
finder-link-hint = If the sign-in is refused: one login URL that works is enough to find the settings.
finder-url-missing = Paste a login URL
finder-url-no-query = This is not a login URL: there are no parameters after a question mark
finder-url-no-signature = The URL has no signature: the parameter hmac is missing or empty
finder-url-no-timestamp = The URL has no timestamp: without it, nothing can be found out

## What was found
finder-found = { $count ->
    [one] Found: this is how the example was signed
   *[other] Found: { $count } ways in which the example may have been signed, simplest first
}
finder-number = Possibility { $number }
finder-message = What was signed
finder-setting = Setting
finder-here = This connection now
finder-there = The example
finder-same = This connection already has these settings. If its sign-in is refused all the same, the cause is another one: test the connection.
finder-differs = The rows marked “{ compare-differs }” are different: a server that works as in the example refuses this connection’s sign-in. Adopt the settings of the example.
finder-adopt = Adopt these settings
finder-adopt-key = Adopt these settings and the key
finder-adopted = The settings of the example are now this connection’s.
finder-cleaned = The key has blanks, quotes or line ends that do not belong to it. It is stored without them.
finder-file = This connection is defined in the configuration file. Write there:
finder-file-key = Put the key without blanks, quotes and line ends into its file.
finder-other-key = The example was made with the key stored here, not with the one you typed.
finder-open = What the example does not show
finder-open-escaping = The redirect URL of the example has no character that distinguishes these escapes: { $names }. For this portal’s redirect URLs that usually makes no difference.
finder-open-domain = The example has no domain. If this connection has one, whether the domain is signed remains open: get an example with a domain.
finder-odd = What is unusual

## Nothing was found
finder-none = Nothing reproduces the signature
finder-tried = Tried: { $tried } signatures. { $orders } orders of the parameters, each written in { $forms } ways (escaped or not, with and without names), with { $separators } separators, with { $fronts } things in front (nothing, the path, the host) and with { $keys } readings of the key.
finder-explained = With one mistake undone, the signature is right
finder-causes = Possible causes
finder-cause-key = The key is another one, or part of it is missing. Ask Redtrust’s administrator for it again and compare its length and its ends.
finder-cause-url = The URL was changed after it was signed: by a mail program, by hand, or by a proxy. Copy it from the place where it is made.
finder-cause-message = Something is signed that is not in the URL, or in a form that nobody uses. Ask Redtrust’s support for the text that is signed, byte by byte.

## What is unusual
finder-odd-http = The address begins with http://. Redtrust is called with https://.
finder-odd-no-host = The URL has no server, only its path or parameters.
finder-odd-no-port = The address names no port. Redtrust usually listens on 8082.
finder-odd-port = The port is { $port }. Redtrust usually listens on 8082, older servers on 8083.
finder-odd-path = The path is “{ $path }” instead of /authclient/auth/loginrequest.
finder-odd-order = The parameters are not in the documented order: Consumer, Domain, RedirectUrl, timestamp, partner, hmac.
finder-odd-names = These parameters are documented with different capital or small letters: { $names }.
finder-odd-unknown = These parameters are not documented, or appear twice: { $names }.
finder-odd-missing = The parameter { $name } is missing or empty.
finder-odd-consumer = Consumer is “{ $value }” instead of RA_API.
finder-odd-partner = The partner “{ $value }” has small letters. Redtrust documents capital letters, and this portal always sends them: write it in capital letters in the other program too.
finder-odd-relative = The redirect URL “{ $value }” is not a whole address.
finder-odd-escaping = The redirect URL is not escaped, or in none of the three usual ways.
finder-odd-twice = The redirect URL is escaped twice. Escape it once.
finder-odd-milliseconds = The timestamp is in milliseconds. Seconds are usual.
finder-odd-timestamp = The timestamp “{ $value }” is not a number of seconds or milliseconds since 1970.
finder-odd-past = { $days ->
    [one] The URL was made a day ago: a server would refuse it now. For this search that does not matter.
   *[other] The URL was made { $days } days ago: a server would refuse it now. For this search that does not matter.
}
finder-odd-future = { $days ->
    [one] The timestamp is a day in the future: a server would refuse it.
   *[other] The timestamp is { $days } days in the future: a server would refuse it.
}
finder-odd-unreadable = The signature is neither hexadecimal nor Base64 nor Base64url, or its end is missing.
finder-odd-other-hash = The signature has { $bytes } bytes, as HMAC with { $hash } has. Redtrust documents HMAC-SHA256, which has 32.
finder-odd-length = The signature has { $bytes } bytes. HMAC-SHA256 has 32: part of it is missing, or it is something else.
finder-odd-mixed = The signature has capital and small hexadecimal digits at once.
finder-odd-padding = Base64 ends in = signs and Base64url does not; in this signature it is the other way round.
finder-odd-plus = The signature contains a + that is not escaped as %2B. A server may read it as a blank.
finder-odd-blank = The signature contains a blank where Base64 has a +: it was not escaped as %2B.

## What is unusual in the key
finder-key-around = There are blanks, quotes or line ends around the key.
finder-key-inside = There are blanks or line ends inside the key.
finder-key-hex-odd = The key looks hexadecimal, but has { $digits } digits, an odd number: part of it is missing.
finder-key-hex-foreign = { $count ->
    [one] The key looks hexadecimal, but one of its characters is no hexadecimal digit.
   *[other] The key looks hexadecimal, but { $count } of its characters are no hexadecimal digits.
}
finder-key-base64 = The key looks like Base64, but no Base64 text has { $digits } characters: part of it is missing.
finder-key-bytes = Decoded, the key has { $bytes } bytes. Keys usually have 16, 32 or 64: part of it may be missing.

## How the stored key differs
finder-key-cut = { $missing ->
    [one] The key that you typed signed the example. The key stored here is the same with a character missing: it was cut short.
   *[other] The key that you typed signed the example. The key stored here is the same with { $missing } characters missing: it was cut short.
}
finder-key-blanks = The key stored here differs from the one that signed the example only in blanks or line ends.
finder-key-case = The key that you typed signed the example. The key stored here differs from it only in capital and small letters.
finder-key-other = The key that you typed signed the example. The key stored here is another one.

## Mistakes that explain a signature
finder-mistake-partner = What was signed has the partner “{ $signed }”; the URL has it in different upper or lower case. Write it in capital letters in both places.
finder-mistake-domain = What was signed has the domain “{ $signed }”; the URL has it in different upper or lower case. Write it alike in both places.
finder-mistake-seconds = The timestamp was signed in seconds and sent in milliseconds. Use the same number in both places.
finder-mistake-milliseconds = The timestamp was signed in milliseconds and sent in seconds. Use the same number in both places.
finder-mistake-timestamp = The signature is right, but the timestamp is neither in seconds nor in milliseconds, so no setting fits. Redtrust documents seconds since 1970.
finder-mistake-slash = What was signed has the redirect URL “{ $signed }”: one slash more or less at its end than in the URL. Write it alike in both places.
finder-mistake-twice = The redirect URL was signed before it was escaped once more. Escape it once.
finder-mistake-line-end = The program that signed reads the key with a line end after it. Remove it there.
finder-mistake-key-case = The program that signed has the key in different upper or lower case. Compare the two.
finder-mistake-hash = It is an HMAC with { $hash }. Redtrust documents HMAC-SHA256.
finder-mistake-cut = It is the beginning of the right signature: its end is missing. Send all of it.
