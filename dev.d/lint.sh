# shellcheck shell=bash
# Format and clang-tidy.

help_lint() {
  cat <<'END'
Usage: ./dev lint [--fix]

The format check and the long list of clang-tidy over every file. --fix formats instead of checking.
END
}

dev_lint() {
  ensure_packages "./dev lint" "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}" "${RUN_PACKAGES[@]}"
  if [[ ${1:-} == --fix ]]; then
    our_sources | xargs -0 clang-format-19 -i
    return
  fi
  (($# == 0)) || fail "lint: no such option: $1, see ./dev lint --help"
  stage format check_format
  stage tidy check_tidy --full
}

# What git tracks or would track, ended by NUL; an unpacked archive is walked.
our_files() {
  local file
  { git ls-files -z --cached --others --exclude-standard 2>/dev/null ||
    find . -type f ! -path './build/*' ! -path './.git/*' -printf '%P\0'; } |
    while IFS= read -r -d '' file; do [[ ! -f $file ]] || printf '%s\0' "$file"; done
}

# Our C and C++, without the samples that break the rules.
our_sources() { our_files | grep -zE '\.(cpp|hpp|c|h)$' | grep -zv '^tests/arch/samples/'; }

check_format() { our_sources | xargs -0 -n 25 -P "$(jobs)" clang-format-19 --dry-run -Werror; }

# A build folder of its own in which nothing is built: clang cannot read GCC's precompiled headers.
check_tidy() {
  cmake --preset dev -B build/tidy >/dev/null
  python3 -B dev.d/tidy.py --build build/tidy --jobs "$(jobs)" "$@"
}
