// A bit-serial machine beside its bit-parallel baseline: what Stripes gains from narrow activations.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/error.hpp"
#include "mapper/mapper.hpp"
#include "validation/suites.hpp"
#include "workload/presets.hpp"

namespace weft::validation {
namespace {

constexpr int kNative = 16;

// The same tiles, filters and lanes with one window each and bit-parallel products: as many MACs per cycle at
// 16 bits.
Accelerator baseline(Accelerator accelerator) {
  accelerator.compute.precision = {};
  accelerator.levels[1].fanout.y = 1;
  return accelerator;
}

std::int64_t compute_cycles(const Problem& problem, const Accelerator& accelerator,
                            const EnergyTable& table) {
  MapRequest request;
  request.problem = &problem;
  request.accelerator = &accelerator;
  request.table = &table;
  request.objective = Objective::kLatency;
  request.max_evaluations = 1500;
  const MapResult found = searches().at("constructive")(request);
  WEFT_ENSURE(found.mapping, "both machines run every convolution");
  return found.evaluation.timing.compute_cycles;
}

}  // namespace

SuiteResult run_stripes(const SuiteOptions& /*options*/) {
  const Accelerator serial = load_accelerator("stripes");
  const Accelerator parallel = baseline(serial);
  const EnergyTable table = EnergyTable::load("default_45nm");
  const Network network = network_presets().at("alexnet")({});
  Series speedup{.title = "speed-up over the bit-parallel baseline",
                 .unit = "ratio",
                 .source = "P. Judd et al., Stripes, MICRO 2016: 16 / p for p-bit activations"};
  for (const Layer& layer : network.layers) {
    if (!layer.problem || layer.problem->kind != "conv") {
      continue;
    }
    for (const int bits : {16, 12, 8, 5, 3}) {
      Problem problem = *layer.problem;
      problem.tensor(Role::kWeights).bits = kNative;
      problem.tensor(Role::kOutputs).bits = kNative;
      problem.tensor(Role::kInputs).bits = kNative;
      const auto wide = static_cast<double>(compute_cycles(problem, parallel, table));
      problem.tensor(Role::kInputs).bits = bits;
      const auto narrow = static_cast<double>(compute_cycles(problem, serial, table));
      speedup.rows.push_back({fmt::format("{} {} b", layer.name, bits), 16.0 / bits, wide / narrow});
    }
  }
  SuiteResult result;
  result.machine = "stripes and its bit-parallel baseline, the analytic model, convolutions of AlexNet";
  result.series = {speedup};
  result.claims = {mean_within(speedup, 0.15)};
  result.informed = "none";
  result.not_modelled = {
      "the paper's averages (1.92x over DaDianNao, 1.30x to 4.51x): they rest on precision profiles of its "
      "networks, which are "
      "not among our rows",
      "its energy (57 % better) and area (32 % more): neither machine is calibrated to its laws"};
  return result;
}

}  // namespace weft::validation
