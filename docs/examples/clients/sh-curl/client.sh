#!/bin/sh
# A license client for the POSIX shell: curl asks, and asks again where it thinks that this helps.
#
#   client.sh URL REQUEST_FILE REPLY_FILE KEY_CHECK [CA_FILE]
#
# It ends with 0 once the license is in REPLY_FILE; what every other exit status means stands in profile.yaml. A shell has no
# need of the JSON protocol: this one joins by the wire adapter of ../../../client-protocol.md.

set -eu

url=$1 request=$2 reply=$3 key_check=$4 ca=${5:-}
part=$reply.part
trap 'rm -f "$part"' EXIT

# --fail: without it a page that says 503 is a success. --max-time is for each attempt, so that the whole may take longer.
# --location is left out: a license service has no reason to send its clients elsewhere.
set -- --silent --show-error --fail --proto '=http,https' \
  --connect-timeout 5 --max-time 10 --max-filesize 1000000 \
  --retry 3 --retry-max-time 300 \
  --header 'Content-Type: application/json' --data-binary "@$request" \
  --output "$part" --write-out '%{http_code} %{content_type}'
[ -z "$ca" ] || set -- --cacert "$ca" "$@"

if said=$(curl "$@" "$url"); then code=0; else code=$?; fi

# curl has one exit status for every 4xx and 5xx. The user is told more.
case $code in
  0) ;;
  22)
    case $said in
      429*) exit 75 ;; # EX_TEMPFAIL: not now
      4*) exit 77 ;;   # EX_NOPERM: asking again is of no use
      *) exit 69 ;;    # EX_UNAVAILABLE
    esac
    ;;
  *) exit "$code" ;;
esac

# A redirect is no license, nor is a hotel's login page, and neither counts as a failure with curl.
case $said in
  '200 application/json'*) ;;
  *) echo "no license but: $said" >&2; exit 65 ;; # EX_DATAERR
esac
key=$(sed -n 's/.*"k" *: *"\([A-Za-z0-9_-]\{22\}\)".*/\1/p' "$part")
[ -n "$key" ] || { echo 'there is no key in the reply' >&2; exit 65; }

# A key that opens nothing is no license either.
check=$(printf '%s==' "$key" | tr '_-' '/+' | base64 -d | sha256sum | cut -c 1-16)
[ "$check" = "$key_check" ] || { echo 'the key does not open the content' >&2; exit 65; }

mv "$part" "$reply"
