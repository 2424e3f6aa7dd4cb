// The terms that Timeloop's mappings and constraints are made of: targets, data-spaces, factors,
// permutations, in the names of one problem on one accelerator. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "arch/spec/accelerator.hpp"
#include "base/yaml.hpp"
#include "workload/import.hpp"
#include "workload/problem.hpp"

namespace weft::timeloop {

// A word of `factors`: "C=2", "C2", "C=2,1" (the last iteration's share, which follows from the dim's size
// here); in constraints also "C<=4" and "C>=2". Bound 0: what is left of the dim.
struct Factor {
  enum class Relation : std::uint8_t { kEqual, kAtMost, kAtLeast };
  int dim = 0;
  Relation relation = Relation::kEqual;
  std::int64_t bound = 1;
};

// One element of a mapping or of constraints.
struct Directive {
  yaml::Section section;
  std::string type;
  int level = 0;
  int fan = 0;  // of a spatial one: which of the containers that make up the fan-out, outermost first
};

// What is wrong is reported with `at`, and the answer is -1 or nothing. Problem and accelerator must outlive
// it.
class Terms {
 public:
  Terms(const Problem& problem, const Accelerator& accelerator);

  // Nothing where the target is missing, unknown or stands for compute units, or where a fan-out is told to
  // keep nothing and to loop once, as that tool's mapper writes ("inter_PE_spatial").
  [[nodiscard]] std::optional<Directive> directive(const yaml::Value& value) const;
  // Level whose loops or, `spatial`, whose fan-out the target names; depth(): the compute units.
  [[nodiscard]] int target(const yaml::Value& at, const std::string& name, bool spatial) const;
  // By the tensor's own name or its role ("Weights").
  [[nodiscard]] int role(const yaml::Value& at) const;
  [[nodiscard]] int dim(const yaml::Value& at, const std::string& name) const;
  // Of a text or a list.
  [[nodiscard]] std::vector<Factor> factors(const yaml::Value& value, bool relations) const;
  // Dims from the innermost; single letters may stand without blanks.
  [[nodiscard]] std::vector<int> permutation(const yaml::Value& value) const;
  [[nodiscard]] const std::vector<std::string>& dims() const { return dims_; }

 private:
  struct Fan {
    int level = -1, place = 0;
  };
  // The container of that name, or of the name inside "inter_NAME_spatial".
  [[nodiscard]] std::optional<Fan> fan(const std::string& name) const;
  void check_says_nothing(yaml::Section& section, const std::string& name) const;
  [[nodiscard]] std::optional<Factor> factor(const yaml::Value& at, std::string word, bool relations) const;

  const Problem& problem_;
  const Accelerator& accelerator_;
  std::vector<std::string> dims_, targets_;
};

// Notes the keys that no directive of a `what` (mapping, constraints) uses.
void note_unused(yaml::Section& section, const std::string& what, ImportNotes& notes);

}  // namespace weft::timeloop
