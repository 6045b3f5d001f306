#!/usr/bin/env bash
# Prints the figures of tenant-app as released (`make bench` builds it), on servers of its own.
set -euo pipefail
cd "$(dirname "$0")/../.."
programs=target/x86_64-unknown-linux-gnu/release
for program in tenant-app bench; do
  if [ ! -x "$programs/$program" ]; then echo "bench: $programs/$program is not built: run \`make bench\`" >&2; exit 1; fi
done
"$programs/bench" "$programs/tenant-app"
for part in lists records; do "$programs/bench" "$programs/tenant-app" "$part"; done
