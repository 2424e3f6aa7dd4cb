// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/factors.hpp"

#include <algorithm>

#include "dataflow/tile_extents.hpp"
#include "mapper/exact/answer.hpp"
#include "mapper/exact/dim_counts.hpp"
#include "mapper/exact/views.hpp"
#include "mapper/exact/windows.hpp"

namespace weft::exact {

namespace {

std::int64_t temporal_iterations(const Chain& chain, std::int64_t size, int depth) {
  Loops temporal;
  for (const ChainLoop& loop : loops_of(chain, depth)) {
    if (!loop.spatial) {
      temporal.push_back(loop);
    }
  }
  return active(temporal, size);
}

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
      WindowSides sides;
      std::size_t used = 0;
      for (const Term& term : rank.terms) {
        const auto at = std::find(part_.dims.begin(), part_.dims.end(), term.dim);
        if (at != part_.dims.end()) {
          sides[used++] = side(term, option_[static_cast<std::size_t>(at - part_.dims.begin())], last);
        }
      }
      words *= used > 0 ? static_cast<double>(window_words(rank, sides)) : 1;
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

std::vector<double> Factors::of_all(const Part& part) const {
  std::vector<double> all;
  all.reserve(part.options.size() * layout_->size);
  for (const std::vector<Chain>& option : part.options) {
    const std::vector<double> one = of(part, option);
    all.insert(all.end(), one.begin(), one.end());
  }
  return all;
}

std::vector<double> Factors::of(const Part& part, const std::vector<Chain>& option) const {
  std::vector<double> factors(layout_->size, 1.0);
  const int depth = space_->depth();
  for (const Asked& asked : layout_->asked) {
    write_answer(*space_, part, option, asked, factors);
  }
  for (const EdgeTile& edge : layout_->edges) {
    const bool last = edge.boundary.role == Role::kOutputs;
    factors[edge.parent] = Edge(*space_, part, option, edge.boundary, Scope::kFirstParent).words(last);
    factors[edge.receiver] = Edge(*space_, part, option, edge.boundary, Scope::kFirstReceiver).words(last);
  }
  for (int level = 0; level < depth; ++level) {
    const auto l = static_cast<std::size_t>(level);
    DimArray extents;
    extents.fill(1);
    for (std::size_t i = 0; i < part.dims.size(); ++i) {
      const int dim = part.dims[i];
      extents[static_cast<std::size_t>(dim)] =
          std::min(extent_of(option[i], level, depth), space_->problem().size(dim));
      factors[layout_->columns[l]] *= static_cast<double>(option[i].x[l]);
      factors[layout_->rows[l]] *= static_cast<double>(option[i].y[l]);
    }
    for (const Role role : kAllRoles) {
      for (const Rank& rank : space_->problem().tensor(role).ranks) {
        const bool own = std::any_of(rank.terms.begin(), rank.terms.end(), [&](const Term& term) {
          return std::find(part.dims.begin(), part.dims.end(), term.dim) != part.dims.end();
        });
        if (own) {
          factors[layout_->tile[l][static_cast<std::size_t>(index_of(role))]] *=
              static_cast<double>(coordinates_inside(rank, extents));
        }
      }
    }
  }
  for (int level = 0; level < depth; ++level) {
    const auto l = static_cast<std::size_t>(level);
    for (const Role limiting : kAllRoles) {
      const auto u = static_cast<std::size_t>(index_of(limiting));
      for (const Role repeated : kAllRoles) {
        const auto v = static_cast<std::size_t>(index_of(repeated));
        double& rest = factors[layout_->rest[l][u][v]];
        rest = factors[layout_->tile[l][u]];
        for (std::size_t i = 0; i < part.dims.size(); ++i) {
          const int dim = part.dims[i];
          if (!relevant(space_->problem().tensor(repeated), dim) &&
              relevant(space_->problem().tensor(limiting), dim)) {
            rest /= static_cast<double>(
                std::min(extent_of(option[i], level, depth), space_->problem().size(dim)));
          }
        }
      }
    }
  }
  for (std::size_t i = 0; i < part.dims.size(); ++i) {
    factors[layout_->iterations] *=
        static_cast<double>(temporal_iterations(option[i], space_->problem().size(part.dims[i]), depth));
  }
  return factors;
}

}  // namespace weft::exact
