// Dataflow's sums for one option of one part at a time; what all mappings answer alike is worked out once.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "mapper/batch/structure.hpp"

namespace weft::batch {

// A group of Transfers::group_sums whose dims belong to the part.
struct Group {
  GroupSums sums;
  std::vector<int> dims;
  [[nodiscard]] bool mentioned() const { return sums.rank != nullptr; }
};

class Answers {
 public:
  // The references outlive it.
  Answers(const Subject& subject, const std::vector<Part>& parts);

  // The number of a question about a boundary; one that combines instances alike is the same question.
  [[nodiscard]] std::size_t ask(const Quantity& quantity);
  // A new option comes.
  void forget();
  // The groups of dims in the option with that nest.
  [[nodiscard]] const std::vector<Group>& of(std::size_t question, const Quantity& quantity, const Nest& nest,
                                             const std::vector<int>& dims);

 private:
  struct Question {
    Boundary boundary;
    Visits visits;
    std::vector<Gather> gathers;  // of every fan-out and dim that some option spreads
  };

  const Subject* subject_;
  std::vector<std::pair<int, int>> spread_;  // (level, dim)
  std::vector<Question> questions_;
  std::vector<std::optional<std::vector<Group>>> known_;  // [question]
};

}  // namespace weft::batch
