#!/usr/bin/env bash
# Builds Go programs (those of a cluster, or the sets named) into the user's cache, once for each content of go.mod,
# go.sum, *.go, Go version and flags, and points target/programs/<set> at the result.
set -euo pipefail
cd "$(dirname "$0")"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/abetworks/programs"
links=../../../target/programs
mkdir -p "$cache" "$links"
export CGO_ENABLED=0 GOFLAGS=-buildvcs=false

flags() { # what the linker is told: without a version, clients of the API server see v0.0.0
  local version
  version=$(sed -n 's/^\tk8s.io\/kubernetes \(v[0-9.]*\).*/\1/p' "$1/go.mod")
  printf -- '-s -w'
  if [ -n "$version" ]; then
    local package=k8s.io/component-base/version numbers=${version#v}
    printf -- ' -X %s' "$package.gitVersion=$version" "$package.gitMajor=${numbers%%.*}" \
      "$package.gitMinor=$(cut -d. -f2 <<<"$numbers")" "$package.gitTreeState=clean"
  fi
}

compile() { # set, folder, what
  cd "$1" && nice go build -mod=readonly -trimpath -ldflags "$(flags .)" -o "$2/" "$3" || return 1
  [ "$1" != conformance ] ||
    nice go test -c -mod=readonly -trimpath -ldflags "$(flags .)" -o "$2/e2e.test" k8s.io/kubernetes/test/e2e
}

build() { # set, folder
  local what=tool start=$SECONDS fresh
  if [ -e "$1/main.go" ]; then what=.; fi
  fresh=$(mktemp -d "$cache/.$1-XXXXXX")
  echo "programs: building $1 (about $(case $1 in kubernetes | conformance) echo 12 minutes ;; *) echo a minute ;; esac), log in $fresh.log"
  if ! (compile "$1" "$fresh" $what) >"$fresh.log" 2>&1; then
    tail -n 20 "$fresh.log" >&2
    rm -r "$fresh"
    exit 1
  fi
  if [ -e "$fresh/server" ]; then mv "$fresh/server" "$fresh/etcd"; fi # the module's folder names the binary
  rm "$fresh.log"
  chmod 755 "$fresh"
  mv -T "$fresh" "$2" || rm -r "$fresh" # another build of the same content was faster
  echo "programs: $1 built in $((SECONDS - start)) s"
}

for set in "${@:-etcd}" $([ $# -gt 0 ] || echo kubernetes containerd cni coredns); do
  key=$({ cat "$set"/go.mod "$set"/go.sum; find "$set" -name '*.go' -exec cat {} +; go version; flags "$set"; } | sha256sum | cut -c1-16)
  folder=$cache/$set-$key
  [ -d "$folder" ] || build "$set" "$folder"
  ln -sfn "$folder" "$links/$set"
done
