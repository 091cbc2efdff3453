# shellcheck shell=bash
# ./dev lab

help_lab() {
  cat <<'END'
Usage: ./dev lab [OPTION]...

Installs what is missing, builds, and starts everything on this machine: two CTI Managers with phones, OCS with
clients, HAProxy, the splitter and both gateways. Prints where each listens and what to try; stays up until Ctrl-C.

  ./dev lab --demo               a scripted day of three users instead, with all that passed as a ladder
  ./dev lab --sabotage NAME      the same with one thing broken; it must fail and name the step
END
  if command -v python3 >/dev/null; then
    echo
    python3 -B tests/lab/lab.py --help
  fi
}

dev_lab() {
  [[ -e tests/lab/lab.py ]] || absent lab "the simulators"
  local packages
  mapfile -t packages < <(packages_for_lab)
  ensure_packages "./dev lab" "${packages[@]}"
  if [[ ! -e build/release/bin/linebridge-gateway ]]; then
    need_room 3000 1500
    say "building; the first time takes some minutes"
  fi
  build_preset release
  exec python3 -B tests/lab/lab.py --bin build/release/bin "$@"
}
