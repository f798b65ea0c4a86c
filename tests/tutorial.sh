#!/usr/bin/env bash
# The vendor's tutorial with curl and openssl against a sandbox:
#   tests/tutorial.sh http://127.0.0.1:8082
# It knows nothing of this project's code; openssl is the judge.
set -euo pipefail
url=${1:?usage: tutorial.sh SANDBOX_URL}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() { echo "tutorial: $*" >&2; exit 1; }

# call METHOD PATH BODY [TOKEN]: the answer stands in answer.json afterwards
call() {
    local auth=()
    [ $# -lt 4 ] || auth=(-H "Authorization: Bearer $4")
    curl --silent --show-error --noproxy '*' -X "$1" "$url$2" "${auth[@]}" \
        -H 'Content-Type: application/json' --data "$3" >answer.json
}

# field NAME: a string or number of the answer; fails where it is not a SUCCESS
field() {
    grep -q '"messageType":"SUCCESS"' answer.json || fail "refused: $(cat answer.json)"
    sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" answer.json
}

# check THUMBPRINT HOLDER: what openssl thinks of the certificate
check() {
    curl --silent --fail --noproxy '*' "$url/sandbox/v1/certificates/$1" >certificate.pem
    curl --silent --fail --noproxy '*' "$url/sandbox/v1/ca" >ca.pem
    openssl verify -x509_strict -CAfile ca.pem certificate.pem
    local fingerprint
    fingerprint=$(openssl x509 -in certificate.pem -noout -fingerprint -sha1 | sed 's/.*=//; s/://g')
    [ "$fingerprint" = "$1" ] || fail "thumbprint $1, but openssl says $fingerprint"
    openssl x509 -in certificate.pem -noout -subject | grep -q "$2" || fail "the holder is not $2"
}

# Step 1: an access token
call POST /raapi/v1/auth/login '{"username":"ra-app","password":"ra-app"}'
token=$(field accessToken)
refresh=$(field refreshToken)
field expiration | grep -q '^20' || fail "no expiration"

# Step 2: issue, with exactly the vendor's body
vendors_body='{
"dn": [
{ "attribute": "cn", "value": "HOLDER_NAME" }
],
"hashType": "SHA384",
"keyLength": 2048,
"keyType": "RSA",
"provider": "CAMERFIRMA"
}'
call POST /raapi/v1/csr/create "$vendors_body" "$token"
code=$(field requestCode)
printf '%b' "$(field csr)" >request.pem
openssl req -in request.pem -noout -verify 2>&1 | grep -q OK || fail "the CSR does not verify"
openssl req -in request.pem -noout -text | grep -q sha384WithRSAEncryption || fail "the CSR's hash is another"
call PUT /raapi/v1/csr/finalize "{\"requestCode\":\"$code\"}" "$token"
thumbprint=$(field thumbprint)
field idCertificate | grep -q '^[0-9][0-9]*$' || fail "no idCertificate"
check "$thumbprint" HOLDER_NAME

# Step 3: renew
call POST /raapi/v1/csr/create "${vendors_body%\}},\"thumbprintToRenew\":\"$thumbprint\"}" "$token"
code=$(field requestCode)
call PUT /raapi/v1/csr/finalize "{\"requestCode\":\"$code\"}" "$token"
renewed=$(field thumbprint)
[ "$renewed" != "$thumbprint" ] || fail "the certificate was not replaced"
check "$renewed" HOLDER_NAME

# A new pair of tokens, and good-bye
call PUT /raapi/v1/auth/refresh-token "{\"refreshToken\":\"$refresh\"}"
token=$(field accessToken)
refresh=$(field refreshToken)
curl --silent --show-error --noproxy '*' -X DELETE "$url/raapi/v1/auth/logout" \
    -H "Authorization: Bearer $token" >answer.json
grep -q '"messageType":"SUCCESS"' answer.json || fail "logout was refused"
call PUT /raapi/v1/auth/refresh-token "{\"refreshToken\":\"$refresh\"}"
grep -q '"messageType":"ERROR"' answer.json || fail "the refresh token survived the logout"
echo "tutorial: done"
