#!/usr/bin/env bash
# install.sh PACKAGE...: installs Debian packages, as root. Asks nothing, takes no recommends, starts no service.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 NEEDRESTART_SUSPEND=1

mkdir -p /run/lock # a container may start without it
exec 9>/run/lock/linebridge-packages
flock 9 # two starts of ./dev take turns

# A package that is installed by us shall not start its service. A policy that stands already is the
# administrator's and stays; one of ours is left over from a start that was killed.
policy=/usr/sbin/policy-rc.d
ours='# while ./dev installs packages'
if [[ ! -e $policy && ! -L $policy ]] || grep -qsxF "$ours" "$policy"; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\n%s\nexit 101\n' "$ours" >"$policy"
  chmod 755 "$policy"
fi

apt=(apt-get --quiet=2 --yes --option DPkg::Lock::Timeout=900 --option Acquire::Retries=3
  --option Dpkg::Use-Pty=0 --option Dpkg::Options::=--force-confdef --option Dpkg::Options::=--force-confold)
log=$(mktemp)
quietly() { "$@" >"$log" 2>&1 || { tail -n 40 "$log" >&2; return 1; }; }

for attempt in 1 2 3; do # another apt-get may hold the lists
  quietly "${apt[@]}" update && break
  [[ $attempt == 3 ]] && exit 1
  sleep 20
done
quietly "${apt[@]}" install --no-install-recommends "$@"
rm -f "$log"
