#!/usr/bin/env bash
# Runs one step of `make test` and notes its minutes in target/steps. Usage: step.sh <name> <command …>
set -uo pipefail
name=$1; shift
start=$SECONDS
echo "── $name"
"$@"; code=$?
mkdir -p target
minutes=$(awk "BEGIN { printf \"%.1f\", ($SECONDS - $start) / 60 }")
printf "%-22s %6s min  %s\n" "$name" "$minutes" "$([ $code = 0 ] && echo passed || echo FAILED)" >>target/steps
exit $code
