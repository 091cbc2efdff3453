# shellcheck shell=bash
# Configure and build.

# build_preset NAME [TARGET...]
build_preset() {
  local preset=$1
  shift
  if [[ ! -e build/$preset/build.ninja || CMakePresets.json -nt build/$preset/build.ninja ]]; then
    cmake --preset "$preset" >/dev/null
  fi
  cmake --build --preset "$preset" --parallel "$(jobs)" ${1:+--target "$@"}
}
