# shellcheck shell=bash
# Configure and build; which version this is, and of when.

# As in CMakeLists.txt.
product_version() { sed -nE 's/^project\(linebridge VERSION ([0-9.]+).*/\1/p' CMakeLists.txt; }

# Seconds of the last commit; of sources without a history, of a file that every version has.
commit_time() { git log -1 --format=%ct 2>/dev/null || stat --format %Y ARCHITECTURE.md; }

# build_preset NAME [TARGET...]
build_preset() {
  local preset=$1
  shift
  if [[ ! -e build/$preset/build.ninja || CMakePresets.json -nt build/$preset/build.ninja ]]; then
    cmake --preset "$preset" >/dev/null
  fi
  cmake --build --preset "$preset" --parallel "$(jobs)" ${1:+--target "$@"}
}
