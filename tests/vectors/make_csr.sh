#!/usr/bin/env bash
# Makes the certificate requests that the tests read, with keys that are thrown
# away at once: each run makes others. `csr.json` says what openssl sees in
# them, for the tests to compare with what our reader sees.
set -euo pipefail
export LC_ALL=C
out=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

separator=''

# One request: $1 its name, $2 RSA bits or 0 for another type, $3 the string
# type (as openssl's string_mask), $4 the subject, then what makes the key.
request() {
    local name=$1 bits=$2 mask=$3 subject=$4
    shift 4
    printf '[req]\nstring_mask = %s\nutf8 = yes\ndistinguished_name = dn\nprompt = yes\n[dn]\n' "$mask" > req.cnf
    openssl genpkey "$@" -out key.pem 2> /dev/null
    openssl req -new -sha384 -utf8 -config req.cnf -key key.pem -subj "$subject" -out csr.pem
    printf '%s{"name": "%s", "rsa_bits": %s' "$separator" "$name" "$bits"
    printf ', "public_key_sha256": "%s"' \
        "$(openssl req -in csr.pem -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -r | cut -d' ' -f1)"
    printf ', "pem": "%s"}' "$(awk '{printf "%s\\n", $0}' csr.pem)"
    separator=$',\n'
}

subject="/CN=María José O'Neill-Núñez/GN=María José/SN=O'Neill-Núñez/serialNumber=IDCES-12345678Z/C=ES"
{
    printf '[\n'
    request rsa2048 2048 utf8only "$subject" -algorithm RSA -pkeyopt rsa_keygen_bits:2048
    request rsa3072 3072 utf8only "$subject" -algorithm RSA -pkeyopt rsa_keygen_bits:3072
    request bmp 2048 MASK:0x800 '/CN=Ελένη Ω/2.5.4.97=VATES-A58818501/OU=a/OU=b' -algorithm RSA -pkeyopt rsa_keygen_bits:2048
    request p256 null utf8only "$subject" -algorithm EC -pkeyopt ec_paramgen_curve:P-256
    printf '\n]\n'
} > csr.json
mv csr.json "$out/csr.json"
