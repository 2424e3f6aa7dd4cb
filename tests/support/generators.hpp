// Random problems, machines and legal mappings for tests that compare two ways of saying the same thing.
// Everything follows from the seed.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "arch/spec/accelerator.hpp"
#include "base/rng.hpp"
#include "dataflow/legality.hpp"
#include "dataflow/mapping.hpp"
#include "workload/problem.hpp"

namespace weft::testing {

struct Triple {
  std::uint64_t seed = 0;
  Problem problem;
  Accelerator accelerator;
  Mapping mapping;
};

struct TripleOptions {
  std::int64_t max_macs = 20000;
  std::int64_t max_instances = 48;  // compute units the mapping uses
};

// A convolution (strided, dilated, padded, grouped, depthwise) or a matrix product (plain, batched).
[[nodiscard]] Problem random_problem(Rng& rng, const TripleOptions& options = {});
// Two to four levels, memories side by side, any networks, buffering and bandwidths. Fan-outs and capacities
// are open: fit_to() closes them.
[[nodiscard]] Accelerator random_accelerator(Rng& rng);
// Bypasses where allowed; several loops of one dim at several levels and on both axes, factors that need not
// divide, loops of bound 1.
[[nodiscard]] Mapping random_mapping(Rng& rng, const Problem& problem, const Accelerator& accelerator,
                                     const TripleOptions& options = {});
// Fan-outs, capacities and widths that the mapping just fits or fits with room to spare.
void fit_to(Rng& rng, const Mapping& mapping, const Problem& problem, Accelerator& accelerator);
// All of the above; the mapping is legal.
[[nodiscard]] Triple random_triple(std::uint64_t seed, const TripleOptions& options = {});

// Changes the triple so that check() must answer with the returned reason; nothing: this edit does not apply
// to it.
[[nodiscard]] bool make_illegal(Rng& rng, Reason reason, Triple& triple);

// Problem, machine and mapping in full, with the way to replay: for failure messages.
[[nodiscard]] std::string describe(const Triple& triple);

// Calls `test` for `count` seeds counted up from `first`; with WEFT_SEED=n in the environment for n alone.
void for_each_seed(std::uint64_t first, int count, const std::function<void(std::uint64_t)>& test);

}  // namespace weft::testing
