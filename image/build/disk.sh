#!/usr/bin/env bash
# disk.sh TREE LAYOUT WORK OUT: the disk of LAYOUT with GRUB for BIOS and UEFI and the tree, as OUT/linebridge.raw.
# Runs as the tree's root in a mount namespace of its own.
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
tree=$1 layout=$2 work=$3 out=$4
grub=${GRUB_LIB:-/usr/lib/grub}
root_size=${ROOT_SIZE:-4G}
# Fixed, so that two builds are the same. The disk has one copy in each machine; nothing is found by these.
uuid=4c696e65-6272-4964-8765-000000000001
export E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH MKE2FS_CONFIG=$layout/mke2fs.conf TZ=UTC

rm -rf "$work"
mkdir -p "$work" "$out"

modules=(part_msdos ext2 search search_label configfile normal linux serial terminal test echo)
grub-mkimage -d "$grub/i386-pc" -O i386-pc -p /boot/grub -c "$layout/early.cfg" -o "$work/core.img" biosdisk "${modules[@]}"
grub-mkimage -d "$grub/x86_64-efi" -O x86_64-efi -p /boot/grub -c "$layout/early.cfg" -o "$work/bootx64.efi" \
  fat efi_gop "${modules[@]}"
head -c 440 "$grub/i386-pc/boot.img" >"$work/boot.img"

touch --date "@$SOURCE_DATE_EPOCH" "$work/bootx64.efi"
truncate -s 16M "$work/esp.vfat"
mkfs.vfat --invariant -F 16 -n ESP -i 4c427231 "$work/esp.vfat" >/dev/null
export MTOOLS_SKIP_CHECK=1 SOURCE_DATE_EPOCH
mmd -i "$work/esp.vfat" ::EFI ::EFI/BOOT
mcopy -m -i "$work/esp.vfat" "$work/bootx64.efi" ::EFI/BOOT/BOOTX64.EFI

# The order in folders is that of a fresh copy, not what the tree's history left; atime is not that of a look at it.
mkdir "$work/tree"
mount -t tmpfs -o size=3g,noatime,mode=755 tmpfs "$work/tree"
tar --create --sort=name --xattrs --xattrs-include='*' --numeric-owner --directory "$tree" . |
  tar --extract --preserve-permissions --xattrs --xattrs-include='*' --numeric-owner --directory "$work/tree"
find "$work/tree" -exec touch --no-dereference --time=atime --date "@$SOURCE_DATE_EPOCH" {} +

truncate -s "$root_size" "$work/root.ext4"
mke2fs -q -t ext4 -L linebridge -U "$uuid" -E "hash_seed=$uuid,lazy_itable_init=1,root_owner=0:0" \
  -d "$work/tree" "$work/root.ext4"
umount "$work/tree"
python3 -B "$here/steady_times.py" "$work/root.ext4" "$SOURCE_DATE_EPOCH"
e2fsck -fn "$work/root.ext4" >/dev/null 2>&1

mkdir "$work/empty"
genimage --loglevel 0 --config "$layout/disk.cfg" --rootpath "$work/empty" --tmppath "$work/tmp" \
  --inputpath "$work" --outputpath "$out"
