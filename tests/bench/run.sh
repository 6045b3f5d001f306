#!/usr/bin/env bash
# Prints the figures of tenant-app as released (`make bench` builds it), on servers of its own.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=target/x86_64-unknown-linux-gnu/release/tenant-app
if [ ! -x "$program" ]; then echo "bench: $program is not built: run \`make bench\`" >&2; exit 1; fi
cargo run --quiet --release -p bench -- "$program"
cargo run --quiet --release -p bench -- "$program" lists
