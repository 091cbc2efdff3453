# shellcheck shell=bash
# The appliance as a machine: `./dev image --check` and `--try`, and the stage of the tests.

# image_check [ARGUMENT...]: see tests/image/check.py --help.
image_check() {
  ensure_packages "./dev image --check" "${BUILD_PACKAGES[@]}" "${MACHINE_PACKAGES[@]}"
  image_machine_parts
  /usr/bin/python3 -B tests/image/check.py "$@"
}

# image_try [ARGUMENT...]: see tests/image/try.py --help.
image_try() {
  local packages
  mapfile -t packages < <(packages_for_lab)
  ensure_packages "./dev image --try" "${packages[@]}" "${MACHINE_PACKAGES[@]}"
  image_machine_parts
  exec /usr/bin/python3 -B tests/image/try.py "$@"
}

# What stands beside the machine, and what goes into it. Debian's own Python, since its packages are installed for it.
image_machine_parts() {
  [[ -e build/image/product/linebridge.qcow2 ]] || fail "image: there is none yet; ./dev image builds it"
  build_preset release linebridge-sim-cucm linebridge-sim-ocs linebridge
}

# Packages with their tests, the image, the image once more for comparison, then machines; nothing else runs beside them.
stage_image() {
  dev_debs trixie --test
  dev_image --twice
  dev_image --check
}
