#!/usr/bin/env bash
# Builds the root file system with Postgres and Redis into the user's cache: rootfs.tar for the image, rootfs/ for
# the servers that tests start on the host. Once for each content of this script; target/rootfs points at the result.
set -euo pipefail
cd "$(dirname "$0")"
packages=postgresql-15,redis-server,ca-certificates
cache="${XDG_CACHE_HOME:-$HOME/.cache}/abetworks"
target=../../../target
mkdir -p "$cache" "$target"
folder=$cache/rootfs-$(sha256sum build.sh | cut -c1-16)
if [ ! -d "$folder" ]; then
  if [ "$(id -u)" != 0 ]; then echo "rootfs: mmdebstrap needs root here; run this as root" >&2; exit 1; fi
  fresh=$(mktemp -d "$cache/.rootfs-XXXXXX")
  echo "rootfs: installing $packages into a folder of its own (2 minutes), log in $fresh.log"
  if ! mmdebstrap --variant=essential --include="$packages" bookworm "$fresh/rootfs.tar" >"$fresh.log" 2>&1; then
    tail -n 20 "$fresh.log" >&2
    rm -r "$fresh"
    exit 1
  fi
  mkdir "$fresh/rootfs"
  # Device nodes are no use on the host, and unpacking them needs a right that containers lack.
  tar -xf "$fresh/rootfs.tar" -C "$fresh/rootfs" --numeric-owner --exclude='./dev/*'
  rm "$fresh.log"
  chmod 755 "$fresh" # the servers run as a user of their own
  mv -T "$fresh" "$folder" || rm -r "$fresh" # another build of the same content was faster
fi
ln -sfn "$folder" "$target/rootfs"
