// What parts that transfers share (wires, banks) may change about a run: its time, and nothing else.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <gtest/gtest.h>

#include "dataflow/lower.hpp"
#include "tests/differential/same_words.hpp"
#include "tests/sim/forked.hpp"
#include "tests/sim/operands.hpp"

namespace weft::testing {

// Runs that were slower and faster with the parts than without.
struct Changes {
  int slower = 0, faster = 0;
};

// `plain`: the triple's machine without the parts. Whole transfers, halves and rows move the same words, and
// every cycle has an owner.
inline void expect_time_only(const Triple& t, const Accelerator& plain, std::uint64_t seed,
                             Changes& changes) {
  ASSERT_EQ(validate(t.accelerator), "") << describe(t);
  const sim::Operands operands = operands_of(t.problem, seed);
  const Program program = lower(t.mapping, t.problem, plain, {.rows = true});
  const sim::Result before = simulate(plain, program, {}, &operands);
  const sim::Result result = simulate(t.accelerator, program, {}, &operands);
  ASSERT_EQ(result.outputs.value().values, before.outputs.value().values) << describe(t);
  expect_same_words(result, before, t);
  ASSERT_NEAR(sum_of(result.stalls), result.exact_cycles, 1e-6) << describe(t);
  for (const sim::Component& component : result.components) {
    double sum = component.busy + component.idle;
    for (const auto& wait : component.waits) {
      ASSERT_GT(wait.second, 0) << describe(t);
      sum += wait.second;
    }
    ASSERT_NEAR(sum, result.exact_cycles, 1e-6) << component.name << describe(t);
    ASSERT_GE(component.idle, -1e-6) << component.name << describe(t);
  }
  // Ports that are given to whoever comes first may gain a little when something comes later.
  ASSERT_GE(result.exact_cycles, 0.97 * before.exact_cycles) << describe(t);
  changes.faster += result.exact_cycles < before.exact_cycles - 1e-3 ? 1 : 0;
  changes.slower += result.cycles > before.cycles ? 1 : 0;
  const sim::Result halves = simulate(t.accelerator, program, {.split_transfers = true});
  expect_same_words(halves, before, t);
  ASSERT_NEAR(sum_of(halves.stalls), halves.exact_cycles, 1e-6) << describe(t);
  const sim::Result rows = simulate(t.accelerator, program, {.detail = sim::Options::Detail::kRows});
  expect_same_words(rows, before, t);
  if (program.rows->count == 1) {
    ASSERT_EQ(rows.exact_cycles, result.exact_cycles) << describe(t);
  }
  const sim::Result late = simulate(t.accelerator, program, {.max_jitter_cycles = 20}, &operands);
  ASSERT_EQ(late.outputs.value().values, before.outputs.value().values) << describe(t);
}

}  // namespace weft::testing
