# shellcheck shell=bash
# What this machine has: processors, memory, disk.

# One compile job a processor, but no more than one for each 1.5 GiB of memory: a file of Asio takes about 1 GiB.
# LINEBRIDGE_JOBS=N asks for another number.
jobs() {
  [[ -z ${LINEBRIDGE_JOBS:-} ]] || { echo "$LINEBRIDGE_JOBS"; return; }
  local cores by_memory
  cores=$(nproc)
  by_memory=$(awk '/^MemTotal:/ {print int($2 / 1024 / 1024 / 1.5)}' /proc/meminfo)
  ((by_memory >= 1)) || by_memory=1
  echo $((cores < by_memory ? cores : by_memory))
}

# need_room DISK_MIB MEMORY_MIB: says at once what would fail an hour later.
need_room() {
  local disk memory
  disk=$(df --output=avail -m -- "$HOME_DIR" | tail -n 1 | tr -d ' ')
  memory=$(awk '/^(MemAvailable|SwapFree):/ {sum += $2} END {print int(sum / 1024)}' /proc/meminfo)
  ((disk >= $1)) || fail "too little disk: $disk MiB free in $HOME_DIR, this needs $1"
  ((memory >= $2)) || fail "too little memory: $memory MiB free, this needs $2"
}
