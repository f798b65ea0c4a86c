#!/usr/bin/env bash
# Makes the files that people may choose as "the certificate", with keys that
# are thrown away at once: each run makes others. `certificates.json` says what
# openssl sees in them, for the tests to compare with what our reader sees.
set -euo pipefail
export LC_ALL=C
out=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

separator=''

# What openssl sees in a certificate.
facts() {
    local at=$1 digest
    for digest in sha1 sha256; do
        printf '"%s": "%s", ' "$digest" \
            "$(openssl x509 -in "$at" -noout -fingerprint -"$digest" | cut -d= -f2 | tr -d :)"
    done
    printf '"not_before": %s, ' "$(date -u -d "$(openssl x509 -in "$at" -noout -startdate | cut -d= -f2)" +%s)"
    printf '"not_after": %s, ' "$(date -u -d "$(openssl x509 -in "$at" -noout -enddate | cut -d= -f2)" +%s)"
    printf '"key": "%s"' \
        "$(openssl x509 -in "$at" -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -r | cut -d' ' -f1)"
}

# One file: $1 its name, $2 the file, $3 what is wrong with it or nothing, then
# the certificates in it.
file() {
    local name=$1 path=$2 problem=$3 between=''
    shift 3
    printf '%s{"name": "%s", "problem": "%s", "base64": "%s", "certificates": [' \
        "$separator" "$name" "$problem" "$(base64 -w0 "$path")"
    for certificate in "$@"; do
        printf '%s{%s}' "$between" "$(facts "$certificate")"
        between=', '
    done
    printf ']}'
    separator=$',\n'
}

quiet() { "$@" 2> /dev/null; }

quiet openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 3650 -subj '/C=ES/O=Test CA/CN=Test CA'
quiet openssl req -new -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.csr -utf8 -subj "/C=ES/serialNumber=IDCES-12345678Z/CN=María José O'Neill-Núñez"
quiet openssl x509 -req -in rsa.csr -CA ca.pem -CAkey ca.key -days 730 -set_serial 0x7F01020304 -out rsa.pem
quiet openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ec.key -out ec.pem -days 400 -subj '/CN=Acme SL'

openssl x509 -in rsa.pem -outform DER -out rsa.der
openssl x509 -in ec.pem -outform DER -out ec.der
openssl x509 -in rsa.pem -text -out text.pem
openssl x509 -in rsa.pem -trustout -addtrust serverAuth -out trusted.pem
sed 's/$/\r/' rsa.pem > crlf.pem
{ printf '\xff\xfe'; iconv -f UTF-8 -t UTF-16LE rsa.pem; } > utf16.pem
{ printf '\xef\xbb\xbf'; cat rsa.pem; } > bom.pem
grep -v -- '-----' rsa.pem > bare.txt
{ cat rsa.der; printf '\r\n'; } > newline.der
cat rsa.der ec.der > two.der
cat rsa.pem ca.pem rsa.pem > chain.pem
openssl crl2pkcs7 -nocrl -certfile chain.pem -outform DER -out chain.p7b
openssl crl2pkcs7 -nocrl -certfile chain.pem -out chain.p7b.pem
sed 's/PKCS7/CERTIFICATE/' chain.p7b.pem > labelled.p7b.pem
echo hello > hello
quiet openssl cms -sign -in hello -binary -nodetach -stream -indef -outform DER -signer rsa.pem -inkey rsa.key -out indefinite.p7m
quiet openssl crl2pkcs7 -nocrl -certfile /dev/null -outform DER -out none.p7b || true

openssl rsa -in rsa.key -traditional -out pkcs1.pem 2> /dev/null
openssl rsa -in rsa.key -traditional -outform DER -out pkcs1.der 2> /dev/null
openssl pkcs8 -topk8 -nocrypt -in rsa.key -outform DER -out pkcs8.der
openssl pkcs8 -topk8 -in rsa.key -passout pass:secret -out pkcs8_password.pem
openssl pkcs8 -topk8 -in rsa.key -passout pass:secret -outform DER -out pkcs8_password.der
openssl pkcs8 -topk8 -in rsa.key -v1 PBE-SHA1-3DES -passout pass:secret -outform DER -out pkcs8_old.der
openssl rsa -in rsa.key -traditional -aes256 -passout pass:secret -out pkcs1_password.pem 2> /dev/null
openssl ec -in ec.key -out sec1.pem 2> /dev/null
openssl ec -in ec.key -outform DER -out sec1.der 2> /dev/null
openssl genpkey -algorithm ed25519 -outform DER -out ed25519.der
openssl pkcs12 -export -in rsa.pem -inkey rsa.key -passout pass:secret -out both.p12
cat rsa.pem rsa.key > both.pem
{ cat rsa.pem; printf -- '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n'; } > openssh.pem
{ cat rsa.der; cat rsa.key; } > both.der
grep -v -- '-----' rsa.key > bare_key.txt
printf 'PuTTY-User-Key-File-3: ssh-rsa\n' > putty.ppk

openssl req -in rsa.csr -outform DER -out csr.der
sed 's/CERTIFICATE REQUEST/NEW CERTIFICATE REQUEST/' rsa.csr > new.csr
openssl rsa -in rsa.key -pubout -out public.pem 2> /dev/null
openssl rsa -in rsa.key -pubout -outform DER -out public.der 2> /dev/null
head -c 500 rsa.der > cut.der
sed '3d' rsa.pem > damaged.pem
printf -- '-----BEGIN CERTIFICATE-----\n' > begun.pem
cat damaged.pem ec.pem > half.pem

{
    printf '[\n'
    file pem rsa.pem '' rsa.pem
    file der rsa.der '' rsa.pem
    file ec_der ec.der '' ec.pem
    file text text.pem '' rsa.pem
    file trusted trusted.pem '' rsa.pem
    file crlf crlf.pem '' rsa.pem
    file utf16 utf16.pem '' rsa.pem
    file bom bom.pem '' rsa.pem
    file bare bare.txt '' rsa.pem
    file newline newline.der '' rsa.pem
    file two_der two.der '' rsa.pem ec.pem
    file chain chain.pem '' rsa.pem ca.pem
    file p7b chain.p7b '' rsa.pem ca.pem
    file p7b_pem chain.p7b.pem '' rsa.pem ca.pem
    file p7b_labelled labelled.p7b.pem '' rsa.pem ca.pem
    file indefinite indefinite.p7m '' rsa.pem
    file half half.pem '' ec.pem
    for key in pkcs1.pem pkcs1.der pkcs8.der pkcs8_password.pem pkcs8_password.der pkcs8_old.der \
        pkcs1_password.pem sec1.pem sec1.der ed25519.der both.p12 both.pem both.der openssh.pem \
        bare_key.txt putty.ppk; do
        file "$key" "$key" private_key
    done
    file csr rsa.csr request
    file csr_new new.csr request
    file csr_der csr.der request
    file public public.pem no_certificate
    file public_der public.der no_certificate
    file none none.p7b no_certificate
    file hello hello no_certificate
    file cut cut.der damaged
    file damaged damaged.pem damaged
    file begun begun.pem damaged
    printf '\n]\n'
} > certificates.json
mv certificates.json "$out/certificates.json"
