// Does an accelerator in a platform of TLM-2.0 components read its operands from memory, leave the right
// outputs there, call its driver, and take the time that the memory takes?
// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/tlm/platform.hpp"

#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "arch/sim/tlm/registers.hpp"
#include "base/child_process.hpp"
#include "base/error.hpp"
#include "dataflow/lower.hpp"
#include "tests/sim/forked.hpp"
#include "tests/sim/hand_made.hpp"
#include "tests/support/generators.hpp"

namespace weft {
namespace {

using sim::TlmTiming;
using testing::PlatformJob;
using testing::PlatformOptions;
using testing::run_platform;
using testing::Seen;
using testing::small_machine;
using testing::tiled_product;
using testing::Triple;

// What `work` finds wrong, in a process of its own; empty: nothing.
std::string in_platform(const std::function<std::string()>& work) {
  return in_child(work);
}

PlatformJob job_of(const Program& program, std::uint64_t seed) {
  Rng rng(seed);
  return {std::make_shared<const Program>(program),
          random_tensor(program.problem.tensor(Role::kWeights), rng),
          random_tensor(program.problem.tensor(Role::kInputs), rng)};
}

// What a word of so many bits holds of a sum.
std::int64_t wrapped(std::int64_t value, unsigned bits) {
  const unsigned unused = 64 - bits;
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << unused) >> unused;
}

unsigned output_bits(const Accelerator& accelerator, const Program& program) {
  const Memory& memory = *accelerator.levels.front().memory_for(Role::kOutputs);
  return static_cast<unsigned>(stored_bits(memory, program.problem, Role::kOutputs) + 7) / 8 * 8;
}

std::string wrong_outputs(const Seen& seen, const PlatformJob& job, unsigned bits) {
  const Accumulators expected = reference(job.program->problem, job.weights, job.inputs);
  if (seen.outputs.size() != expected.values.size()) {
    return "not all outputs are in memory";
  }
  for (std::size_t i = 0; i < seen.outputs.size(); ++i) {
    if (seen.outputs[i] != wrapped(expected.values[i], bits)) {
      return fmt::format("output {} is {}, not {}", i, seen.outputs[i], wrapped(expected.values[i], bits));
    }
  }
  return "";
}

// Every word that the program counts at the outermost level went over the socket, and no other: but a
// partial sum that an idle instance keeps goes up and comes down again with its neighbours'.
std::string wrong_traffic(const Seen& seen, const Accelerator& accelerator, const Program& program) {
  std::uint64_t read = 0;
  std::uint64_t written = 0;
  for (const Role role : kAllRoles) {
    const sim::MeasuredTensor& m =
        seen.result.levels.front().tensors[static_cast<std::size_t>(index_of(role))];
    const Memory& memory = *accelerator.levels.front().memory_for(role);
    const auto width = static_cast<std::uint64_t>(stored_bits(memory, program.problem, role) + 7) / 8;
    read += static_cast<std::uint64_t>(m.reads) * width;
    written += static_cast<std::uint64_t>(m.updates) * width;
  }
  const std::uint64_t kept = seen.traffic.bytes_written - written;
  return seen.traffic.bytes_written >= written && seen.traffic.bytes_read - read == kept
             ? ""
             : fmt::format("{} bytes read and {} written, counted {} and {}", seen.traffic.bytes_read,
                           seen.traffic.bytes_written, read, written);
}

bool passes_a_socket(const Program& program) {
  return std::all_of(program.keepers.begin(), program.keepers.end(),
                     [](const auto& keepers) { return keepers.size() > 1; });
}

Accelerator plain(Accelerator accelerator) {
  accelerator.clock = Hertz(1e9);
  return accelerator;
}

// Random problems, machines and mappings; both ways of timing.
class Platforms : public ::testing::TestWithParam<TlmTiming> {};

TEST_P(Platforms, MemoryHoldsTheOutputsAfterTheInterrupt) {
  int ran = 0;
  testing::for_each_seed(7300, 250, [&](std::uint64_t seed) {
    const Triple triple = testing::random_triple(seed, {.max_macs = 4000});
    const Accelerator accelerator = plain(triple.accelerator);
    const Program program = lower(triple.mapping, triple.problem, accelerator, {});
    if (!passes_a_socket(program)) {
      return;
    }
    ++ran;
    PlatformOptions options;
    options.config.timing = GetParam();
    options.config.burst_bytes = 16U << seed % 3;
    options.quantum = sc_core::sc_time::from_value(seed % 2 * 500000);
    const std::string wrong = in_platform([&]() -> std::string {
      const PlatformJob job = job_of(program, seed);
      const Seen seen = run_platform(accelerator, {job}, options).at(0);
      if (seen.status != sim::registers::kDone) {
        return fmt::format("status {}", seen.status);
      }
      if (seen.traffic.longest > options.config.burst_bytes || seen.traffic.broke_rules) {
        return "a transaction breaks the rules";
      }
      return wrong_outputs(seen, job, output_bits(accelerator, program)) +
             wrong_traffic(seen, accelerator, program);
    });
    EXPECT_EQ(wrong, "") << describe(triple);
  });
  EXPECT_GT(ran, 20);
}

TEST_P(Platforms, TheMemoryBehindTheSocketTakesItsTime) {
  // Weights (1 B) 0..1, inputs (8 B) 1..9, both there 10 ns later; MACs 19..27; sums (32 B) 27..59 and 10.
  PlatformOptions options;
  options.config.timing = GetParam();
  options.memory = {sc_core::sc_time(10, sc_core::SC_NS), sc_core::sc_time(1, sc_core::SC_NS)};
  EXPECT_EQ(in_platform([&] {
              const PlatformJob job = job_of(tiled_product({.m = 8, .tm = 8}), 1);
              const Seen seen = run_platform(small_machine(Buffering::kDouble), {job}, options).at(0);
              return fmt::format("{} cycles", seen.cycles);
            }),
            "69 cycles");
}

TEST_P(Platforms, ProgramsRunOneAfterTheOtherOnOneMachine) {
  PlatformOptions options;
  options.config.timing = GetParam();
  EXPECT_EQ(in_platform([&]() -> std::string {
              const Accelerator machine = small_machine(Buffering::kDouble);
              const std::vector<PlatformJob> jobs = {
                  job_of(tiled_product({.m = 8, .n = 6, .k = 4, .tm = 4, .tn = 2, .tk = 2}), 1),
                  job_of(tiled_product({.m = 4, .n = 4, .k = 8, .tm = 2, .tn = 4, .tk = 4}), 2),
                  job_of(tiled_product({.m = 8, .n = 6, .k = 4, .tm = 4, .tn = 2, .tk = 2}), 3)};
              const std::vector<Seen> seen = run_platform(machine, jobs, options);
              if (seen.size() != 3 || seen[0].cycles != seen[2].cycles) {
                return "the third run is not as long as the first";
              }
              return wrong_outputs(seen[0], jobs[0], 32) + wrong_outputs(seen[1], jobs[1], 32) +
                     wrong_outputs(seen[2], jobs[2], 32);
            }),
            "");
}

TEST_P(Platforms, ARefusedAccessEndsInTheStatusNotInAHang) {
  PlatformOptions options;
  options.config.timing = GetParam();
  options.bytes_short = 4;
  EXPECT_EQ(in_platform([&] {
              const PlatformJob job = job_of(tiled_product({.m = 8, .n = 2, .tm = 8}), 1);
              return fmt::format(
                  "{}", run_platform(small_machine(Buffering::kDouble), {job}, options).at(0).status);
            }),
            fmt::format("{}", sim::registers::kDone | sim::registers::kFailed));
}

INSTANTIATE_TEST_SUITE_P(Timing, Platforms, ::testing::Values(TlmTiming::kLoose, TlmTiming::kApproximate),
                         [](const auto& param) {
                           return param.param == TlmTiming::kLoose ? "Loose" : "Approximate";
                         });

// Nothing but the socket differs from a machine whose outermost memory takes no time.
TEST(Platform, WithAMemoryThatTakesNoTimeItIsTheSimulator) {
  testing::for_each_seed(7600, 60, [&](std::uint64_t seed) {
    const Triple triple = testing::random_triple(seed, {.max_macs = 4000});
    Accelerator accelerator = plain(triple.accelerator);
    for (Memory& memory : accelerator.levels.front().memories) {
      memory.ports = {};
      memory.read_bandwidth.reset();
      memory.write_bandwidth.reset();
      memory.shared_bandwidth.reset();
    }
    const Program program = lower(triple.mapping, triple.problem, accelerator, {});
    if (!passes_a_socket(program)) {
      return;
    }
    const double alone = testing::simulate(accelerator, program).exact_cycles;
    PlatformOptions options;
    options.memory = {sc_core::SC_ZERO_TIME, sc_core::SC_ZERO_TIME};
    const double behind = std::stod(in_platform([&] {
      return fmt::format(
          "{}", run_platform(accelerator, {job_of(program, seed)}, options).at(0).result.exact_cycles);
    }));
    // Each wait is late by less than a picosecond: 1/1000 of a cycle.
    EXPECT_NEAR(behind, alone, 0.002 * alone + 0.01) << describe(triple);
  });
}

TEST(Platform, ApproximateTimingHasSeveralTransactionsUnderWay) {
  const auto cycles = [](TlmTiming timing) {
    return std::stoull(in_platform([&] {
      PlatformOptions options;
      options.config = {.timing = timing, .burst_bytes = 8, .under_way = 4};
      const PlatformJob job = job_of(tiled_product({.m = 64, .tm = 64}), 1);
      const Seen seen = run_platform(small_machine(Buffering::kDouble), {job}, options).at(0);
      return fmt::format("{}", seen.traffic.most > 4 ? 0 : seen.cycles);
    }));
  };
  EXPECT_GT(cycles(TlmTiming::kApproximate), 0U);
  EXPECT_LT(cycles(TlmTiming::kApproximate), cycles(TlmTiming::kLoose));
}

TEST(Platform, TheControlSocketRefusesWhatNoDriverShouldAsk) {
  EXPECT_EQ(in_platform([] {
              const testing::Refusals seen = testing::refusals_of(small_machine(Buffering::kDouble));
              return fmt::format("{} {} {} {} {} {:x} {} {}", static_cast<int>(seen.unaligned),
                                 static_cast<int>(seen.outside), static_cast<int>(seen.too_long),
                                 static_cast<int>(seen.read_only), static_cast<int>(seen.with_enables),
                                 seen.identity, seen.programs, seen.status_of_unknown_program);
            }),
            fmt::format("{} {} {} {} {} 57454654 0 6", static_cast<int>(tlm::TLM_ADDRESS_ERROR_RESPONSE),
                        static_cast<int>(tlm::TLM_ADDRESS_ERROR_RESPONSE),
                        static_cast<int>(tlm::TLM_BURST_ERROR_RESPONSE),
                        static_cast<int>(tlm::TLM_COMMAND_ERROR_RESPONSE),
                        static_cast<int>(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE)));
}

TEST(Platform, WhatCannotRunBehindASocketIsRefusedBeforeTimeStarts) {
  EXPECT_THROW((void)in_platform([]() -> std::string {
                 Accelerator machine = small_machine(Buffering::kDouble);
                 machine.clock = Hertz(50e9);  // 20 ps
                 (void)testing::refusals_of(machine);
                 return "";
               }),
               std::runtime_error);
  EXPECT_THROW((void)in_platform([]() -> std::string {
                 Program program = tiled_product({});
                 program.keepers[0] = {0};
                 (void)run_platform(small_machine(Buffering::kDouble), {job_of(program, 1)});
                 return "";
               }),
               std::runtime_error);
}

}  // namespace
}  // namespace weft
