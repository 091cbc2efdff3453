# shellcheck shell=bash
# ./dev image

IMAGE_CACHE=${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/linebridge/image

help_image() {
  cat <<'END_OF_HELP'
Usage: ./dev image [--variant NAME] [--without-debs] [--afresh] [--twice]
       ./dev image --check [--only CASE] [--seed NUMBER]
       ./dev image --try [--fresh] [--unattended] [--uefi]
       ./dev image --box

Builds the appliance: a disk that starts by BIOS and by UEFI, in build/image/NAME/:

  linebridge.qcow2     for QEMU, KVM, libvirt, Proxmox
  linebridge.raw.zst   for anything: unpack it onto a disk
  linebridge.vmdk      for VMware and VirtualBox
  linebridge.manifest  every package in it with its version
  SHA256SUMS

Takes about three minutes; what did not change since the last time is not made again.

  --variant NAME   product (this is the default), or another folder of image/variants
  --without-debs   Debian alone, without our packages
  --box            the boxes of the Vagrantfile instead: of the variants lab and peer, for libvirt and VirtualBox, in
                   build/image/boxes/
  --afresh         nothing is taken from the last time but downloaded packages
  --twice          then once more afresh; both disks must be the same byte for byte

  --check          boots what was built in QEMU: sets it up in each way, makes calls, cuts the power, upgrades it.
                   Cases: console, unattended, power, stick; --seed repeats what was random
  --try            boots it for you, its serial line in this terminal, with a simulated Unified CM and OCS beside it;
                   its disk is kept until --fresh. --unattended: it sets itself up
END_OF_HELP
}

dev_image() {
  local variant=product debs=1 afresh='' boxes='' twice='' word
  case ${1:-} in
    --check | --try)
      word=${1#--}
      shift
      "image_$word" "$@"
      return
      ;;
  esac
  while (($#)); do
    word=$1
    shift
    case $word in
      --variant)
        (($#)) || fail "image: --variant needs a name, see ./dev image --help"
        variant=$1
        shift
        ;;
      --without-debs) debs='' ;;
      --afresh) afresh=1 ;;
      --box) boxes=1 ;;
      --twice) twice=1 ;;
      *) fail "image: no such option: $word, see ./dev image --help" ;;
    esac
  done
  if [[ -n $boxes ]]; then
    image_boxes
    return
  fi
  [[ $variant == product || -d image/variants/$variant ]] || fail "image: no such variant: $variant (image/variants)"
  ensure_packages "./dev image" "${TREE_PACKAGES[@]}" "${IMAGE_PACKAGES[@]}"
  need_room 12000 1500
  image_settings "$variant" "$debs"
  image_build "$afresh"
  [[ -z $twice ]] || image_twice
}

# Sets what the stages below share: IMAGE_*.
image_settings() {
  local base=image
  IMAGE_VARIANT=$1
  IMAGE_OUT=$HOME_DIR/build/image/$1
  IMAGE_RELEASE=$(cat "image/variants/$1/release" 2>/dev/null || echo trixie)
  # Another release has names of its own, so such a variant lists all it needs.
  [[ $IMAGE_RELEASE == trixie ]] || base=
  IMAGE_LISTS=()
  IMAGE_LAYERS=()
  for base in ${base:+"$base"} "image/variants/$1"; do
    [[ ! -e $base/packages ]] || IMAGE_LISTS+=("$base/packages")
    [[ ! -e $base/debs ]] || IMAGE_LISTS+=("$base/debs")
    [[ ! -d $base/rootfs ]] || IMAGE_LAYERS+=("$HOME_DIR/$base/rootfs")
  done
  mapfile -t IMAGE_PACKAGES_OF_DEBIAN < <(image_names | grep -v '^linebridge')
  IMAGE_DEBS=()
  if [[ -n $2 ]]; then
    debs_for "$IMAGE_RELEASE"
    for base in $(image_names | grep '^linebridge'); do
      IMAGE_DEBS+=("$(realpath -- "$DEBS/$base"_*.deb)")
    done
  fi
  SOURCE_DATE_EPOCH=$(commit_time)
  export SOURCE_DATE_EPOCH
}

# The names in the lists of this variant.
image_names() { sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "${IMAGE_LISTS[@]}" | sort -u; }

# image_build AFRESH
image_build() {
  local total=$SECONDS
  stage "archives" image_archives
  [[ -z $1 ]] || image_forget
  stage "debian" image_debian
  stage "tree" image_tree
  stage "disk" image_disk
  stage "formats" image_formats
  stage_table
  (cd "$IMAGE_OUT" && du -m --apparent-size linebridge.qcow2 linebridge.raw.zst linebridge.vmdk)
  say "$IMAGE_OUT in $((SECONDS - total)) s"
}

# image_twice: the same from nothing; the two disks and, to name what differs, the two trees.
image_twice() {
  local disk=$IMAGE_OUT/linebridge.raw
  mv "$disk" "$disk.first"
  as_tree_root bash image/build/listing.sh "$IMAGE_OUT/tree" >"$IMAGE_OUT/tree.first"
  say "the same from nothing"
  stage "archives" image_archives
  image_forget
  stage "debian" image_debian
  stage "tree" image_tree
  stage "disk" image_disk
  as_tree_root bash image/build/listing.sh "$IMAGE_OUT/tree" >"$IMAGE_OUT/tree.second"
  diff "$IMAGE_OUT/tree.first" "$IMAGE_OUT/tree.second" || fail "image: these files differ between two builds"
  cmp "$disk.first" "$disk" || fail "image: the trees are the same, the disks are not"
  remove_tree "$IMAGE_OUT/debian"
  rm -f "$disk.first" "$IMAGE_OUT"/tree.{first,second} "$IMAGE_OUT/debian.lock"
  # What was packed before is what would be packed now.
  printf '%s\n' "$IMAGE_DISK_KEY" >"$IMAGE_OUT/formats.made"
  say "built twice, the same byte for byte: $(sha256sum <"$disk" | cut -c1-16)"
}

# What the archives offer now, by digest: Debian's part is made again when it changes.
image_archives() {
  local folder=$IMAGE_OUT/archives uri suite
  rm -rf "$folder"
  mkdir -p "$folder"
  archives_for "$IMAGE_RELEASE" >"$folder/sources.list"
  while read -r _ uri suite _; do
    /usr/lib/apt/apt-helper -qq download-file "${uri%/}/dists/$suite/InRelease" "$folder/$suite" &>/dev/null ||
      fail "image: the archive does not answer: $uri"
  done <"$folder/sources.list"
  IMAGE_KEY=$({
    printf '%s\n' 'dated 2100' "$IMAGE_RELEASE" "${IMAGE_PACKAGES_OF_DEBIAN[@]}"
    cat image/build/debian.sh image/rootfs/etc/dpkg/dpkg.cfg.d/linebridge "$folder"/*
  } | sha256sum | cut -c1-16)
  IMAGE_DEBIAN=$IMAGE_CACHE/debian-$IMAGE_RELEASE-$IMAGE_KEY
}

# Debian's part is made again too, in a place of its own: another build may be copying the kept one.
image_forget() {
  IMAGE_DEBIAN=$IMAGE_OUT/debian
  remove_tree "$IMAGE_DEBIAN"
  rm -f "$IMAGE_OUT"/{tree,disk,formats}.made
}

# Debian's part of the tree, kept below the cache until it was not used for two days. Builds that want the same wait for
# the one that makes it.
image_debian() {
  local old began
  mkdir -p "$IMAGE_CACHE"
  exec {IMAGE_LOCK}>"$IMAGE_DEBIAN.lock"
  flock "$IMAGE_LOCK"
  if [[ ! -d $IMAGE_DEBIAN ]]; then
    remove_tree "$IMAGE_DEBIAN.part"
    began=$(date +%s)
    bash image/build/debian.sh "$IMAGE_RELEASE" "$(printf '%s\n' "${IMAGE_PACKAGES_OF_DEBIAN[@]}" | paste -sd,)" \
      image/rootfs/etc/dpkg/dpkg.cfg.d/linebridge "$IMAGE_CACHE/archives-$IMAGE_RELEASE" "$IMAGE_DEBIAN.part" \
      <"$IMAGE_OUT/archives/sources.list" {IMAGE_LOCK}>&-
    # What only the building dated gets a date to come, which the finished tree replaces: a tree kept from before the
    # last commit must be as one made after it.
    as_tree_root find "$IMAGE_DEBIAN.part" -xdev -newermt "@$began" -exec touch --no-dereference --date 2100-01-01 {} +
    mv "$IMAGE_DEBIAN.part" "$IMAGE_DEBIAN"
  fi
  touch "$IMAGE_DEBIAN"
  exec {IMAGE_LOCK}>&-
  while IFS= read -r old; do
    remove_tree "$old"
    rm -f "$old.lock"
  done < <(find "$IMAGE_CACHE" -mindepth 1 -maxdepth 1 -name 'debian-*' -type d -mtime +1)
}

# image_step NAME KEY COMMAND...: runs it unless it ran before with the same key.
image_step() {
  local mark=$IMAGE_OUT/$1.made key=$2
  shift 2
  if [[ $(cat "$mark" 2>/dev/null) != "$key" ]]; then
    rm -f "$mark"
    "$@"
    printf '%s\n' "$key" >"$mark"
  else
    echo "    nothing changed"
  fi
}

# image_digest PATH...: of all files below the paths: names, modes, contents and where links lead.
image_digest() {
  { find "$@" -printf '%p %m %l\n'; find "$@" -type f -exec sha256sum {} +; } | sort | sha256sum | cut -c1-16
}

image_tree() {
  IMAGE_TREE_KEY="$IMAGE_KEY $SOURCE_DATE_EPOCH $(image_digest image/build "${IMAGE_LAYERS[@]%/rootfs}" "${IMAGE_DEBS[@]}")"
  image_step tree "$IMAGE_TREE_KEY" image_tree_afresh
}

image_tree_afresh() {
  remove_tree "$IMAGE_OUT/tree"
  as_tree_root bash image/build/tree.sh "$IMAGE_DEBIAN" "$IMAGE_OUT/tree" "$IMAGE_CACHE/archives-$IMAGE_RELEASE" \
    "${IMAGE_LAYERS[@]}" -- "${IMAGE_DEBS[@]}"
  image_manifest >"$IMAGE_OUT/linebridge.manifest"
  local lab=()
  [[ $IMAGE_VARIANT == product ]] || lab=(--lab)
  as_tree_root python3 -B image/build/check_tree.py "$IMAGE_OUT/tree" --offered "$IMAGE_OUT/tree.offered" "${lab[@]}"
}

image_manifest() {
  dpkg-query --admindir="$IMAGE_OUT/tree/var/lib/dpkg" --show --showformat '${Package} ${Version} ${Architecture}\n'
}

image_disk() {
  IMAGE_DISK_KEY="$IMAGE_TREE_KEY $(image_digest image/layout)"
  image_step disk "$IMAGE_DISK_KEY" \
    as_tree_root bash image/build/disk.sh "$IMAGE_OUT/tree" "$HOME_DIR/image/layout" "$IMAGE_OUT/parts" "$IMAGE_OUT"
}

image_formats() { image_step formats "$IMAGE_DISK_KEY" image_formats_afresh; }

image_formats_afresh() {
  (
    cd "$IMAGE_OUT" || exit
    rm -rf parts
    qemu-img convert -f raw -O qcow2 -o compression_type=zstd -c linebridge.raw linebridge.qcow2
    qemu-img convert -f raw -O vmdk -o subformat=streamOptimized linebridge.raw linebridge.vmdk
    zstd --quiet --force --threads=0 -10 --sparse linebridge.raw -o linebridge.raw.zst
    sha256sum linebridge.qcow2 linebridge.raw.zst linebridge.vmdk linebridge.manifest >SHA256SUMS
    local name
    for name in linebridge.qcow2 linebridge.raw.zst linebridge.vmdk; do
      (($(stat --format %s "$name") <= 600 * 1024 * 1024)) || fail "image: $name is larger than 600 MiB"
    done
  )
}
