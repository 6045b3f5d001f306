#!/usr/bin/env bash
# Looks for the tools that are not installed by the targets themselves; says what is missing and how to get it.
set -uo pipefail
failed=0
need() { # <tool> <version wanted> <version found> <command that installs it>
  if [ -z "$3" ]; then
    echo "$1: not found, wanted $2 or newer; install it: $4" >&2; failed=1
  elif [ "$(printf '%s\n%s\n' "$2" "$3" | sort -V | head -n 1)" != "$2" ]; then
    echo "$1: found $3, wanted $2 or newer; install it: $4" >&2; failed=1
  elif [ "${VERBOSE:-}" ]; then
    echo "$1 $3"
  fi
}
first() { grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)?' | head -n 1; }
need cargo 1.95.0 "$(cargo --version 2>/dev/null | first)" "rustup toolchain install 1.95.0"
need go 1.26.0 "$(go version 2>/dev/null | first)" "the archive of go1.26 from the Go project's downloads page"
need node 20.19.0 "$(node --version 2>/dev/null | first)" "the package nodejs of NodeSource, or nvm install 20"
need npm 11.0.0 "$(npm --version 2>/dev/null | first)" "npm install --global npm@11"
need python3 3.9 "$(python3 --version 2>/dev/null | first)" "apt-get install python3 python3-pip"
need cc 10.0 "$(cc -dumpfullversion 2>/dev/null | first)" "apt-get install gcc"
if [ "$(uname -s)-$(uname -m)" != Linux-x86_64 ]; then
  echo "the local cluster runs on Linux x86-64; this is $(uname -s) $(uname -m)" >&2; failed=1
fi
exit $failed
