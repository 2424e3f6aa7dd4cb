// What zeros make of a machine under one mapping, where that depends on the mapping: memories that leave out
// words of an operand which meet only zeros of the other one while they lie in the next memory (Sieve in
// arch/spec/sparse.hpp, docs/design.md 4.11).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "dataflow/boundary.hpp"

namespace weft {

// Share of the words asked for across the boundary of an operand that meet a word of the other operand which
// is not zero, expected over uniform positions: a word that meets n of the leader's N words, z of them not
// zero, is left out with the probability C(N - n, z) / C(N, z). Padding is no zero.
[[nodiscard]] double live_share(const Nest& nest, const Problem& problem, const Accelerator& accelerator,
                                const Boundary& boundary);

// The view of the machine that this mapping gives, without a copy where it is the machine itself. Keeps a
// reference to the machine.
class MappedMachine {
 public:
  MappedMachine(const Nest& nest, const Mapping& mapping, const Problem& problem,
                const Accelerator& accelerator);
  [[nodiscard]] const Accelerator& operator*() const { return own_ ? *own_ : *machine_; }

 private:
  const Accelerator* machine_;
  std::optional<Accelerator> own_;
};

}  // namespace weft
