// The objectives: what a mapping is judged by.
// SPDX-License-Identifier: Apache-2.0
#include "base/error.hpp"
#include "mapper/mapper.hpp"

namespace weft {

namespace {
constexpr double kJoulesPerPicojoule = 1e-12;
}

std::string_view name_of(Objective objective) {
  switch (objective) {
    case Objective::kEnergy:
      return "energy";
    case Objective::kLatency:
      return "latency";
    case Objective::kEdp:
      return "edp";
    case Objective::kEd2p:
      return "ed2p";
  }
  WEFT_ENSURE(false, "not an objective");
}

const std::vector<std::string>& objective_names() {
  static const std::vector<std::string> names = {"energy", "latency", "edp", "ed2p"};
  return names;
}

double objective_value(Objective objective, double energy_pj, std::int64_t cycles, Hertz clock) {
  const double seconds = static_cast<double>(cycles) / clock.count();
  const double joules = energy_pj * kJoulesPerPicojoule;
  switch (objective) {
    case Objective::kEnergy:
      return energy_pj;
    case Objective::kLatency:
      return seconds;
    case Objective::kEdp:
      return joules * seconds;
    case Objective::kEd2p:
      return joules * seconds * seconds;
  }
  WEFT_ENSURE(false, "not an objective");
}

double Bound::cost(Objective objective, Hertz clock) const {
  return objective_value(objective, energy_pj, cycles, clock);
}

}  // namespace weft
