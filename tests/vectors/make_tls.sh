#!/usr/bin/env bash
# Makes certificates that no portal can use, with their keys: one of X.509 version 1, and
# one for an RSA key that is too short.
set -euo pipefail
cd "$(dirname "$0")/tls"
subject=/CN=portal.example
openssl req -x509 -newkey rsa:1024 -nodes -subj "$subject" -days 36500 \
    -addext subjectAltName=DNS:portal.example -keyout rsa1024.key -out rsa1024.pem
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out v1.key
openssl req -new -key v1.key -subj "$subject" |
    openssl x509 -req -signkey v1.key -days 36500 -out v1.pem
