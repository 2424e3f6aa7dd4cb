// Everything that crosses one boundary, asked once and remembered.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <optional>

#include "dataflow/flow_words.hpp"

namespace weft {

class Flow {
 public:
  // The references outlive the flow.
  Flow(const Nest& nest, const Problem& problem, const Accelerator& accelerator, const Boundary& boundary,
       const CountOptions& options);

  [[nodiscard]] const Boundary& boundary() const { return boundary_; }
  [[nodiscard]] const Transfers& transfers(Scope scope, Visits visits = Visits::kAll);
  // Words over the whole run.
  [[nodiscard]] std::int64_t total(Scope scope, Visits visits = Visits::kAll);
  // Words of visits that are not the first: partial sums to read back (outputs).
  [[nodiscard]] std::int64_t again(Scope scope) { return total(scope) - total(scope, Visits::kFirst); }
  // All answers at once.
  [[nodiscard]] FlowWords words();

 private:
  [[nodiscard]] bool alike() const;
  [[nodiscard]] std::int64_t first_tile(Scope scope);
  [[nodiscard]] std::int64_t last_tile(Scope scope);
  // The slot of a question, or of one asked before that combines instances in the same way.
  [[nodiscard]] std::size_t slot_of(Scope scope, Visits visits);

  const Nest* nest_;
  const Problem* problem_;
  const Accelerator* accelerator_;
  Boundary boundary_;
  CountOptions options_;
  bool alike_;  // all instances move the same number of words
  std::array<std::optional<std::size_t>, 8> slots_;
  std::array<std::uint64_t, 8> keys_{};
  std::array<std::unique_ptr<Transfers>, 8> transfers_;  // large: made when asked for
  std::array<std::optional<std::int64_t>, 8> totals_;
};

[[nodiscard]] Small<FlowWords, 9> flow_words(const Nest& nest, const Mapping& mapping, const Problem& problem,
                                             const Accelerator& accelerator, const CountOptions& options);

}  // namespace weft
