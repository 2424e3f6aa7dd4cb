// See tile_window.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/tile_window.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace weft::sim {

void TileWindow::reset() {
  starts_.clear();
  lasts_.clear();
  to_come_.clear();
  over_ = 0;
}

void TileWindow::append(const Program& program, const TileTable& tiles, std::int64_t first_step) {
  if (!limit_ || program.tile_starts.empty()) {
    return;
  }
  const std::vector<std::int64_t>& starts = program.tile_starts;
  const auto steps = static_cast<std::int64_t>(program.steps.size());
  for (std::size_t i = 0; i < starts.size(); ++i) {
    starts_.push_back(first_step + starts[i]);
    lasts_.push_back(first_step + (i + 1 < starts.size() ? starts[i + 1] : steps) - 1);
    to_come_.push_back(1);
  }
  const auto& outputs = tiles.at[static_cast<std::size_t>(index_of(Role::kOutputs))];
  if (outputs.size() > 1) {
    for (const Tile& tile : outputs[1]) {
      ++to_come_[iteration_of(first_step + std::max(tile.step, tile.last_step))];
    }
  }
}

std::size_t TileWindow::iteration_of(std::int64_t step) const {
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), step);
  return static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, after - starts_.begin() - 1));
}

void TileWindow::await_turn(std::int64_t step) {
  if (starts_.empty()) {
    return;
  }
  const auto iteration = static_cast<std::int64_t>(iteration_of(step));
  while (iteration >= static_cast<std::int64_t>(over_) + *limit_) {
    sc_core::wait(changed_);
  }
}

void TileWindow::computed(std::int64_t step) {
  if (starts_.empty()) {
    return;
  }
  const std::size_t iteration = iteration_of(step);
  if (step == lasts_[iteration]) {
    finish(iteration);
  }
}

void TileWindow::finish(std::size_t iteration) {
  if (starts_.empty()) {
    return;
  }
  --to_come_[iteration];
  while (over_ < to_come_.size() && to_come_[over_] == 0) {
    ++over_;
  }
  changed_.notify(sc_core::SC_ZERO_TIME);
}

std::string TileWindow::state() const {
  return starts_.empty() ? "" : fmt::format("{} of {} outer iterations over\n", over_, starts_.size());
}

}  // namespace weft::sim
