# shellcheck shell=bash
# Words to the person in front, and the clock of the stages.

say() { printf '\033[1m==> %s\033[0m\n' "$*"; }
[[ -t 1 ]] || say() { printf '==> %s\n' "$*"; }

fail() {
  printf './dev: %s\n' "$*" >&2
  exit 1
}

STAGES=() # "seconds name" of each stage that is done

# stage NAME COMMAND...: runs it, keeps its seconds; the first that fails ends everything. Stages may have stages inside.
stage() {
  local name=$1 start=$SECONDS outer=$STAGE
  shift
  say "$name"
  # Not `"$@" || ...`: that would switch off `set -e` inside.
  STAGE=$name
  "$@"
  STAGE=$outer
  STAGES+=("$((SECONDS - start)) $name")
  printf '    %s: %d s\n' "$name" "$((SECONDS - start))"
}

# Says which stage failed, whatever ended the script.
STAGE=
trap '[[ -z $STAGE ]] || printf "\n./dev: stage \"%s\" failed, see above.\n" "$STAGE" >&2' EXIT

stage_table() {
  local entry total=0
  echo
  for entry in "${STAGES[@]}"; do
    printf '  %5d s  %s\n' "${entry%% *}" "${entry#* }"
    total=$((total + ${entry%% *}))
  done
  printf '  %5d s  so far\n\n' "$total"
}
