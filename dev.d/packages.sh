# shellcheck shell=bash
# Debian packages by purpose, each with its reason, and how they get onto this machine. Names are those of Debian 12
# and 13; nothing is downloaded from anywhere else.

BUILD_PACKAGES=(
  g++                   # the compiler: 12 on Debian 12, 14 on Debian 13
  cmake ninja-build     # the build
  pkgconf               # finds libosip2 and libsystemd
  ccache                # a second build in seconds
  libboost-dev          # Asio (sockets, timers) and Beast (HTTP), headers only
  libssl-dev            # TLS; the password of a CTI log-in
  libosip2-dev          # SIP heads
  libexpat1-dev         # XML
  libtomlplusplus-dev   # the configuration file
  nlohmann-json3-dev    # JSON of the local API
  libcli11-dev          # command lines
  libfmt-dev            # formatting
  libspdlog-dev         # log output
  prometheus-cpp-dev    # the text of the metrics page
  libsystemd-dev        # sd_notify
  libpcap-dev           # captures, for `linebridge cti decode`
)
RUN_PACKAGES=(
  haproxy               # the front end
  python3               # the lab's conductor
  libxml2               # judges the XML that nodes said in the lab by its schema
)
TEST_PACKAGES=(
  libgtest-dev libgmock-dev  # unit tests
  clang-format-19            # the format check
  clang-tidy-19              # naming and a short list of checks
  libxml2-dev                # judges the XML we write by its schema
  openssl                    # certificates for the test of TLS
  git                        # the list of our files
  iproute2                   # a network of its own for a test, where packets are lost
  python3 python3-tomlkit whiptail  # what the appliance's set-up runs with: documents keep their comments, dialogs
  python3-pexpect python3-pyte  # a person at its terminal: types, and sees the screen
  openssh-client             # makes the appliance's host keys
)
# The lab on virtual machines: the short tests need Vagrant and its provider, `vagrant up` the rest.
VAGRANT_PACKAGES=(
  vagrant vagrant-libvirt    # machines as the Vagrantfile says
  libvirt-daemon-system libvirt-clients  # runs them
  dnsmasq-base               # addresses on their network
  qemu-system-x86 qemu-utils # processors and disks
  libxml2-utils              # xmllint: looks at the machine's description for VirtualBox
  openssh-client rsync       # how machines are reached
)
FUZZ_PACKAGES=(
  clang-19              # the compiler that knows libFuzzer
  libclang-rt-19-dev    # libFuzzer and clang's sanitizers
  llvm-19               # names in what they report
)
BENCH_PACKAGES=(
  libbenchmark-dev  # times the node behind its door
  sip-tester        # SIPp: what answering alone costs, the first yardstick
  kamailio          # a fast SIP server that answers without state, the second; a balancer too
  kamailio-tls-modules  # the same over TLS
  haproxy openssl   # the front end, and certificates for it
)
# Programs of others that meet ours in the tests.
REFEREE_PACKAGES=(
  sip-tester        # SIPp: many clients that judge each message by a scenario
  kamailio          # a proxy between OCS and the front end
)
# An independent client that speaks remote call control, and what its driver is built with. Not in Debian 13.
CLIENT_PACKAGES=(gcc pkgconf pidgin-sipe libpurple-dev libglib2.0-dev libxml2-dev)
# Makes Debian packages of us; in a tree of the release they are for.
PACKAGE_PACKAGES=(
  build-essential debhelper dpkg-dev fakeroot  # the build of a package
  lintian                      # Debian's own judgement of it
  systemd                      # judges the units
  man-db groff                 # judges the manual pages
  python3                      # writes the manual pages, runs the tests of the packages
  haproxy openssl iproute2     # the tests that run while building: of the front end,
  libgtest-dev libgmock-dev libxml2-dev  # of the programs,
  python3-tomlkit whiptail python3-pexpect python3-pyte openssh-client  # and of the set-up
)
# The appliance as an emulated machine, and what a test does to it.
MACHINE_PACKAGES=(
  qemu-system-x86 qemu-utils  # the machine, and its disk over the image
  ovmf                        # UEFI
  xorriso                     # settings on an ISO image
  python3-pexpect             # types on the serial line
  python3-pyte                # a terminal of 80x24: what a person would see there
  openssh-client openssl
  libxml2                     # judges the XML that nodes said
)
# Makes small Debian trees: the other Debian for `--on`, a Debian 12 for the client where it is missing.
TREE_PACKAGES=(
  mmdebstrap
  uidmap                # so that root is not needed for it
)
# Makes the appliance's disk.
IMAGE_PACKAGES=(
  genimage              # the disk from its parts
  grub-pc-bin grub-efi-amd64-bin  # boot loaders for BIOS and UEFI, put together without installing them
  e2fsprogs             # the root file system from a tree
  dosfstools mtools     # the partition UEFI reads
  qemu-utils            # qcow2 and vmdk
  zstd                  # packs the raw disk
  git                   # the time of the last commit
  python3               # judges the finished tree
)

debian_codename() {
  # shellcheck source=/dev/null
  (. /etc/os-release && echo "${VERSION_CODENAME:-unknown}")
}

packages_for_lab() {
  printf '%s\n' "${BUILD_PACKAGES[@]}" "${RUN_PACKAGES[@]}"
  if [[ $(debian_codename) == bookworm ]]; then
    printf '%s\n' "${CLIENT_PACKAGES[@]}"
  else
    printf '%s\n' "${TREE_PACKAGES[@]}"
  fi
}

packages_for_bench() { printf '%s\n' "${BUILD_PACKAGES[@]}" "${BENCH_PACKAGES[@]}" python3; }

packages_for_test() {
  packages_for_lab
  # A small tree holds the other Debian's HAProxy.
  printf '%s\n' "${TEST_PACKAGES[@]}" "${REFEREE_PACKAGES[@]}" "${TREE_PACKAGES[@]}" "${VAGRANT_PACKAGES[@]}"
}

# Those of the given packages that are not installed, one a line.
missing_packages() {
  local present # dpkg-query fails if it does not know one of them, which is no error here
  present=$({ dpkg-query --show --showformat '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true; } |
    sed -n 's/^installed //p')
  printf '%s\n' "$@" | grep -vxF -e "$present" || true
}

# ensure_packages PURPOSE PACKAGE...: installs what is missing; needs neither root nor network if nothing is.
ensure_packages() {
  local purpose=$1 missing
  shift
  command -v dpkg-query >/dev/null || fail "this is not Debian. $purpose needs: $*"
  mapfile -t missing < <(missing_packages "$@" | sort -u)
  ((${#missing[@]})) || return 0
  local as_root=()
  if ((EUID != 0)); then
    command -v sudo >/dev/null ||
      fail "$purpose needs these packages, and this user may not install them: ${missing[*]}"
    as_root=(sudo)
  fi
  printf '    installing %d packages and what they need: %s\n' "${#missing[@]}" "${missing[*]}"
  "${as_root[@]}" bash "$HOME_DIR/dev.d/install.sh" "${missing[@]}" ||
    fail "$purpose needs these packages, and they could not be installed: ${missing[*]}"
}
