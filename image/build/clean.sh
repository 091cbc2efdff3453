#!/usr/bin/env bash
# clean.sh TREE: takes out what belongs to the machine that built the tree, to one build, or to one machine that will run
# it, so that two builds are the same and two machines are not.
set -euo pipefail
cd -- "$1"

# What mmdebstrap and apt leave, and the archives this machine asked.
rm -f etc/apt/sources.list etc/apt/apt.conf.d/99mmdebstrap etc/dpkg/dpkg.cfg.d/99mmdebstrap
rm -rf var/lib/apt/lists/* var/cache/apt/*
find var/cache/debconf var/lib/dpkg var/lib/apt -name '*-old' -delete
rm -f var/cache/ldconfig/aux-cache var/lib/systemd/catalog/database.old etc/.pwd.lock
rm -f var/lib/ucf/cache/*.old etc/{passwd,group,shadow,gshadow,subuid,subgid}- var/lib/dpkg/lock* var/lib/dpkg/triggers/Lock
rm -f var/lib/dpkg/diversions-old var/lib/dpkg/statoverride-old
rm -rf var/cache/man/*

# Of the machine that built it.
ln -sf ../run/systemd/resolve/stub-resolv.conf etc/resolv.conf

# Cockpit's line above the log-in prompt: the banner says where the web page is, once it may be reached.
rm -f etc/issue.d/cockpit.issue etc/motd.d/cockpit

# Made by each machine for itself at first boot.
rm -f etc/ssh/ssh_host_*
rm -f var/lib/dbus/machine-id var/lib/systemd/random-seed var/lib/systemd/credential.secret
ln -s /etc/machine-id var/lib/dbus/machine-id
echo uninitialized >etc/machine-id
rm -rf etc/ssl/private/* etc/cockpit/ws-certs.d/*

find var/log -type f -delete
find tmp var/tmp run root/.cache -mindepth 1 -delete 2>/dev/null || true
find . -xdev -name __pycache__ -type d -path './usr/local/*' -exec rm -rf {} +

# Passwords last changed, in days: of the build, not of its day.
sed -i -E "s/^([^:]*:[^:]*):[0-9]+:/\1:$((SOURCE_DATE_EPOCH / 86400)):/" etc/shadow
find . -xdev -newermt "@$SOURCE_DATE_EPOCH" -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +
