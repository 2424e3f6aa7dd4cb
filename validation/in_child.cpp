// SPDX-License-Identifier: Apache-2.0
#include "validation/in_child.hpp"

#include <cstddef>
#include <cstring>
#include <stdexcept>
#include <string>

#include "base/child_process.hpp"

namespace weft::validation {

std::vector<std::int64_t> simulated_cycles(const Accelerator& accelerator,
                                           const std::vector<Program>& programs, const sim::Options& options,
                                           const std::vector<sim::Positions>& positions) {
  const std::string answer = in_child([&] {
    std::string bytes;
    sim::Simulator simulator(accelerator, options);
    for (std::size_t i = 0; i < programs.size(); ++i) {
      const sim::Positions* known = positions.empty() ? nullptr : &positions[i];
      const std::int64_t cycles = simulator.run(programs[i], nullptr, known).cycles;
      bytes.append(reinterpret_cast<const char*>(&cycles), sizeof cycles);
    }
    return bytes;
  });
  std::vector<std::int64_t> cycles(programs.size());
  if (answer.size() != cycles.size() * sizeof(std::int64_t)) {
    throw std::runtime_error("a simulator's answer is cut short");
  }
  std::memcpy(cycles.data(), answer.data(), answer.size());
  return cycles;
}

}  // namespace weft::validation
