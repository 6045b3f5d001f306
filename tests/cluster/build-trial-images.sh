#!/usr/bin/env bash
# Beside the images of build-images.sh, two of the tenant's program with one migration more, which tests use:
# `fails` and `more`. Usage: build-trial-images.sh <cargo profile>
. "$(dirname "$0")/build-images.sh" "$1"
last=$(find migrations/tenant -name '*.sql' -printf '%f\n' | sort | tail -n 1 | cut -c1-4)
next=$(printf %04d $((10#$last + 1)))
for trial in fails more; do
  folder=target/images/$trial
  rm -rf "$folder" && mkdir -p "$folder" && cp -r migrations/tenant "$folder/migrations"
  cp "tests/cluster/images/trial/$trial.sql" "$folder/migrations/${next}_$trial.sql"
  program tenant-app "tenant-app-$trial" "$folder/migrations"
done
