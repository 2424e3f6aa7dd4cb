// Prices many mappings of one structure at a time: what is kept and the order of loops are fixed, the splits
// of the dims differ. Same cycles, same energy to the last bit and same legality as check(), evaluate() and
// energy(), in about a thousandth of their time.
//
// A mapping is one option per part. What each option contributes to each count is tabulated once; a count is
// then a sum of products of factors, and time and energy are formulas compiled from the model's own
// (docs/mapper_batch.md).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "mapper/batch/structure.hpp"
#include "mapper/batch/targets.hpp"

namespace weft::batch {

struct Prices {
  // What cannot be had: an illegal mapping, or (legal) one with a count that does not fit in 63 bits.
  static constexpr std::int64_t kNoCycles = std::numeric_limits<std::int64_t>::max();

  std::vector<double> energy_pj;     // infinity where there is none
  std::vector<std::int64_t> cycles;  // kNoCycles where there are none
  std::vector<std::uint8_t> legal;   // 1 or 0
};

class Batch {
 public:
  // What the request refers to outlives the batch; its objective, search limits and constraints do not matter
  // here. `parts`: of all dims larger than 1, each dim in one part, dims that share a rank of a tensor in the
  // same; an order names every such dim once. Throws ConfigError as make_cost_model does.
  Batch(const MapRequest& request, std::vector<Part> parts, Structure structure);
  ~Batch();
  Batch(Batch&&) noexcept;
  Batch& operator=(Batch&&) noexcept;

  [[nodiscard]] const std::vector<Part>& parts() const;
  // The part whose options should change fastest, one after the other as they are numbered: everything about
  // the other parts is then worked out once for all of them.
  [[nodiscard]] std::size_t swept() const;
  // Why mappings are priced one by one by the plain evaluator; empty: they are not. Conventions whose windows
  // slide steadily, memories that leave words out, counts that could pass 2^51.
  [[nodiscard]] const std::string& plain_because() const;

  [[nodiscard]] Mapping mapping(std::span<const std::size_t> options) const;

  // options[p][m]: option of part p in mapping m; all of the same length. Deterministic; may run in several
  // threads at once.
  [[nodiscard]] Prices price(std::span<const std::span<const std::uint32_t>> options) const;
  [[nodiscard]] Prices price(std::span<const std::span<const std::uint32_t>> options, Target target) const;

 private:
  class Implementation;
  std::unique_ptr<const Implementation> own_;
};

}  // namespace weft::batch
