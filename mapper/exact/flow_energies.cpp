// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/flow_energies.hpp"

#include <algorithm>
#include <numeric>

namespace weft::exact {

void FlowEnergies::begin(BoundProgram& program) {
  program_ = &program;
  turns_.resize(program.resources().flows().size());
  std::iota(turns_.begin(), turns_.end(), std::size_t{0});
  decisive_ = 0;
  profiles_.clear();
  options_.resize(turns_.size());
  least_.resize(turns_.size());
  rest_.assign(turns_.size() + 1, 0.0);
}

void FlowEnergies::ask(std::span<const std::size_t> profiles, std::span<const double> above) {
  const bool same = std::equal(profiles.begin(), profiles.end(), profiles_.begin(), profiles_.end());
  for (std::size_t flow = 0; !same && flow < options_.size(); ++flow) {
    options_[flow] = program_->option(profiles.front(), flow);
    for (const std::size_t profile : profiles) {
      const std::size_t option = program_->option(profile, flow);
      if (program_->level_of(option) < program_->level_of(options_[flow])) {
        options_[flow] = option;
      }
    }
  }
  profiles_.assign(profiles.begin(), profiles.end());
  // What decided the last nodes is likely to decide the next.
  const auto first = turns_.begin() + static_cast<std::ptrdiff_t>(decisive_);
  std::rotate(turns_.begin(), first, first + 1);
  decisive_ = 0;
  for (std::size_t turn = turns_.size(); turn-- > 0 && !above.empty();) {
    rest_[turn] = rest_[turn + 1] + above[turns_[turn]];
  }
}

void FlowEnergies::complete() {
  for (const std::size_t flow : turns_) {
    look(flow);
  }
}

double FlowEnergies::look(std::size_t flow) {
  least_[flow] = program_->energy(options_[flow]);
  return least_[flow];
}

}  // namespace weft::exact
