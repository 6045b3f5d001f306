#!/usr/bin/env bash
# Installs Schemathesis into the user's cache, once for each content of requirements.txt, and points
# target/programs/schemathesis at it.
set -euo pipefail
cd "$(dirname "$0")"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/abetworks/programs"
links=../../target/programs
mkdir -p "$cache" "$links"
folder=$cache/schemathesis-$(cat requirements.txt fetch.sh <(python3 --version) | sha256sum | cut -c1-16)
if [ ! -d "$folder" ]; then
  echo "programs: fetching Schemathesis (20 MB)"
  fresh=$(mktemp -d "$cache/.schemathesis-XXXXXX")
  trap 'rm -rf "$fresh"' EXIT
  python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --require-hashes \
    --only-binary :all: --target "$fresh/lib" -r requirements.txt
  printf '#!/bin/sh\nPYTHONPATH="%s/lib" exec python3 -m schemathesis.cli "$@"\n' "$folder" >"$fresh/schemathesis"
  chmod 755 "$fresh" "$fresh/schemathesis"
  mv -T "$fresh" "$folder" || [ -d "$folder" ] # another fetch of the same content was faster
fi
ln -sfn "$folder" "$links/schemathesis"
