// SPDX-License-Identifier: Apache-2.0
#include "mapper/batch/stage_run.hpp"

#include <algorithm>
#include <memory>

namespace weft::batch {

namespace {
constexpr std::size_t kLine = 8;  // doubles
constexpr std::size_t kLong = 4;  // stretches from here on are worth vectors
}  // namespace

StageRun::StageRun(const Stage& stage, const Kernels& kernels, Options options)
    : stage_(&stage),
      kernels_(kernels),
      options_(options),
      memory_(stage.program.slots * kLanes + kLine),
      coefficients_(stage.layout.layers.empty() ? 0 : stage.layout.layers.front().count) {
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
    const std::size_t option = options_[layout.swept][mappings[lane]];
    if (count < kLong) {
      fill_short(option, lane, count);
    } else {
      fill_long(option, lane, count);
    }
    lane += count;
    ++stretches_;
  }
  kernels_.run(stage_->program.instructions.data(), stage_->program.instructions.size(), start_);
}

void StageRun::fill_long(std::size_t option, std::size_t lane, std::size_t count) {
  const Layout& layout = stage_->layout;
  for (const auto& [input, slot] : stage_->program.inputs) {
    const std::vector<SweepTerm>& terms = layout.sums[input];
    kernels_.sweep(terms.data(), terms.size(), coefficients_.data(), layout.columns.data() + option,
                   layout.stride, count, start_ + slot * kLanes + lane);
  }
}

// Mapping by mapping, whose factors lie beside each other.
void StageRun::fill_short(std::size_t option, std::size_t lane, std::size_t count) {
  const Layout& layout = stage_->layout;
  for (std::size_t next = 0; next < count; ++next) {
    const double* own = layout.across.data() + (option + next) * layout.distinct;
    for (const auto& [input, slot] : stage_->program.inputs) {
      double sum = 0;
      for (const SweepTerm& term : layout.sums[input]) {
        sum += coefficients_[term.coefficient] * own[term.column];
      }
      start_[slot * kLanes + lane + next] = sum;
    }
  }
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
  kernels_.multiply(rows_.data(), rows_.size(), layout.layers.data(), layout.layers.size(),
                    coefficients_.data());
}

}  // namespace weft::batch
