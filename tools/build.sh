#!/usr/bin/env bash
# Configures (once) and builds a preset: tools/build.sh <preset> [arguments of cmake --build].
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
preset=$1
shift

tools/setup.sh "$preset"
# Ninja configures again by itself when a CMake file changes.
if [[ ! -f build/$preset/build.ninja ]]; then
  cmake --preset "$preset"
fi
cmake --build --preset "$preset" "$@"
