// SPDX-License-Identifier: Apache-2.0
#include "tests/support/sparsify.hpp"

#include <algorithm>
#include <array>

namespace weft::testing {
namespace {

TensorFormat random_format(Rng& rng) {
  TensorFormat format;
  format.kind = static_cast<FormatKind>(rng.uniform(1, 5));
  format.run = Bits(rng.uniform(1, 5));
  format.pointer = Bits(rng.uniform(1, 16));
  format.fiber = rng.chance(0.7) ? rng.uniform(1, 40) : 0;
  format.compress = rng.chance(0.3) ? Compress::kWhenSmaller : Compress::kAlways;
  if (has_runs(format.kind) && rng.chance(0.3)) {
    format.packet = Bits(64);
  }
  return format;
}

PerRole<bool> operands(Rng& rng) {
  const std::int64_t which = rng.uniform(1, 3);
  return {(which & 1) != 0, (which & 2) != 0, false};
}

}  // namespace

void sparsify(Rng& rng, Problem& problem) {
  for (const Role role : {Role::kWeights, Role::kInputs}) {
    const auto all = static_cast<double>(words(problem.tensor(role)));
    const std::int64_t tenths = rng.uniform(1, 10);
    // A whole number of words, so that an expectation is one and not the nearest to it.
    const double some =
        static_cast<double>(std::max<std::int64_t>(1, static_cast<std::int64_t>(all) * tenths / 10));
    set_sparsity(problem, role, {some / all});
  }
}

void sparsify(Rng& rng, Accelerator& accelerator) {
  for (StorageLevel& level : accelerator.levels) {
    for (Memory& memory : level.memories) {
      for (std::size_t r = 0; r < kRoles; ++r) {
        if (memory.holds[r] && rng.chance(0.5)) {
          memory.formats[r] = random_format(rng);
        }
      }
    }
  }
  ZeroHandling& zeros = accelerator.compute.zeros;
  if (rng.chance(0.5)) {
    zeros.gate = Gate{operands(rng), rng.unit()};
  }
  if (rng.chance(0.7)) {
    zeros.skip = Skip{.by = operands(rng)};
    constexpr std::array kBarriers = {"positions", "reduction", "filters", "all"};
    if (rng.chance(0.6)) {
      zeros.skip->barrier = {kBarriers[static_cast<std::size_t>(rng.uniform(0, 3))]};
      zeros.skip->window = rng.uniform(1, 4);
    }
  }
}

}  // namespace weft::testing
