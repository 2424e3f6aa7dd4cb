// A virtual platform around an accelerator: a small memory and a driver that writes the control registers,
// waits for the interrupt, and looks at what memory holds then.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "arch/sim/tlm/accelerator_module.hpp"
#include "tests/sim/tlm/memory.hpp"
#include "workload/tensor.hpp"

namespace weft::testing {

// One program to run, with its operands.
struct PlatformJob {
  std::shared_ptr<const Program> program;
  Tensor weights, inputs;
};

struct PlatformOptions {
  sim::AcceleratorModule::Config config{};
  SmallMemory::Timing memory{};
  sc_core::sc_time quantum{};     // global quantum of loosely timed parts
  std::uint64_t bytes_short = 0;  // of memory: the last words written are refused
};

// What the driver saw of one program.
struct Seen {
  std::vector<std::int64_t> outputs;  // read from memory
  std::uint32_t status = 0;
  std::uint64_t cycles = 0;
  sim::Result result;
  SmallMemory::Traffic traffic;  // of all programs so far
};

// Elaborates and runs the platform: once in a process.
[[nodiscard]] std::vector<Seen> run_platform(const Accelerator& accelerator,
                                             const std::vector<PlatformJob>& jobs,
                                             const PlatformOptions& options = {});

// Responses of the control socket to accesses that no driver should make, and to a program that is not there.
struct Refusals {
  tlm::tlm_response_status unaligned, outside, too_long, read_only, with_enables;
  std::uint32_t identity = 0, programs = 0, status_of_unknown_program = 0;
};
[[nodiscard]] Refusals refusals_of(const Accelerator& accelerator);

}  // namespace weft::testing
