#!/usr/bin/env bash
# Installs the Debian packages that the local cluster and the tests need, where they are missing, without starting a
# service. Elsewhere than as root on Debian it says what to install and touches nothing. What it installed is written
# down in the user's cache, for `make purge` to tell.
set -euo pipefail
record="${XDG_CACHE_HOME:-$HOME/.cache}/abetworks/debian-packages"
packages=(runc nftables iproute2 socat conntrack buildah mmdebstrap openssl util-linux procps python3-pip gcc libc6-dev chromium prometheus)
declare -A program=([runc]=runc [nftables]=nft [iproute2]=ip [socat]=socat [conntrack]=conntrack [buildah]=buildah
  [mmdebstrap]=mmdebstrap [openssl]=openssl [util-linux]=setpriv [procps]=sysctl [python3-pip]=pip [gcc]=cc
  [libc6-dev]=/usr/include/stdlib.h [chromium]=chromium [prometheus]=promtool)

missing=()
for package in "${packages[@]}"; do
  wanted=${program[$package]}
  if ! { command -v "$wanted" || [ -e "$wanted" ] || [ -x "/usr/sbin/$wanted" ]; } >/dev/null; then missing+=("$package"); fi
done
if [ ${#missing[@]} = 0 ]; then exit 0; fi

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || ! grep -qs '^ID=debian' /etc/os-release; then
  echo "These programs are missing; install them (in Debian's packages of these names) and run this again:" >&2
  for package in "${missing[@]}"; do echo "  ${program[$package]} ($package)" >&2; done
  exit 1
fi

echo "packages: installing ${missing[*]}"
mkdir -p "$(dirname "$record")"
# A policy of 101 forbids packages to start their services; one that is there already stays.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  trap 'rm -f "$policy"' EXIT
fi
log=$(mktemp)
if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  exit 1
fi
rm "$log"
printf '%s\n' "${missing[@]}" >>"$record"
