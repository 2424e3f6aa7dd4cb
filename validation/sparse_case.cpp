// SPDX-License-Identifier: Apache-2.0
#include "validation/sparse_case.hpp"

#include <algorithm>

#include "arch/spec/sparse_effect.hpp"
#include "base/checked.hpp"
#include "dataflow/evaluate.hpp"
#include "dataflow/lower.hpp"
#include "validation/in_child.hpp"
#include "workload/positions.hpp"

namespace weft::validation {
namespace {

Accelerator without_ports(Accelerator accelerator) {
  for (StorageLevel& level : accelerator.levels) {
    for (Memory& memory : level.memories) {
      memory.read_bandwidth.reset();
      memory.ports = {};
      memory.write_bandwidth.reset();
      memory.shared_bandwidth.reset();
    }
  }
  return accelerator;
}

}  // namespace

std::vector<std::int64_t> machine_cycles(const Accelerator& machine, const std::vector<SparseCase>& cases,
                                         std::uint64_t seed) {
  std::vector<Program> programs;
  std::vector<sim::Positions> positions;
  for (const SparseCase& one : cases) {
    programs.push_back(lower(one.mapping, one.problem, for_layer(machine, one.problem)));
    Rng weights = Rng(seed).fork(0);
    Rng inputs = Rng(seed).fork(1);
    positions.push_back({random_positions(one.problem.tensor(Role::kWeights), weights),
                         random_positions(one.problem.tensor(Role::kInputs), inputs)});
  }
  return simulated_cycles(machine, programs, {}, positions);
}

std::vector<std::int64_t> array_cycles(const Accelerator& accelerator, const std::vector<SparseCase>& cases,
                                       std::uint64_t seed) {
  return machine_cycles(without_ports(accelerator), cases, seed);
}

std::int64_t balanced_cycles(const Accelerator& accelerator, const SparseCase& one) {
  return evaluate(one.mapping, one.problem, for_layer(without_ports(accelerator), one.problem)).timing.cycles;
}

void add_temporal(LevelMapping& level, const Problem& problem, const char* dim, std::int64_t bound) {
  const int d = problem.dim(dim);
  if (d >= 0 && problem.size(d) > 1 && bound > 1) {
    level.temporal.push_back({d, std::min(bound, problem.size(d))});
  }
}

void add_spatial(LevelMapping& level, const Problem& problem, const char* dim, std::int64_t bound,
                 Axis axis) {
  const int d = problem.dim(dim);
  if (d >= 0 && problem.size(d) > 1) {
    level.spatial.push_back({d, std::min(bound, problem.size(d)), axis});
  }
}

void add_rest(Mapping& mapping, std::size_t level, const Problem& problem,
              const std::vector<const char*>& dims) {
  for (const char* name : dims) {
    const int d = problem.dim(name);
    const std::int64_t rest = d < 0 ? 1 : ceil_div(problem.size(d), covered(mapping, d));
    if (rest > 1) {
      mapping.levels[level].temporal.push_back({d, rest});
    }
  }
}

}  // namespace weft::validation
