// SPDX-License-Identifier: Apache-2.0
#include "mapper/batch/stage_run.hpp"

#include <algorithm>
#include <memory>

namespace weft::batch {

namespace {
constexpr std::size_t kLine = 8;  // doubles
}

StageRun::StageRun(const Stage& stage, const Kernels& kernels, Options options)
    : stage_(&stage),
      kernels_(kernels),
      options_(options),
      memory_(stage.program.slots * kLanes + kLine),
      products_(stage.layout.width),
      coefficients_(stage.layout.begins.size()) {
  void* at = memory_.data();
  std::size_t room = memory_.size() * sizeof(double);
  const std::size_t size = stage.program.slots * kLanes * sizeof(double);
  start_ = static_cast<double*>(std::align(kLine * sizeof(double), size, at, room));
  for (const auto& [slot, value] : stage.program.constants) {
    std::fill_n(start_ + slot * kLanes, kLanes, value);
  }
}

void StageRun::run(std::span<const std::size_t> mappings) {
  const Layout& layout = stage_->layout;
  stretches_ = 0;
  for (std::size_t lane = 0; lane < mappings.size();) {
    const std::size_t count = stretch(mappings.subspan(lane));
    turn_to(mappings[lane]);
    const double* columns = layout.columns.data() + options_[layout.swept][mappings[lane]];
    for (const auto& [input, slot] : stage_->program.inputs) {
      const std::vector<SweepTerm>& terms = layout.sums[input];
      kernels_.sweep(terms.data(), terms.size(), coefficients_.data(), columns, layout.stride, count,
                     start_ + slot * kLanes + lane);
    }
    lane += count;
    ++stretches_;
  }
  kernels_.run(stage_->program.instructions.data(), stage_->program.instructions.size(), start_);
}

std::size_t StageRun::stretch(std::span<const std::size_t> mappings) const {
  std::size_t count = 1;
  for (; count < mappings.size(); ++count) {
    for (std::size_t part = 0; part < options_.size(); ++part) {
      const std::uint32_t step = part == stage_->layout.swept ? 1 : 0;
      if (options_[part][mappings[count]] != options_[part][mappings[count - 1]] + step) {
        return count;
      }
    }
  }
  return count;
}

// Works out the coefficients for what the other parts have in this mapping.
void StageRun::turn_to(std::size_t mapping) {
  const Layout& layout = stage_->layout;
  bool same = !rows_.empty();
  rows_.resize(options_.size());
  rows_[layout.swept] = layout.signs.data();
  for (std::size_t part = 0; part < options_.size(); ++part) {
    if (part != layout.swept) {
      const double* own = layout.rows[part].data() + options_[part][mapping] * layout.width;
      same = same && rows_[part] == own;
      rows_[part] = own;
    }
  }
  if (same) {
    return;
  }
  kernels_.multiply(rows_.data(), rows_.size(), layout.width, products_.data());
  for (std::size_t c = 0; c + 1 < layout.begins.size(); ++c) {
    double sum = 0;
    for (std::uint32_t column = layout.begins[c]; column < layout.begins[c + 1]; ++column) {
      sum += products_[column];
    }
    coefficients_[c] = sum;
  }
}

}  // namespace weft::batch
