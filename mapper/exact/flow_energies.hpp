// What the flows of several profiles of a family cost in energy at least. Most nodes need not look further:
// the cycles known above and the energy of a few flows give all profiles up.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "mapper/exact/bound.hpp"

namespace weft::exact {

class FlowEnergies {
 public:
  // Another family's program, which outlives its use.
  void begin(BoundProgram& program);
  // The profiles of which the nodes to come are asked, all below one node. `above`: least() there; nothing:
  // only complete() is for use.
  void ask(std::span<const std::size_t> profiles, std::span<const double> above);

  // Where the program stands: is `beaten` true of what all flows cost at least? Those not looked at yet cost
  // at least what they do above. If not, least() is complete.
  template <class Beaten>
  [[nodiscard]] bool give_up(const Beaten& beaten) {
    double sum = 0;
    for (std::size_t turn = 0; turn < turns_.size(); ++turn) {
      sum += look(turns_[turn]);
      if (beaten(sum + rest_[turn + 1])) {
        decisive_ = turn;
        return true;
      }
    }
    return false;
  }
  void complete();
  // [flow]: of the profiles, where the program stands. pJ
  [[nodiscard]] std::span<const double> least() const { return least_; }

 private:
  double look(std::size_t flow);

  BoundProgram* program_ = nullptr;
  std::vector<std::size_t> turns_;     // flows, in the order in which they are looked at
  std::size_t decisive_ = 0;           // the turn that gave up last
  std::vector<std::size_t> profiles_;  // asked for
  // [flow]: of the profiles' options the one whose loops run free from furthest out. What it costs no other
  // undercuts.
  std::vector<std::size_t> options_;
  std::vector<double> least_;  // [flow]
  std::vector<double> rest_;   // [turn]: above, of this turn and those after it
};

}  // namespace weft::exact
