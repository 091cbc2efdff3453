# shellcheck shell=bash
# ./dev debs: Debian packages of us, built in a tree of the release they are for.

# What packages are made from. The tests go along where they are run.
DEBS_FROM=(CMakeLists.txt cmake configs gateway lb image/debian image/setup
  tests/CMakeLists.txt tests/simulators tests/bench tests/load tests/fuzz)
DEBS_TESTS=(tests docs image LICENSE ARCHITECTURE.md)
DEBS_PLACE=/build/linebridge # In the tree; the same for everybody, so that equal sources make equal packages.

help_debs() {
  cat <<'END'
Usage: ./dev debs [RELEASE] [--test]

Builds our Debian packages for RELEASE (trixie; or bookworm) into build/debs/RELEASE, unless they are there and were made
from the same sources. It is done in a small tree of that release, kept in the cache with what the compiler made.

  --test  runs the tests while building (unit, flow, the front end with that release's HAProxy), then lintian, then
          installs, upgrades, removes and purges the packages in a tree with nothing else in it
END
}

dev_debs() {
  local release=trixie wants_test='' word
  for word in "$@"; do
    case $word in
      --test) wants_test=--test ;;
      trixie | bookworm) release=$word ;;
      *) fail "debs: no such release or option: $word, see ./dev debs --help" ;;
    esac
  done
  stage "debs $release" debs_for "$release" $wants_test
  [[ -z $wants_test ]] || check_debs "$release"
  printf '%s\n' "$DEBS"/*.deb
}

# debs_for RELEASE [--test]: builds what is missing or old, and sets DEBS to the folder of the packages.
debs_for() {
  local release=$1 wants_test=${2:-} digest
  DEBS=$HOME_DIR/build/debs/$release
  digest=$(debs_digest "$release" "$wants_test")
  if [[ $(cat "$DEBS/digest$wants_test" 2>/dev/null) == "$digest" ]]; then
    say "packages for $release: made from these sources already"
    return 0
  fi
  need_room 4000 1500
  debs_tree "$release"
  # One build at a time in a tree.
  mkdir -p "$DEBS"
  exec {DEBS_LOCK}>"$TREE.lock"
  flock --nonblock "$DEBS_LOCK" || { say "packages for $release: another build is at work in that tree, waiting" && flock "$DEBS_LOCK"; }
  debs_build "$release" "$wants_test"
  exec {DEBS_LOCK}>&-
  echo "$digest" >"$DEBS/digest$wants_test"
  [[ -z $wants_test ]] || debs_digest "$release" '' >"$DEBS/digest"
}

debs_tree() { tree_for "$1" "${BUILD_PACKAGES[@]}" "${PACKAGE_PACKAGES[@]}"; }

# debs_files [--test]: what a build takes, as far as it is there.
debs_files() {
  local names=("${DEBS_FROM[@]}")
  [[ -z ${1:-} ]] || names+=("${DEBS_TESTS[@]}")
  our_files | grep -zE "^($(IFS='|' && echo "${names[*]}"))(/|$)" | sort -zu
}

debs_digest() {
  { echo "$1"; debs_date; debs_files "$2" | xargs -0 sha256sum; } | sha256sum | cut -c1-32
}

# The time of the last commit that changed what packages are made from; of sources without a history, of the newest file.
debs_date() {
  local date
  date=$(git log -1 --format=%ct -- "${DEBS_FROM[@]}" 2>/dev/null || true)
  [[ -n $date ]] || date=$(debs_files | xargs -0 stat --format=%Y | sort -n | tail -n 1)
  echo "$date"
}

# Packages of an older release are older, so that an upgrade of the machine replaces them.
debs_version() {
  local suffix=''
  [[ $1 != bookworm ]] || suffix='~deb12'
  echo "$(product_version)$suffix"
}

debs_build() {
  local release=$1 wants_test=$2 date options start=$SECONDS log=$DEBS/build.log
  date=$(debs_date)
  options="parallel=$(jobs)"
  [[ -n $wants_test ]] || options+=" nocheck"
  debs_files "$wants_test" | tar --create --null --files-from=- | in_tree "$TREE" sh -c '
    set -e
    rm -rf "$1" && mkdir -p "$1" && cd "$1" && tar --extract --no-same-owner
    mv image/debian debian
    sed -e "s/@VERSION@/$2/" -e "s/@RELEASE@/$3/" -e "s/@DATE@/$(date --utc --rfc-email --date="@$4")/" \
      debian/changelog.in >debian/changelog
    rm debian/changelog.in' sh "$DEBS_PLACE" "$(debs_version "$release")" "$release" "$date"
  say "packages for $release: building, words in ${log#"$HOME_DIR/"}"
  in_tree "$TREE" sh -c '
    cd "$1" && export SOURCE_DATE_EPOCH="$2" DEB_BUILD_OPTIONS="$3" CCACHE_DIR=/var/cache/linebridge-ccache CCACHE_MAXSIZE=2G
    rm -f ../*.deb ../*.buildinfo ../*.changes
    dpkg-buildpackage -b -us -uc' sh "$DEBS_PLACE" "$date" "$options" >"$log" 2>&1 || {
    tail -n 60 "$log" >&2
    fail "the packages for $release could not be built, see $log"
  }
  debs_take
  say "packages for $release: $(debs_version "$release"), built in $((SECONDS - start)) s"
}

# What the build left beside the sources: packages, those for debuggers in a folder of their own.
debs_take() {
  local built
  built=$TREE$(dirname "$DEBS_PLACE")
  rm -rf "$DEBS"/*.deb "$DEBS/debug" "$DEBS"/*.changes "$DEBS"/*.buildinfo "$DEBS"/digest*
  mkdir -p "$DEBS/debug"
  cp -- "$built"/*.changes "$built"/*.buildinfo "$built"/*.deb "$DEBS/"
  mv -- "$DEBS"/*-dbgsym_*.deb "$DEBS/debug/"
}

# check_debs RELEASE: what is there to say about packages that are built.
check_debs() {
  local release=$1 names=()
  debs_tree "$release"
  stage "lintian on $release" in_throw_away "$TREE" sh -c '
    cp -r /debs/. /tests /tmp && cd /tmp && cp debug/*.deb . &&
    lintian --allow-root --tag-display-limit 0 --fail-on error,warning ./*.changes && python3 -B tests/contents.py /debs'
  mapfile -t names < <(debs_depends)
  tree_for "$release" "${names[@]}"
  stage "packages on $release: install, upgrade, remove, purge" in_throw_away "$TREE" python3 -B /tests/installed.py
}

# What our packages depend on, by name, without ourselves.
debs_depends() {
  local deb
  for deb in "$DEBS"/*.deb; do
    dpkg-deb -f "$deb" Depends
  done | tr ',' '\n' | sed 's/|.*//; s/(.*//; s/[[:space:]]//g' | grep . | grep -v '^linebridge' | sort -u
}

# in_throw_away TREE COMMAND...: as in_tree, but what is changed is forgotten. DEBS is /debs there, tests/packages /tests;
# manual pages are installed too.
in_throw_away() {
  as_tree_root bash -c '
    set -e
    mount -t tmpfs -o size=2G tmpfs /mnt
    cd /mnt
    mkdir new changes tree
    mount -t overlay overlay -o "lowerdir=$1,upperdir=new,workdir=changes" tree
    cd tree
    rm -f etc/dpkg/dpkg.cfg.d/99mmdebstrap
    mkdir debs tests
    mount --bind "$2" debs
    mount --bind "$3" tests
    mount -t proc proc proc
    mount --rbind /dev dev
    printf "#!/bin/sh\nexit 101\n" >usr/sbin/policy-rc.d
    chmod 755 usr/sbin/policy-rc.d
    shift 3
    exec env -i HOME=/root LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb chroot . "$@"
  ' in_throw_away "$1" "$DEBS" "$HOME_DIR/tests/packages" "${@:2}"
}
