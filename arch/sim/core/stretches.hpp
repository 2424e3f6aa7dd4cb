// How long units take that skip: each has its own work between two barriers. No time, no SystemC.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "arch/program.hpp"
#include "arch/spec/sparse.hpp"

namespace weft::sim {

// Does a loop over the dim end at a barrier?
[[nodiscard]] bool cuts(const Problem& problem, const Skip& skip, int dim);

// `work`: [stretch][unit], cycles. Stretch g begins when no unit is busy with stretch g - window any more; a
// unit does its stretches one after the other. A stretch that leaves nothing for any
// unit takes no place (no input that is zero is broadcast). Returns when the last is done.
[[nodiscard]] std::int64_t makespan(const std::vector<std::int64_t>& work, std::int64_t units,
                                    std::int64_t window);

// The indices of a step by unit and stretch.
class UnitClasses {
 public:
  // Throws OverflowError.
  UnitClasses(const Program& program, const Skip& skip, int levels);
  [[nodiscard]] std::int64_t units() const { return units_; }

  // Indices of one dim that belong together, ascending. `unit` and `group` are the dim's shares of the
  // numbers of the unit and of the stretch.
  struct Class {
    std::vector<std::int64_t> indices;
    std::int64_t unit = 0, group = 0;
  };
  using DimClasses = std::vector<Class>;
  struct OfStep {
    std::vector<DimClasses> dims;
    std::int64_t stretches = 1;
  };
  // Throws ConfigError (too-large) when there are more stretches than can be kept.
  [[nodiscard]] OfStep of(const Step& step) const;

 private:
  std::int64_t units_ = 1;
  std::vector<std::vector<DimClasses>> classes_;  // [dim][set]
};

// Every choice of one class for each of some dims, the last one fastest.
struct ClassChoice {
  std::vector<const UnitClasses::Class*> classes;
  std::int64_t unit = 0, group = 0;
};
[[nodiscard]] std::vector<ClassChoice> choices(const std::vector<int>& dims,
                                               const std::vector<UnitClasses::DimClasses>& classes);
// Every combination of indices of some dims, class by class: the indices by dim (-1: another dim), and where
// they go.
struct IndexChoice {
  std::vector<std::int64_t> indices;
  std::int64_t unit = 0, group = 0;
};
[[nodiscard]] std::vector<IndexChoice> index_choices(const std::vector<int>& dims,
                                                     const std::vector<UnitClasses::DimClasses>& classes);

}  // namespace weft::sim
