# shellcheck shell=bash
# ./dev image --box: the boxes of the Vagrantfile.

BOXES=build/image/boxes
BOX_VARIANTS=(lab peer)

# Vagrant compares versions number by number; the last one is the time of the last commit.
box_version() { printf '%s.%s\n' "$(product_version)" "$(commit_time)"; }

# The driver of pidgin-sipe as Debian 12's compiler makes it.
box_client() {
  local source=tests/interop/rcc_client.c out=$BOXES/rcc_client
  [[ ! -x $out || $source -nt $out ]] || return 0
  mkdir -p "$BOXES"
  tree_for bookworm "${CLIENT_PACKAGES[@]}" libc6-dev
  # shellcheck disable=SC2016 # the tree's shell asks pkg-config
  in_tree "$TREE" sh -c 'cat >/tmp/rcc_client.c && cc -std=gnu11 -O1 -Wall -Wextra -Werror -Wno-deprecated-declarations \
    -rdynamic -o /tmp/rcc_client /tmp/rcc_client.c $(pkg-config --cflags --libs purple glib-2.0 libxml-2.0) -ldl &&
    cat /tmp/rcc_client' <"$source" >"$out.part"
  chmod 755 "$out.part"
  mv "$out.part" "$out"
}

# box_of VARIANT: what was built of it, packed for both providers.
box_of() {
  python3 -B image/boxes/make_boxes.py --name "$1" --version "$(box_version)" --qcow2 "build/image/$1/linebridge.qcow2" \
    --vmdk "build/image/$1/linebridge.vmdk" --out "$BOXES"
}

image_boxes() {
  local variant
  ensure_packages "./dev image --box" "${VAGRANT_PACKAGES[@]}"
  stage "driver of pidgin-sipe" box_client
  for variant in "${BOX_VARIANTS[@]}"; do
    # A shell of its own: an image leaves its settings behind.
    bash "$HOME_DIR/dev" image --variant "$variant"
    stage "boxes of $variant" box_of "$variant"
  done
  stage_table
  say "$BOXES: now vagrant up"
}
