// Where the rules of a constraint file stand, to point at those that turn out impossible.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "base/yaml.hpp"
#include "mapper/contradictions.hpp"

namespace weft {

class ConstraintOrigins {
 public:
  struct Origin {
    std::vector<Conflict> conflicts{};  // that the rule may be the cause of
    int level = -1;                     // -1: any
    int index = -1;                     // dim or role; -1: any
    yaml::Value at;
  };
  void add(Origin origin) { origins_.push_back(std::move(origin)); }

  // Reports every contradiction at the last rule that may be its cause, else at the whole file.
  void report(const yaml::Section& root, const Constraints& constraints, const Problem& problem,
              const Accelerator& accelerator) const;

 private:
  std::vector<Origin> origins_;
};

}  // namespace weft
