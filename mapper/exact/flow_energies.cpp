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
  kinds_.clear();
  options_.resize(turns_.size());
  least_.resize(turns_.size());
  rest_.assign(turns_.size() + 1, 0.0);
}

void FlowEnergies::ask(std::span<const std::size_t> kinds, std::span<const double> above) {
  const bool same = std::equal(kinds.begin(), kinds.end(), kinds_.begin(), kinds_.end());
  for (std::size_t flow = 0; !same && flow < options_.size(); ++flow) {
    std::vector<std::size_t>& options = options_[flow];
    options.clear();
    for (const std::size_t kind : kinds) {
      const std::size_t option = program_->option(kind, flow);
      if (std::find(options.begin(), options.end(), option) == options.end()) {
        options.push_back(option);
      }
    }
  }
  kinds_.assign(kinds.begin(), kinds.end());
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
  double least = program_->energy(options_[flow].front());
  for (std::size_t i = 1; i < options_[flow].size(); ++i) {
    least = std::min(least, program_->energy(options_[flow][i]));
  }
  least_[flow] = least;
  return least;
}

}  // namespace weft::exact
