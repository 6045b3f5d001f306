#!/usr/bin/env bash
# Keeps what cargo built of other people's crates in the user's cache, and puts it into an empty target/: `restore`, and
# `keep <step>` after a step that builds. Our own crates are never kept: which of their sources is newer, times cannot tell.
set -euo pipefail
cd "$(dirname "$0")/.."
cache="${XDG_CACHE_HOME:-$HOME/.cache}/abetworks"
mapfile -t manifests < <(find . -name Cargo.toml -not -path './target/*' -not -path './web/*' | sort)
key=$({ cat Cargo.lock .cargo/config.toml "${manifests[@]}"; rustc -vV; } | sha256sum | cut -c1-16)
folder=$cache/dependencies-$key
parts=(ci x86_64-unknown-linux-gnu/ci) # of build scripts and macros, of programs

copy() { # <part> <into>: what is not ours
  local ours=() package
  while read -r package; do ours+=(--exclude="./$package-*"); done \
    < <(cargo tree --workspace --depth 0 --prefix none | sed -n 's/ .*//p' | sort -u)
  for inner in build .fingerprint; do
    mkdir -p "$2/$inner"
    tar -C "target/$1/$inner" "${ours[@]}" -cf - . | tar -C "$2/$inner" -xf -
  done
  mkdir -p "$2/deps"
  # The list of sources beside each artefact tells whose it is.
  (cd "target/$1/deps" && { grep -lF "${CARGO_HOME:-$HOME/.cargo}/registry/" -- *.d || true; } | while read -r sources; do
    ls -d "${sources%.d}".* "lib${sources%.d}".* 2>/dev/null || true
  done | sort -u | tar -cf - --files-from=-) | tar -C "$2/deps" -xf -
}

case $1 in
restore)
  if [ ! -d "$folder" ] || [ -d target/ci ] || [ -d target/x86_64-unknown-linux-gnu/ci ]; then exit 0; fi
  echo "dependencies: from $folder"
  for part in "${parts[@]}"; do mkdir -p "target/$part"; cp -a "$folder/$part/." "target/$part"; done
  ;;
keep)
  if [ -e "$folder/$2" ]; then exit 0; fi
  mkdir -p "$cache"
  fresh=$(mktemp -d "$cache/.dependencies-XXXXXX")
  for part in "${parts[@]}"; do copy "$part" "$fresh/$part"; done
  touch "$fresh/$2"
  for before in build lint; do if [ -e "$folder/$before" ]; then touch "$fresh/$before"; fi; done
  rm -rf "$cache"/dependencies-*
  mv -T "$fresh" "$folder" || rm -rf "$fresh" # another build of the same was faster
  ;;
esac
