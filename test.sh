#!/usr/bin/env bash
# Builds Weft and runs all tests; arguments go to ctest (./test.sh -L unit). WEFT_PRESET picks another
# build than release: ci (warnings are errors), dev, asan, tsan.
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
preset=${WEFT_PRESET:-release}

tools/build.sh "$preset"
exec ctest --preset "$preset" -j2 "$@"
