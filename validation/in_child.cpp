// SPDX-License-Identifier: Apache-2.0
#include "validation/in_child.hpp"

#include <algorithm>
#include <cstddef>

#include "base/byte_stream.hpp"
#include "base/worker_pool.hpp"

namespace weft::validation {

std::vector<std::int64_t> simulated_cycles(const Accelerator& accelerator,
                                           const std::vector<Program>& programs, const sim::Options& options,
                                           const std::vector<sim::Positions>& positions) {
  // What an earlier run leaves in a cache is for the later ones.
  const std::size_t shares = options.warm_caches ? 1 : std::min(all_cores(), programs.size());
  const std::vector<JobEnd> ends =
      run_jobs(shares,
               [&](std::size_t share) {
                 std::vector<std::int64_t> some;
                 sim::Simulator simulator(accelerator, options);
                 for (std::size_t i = share; i < programs.size(); i += shares) {
                   const sim::Positions* known = positions.empty() ? nullptr : &positions[i];
                   some.push_back(simulator.run(programs[i], nullptr, known).cycles);
                 }
                 return to_bytes(some);
               },
               {.workers = shares});
  std::vector<std::int64_t> cycles(programs.size());
  for (std::size_t share = 0; share < shares; ++share) {
    const auto some = from_bytes<std::vector<std::int64_t>>(answer_of(ends[share]));
    for (std::size_t i = 0; i < some.size(); ++i) {
      cycles[share + i * shares] = some[i];
    }
  }
  return cycles;
}

}  // namespace weft::validation
