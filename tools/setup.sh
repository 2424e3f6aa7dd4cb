#!/usr/bin/env bash
# Installs the Debian 12 packages that Weft needs, if any is missing; says nothing and calls no package
# manager otherwise. tools/setup.sh fuzz: also those of the preset fuzz.
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail

packages=(
  g++ cmake ninja-build pkg-config ccache git python3
  libsystemc-dev libyaml-cpp-dev libcli11-dev libfmt-dev nlohmann-json3-dev libsqlite3-dev libboost-dev libeigen3-dev
  libprotobuf-dev protobuf-compiler libonnx-dev
  libgtest-dev libgmock-dev libbenchmark-dev clang-format-14 verilator python3-optuna
  pybind11-dev python3-dev python3-numpy
)

if [[ ${1:-} == fuzz ]]; then
  packages+=(clang libclang-rt-14-dev)
fi

if ! command -v dpkg-query > /dev/null; then
  echo "setup: not a Debian system; these packages or their like are needed: ${packages[*]}" >&2
  exit 0
fi

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2> /dev/null || true)
  [[ $state == installed ]] || missing+=("$package")
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

root=()
if [[ $EUID -ne 0 ]]; then
  if ! command -v sudo > /dev/null; then
    echo "setup: run as root: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  root=(sudo)
fi
echo "setup: installing ${missing[*]}" >&2
"${root[@]}" apt-get update -q
"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
