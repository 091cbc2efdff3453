# shellcheck shell=bash
# ./dev fuzz

FUZZ_TABLE=tests/fuzz/targets
FUZZ_BUILD=build/fuzz

help_fuzz() {
  cat <<END
Usage: ./dev fuzz [TARGET] [SECONDS]
       ./dev fuzz --keep [TARGET]

Feeds made-up input to the parsers, one target after the other, SECONDS each (60), with address and undefined-behaviour
sanitizers; libFuzzer looks for inputs that run through code not reached before. Ends with a table, and with status 1 and
the path of the input if a target failed. That input stays in tests/fuzz/found/TARGET: mend what failed and commit it, and
./dev test runs it from then on. What the targets learn stays in $FUZZ_BUILD/corpus for the next run.

  --keep   adds the inputs learnt so far, as few of them as reach everything, to tests/fuzz/corpus (./dev test runs them
           too; at most 300 files and 300 KiB a target)

Targets: $(fuzz_names | paste -sd' ')
END
}

dev_fuzz() {
  local keep='' only='' seconds=60
  while (($#)); do
    case $1 in
      --keep) keep=1 ;;
      *[!0-9]*)
        [[ -z $only ]] && fuzz_names | grep -qxF -e "$1" || fail "fuzz: no such target or option: $1, see ./dev fuzz --help"
        only=$1
        ;;
      *) seconds=$1 ;;
    esac
    shift
  done
  ((seconds > 0)) || fail "fuzz: a target needs a second at least"
  ensure_packages "./dev fuzz" "${BUILD_PACKAGES[@]}" "${FUZZ_PACKAGES[@]}"
  need_room 2000 2500
  local targets
  mapfile -t targets < <(if [[ -n $only ]]; then echo "$only"; else fuzz_names; fi)
  stage build build_preset fuzz "${targets[@]/#/fuzz_}"
  if [[ -n $keep ]]; then
    for only in "${targets[@]}"; do stage "keep $only" fuzz_keep "$only"; done
  else
    fuzz_all "$seconds" "${targets[@]}"
  fi
}

fuzz_names() { sed -n 's/^\([a-z][a-z0-9_]*\) .*/\1/p' "$FUZZ_TABLE"; }

# fuzz_words TARGET: the rest of its line in the table: longest input, rooms, further inputs.
fuzz_words() { sed -n "s/^$1  *//p" "$FUZZ_TABLE"; }

# fuzz_all SECONDS TARGET...
fuzz_all() {
  local seconds=$1 target rows=() found=()
  shift
  for target in "$@"; do
    stage "$target" fuzz_run "$target" "$seconds"
    rows+=("$(fuzz_row "$target")")
    [[ $FUZZ_STATUS == 0 ]] || found+=("$target: $(fuzz_reproducer "$target")")
  done
  printf '\n%-12s %12s %7s %9s %14s %9s %9s\n' target executions edges features corpus slowest findings
  printf '%s\n' "${rows[@]}"
  ((${#found[@]})) || return 0
  printf '\nfailed: %s\n' "${found[@]}"
  printf 'Once more: %s/bin/fuzz_TARGET FILE. The words of each failure are in %s/TARGET.log.\n' "$FUZZ_BUILD" "$FUZZ_BUILD"
  exit 1
}

# Sets FUZZ_STATUS to what the target ended with.
fuzz_run() {
  local target=$1 seconds=$2 longest rooms inputs line shown=$SECONDS
  read -r longest rooms inputs <<<"$(fuzz_words "$target")"
  mkdir -p "$FUZZ_BUILD/corpus/$target" "tests/fuzz/found/$target" "tests/fuzz/corpus/$target"
  FUZZ_STATUS=0
  # Further inputs are folders and files of the tree: libFuzzer takes folders only, so all are copied into one.
  fuzz_gather "$FUZZ_BUILD/further/$target" $inputs
  fuzz_program "$target" -max_total_time="$seconds" -max_len="$longest" -timeout=5 -rss_limit_mb=2048 \
    -print_final_stats=1 -artifact_prefix="tests/fuzz/found/$target/" -dict="tests/fuzz/dictionaries/$target.dict" \
    "$FUZZ_BUILD/corpus/$target" "tests/fuzz/corpus/$target" "tests/fuzz/found/$target" "$FUZZ_BUILD/further/$target" \
    2>&1 | tee "$FUZZ_BUILD/$target.log" | while IFS= read -r line; do
    [[ $line == '#'*cov:* ]] && ((SECONDS >= shown + 10)) || continue
    shown=$SECONDS
    printf '    %s\n' "$line"
  done || FUZZ_STATUS=${PIPESTATUS[0]}
  rmdir "tests/fuzz/found/$target" 2>/dev/null || true
  rmdir tests/fuzz/found 2>/dev/null || true
  [[ $FUZZ_STATUS == 0 ]] || sed -nE '/does not hold|^SUMMARY|runtime error|Assertion/p' "$FUZZ_BUILD/$target.log"
}

fuzz_program() {
  local target=$1
  shift
  ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-19 UBSAN_OPTIONS=print_stacktrace=1 \
    nice -n 19 "$FUZZ_BUILD/bin/fuzz_$target" "$@"
}

# fuzz_gather FOLDER PATH...: copies of all files into one folder.
fuzz_gather() {
  local folder=$1
  shift
  rm -rf "$folder"
  mkdir -p "$folder"
  (($# == 0)) || find "$@" -type f -exec cp --backup=numbered -t "$folder" {} +
}

# One row of the table, from the target's log.
fuzz_row() {
  awk -v target="$1" -v findings="$([[ $FUZZ_STATUS == 0 ]] || echo 1)" '
    /^#[0-9]+.* cov: / { for (i = 1; i < NF; ++i) value[$i] = $(i + 1) }
    /^stat::number_of_executed_units/ { runs = $2 }
    /^stat::slowest_unit_time_sec/ { slowest = $2 }
    END {
      printf "%-12s %12d %7d %9d %14s %7d s %9d", target, runs, value["cov:"], value["ft:"], value["corp:"], slowest, findings
    }' "$FUZZ_BUILD/$1.log"
}

fuzz_reproducer() {
  local path
  path=$(sed -n 's/.*Test unit written to //p' "$FUZZ_BUILD/$1.log" | tail -n 1)
  echo "${path:-no input was written, see $FUZZ_BUILD/$1.log}"
}

# Inputs with a name were written by somebody and stay. Those that were learnt are called by their digest: the fewest of
# them that reach everything replace the former ones.
fuzz_keep() {
  local target=$1 kept=tests/fuzz/corpus/$1 all=$FUZZ_BUILD/all/$1 new=$FUZZ_BUILD/new/$1 learnt='[0-9a-f]{40}' longest
  read -r longest _ <<<"$(fuzz_words "$target")"
  rm -rf "$new" "$all"
  mkdir -p "$new" "$all" "$kept" "$FUZZ_BUILD/corpus/$target"
  # One after the other: what was kept before stands in both, and cp takes no name twice.
  find "$kept" -type f -exec cp -t "$all" {} +
  find "$FUZZ_BUILD/corpus/$target" -type f -exec cp -t "$all" {} +
  find "$kept" -type f -regextype egrep ! -regex ".*/$learnt" -exec cp -t "$new" {} +
  fuzz_program "$target" -set_cover_merge=1 -max_len="$longest" "$new" "$all" 2>&1 | tail -n 1
  find "$kept" -type f -regextype egrep -regex ".*/$learnt" -delete
  find "$new" -type f -regextype egrep -regex ".*/$learnt" -printf '%s %p\n' | sort -n |
    awk -v bytes="$(du -cb "$kept"/* | tail -n 1 | cut -f 1)" -v files="$(find "$kept" -type f | wc -l)" \
      '(bytes += $1) <= 300 * 1024 && ++files <= 300 { print $2 }' | xargs -r cp -t "$kept"
  printf '    %s: %d inputs, %d KiB\n' "$kept" "$(find "$kept" -type f | wc -l)" "$(($(du -cb "$kept"/* | tail -n 1 | cut -f 1) / 1024))"
}
