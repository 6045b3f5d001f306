#!/usr/bin/env bash
# Images of the two programs, of the mail server and of the databases' servers, as archives in target/images, tagged by
# content: what has not changed is not built again. Usage: build-images.sh <cargo profile>
set -euo pipefail
cd "$(dirname "$0")/../.."
profile=$1
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
binaries=target/x86_64-unknown-linux-gnu/$profile
cache=${XDG_CACHE_HOME:-$HOME/.cache}/abetworks/images
mkdir -p target/images "$cache"

build() { # <image> <context> <archive>
  if command -v docker >/dev/null && docker info >/dev/null 2>&1; then
    docker build --quiet --tag "$1" "$2" && docker save --output "$3.new" "$1"
  else
    local storage; storage=$(mktemp -d)
    local buildah=(buildah --root "$storage/root" --runroot "$storage/run" --storage-driver vfs)
    "${buildah[@]}" build --quiet --isolation chroot --tag "$1" "$2" >/dev/null
    "${buildah[@]}" push --quiet "$1" "docker-archive:$3.new:$1"
    rm -rf "$storage"
  fi
  mv "$3.new" "$3"
}

program() { # <Dockerfile's folder, named like the program> <archive's name> <files beside the binary …>
  local folder=$1 name archive=$2 context=target/images/$2-context; shift 2
  name=$(basename "$folder")
  rm -rf "$context" && mkdir -p "$context"
  cp "$folder/Dockerfile" /etc/ssl/certs/ca-certificates.crt "$binaries/$name" "$@" "$context" -r
  strip "$context/$name"
  local tag; tag=$version-$(cd "$context" && find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12)
  if [ "$(cat "target/images/$archive.tag" 2>/dev/null)" != "$tag" ] || [ ! -e "target/images/$archive.tar" ]; then
    echo "image localhost/abetworks/$name:$tag: building"
    build "localhost/abetworks/$name:$tag" "$context" "target/images/$archive.tar"
    echo "$tag" > "target/images/$archive.tag"
  fi
  rm -rf "$context"
}

program operator operator
rm -rf target/images/migrations && cp -r migrations/tenant target/images/migrations
program tenant-app tenant-app target/images/migrations
program tests/cluster/images/mail-catcher mail-catcher
servers=$cache/servers-$(basename "$(readlink -f target/rootfs)").tar
if [ ! -e "$servers" ]; then
  echo "image localhost/abetworks/servers:local: building"
  context=$(mktemp -d)
  cp tests/cluster/images/servers/Dockerfile "$context" && ln "$(readlink -f target/rootfs)/rootfs.tar" "$context/rootfs.tar" 2>/dev/null || cp "$(readlink -f target/rootfs)/rootfs.tar" "$context"
  build localhost/abetworks/servers:local "$context" "$servers" && rm -rf "$context"
fi
ln -sfn "$servers" target/images/servers.tar
