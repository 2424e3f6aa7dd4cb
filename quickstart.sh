#!/usr/bin/env bash
# Builds Weft and searches network, accelerator and mappings together on a small space. In runs/quickstart it leaves
# report.html (everything, for the browser), front.csv (the best trade-offs), results.sqlite (every design) and chosen/
# (accelerator, network, mappings). Run again, it continues what was interrupted. Arguments go to weft explore.
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
study=runs/quickstart

tools/build.sh release --target weft
resume=()
if [[ -n $(ls -A "$study/journal" 2> /dev/null) ]]; then
  resume=(--resume)
fi
build/release/weft explore configs/space/quickstart.yaml --out "$study" "${resume[@]}" "$@"
build/release/weft report "$study"
