// The boundaries of a mapping: for every tensor, each pair of a keeper and the next keeper below it (or
// compute), and the questions asked about what crosses it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "dataflow/transfers.hpp"

namespace weft {

struct Boundary {
  Role role = Role::kWeights;
  int parent = 0;
  int child = 0;  // the accelerator's depth: compute units
  bool operator==(const Boundary&) const = default;
};

// All boundaries, outer levels first, then by role; those towards compute last.
[[nodiscard]] std::vector<Boundary> boundaries(const Mapping& mapping, const Accelerator& accelerator);

// How much of the machine a question is about.
enum class Scope : std::uint8_t {
  kReceivers,      // every receiver: fills, drains, delivered words
  kParents,        // what passes the parents: reads (multicast), updates (reduced)
  kFirstReceiver,  // the first receiving instance: time on its port
  kFirstParent,    // the first parent instance: time on its port
};

// How the instances along a spatial loop combine in such a question.
[[nodiscard]] Gather gather_of(const NestLoop& loop, const TensorShape& tensor,
                               const Accelerator& accelerator, const Boundary& boundary, Scope scope,
                               Visits visits);
// The same for all loops outside the child, by index in the nest; temporal entries mean nothing.
[[nodiscard]] Small<Gather, 32> gathers_of(const Nest& nest, const TensorShape& tensor,
                                           const Accelerator& accelerator, const Boundary& boundary,
                                           Scope scope, Visits visits);
[[nodiscard]] GroupRules rules_of(const Accelerator& accelerator, const Boundary& boundary, Visits visits,
                                  const CountOptions& options);
[[nodiscard]] Transfers make_transfers(const Nest& nest, const Problem& problem,
                                       const Accelerator& accelerator, const Boundary& boundary, Scope scope,
                                       Visits visits, const CountOptions& options);

}  // namespace weft
