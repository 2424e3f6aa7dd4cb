// Runs one stage for up to kLanes mappings at a time.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mapper/batch/compile.hpp"

namespace weft::batch {

using Options = std::span<const std::span<const std::uint32_t>>;  // [part][mapping]

class StageRun {
 public:
  // Stage and options outlive it.
  StageRun(const Stage& stage, const Kernels& kernels, Options options);

  // The mappings with these indices into the options.
  void run(std::span<const std::size_t> mappings);
  // Of the last run, one value per mapping.
  [[nodiscard]] const double* output(std::size_t index) const {
    return start_ + stage_->program.outputs[index] * kLanes;
  }
  // Stretches of the last run: mappings that differ only in the swept part, whose options follow each other.
  [[nodiscard]] std::size_t stretches() const { return stretches_; }

 private:
  [[nodiscard]] std::size_t stretch(std::span<const std::size_t> mappings) const;
  void turn_to(std::size_t mapping);
  // The inputs of a stretch that begins with that option of the swept part.
  void fill_long(std::size_t option, std::size_t lane, std::size_t count);
  void fill_short(std::size_t option, std::size_t lane, std::size_t count);

  const Stage* stage_;
  Kernels kernels_;
  Options options_;
  std::vector<double> memory_;
  double* start_ = nullptr;  // the slots, aligned to lines of the cache
  std::size_t stretches_ = 0;
  std::vector<const double*> rows_;  // of the signs and the parts but the swept one; empty: none yet
  std::vector<double> coefficients_;
};

}  // namespace weft::batch
