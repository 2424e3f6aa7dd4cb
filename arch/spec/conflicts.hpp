// Banks that sums lie in, when several products of a cycle belong to the same one.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace weft {

// Products wait in a queue before each bank, and a bank adds one a cycle. An array stands still until every
// queue has room for what comes next.
class BankQueues {
 public:
  BankQueues(std::int64_t banks, std::int64_t queue);
  // The products of one cycle, by bank; returns the cycles that they take.
  std::int64_t enter(const std::vector<std::int64_t>& banks);

 private:
  std::int64_t room_;
  std::vector<std::int64_t> waiting_, arriving_;
};

// Cycles that a cycle of so many products takes in the long run when banks are equally likely: balls in bins
// with queues, by sampling with a fixed seed (about one per cent). 1 <= products, 1 <= banks, 0 <= queue.
[[nodiscard]] double expected_conflicts(std::int64_t products, std::int64_t banks, std::int64_t queue);

}  // namespace weft
