#!/usr/bin/env bash
# Runs the readers' libFuzzer targets under the address and undefined-behaviour sanitizers (preset fuzz, clang):
#   tools/fuzz.sh SECONDS [TARGET...]     each target, or those named, for so long; WEFT_JOBS at a time (2)
# WEFT_SEED (1) chooses the changes: the same build, seed and corpus meet the same files in the same order, so what a
# commit was found to survive it survives elsewhere too. What a target found is in build/fuzz/found, its log in
# build/fuzz/logs (the end of it is printed), and what it learned in build/fuzz/corpus, where the next run begins. Ends
# with 1 when anything was found.
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
seconds=${1:?usage: tools/fuzz.sh SECONDS [TARGET...]}
shift
jobs=${WEFT_JOBS:-2}
export seed=${WEFT_SEED:-1}
build=build/fuzz

tools/build.sh fuzz --target weft_fuzzers
export fuzzer=$build/tests/fuzz seconds
export logs=$build/logs found=$build/found corpus=$build/corpus
mkdir -p "$logs" "$found"

# The tree's good files are put beside what earlier runs learned; a hang is a file that takes ten seconds.
one() {
  local target=$1
  "$fuzzer/weft_fuzz" "$target" --root . --corpus "$corpus/$target"
  if "$fuzzer/fuzz_$target" -seed="$seed" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="$found/$target-" "$corpus/$target" > "$logs/$target" 2>&1; then
    echo "$target: nothing found, $(sed -n 's/^stat::number_of_executed_units: *//p' "$logs/$target") files"
  else
    echo "$target: FOUND something, see $logs/$target, which ends:"
    tail -n 60 "$logs/$target" | cut -c1-300
    return 1
  fi
}
export -f one

if [[ $# -eq 0 ]]; then
  mapfile -t targets < <("$fuzzer/weft_fuzz" --list)
else
  targets=("$@")
fi
printf '%s\n' "${targets[@]}" | xargs -P "$jobs" -I{} bash -c 'one {}' || exit 1
