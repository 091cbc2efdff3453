# shellcheck shell=bash
# ./dev bench

BENCH_TARGETS=(linebridge-gateway linebridge-sim-cucm linebridge linebridge-splitter linebridge-sim-ocs
  linebridge-sim-node linebridge-bench)

help_bench() {
  cat <<'END_OF_HELP'
Usage: ./dev bench [NAME...] [--json]

Builds what is shipped and measures it; takes about four minutes once it is built. Prints each figure beside its aim
and beside a yardstick of the same run. A slow machine does not make it fail. Without a NAME all are measured:

  engine    one node behind its door, without sockets: what requests and events cost one core; beside what libosip2
            and Expat need to read an INFO
  memory    what an idle session takes
  sockets   INFOs through a TCP connection to linebridge-gateway; beside SIPp and Kamailio with the same bytes
  cucm      whole calls at linebridge-sim-cucm with 15,000 lines open, so that it is not what the others measure; beside
            SHA-256 of the same messages
  front     HAProxy and the splitter as a balancer of two nodes, over TCP and mutual TLS; beside HAProxy that passes
            connections on, and Kamailio's dispatcher

  --json    the figures as JSON, on standard output
END_OF_HELP
}

dev_bench() {
  local packages output=1 word
  for word in "$@"; do
    [[ $word != --json ]] || output=2
  done
  {
    mapfile -t packages < <(packages_for_bench)
    ensure_packages "./dev bench" "${packages[@]}"
    [[ -e build/release/bin/linebridge-bench-engine ]] || need_room 3000 1500
    cmake --preset release -DLINEBRIDGE_BENCH=ON >/dev/null
    build_preset release "${BENCH_TARGETS[@]}"
  } >&"$output"
  exec python3 -B tests/bench/bench.py --bin build/release/bin "$@"
}
