#!/usr/bin/env bash
# Runs one step of `make test` and notes its minutes in target/steps. Usage: step.sh <name> <command …>
set -uo pipefail
name=$1; shift
start=$SECONDS
echo "── $name"
"$@"; code=$?
mkdir -p target
printf '%-22s %6.1f min  %s\n' "$name" "$(bc -l <<<"($SECONDS-$start)/60")" "$([ $code = 0 ] && echo passed || echo FAILED)" >>target/steps
exit $code
