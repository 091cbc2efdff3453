#!/usr/bin/env bash
# tree.sh DEBIAN TREE ARCHIVES ROOTFS... [-- DEB...]
# The finished tree: a copy of Debian's part, our packages, image/rootfs and what variants lay over it, what starts by
# itself, the initial RAM disk; then everything that belongs to one machine or one build is taken out. What our packages
# need of Debian is downloaded to the folder ARCHIVES.
# Runs as the tree's root in a mount namespace of its own. SOURCE_DATE_EPOCH is the youngest time of any file.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
debian=$1 tree=$2 archives=$3
shift 3
layers=()
while (($#)) && [[ $1 != -- ]]; do
  layers+=("$1")
  shift
done
shift || true

inside() { env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" \
  http_proxy="${http_proxy:-}" DEBIAN_FRONTEND=noninteractive chroot "$tree" "$@"; }

cp -a "$debian" "$tree"
mount -t proc proc "$tree/proc"
mount -t sysfs sysfs "$tree/sys" 2>/dev/null || true
mount --rbind /dev "$tree/dev"

if (($#)); then
  printf '#!/bin/sh\nexit 101\n' >"$tree/usr/sbin/policy-rc.d"
  chmod 755 "$tree/usr/sbin/policy-rc.d"
  mount --bind "$archives" "$tree/var/cache/apt/archives"
  # The link leads into a machine that runs.
  rm -f "$tree/etc/resolv.conf"
  cp /etc/resolv.conf "$tree/etc/resolv.conf"
  mkdir "$tree/debs"
  cp -- "$@" "$tree/debs"
  inside sh -c 'apt-get --quiet=2 --yes --no-install-recommends --option Dpkg::Use-Pty=0 \
    --option Acquire::Retries=3 --option APT::Keep-Downloaded-Packages=1 install /debs/*.deb' </dev/null >/dev/null
  rm -r "$tree/debs" "$tree/usr/sbin/policy-rc.d"
  umount "$tree/var/cache/apt/archives"
fi

# What the archives offer of each package, for who judges the tree.
# shellcheck disable=SC2016 # dpkg-query's own words
inside sh -c 'dpkg-query --show --showformat "\${Package}\n" | xargs apt-cache policy' |
  awk '/^[^ ]/ { name = $1; sub(":$", "", name) } $1 == "Candidate:" { print name, $2 }' >"$tree.offered"

# Hooks stand beside the trees they belong to.
for layer in "${layers[@]}"; do
  cp -a --no-preserve=ownership "$layer/." "$tree"
  [[ ! -x $layer/../hook ]] || "$layer/../hook" "$tree"
done
inside systemctl preset-all --quiet 2>/dev/null

for version in "$tree"/lib/modules/*; do
  version=${version##*/}
  inside update-initramfs -c -k "$version" >/dev/null
  # As linux-update-symlinks does with the next kernel.
  ln -sfn "boot/vmlinuz-$version" "$tree/vmlinuz"
  ln -sfn "boot/initrd.img-$version" "$tree/initrd.img"
done
rm -f "$tree/vmlinuz.old" "$tree/initrd.img.old"
[[ -s $tree/boot/initrd.img-$version ]]

umount --lazy "$tree/proc" "$tree/dev"
umount --lazy "$tree/sys" 2>/dev/null || true
bash "$here/clean.sh" "$tree"
