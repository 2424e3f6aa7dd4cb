// The model itself, from tables: what each part of a mapping contributes to every count is worked out once by
// dataflow's own sums (GroupSummer), then put together for each order of the loops. Same numbers as
// evaluate(), sooner.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <unordered_map>
#include <vector>

#include "dataflow/assess.hpp"
#include "dataflow/group_memo.hpp"
#include "mapper/exact/chain_table.hpp"
#include "mapper/exact/orders.hpp"
#include "mapper/mapper.hpp"

namespace weft::exact {

class Tables {
 public:
  // The references outlive the tables. Only for conventions where windows slide whenever they can.
  Tables(const MapRequest& request, const MapSpace& space, std::vector<std::vector<int>> parts);

  // The boundaries of the mappings to come.
  void keep(const std::vector<PerRole<bool>>& keep);
  // The parts' splits; `options` identify them (two options of a part with the same number are the same
  // split).
  void split(const Chains& chains, const std::vector<int>& options);
  // Words of a flow under these orders (one per level), of which only those of levels outside its child
  // matter, and of them only what its tensor sees. Throws OverflowError.
  [[nodiscard]] FlowWords words(std::size_t flow, std::span<const Order* const> orders);
  // Words of all flows -> what the mapping costs. Throws OverflowError.
  [[nodiscard]] Evaluation evaluate(std::span<const FlowWords> flows) const;
  [[nodiscard]] const std::vector<Boundary>& flows() const { return boundaries_; }

 private:
  // One group of one question, ready to be combined.
  struct GroupTable {
    GroupWords words;
    bool mentioned = false;
    unsigned dims = 0;  // whose loops are its own, as bits
  };
  // Answers of one part to one question.
  using Answer = std::vector<GroupTable>;
  struct Asked {
    Boundary boundary;
    Scope scope;
    Visits visits;
    bool operator==(const Asked&) const = default;
  };
  // Answers by what the question sees of the loops, and by the part's split and the order in which its dims'
  // loops stand at each level.
  struct Answers {
    KnownKeys views;
    std::deque<Answer> by_view;
    std::unordered_map<std::uint64_t, const Answer*> by_option;
  };
  struct Loop {
    int level, dim;
  };

  [[nodiscard]] std::size_t number_of(const Asked& asked);
  [[nodiscard]] const Answer& answer(std::size_t part, std::size_t question,
                                     std::span<const Order* const> orders);
  void view_of(std::size_t part, const Asked& asked, std::span<const Order* const> orders, Key& key) const;
  [[nodiscard]] Answer make_answer(std::size_t part, const Asked& asked,
                                   std::span<const Order* const> orders);
  using Asking = Small<const GroupTable*, 12>;  // all groups of a question
  [[nodiscard]] std::int64_t total(const Asking& groups, int child) const;
  [[nodiscard]] std::int64_t last_tile(const Asking& groups, int child) const;
  void fill(std::size_t question, std::span<const Order* const> orders, FlowWords& flow);

  const MapRequest& request_;
  const MapSpace& space_;
  std::vector<std::vector<int>> parts_;
  std::vector<Asked> asked_;  // of all mappings so far
  std::vector<Boundary> boundaries_;
  std::vector<std::array<std::size_t, 4>> same_;  // [flow][scope]: the one with the same words that is asked
  std::vector<std::vector<std::size_t>> questions_;  // [flow]: indices into asked_
  std::vector<std::vector<Answers>> answers_;        // [question][part]
  Chains chains_{};
  std::vector<int> options_;
  std::vector<std::vector<const Answer*>> current_;  // [question][part]: where no order matters
  std::vector<Loop> temporal_;
  GroupMemo memo_;
  PerRole<std::int64_t> constant_{};
};

}  // namespace weft::exact
