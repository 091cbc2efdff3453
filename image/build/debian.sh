#!/usr/bin/env bash
# debian.sh SUITE PACKAGE,... DPKG_OPTIONS ARCHIVES TREE <SOURCES
# Debian's part of the tree: the packages named, from the archives on standard input, with nothing of ours. Downloaded
# packages are kept in the folder ARCHIVES. Run as root or by a user with subordinate ids.
# shellcheck disable=SC2016  # hooks are run by mmdebstrap's shell
set -euo pipefail
suite=$1 include=$2 dpkg_options=$3 archives=$4 tree=$5

mode=unshare
((EUID != 0)) || mode=root
mkdir -p "$archives"

# The initial RAM disk is made once, at the end, when all that goes into it is there: neither by the kernel's package
# (INITRD) nor by triggers (update-initramfs.conf).
INITRD=No mmdebstrap --quiet --mode="$mode" --variant=minbase --include="$include" \
  --aptopt='Apt::Install-Recommends "false"' --aptopt='Acquire::Retries "3"' --dpkgopt="$dpkg_options" --dpkgopt=force-confold \
  --skip=essential/unlink,cleanup/apt \
  --setup-hook='mkdir -p "$1/var/cache/apt/archives" "$1/etc/initramfs-tools"' \
  --setup-hook='echo update_initramfs=no >"$1/etc/initramfs-tools/update-initramfs.conf"' \
  --setup-hook="sync-in $archives /var/cache/apt/archives" \
  --customize-hook="sync-out /var/cache/apt/archives $archives" \
  --customize-hook='cd "$1/etc/initramfs-tools" && mv update-initramfs.conf.dpkg-dist update-initramfs.conf' \
  --customize-hook='find "$1/var/cache/apt" -type f -delete' \
  "$suite" "$tree" -
