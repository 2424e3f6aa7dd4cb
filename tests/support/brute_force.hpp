// Every mapping of the even space, one after the other: slow, obvious, and sharing no code with the search
// that it checks. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "mapper/mapper.hpp"

namespace weft::testing {

class BruteForce {
 public:
  // The references outlive the object.
  BruteForce(const Problem& problem, const Accelerator& accelerator);

  // How many there are, legal or not.
  [[nodiscard]] double mappings() const;
  void each(const std::function<void(const Mapping&)>& visit) const;
  // The least cost of a legal one.
  [[nodiscard]] std::optional<double> least(const MapRequest& request) const;

 private:
  // Bounds of one dim: [level][temporal, x, y].
  using Split = std::vector<std::array<std::int64_t, 3>>;

  void split(int dim, int level, std::int64_t left, Split& so_far);
  void take_all_in(std::int64_t size, Split one);
  void choose_split(std::size_t dim, std::vector<const Split*>& chosen,
                    const std::function<void(const Mapping&)>& visit) const;
  void choose_keep(std::size_t level, Mapping& mapping, const std::vector<const Split*>& chosen,
                   const std::function<void(const Mapping&)>& visit) const;
  void choose_order(std::size_t level, Mapping& mapping,
                    const std::function<void(const Mapping&)>& visit) const;

  const Problem& problem_;
  const Accelerator& accelerator_;
  std::vector<std::vector<Split>> splits_;  // [dim]
};

}  // namespace weft::testing
