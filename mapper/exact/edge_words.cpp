// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/edge_words.hpp"

#include <algorithm>

#include "mapper/exact/views.hpp"
#include "mapper/exact/windows.hpp"

namespace weft::exact {

namespace {

// Words of one tile at the given first index of each dim (the instances from the parent down united).
class Edge {
 public:
  Edge(const MapSpace& space, const Part& part, const std::vector<Chain>& option, const Boundary& boundary,
       Scope scope)
      : space_(space), part_(part), option_(option), boundary_(boundary), scope_(scope) {}

  [[nodiscard]] double words(bool last) const {
    const TensorShape& tensor = space_.problem().tensor(boundary_.role);
    double words = 1;
    for (const Rank& rank : tensor.ranks) {
      if (std::none_of(rank.terms.begin(), rank.terms.end(), [&](const Term& term) {
            return std::find(part_.dims.begin(), part_.dims.end(), term.dim) != part_.dims.end();
          })) {
        continue;
      }
      WindowSides sides;
      std::size_t used = 0;
      for (const Term& term : rank.terms) {
        const auto at = std::find(part_.dims.begin(), part_.dims.end(), term.dim);
        if (at != part_.dims.end()) {
          sides[used++] = side(term, option_[static_cast<std::size_t>(at - part_.dims.begin())], last);
        }
      }
      words *= static_cast<double>(window_words(rank, sides));
    }
    return words;
  }

 private:
  [[nodiscard]] WindowSide side(const Term& term, const Chain& chain, bool last) const {
    WindowSide result;
    result.coeff = term.coeff;
    result.size = space_.problem().size(term.dim);
    result.extent = extent_of(chain, boundary_.child, space_.depth());
    std::int64_t base = 0;
    Loops united;
    for (const ChainLoop& loop : loops_of(chain, space_.depth())) {
      if (loop.level >= boundary_.child) {
        break;
      }
      if (!loop.spatial && last) {
        base += std::min(loop.bound - 1, (result.size - 1 - base) / loop.stride) * loop.stride;
      } else if (loop.spatial && !first_only(term.dim, loop)) {
        united.push_back(loop);
      }
    }
    result.bases = {base};
    result.offsets = indices(united, result.size - base);
    return result;
  }

  [[nodiscard]] bool first_only(int dim, const ChainLoop& loop) const {
    const NestLoop nest{dim, loop.bound, loop.stride, loop.level, true};
    return gather_of(nest, space_.problem().tensor(boundary_.role), space_.accelerator(), boundary_, scope_,
                     Visits::kAll) == Gather::kFirst;
  }

  const MapSpace& space_;
  const Part& part_;
  const std::vector<Chain>& option_;
  const Boundary& boundary_;
  Scope scope_;
};

}  // namespace

double edge_words(const MapSpace& space, const Part& part, const std::vector<Chain>& option,
                  const Boundary& boundary, Scope scope) {
  return Edge(space, part, option, boundary, scope).words(boundary.role == Role::kOutputs);
}

}  // namespace weft::exact
