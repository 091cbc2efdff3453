# shellcheck shell=bash
# ./dev test

TEST_STAGES=(packages arch format release asan tidy image tests)

help_test() {
  cat <<'END'
Usage: ./dev test [--all] [--only STAGE] [--on RELEASE]

Installs what is missing, builds, and runs every check. Ends at the first stage that fails; closes with the count of
the test runner. Stages, in this order:

  packages  what the build, the programs and the tests need
  arch      the rules of ARCHITECTURE.md (also one of the tests)
  format    clang-format
  release   the programs as they are shipped
  asan      programs and tests with address and undefined-behaviour sanitizers
  tidy      clang-tidy: naming and a short list; a file that passed is not read again until it changes
  image     the Debian packages with their tests, then the appliance: built twice, booted, set up, upgraded
  tests     unit, flow, system and interoperability tests

  --all          also the tests labelled "long"; builds the boxes of the lab on virtual machines for them
  --only STAGE   that stage alone
  --on RELEASE   instead: build in a tree of another Debian release (trixie, bookworm) and run its unit and flow tests
END
}

dev_test() {
  local only='' release=''
  LONG_TESTS=(--label-exclude '^long$')
  while (($#)); do
    case $1 in
      --all) LONG_TESTS=() ;;
      --only | --on)
        (($# > 1)) || fail "test: $1 needs a word behind it, see ./dev test --help"
        if [[ $1 == --on ]]; then release=$2; else only=$2; fi
        shift
        ;;
      *) fail "test: no such option: $1, see ./dev test --help" ;;
    esac
    shift
  done
  if [[ -n $release ]]; then
    test_on "$release"
  elif [[ -n $only ]]; then
    [[ " ${TEST_STAGES[*]} " == *" $only "* ]] || fail "test: no such stage: $only (${TEST_STAGES[*]})"
    stage "$only" "stage_$only"
  else
    need_room 16000 3000
    for only in "${TEST_STAGES[@]}"; do
      [[ $only != tests ]] || stage_table
      # The lab on virtual machines is one of the long tests.
      [[ $only != tests || ${#LONG_TESTS[@]} -gt 0 ]] || stage boxes image_boxes
      stage "$only" "stage_$only"
    done
  fi
}

stage_packages() {
  local packages
  mapfile -t packages < <(packages_for_test)
  ensure_packages "./dev test" "${packages[@]}"
}
stage_arch() { python3 -B tests/arch/check.py; }
stage_format() { check_format; }
# With the driver that load_memory runs.
stage_release() { build_preset release all linebridge-wrong-input; }
stage_asan() { build_preset asan; }
stage_tidy() { check_tidy; }
# Its last lines are the runner's own: the count, then the seconds.
stage_tests() { ctest --preset asan --parallel "$(jobs)" "${LONG_TESTS[@]}"; }

# The build and the tests that need no other program, in a tree of another Debian release.
test_on() {
  local release=$1 place
  [[ $release == trixie || $release == bookworm ]] || fail "test --on: trixie or bookworm, not $release"
  need_room 4000 1500
  stage "tree" tree_for "$release" "${BUILD_PACKAGES[@]}" "${RUN_PACKAGES[@]}" "${TEST_PACKAGES[@]}"
  place=/src/$(printf '%s' "$HOME_DIR" | sha256sum | cut -c1-8)
  stage "copy" copy_to_tree "$place"
  stage "build on $release" in_tree "$TREE" \
    sh -c 'cd "$1" && cmake --preset dev >/dev/null && cmake --build --preset dev --parallel "$2"' sh "$place" "$(jobs)"
  stage_table
  stage "tests on $release" in_tree "$TREE" \
    sh -c 'cd "$1" && ctest --preset dev --parallel "$2" --label-regex "^(unit|flow|arch)$"' sh "$place" "$(jobs)"
}

# Replaces the sources in the tree and leaves build/ there, so that a second run builds what changed.
copy_to_tree() {
  our_files | tar --create --null --files-from=- | in_tree "$TREE" \
    sh -c 'mkdir -p "$1" && cd "$1" && find . -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} + && tar --extract' \
    sh "$1"
}
