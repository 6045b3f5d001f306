#!/usr/bin/env bash
# Fetches the definitions of the Gateway API, which are files of a Go module, into the user's cache, once for each
# content of go.sum, and points target/programs/gateway at them.
set -euo pipefail
cd "$(dirname "$0")"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/abetworks/programs"
links=../../../../target/programs
mkdir -p "$cache" "$links"
folder=$cache/gateway-$(sha256sum go.sum fetch.sh | sha256sum | cut -c1-16)
if [ ! -d "$folder" ]; then
  go mod download sigs.k8s.io/gateway-api
  fresh=$(mktemp -d "$cache/.gateway-XXXXXX")
  cp "$(go list -m -mod=readonly -f '{{.Dir}}' sigs.k8s.io/gateway-api)"/config/crd/standard/*.yaml "$fresh"
  rm "$fresh"/*_vap_*.yaml # a policy against older definitions, which nobody brings here
  chmod 755 "$fresh"
  chmod 644 "$fresh"/*
  mv -T "$fresh" "$folder" || rm -r "$fresh" # another fetch of the same content was faster
fi
ln -sfn "$folder" "$links/gateway"
