// How long the array takes for a step when multiplications with zeros are skipped. No time, no SystemC.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "arch/sim/core/bank_conflicts.hpp"
#include "arch/sim/core/nonzero_table.hpp"
#include "arch/sim/core/zero_work.hpp"

namespace weft::sim {

// Whose the dims are: of the weights alone, of the inputs alone, of both (and of the outputs alone).
struct DimKinds {
  explicit DimKinds(const Problem& problem);
  std::vector<int> weights, inputs, shared;
};

// What is left for a unit is a sum over the shared dims: non-zero weights that meet an index combination,
// times non-zero inputs that do. The two counts recur from step to step and are kept. Where padding tokens
// cost cycles, an input that meets no token takes one: the unit looks its pointers up (Han et al., "EIE",
// ISCA 2016, IV).
class ProductCycles {
 public:
  ProductCycles(const Program& program, const Accelerator& accelerator, const Positions& positions);
  [[nodiscard]] std::int64_t cycles(const Step& step);

 private:
  using Key = std::vector<std::int32_t>;
  // By index combination of the shared dims: where it goes, and counts by class of the operand's own dims.
  struct Places {
    std::vector<std::int64_t> unit, group;
  };
  [[nodiscard]] Key key(const Step& step, const std::vector<int>& own) const;
  const Places& places(const Step& step, const UnitClasses::OfStep& classes);
  const std::vector<std::uint32_t>& counts(Role role, const Step& step, const UnitClasses::OfStep& classes);

  const Skip& skip_;
  DimKinds kinds_;
  UnitClasses classes_;
  NonzeroCounter weights_, inputs_;
  std::int64_t window_ = 0;  // of the weights' runs; 0: padding costs nothing
  std::map<Key, Places> places_;
  std::array<std::map<Key, std::vector<std::uint32_t>>, 2> tables_;
  std::size_t held_ = 0;
};

// Cartesian products: per channel, ceil(non-zero weights / vector) x ceil(non-zero inputs / vector) cycles of
// the unit. A unit owns the inputs at which its windows begin, so that no input has two owners; products that
// belong to a neighbour's outputs are its work too (Parashar et al., "SCNN", ISCA 2017, section 3).
class CartesianCycles {
 public:
  CartesianCycles(const Program& program, const Accelerator& accelerator, const Positions& positions);
  [[nodiscard]] std::int64_t cycles(const Step& step) const;

 private:
  struct Choices;
  // Of the step's vectors, some of which are followed to their banks: cycles with conflicts over those
  // without.
  [[nodiscard]] double conflicts(const Choices& choices) const;
  const Positions& positions_;
  const TensorShape& weight_shape_;
  std::vector<Window> windows_;
  const Skip& skip_;
  DimKinds kinds_;
  std::vector<int> channels_, taps_;  // of the shared dims
  std::vector<std::int64_t> phases_;  // per tap: inputs between two windows
  TensorShape owned_;                 // inputs without the windows' overlap
  UnitClasses classes_;
  NonzeroCounter weights_, inputs_;
};

}  // namespace weft::sim
