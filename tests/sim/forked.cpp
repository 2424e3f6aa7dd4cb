// See forked.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/forked.hpp"

#include <functional>

#include "arch/sim/result_bytes.hpp"
#include "base/child_process.hpp"

namespace weft::testing {

namespace {

std::vector<sim::Result> results_of(const std::function<std::vector<sim::Result>()>& work) {
  return from_bytes<std::vector<sim::Result>>(in_child([&] { return to_bytes(work()); }));
}

}  // namespace

std::vector<sim::Result> simulate(const Accelerator& accelerator, const std::vector<Program>& programs,
                                  const sim::Options& options, const sim::Operands* operands,
                                  const sim::Positions* positions) {
  return results_of([&] {
    sim::Simulator simulator(accelerator, options);
    std::vector<sim::Result> results;
    for (const Program& program : programs) {
      results.push_back(simulator.run(program, operands, positions));
    }
    return results;
  });
}

sim::Result simulate(const Accelerator& accelerator, const Program& program, const sim::Options& options,
                     const sim::Operands* operands) {
  return simulate(accelerator, std::vector<Program>{program}, options, operands).front();
}

std::vector<sim::Result> simulate_network(const Accelerator& accelerator,
                                          const std::vector<sim::Piece>& pieces,
                                          const sim::Options& options) {
  return results_of([&] {
    sim::Simulator simulator(accelerator, options);
    std::vector<sim::Result> results;
    for (const sim::Piece& piece : pieces) {
      results.push_back(piece.program ? simulator.run(*piece.program) : sim::Result{});
    }
    results.push_back(simulator.run_network(pieces.size(), [&](std::size_t i) { return pieces[i]; }));
    return results;
  });
}

double sum_of(const sim::Stalls& stalls) {
  double sum = stalls.computing + stalls.commands + stalls.ramp_in + stalls.operand_bandwidth +
               stalls.held_back + stalls.ramp_out;
  for (const double part : stalls.waiting_for) {
    sum += part;
  }
  return sum;
}

}  // namespace weft::testing
