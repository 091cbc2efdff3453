# shellcheck shell=bash
# Small Debian trees of another release: a folder with its packages, made once by mmdebstrap and kept in the cache under
# a name that changes with the list of packages. Made and entered as root, or as a user with subordinate ids.

TREES=${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/linebridge/trees

# The archives of this machine, read from apt, with another release in place of ours.
archives_for() {
  local suite=$1
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' | sort -u |
    while read -r uri release component; do
      [[ $release == "$(debian_codename)"* && $component == main ]] || continue
      echo "deb $uri ${release/#$(debian_codename)/$suite} $component"
    done
}

# tree_for SUITE PACKAGE...: makes the tree if it is not there and sets TREE to its path.
tree_for() {
  local suite=$1 key part mode=unshare
  shift
  key=$(printf '%s\n' "$@" | sort -u | sha256sum | cut -c1-12)
  TREE=$TREES/$suite-$key
  [[ ! -d $TREE ]] || return 0
  ensure_packages "a Debian tree ($suite)" "${TREE_PACKAGES[@]}"
  need_room 6000 1000
  say "a Debian tree: $suite with $# packages and what they need"
  ((EUID != 0)) || mode=root
  mkdir -p "$TREES"
  part=$TREE.part
  remove_tree "$part"
  archives_for "$suite" |
    mmdebstrap --quiet --variant=apt --mode="$mode" \
      --include="$(printf '%s\n' "$@" | sort -u | paste -sd,)" \
      --aptopt='Acquire::Retries "3"' --dpkgopt=path-exclude=/usr/share/doc/* --dpkgopt=path-exclude=/usr/share/man/* \
      "$suite" "$part" -
  mv "$part" "$TREE"
}

# in_tree TREE COMMAND...: runs a command as the tree's root, with /proc and /dev, in a mount namespace of its own.
in_tree() {
  as_tree_root bash -c '
    set -e
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
    tree=$1
    shift
    exec env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM="${TERM:-dumb}" chroot "$tree" "$@"
  ' in_tree "$@"
}

# The tree's root owns what is in it, but not the folder it stands in.
remove_tree() {
  [[ -e $1 ]] || return 0
  as_tree_root find "$1" -xdev -mindepth 1 -delete
  rmdir "$1"
}

as_tree_root() {
  if ((EUID == 0)); then
    unshare --mount --pid --fork --kill-child "$@"
  else
    mmdebstrap --unshare-helper "$@"
  fi
}
