// The outermost level where it is somebody else's: what the machine asks of a memory that takes its own time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "arch/program.hpp"

namespace weft::sim {

// Each call blocks the engine that makes it until the memory has answered. Progress: the memory answers.
class OuterMemory {
 public:
  OuterMemory() = default;
  OuterMemory(const OuterMemory&) = delete;
  OuterMemory& operator=(const OuterMemory&) = delete;
  virtual ~OuterMemory() = default;
  // The words of tile i of the outermost keeper but one, before they are copied there.
  virtual void load(Role role, std::size_t tile) = 0;
  // The words of an output tile after they were added to what is there.
  virtual void store(std::size_t tile) = 0;
  // Partial sums of other senders that a store adds to.
  virtual void read_sums(std::size_t tile) = 0;
};

}  // namespace weft::sim
