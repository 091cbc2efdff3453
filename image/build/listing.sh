#!/usr/bin/env bash
# listing.sh TREE: everything in it that goes into the disk, one line each.
set -euo pipefail
cd -- "$1"
{
  find . -printf '%p: %M %U:%G %T@ %l\n'
  find . -type f -print0 | xargs -0 sha256sum | sed -E 's/^([0-9a-f]+)  (.*)/\2: \1/'
} | LC_ALL=C sort
