#!/usr/bin/env bash
# Makes the known answers that the tests hold the signing code to. Everything
# here is done by openssl and by this script itself, on purpose: no line of the
# portal or the sandbox has a part in it. Keys and times are fixed, so a second
# run writes the same bytes: `make.sh DIR` writes into DIR instead, to compare.
set -euo pipefail
export LC_ALL=C
out=${1:-$(dirname "$0")}

# --- encodings -------------------------------------------------------------

hex_of() { printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n'; }

# Percent-encodes every byte that is not RFC 3986 unreserved.
percent() {
    local hex i byte
    hex=$(hex_of "$1")
    for ((i = 0; i < ${#hex}; i += 2)); do
        byte=${hex:i:2}
        case $byte in
            2d | 2e | 5f | 7e | 3[0-9] | 4[1-9a-f] | 5[0-9a] | 6[1-9a-f] | 7[0-9a]) printf "\\x$byte" ;;
            *) printf '%%%s' "${byte^^}" ;;
        esac
    done
}

# As .NET's HttpUtility.UrlEncode (lower) and WebUtility.UrlEncode (upper) do.
dotnet() {
    local hex i byte
    hex=$(hex_of "$2")
    for ((i = 0; i < ${#hex}; i += 2)); do
        byte=${hex:i:2}
        case $byte in
            20) printf '+' ;;
            21 | 28 | 29 | 2a | 2d | 2e | 5f | 3[0-9] | 4[1-9a-f] | 5[0-9a] | 6[1-9a-f] | 7[0-9a]) printf "\\x$byte" ;;
            *) if [ "$1" = dotnet-lower ]; then printf '%%%s' "$byte"; else printf '%%%s' "${byte^^}"; fi ;;
        esac
    done
}

# The redirect URL as the dialect escapes it.
escaped() { if [ "$url_encoding" = rfc3986 ]; then percent "$1"; else dotnet "$url_encoding" "$1"; fi; }

# A JSON string. The only control characters in the texts here are line feeds.
json() {
    local text=${1//\\/\\\\}
    text=${text//\"/\\\"}
    printf '"%s"' "${text//$'\n'/\\n}"
}

# A JSON string, or null for the empty text.
json_or_null() { if [ -n "$1" ]; then json "$1"; else printf null; fi; }

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

# --- HMAC ------------------------------------------------------------------

# The key's bytes in hex: $1 how its text is encoded, $2 the text.
key_hex() {
    case $1 in
        utf8) hex_of "$2" ;;
        utf16le) printf '%s' "$2" | iconv -f UTF-8 -t UTF-16LE | od -An -v -tx1 | tr -d ' \n' ;;
        hex) printf '%s' "${2,,}" ;;
        base64) printf '%s' "$2" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n' ;;
    esac
}

# Raw HMAC-SHA256 of stdin: $1 the key in hex.
hmac() { openssl dgst -sha256 -mac HMAC -macopt "hexkey:$1" -binary; }

# The signature of stdin as text: $1 the key in hex, $2 the encoding.
signature() {
    case $2 in
        hex) hmac "$1" | od -An -v -tx1 | tr -d ' \n' ;;
        HEX) hmac "$1" | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F ;;
        base64) hmac "$1" | openssl base64 -A ;;
        base64url) hmac "$1" | base64url ;;
    esac
}

# --- login URLs ------------------------------------------------------------

path=/authclient/auth/loginrequest

# A value, escaped as the name behind the colon says: $1 such as domain:rfc3986.
value() {
    local text
    case ${1%%:*} in
        consumer) text=RA_API ;;
        domain) text=$domain ;;
        redirect_url) text=$redirect_url ;;
        partner) text=$partner ;;
        *) echo "no such placeholder: $1" >&2; exit 1 ;;
    esac
    case $1 in
        *:rfc3986) percent "$text" ;;
        *:*) dotnet "${1#*:}" "$text" ;;
        *) printf '%s' "$text" ;;
    esac
}

# The message of a profile; the names of the values are those of login().
message() {
    local rest=$signed_message name
    if [ "$rest" = query ]; then rest='{query}'; fi
    while [[ $rest == *'{'* ]]; do
        printf '%s' "${rest%%\{*}"
        rest=${rest#*\{}
        name=${rest%%\}*}
        rest=${rest#*\}}
        case $name in
            redirect_url_encoded) escaped "$redirect_url" ;;
            timestamp) printf '%s' "$timestamp" ;;
            base_url) printf '%s' "$base_url" ;;
            path) printf '%s' "$path" ;;
            query) printf '%s' "$query" ;;
            lf) printf '\n' ;;
            *) value "$name" ;;
        esac
    done
    printf '%s' "$rest"
}

now=1764000000123

# What each case starts from; a case names only what it changes.
reset() {
    base_url='https://redtrust.acme.example:8082'
    domain='corp'
    partner='RUBRICA'
    redirect_url='https://portal.example/callback/acme'
    signed_message='query'
    url_encoding='rfc3986'
    signature_encoding='hex'
    timestamp_unit='seconds'
    key_encoding='utf8'
    shared_key='correct horse battery staple'
}

separator=''

# One case: $1 its name, the others assignments such as domain=x.
login() {
    local name=$1 timestamp query text sig pair
    shift
    reset
    for pair in "$@"; do printf -v "${pair%%=*}" '%s' "${pair#*=}"; done
    case $timestamp_unit in
        seconds) timestamp=$((now / 1000)) ;;
        milliseconds) timestamp=$now ;;
    esac
    query="Consumer=RA_API"
    [ -z "$domain" ] || query+="&Domain=$(percent "$domain")"
    query+="&RedirectUrl=$(escaped "$redirect_url")&timestamp=$timestamp&partner=$(percent "$partner")"
    text=$(message)
    sig=$(printf '%s' "$text" | signature "$(key_hex "$key_encoding" "$shared_key")" "$signature_encoding")
    printf '%s{"name": %s' "$separator" "$(json "$name")"
    printf ', "base_url": %s, "domain": %s' "$(json "$base_url")" "$(json_or_null "$domain")"
    printf ', "partner": %s, "redirect_url": %s' "$(json "$partner")" "$(json "$redirect_url")"
    printf ', "shared_key": %s, "now": %s' "$(json "$shared_key")" "$now"
    printf ', "signed_message": %s, "url_encoding": "%s"' "$(json "$signed_message")" "$url_encoding"
    printf ', "signature_encoding": "%s", "timestamp_unit": "%s", "key_encoding": "%s"' \
        "$signature_encoding" "$timestamp_unit" "$key_encoding"
    printf ', "message": %s, "signature": %s' "$(json "$text")" "$(json "$sig")"
    printf ', "url": %s}' "$(json "$base_url/authclient/auth/loginrequest?$query&hmac=$(percent "$sig")")"
    separator=$',\n'
}

login_urls() {
    local profile domain_ key encoding unit hostile
    for profile in query \
        '{partner}{timestamp}{redirect_url}' \
        '{consumer}|{domain}|{redirect_url_encoded}|{timestamp}|{partner}' \
        'Consumer={consumer}&Domain={domain}&RedirectUrl={redirect_url}&timestamp={timestamp}&partner={partner}'; do
        for domain_ in corp ''; do
            login "profile $profile, domain '$domain_'" "signed_message=$profile" "domain=$domain_"
        done
    done
    for key in 'utf8 clave·compartida·ñ' \
        'utf16le clave·compartida·ñ·🔑' \
        'hex 00ff10a0B1C2d3e4f5061728394a5b6c7d8e9fa0b1c2d3e4f5061728394a5b6c' \
        'base64 +/8A3q2+78r+ur7v/v3wDR4vM0RVZneImaq7zN3u/w=='; do
        for encoding in hex HEX base64 base64url; do
            for unit in seconds milliseconds; do
                login "key ${key%% *}, signature $encoding, $unit" "key_encoding=${key%% *}" \
                    "shared_key=${key#* }" "signature_encoding=$encoding" "timestamp_unit=$unit"
            done
        done
    done
    login 'a key longer than a block' \
        'shared_key=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'
    login 'plain http on this machine' 'base_url=http://127.0.0.1:8082' \
        'redirect_url=http://localhost:8080/callback/demo' 'domain='
    login 'a redirect URL with percent signs of its own' \
        'redirect_url=https://portal.example:8443/a%20b/callback/x%26y~z'
    for encoding in rfc3986 dotnet-lower dotnet-upper; do
        for profile in query '{consumer}|{domain}|{redirect_url_encoded}|{timestamp}|{partner}'; do
            login "redirect URL escaped as $encoding, profile $profile" "url_encoding=$encoding" \
                "signed_message=$profile" \
                'redirect_url=https://portal.example:8443/a%20b/~x_y-z.!()/callback/ac+me'
        done
    done
    for profile in '{path}?{query}' '{base_url}{path}?{query}' 'GET{lf}{path}{lf}{query}' \
        '{timestamp}{lf}{redirect_url_encoded}{lf}{partner}' '{base_url};{timestamp}'; do
        login "profile $profile" "signed_message=$profile" 'url_encoding=dotnet-lower'
    done
    for encoding in rfc3986 dotnet-lower dotnet-upper; do
        login "every value escaped as $encoding, otherwise than sent" \
            "signed_message={consumer:$encoding} {domain:$encoding} {redirect_url:$encoding} {partner:$encoding} {timestamp}" \
            'url_encoding=dotnet-upper' 'domain=á é!(*)~' 'partner=AÑO & CÍA+~!' \
            'redirect_url=https://portal.example:8443/a%20b/~x_y-z.!()/callback/ac+me'
    done
    for hostile in 'x&RedirectUrl=https://evil' '+' 'a b' '%26' '%2526' '&hmac=00' '#' '?x=1;y=2' \
        'ñandú·l' 'ДОМ' '用户' '🔑' "it's \"quoted\" \\ back" '~-._!*()'; do
        login "hostile domain $hostile" "domain=$hostile"
        login "hostile domain $hostile, in a template" "domain=$hostile" \
            'signed_message={consumer}|{domain}|{redirect_url_encoded}|{timestamp}|{partner}'
        case $hostile in
            *[a-z]*) ;;
            *) login "hostile partner $hostile" "partner=$hostile" 'signature_encoding=base64' ;;
        esac
    done
    login 'hostile partner X&REDIRECTURL=' 'partner=X&REDIRECTURL=HTTPS://EVIL'
}

# --- temporary tokens ------------------------------------------------------

token_key='correct horse battery staple'
header='{"alg":"HS256","typ":"JWT"}'

claims() {
    local aud=${1:-\"RUBRICA\"} url=${2:-https://portal.example/callback/acme} exp=${3:-1764000060}
    printf '{"iss":"https://redtrust.acme.example:8082","aud":%s,"sub":"ana@corp","iat":1764000000,"exp":%s,"jti":"0190f1d2-aaaa","redirect_url":"%s"}' \
        "$aud" "$exp" "$url"
}

# One case: $1 its name, $2 what is expected, $3 header, $4 claims, $5 the key in hex ('' for no signature).
token() {
    local signed sig=''
    signed="$(printf '%s' "$3" | base64url).$(printf '%s' "$4" | base64url)"
    [ -z "$5" ] || sig=$(printf '%s' "$signed" | hmac "$5" | base64url)
    printf '%s{"name": %s, "expect": "%s", "token": "%s"}' "$separator" "$(json "$1")" "$2" "$signed.$sig"
    separator=$',\n'
}

temp_tokens() {
    local good wrong
    good=$(hex_of "$token_key")
    wrong=$(hex_of 'another partner'\''s key')
    token 'a good one' ok "$header" "$(claims)" "$good"
    token 'a good one for several audiences' ok "$header" "$(claims '["OTHER","RUBRICA"]')" "$good"
    token 'another partner'\''s key' Signature "$header" "$(claims)" "$wrong"
    token 'no signature' Signature "$header" "$(claims)" ''
    token 'alg none, no signature' Algorithm '{"alg":"none"}' "$(claims)" ''
    token 'alg none, though signed' Algorithm '{"alg":"none"}' "$(claims)" "$good"
    token 'alg HS512' Algorithm '{"alg":"HS512"}' "$(claims)" "$good"
    token 'alg in lower case' Algorithm '{"alg":"hs256"}' "$(claims)" "$good"
    token 'a critical extension' Algorithm '{"alg":"HS256","crit":["b64"],"b64":false}' "$(claims)" "$good"
    token 'another partner' OtherAudience "$header" "$(claims '"OTHER"')" "$good"
    token 'another redirect URL' OtherRedirectUrl "$header" "$(claims '"RUBRICA"' https://portal.example/callback/b)" "$good"
    token 'a life of 121 seconds' LivesTooLong "$header" "$(claims '"RUBRICA"' https://portal.example/callback/acme 1764000121)" "$good"
    token 'no claims' Claims "$header" '{}' "$good"
    token 'claims that are no object' Claims "$header" '[]' "$good"
    token 'a header that is no JSON' NotAJws 'HS256' "$(claims)" "$good"
}

# ---------------------------------------------------------------------------

{
    printf '[\n'
    login_urls
    printf '\n]\n'
} > "$out/login_urls.json"

separator=''
{
    printf '{"partner": "RUBRICA", "redirect_url": "https://portal.example/callback/acme", "shared_key": "%s",\n' "$token_key"
    printf '"issuer": "https://redtrust.acme.example:8082", "now": 1764000000123, "subject": "ana@corp", "jti": "0190f1d2-aaaa",\n"tokens": [\n'
    temp_tokens
    printf '\n]}\n'
} > "$out/temp_tokens.json"
