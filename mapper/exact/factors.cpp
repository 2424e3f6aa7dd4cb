// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/factors.hpp"

#include <algorithm>
#include <unordered_map>

#include <boost/container/small_vector.hpp>
#include <boost/functional/hash.hpp>

#include "dataflow/tile_extents.hpp"
#include "mapper/exact/answer.hpp"
#include "mapper/exact/dim_counts.hpp"
#include "mapper/exact/edge_words.hpp"

namespace weft::exact {

namespace {

using Key = boost::container::small_vector<std::int64_t, 24>;
struct KeyHash {
  std::size_t operator()(const Key& key) const { return boost::hash_range(key.begin(), key.end()); }
};

std::int64_t temporal_iterations(const Chain& chain, std::int64_t size, int depth) {
  Loops temporal;
  for (const ChainLoop& loop : loops_of(chain, depth)) {
    if (!loop.spatial) {
      temporal.push_back(loop);
    }
  }
  return active(temporal, size);
}

// The first option with the same key, for every option.
template <typename KeyOf>
std::vector<std::size_t> first_alike(std::size_t options, const KeyOf& key_of) {
  std::unordered_map<Key, std::size_t, KeyHash> known;
  std::vector<std::size_t> first(options);
  Key key;
  for (std::size_t option = 0; option < options; ++option) {
    key.clear();
    key_of(option, key);
    first[option] = known.emplace(key, option).first->second;
  }
  return first;
}

class Writer {
 public:
  Writer(const MapSpace& space, const Layout& layout, const Part& part, std::vector<double>& all)
      : space_(space), layout_(layout), part_(part), all_(all) {}
  void write();

 private:
  [[nodiscard]] double* row(std::size_t option) { return all_.data() + option * layout_.size; }
  [[nodiscard]] std::vector<std::size_t> alike_outside(int child) const;
  [[nodiscard]] std::vector<std::size_t> alike_in_space() const;
  [[nodiscard]] std::vector<std::size_t> alike_at_compute(const Asked& asked) const;
  void answer(const Asked& asked, const std::vector<std::size_t>& alike);
  void write_edge(const EdgeTile& edge, const std::vector<std::size_t>& alike);
  void look();
  void write_tiles(std::size_t option);
  void write_rest(std::size_t option);

  const MapSpace& space_;
  const Layout& layout_;
  const Part& part_;
  std::vector<double>& all_;
  std::vector<std::vector<std::size_t>> outside_;  // [child - 1]
  std::vector<std::size_t> in_space_;
  PerRole<std::vector<const Rank*>> ranks_;  // that mention dims of the part
  PerRole<PerRole<std::vector<std::size_t>>>
      only_;  // [u][v]: dims of the part that u mentions and v does not
};

void Writer::write() {
  for (int child = 1; child < space_.depth(); ++child) {
    outside_.push_back(alike_outside(child));
  }
  in_space_ = alike_in_space();
  look();
  for (const Asked& asked : layout_.asked) {
    const bool retains = asked.boundary.child < space_.depth();
    answer(asked,
           retains ? outside_[static_cast<std::size_t>(asked.boundary.child) - 1] : alike_at_compute(asked));
  }
  for (const EdgeTile& edge : layout_.edges) {
    write_edge(edge, outside_[static_cast<std::size_t>(edge.boundary.child) - 1]);
  }
  for (std::size_t option = 0; option < part_.options.size(); ++option) {
    write_tiles(option);
    write_rest(option);
  }
}

// What tensors see of the part.
void Writer::look() {
  const auto own = [&](const Term& term) {
    return std::find(part_.dims.begin(), part_.dims.end(), term.dim) != part_.dims.end();
  };
  for (std::size_t u = 0; u < kRoles; ++u) {
    for (const Rank& rank : space_.problem().tensors[u].ranks) {
      if (std::any_of(rank.terms.begin(), rank.terms.end(), own)) {
        ranks_[u].push_back(&rank);
      }
    }
    for (std::size_t v = 0; v < kRoles; ++v) {
      for (std::size_t i = 0; i < part_.dims.size(); ++i) {
        if (relevant(space_.problem().tensors[u], part_.dims[i]) &&
            !relevant(space_.problem().tensors[v], part_.dims[i])) {
          only_[u][v].push_back(i);
        }
      }
    }
  }
}

// A count of words into a level sees the loops outside of it, and how far its tiles reach.
std::vector<std::size_t> Writer::alike_outside(int child) const {
  return first_alike(part_.options.size(), [&](std::size_t option, Key& key) {
    for (const Chain& chain : part_.options[option]) {
      for (std::size_t level = 0; level < static_cast<std::size_t>(child); ++level) {
        key.insert(key.end(), {chain.time[level], chain.x[level], chain.y[level]});
      }
      key.push_back(extent_of(chain, child, space_.depth()));
    }
  });
}

std::vector<std::size_t> Writer::alike_in_space() const {
  return first_alike(part_.options.size(), [&](std::size_t option, Key& key) {
    for (const Chain& chain : part_.options[option]) {
      for (const ChainLoop& loop : loops_of(chain, space_.depth())) {
        if (loop.spatial) {
          key.insert(key.end(), {loop.level, loop.bound, loop.stride});
        }
      }
      key.push_back(-1);
    }
  });
}

// A count of operands sees every index once, whatever level its loops stand at, but for what spatial loops
// share.
std::vector<std::size_t> Writer::alike_at_compute(const Asked& asked) const {
  const TensorShape& tensor = space_.problem().tensor(asked.boundary.role);
  std::vector<std::size_t> distinct;
  for (std::size_t option = 0; option < in_space_.size(); ++option) {
    if (in_space_[option] == option) {
      distinct.push_back(option);
    }
  }
  const std::vector<std::size_t> first = first_alike(distinct.size(), [&](std::size_t at, Key& key) {
    for (std::size_t d = 0; d < part_.dims.size(); ++d) {
      for (const ChainLoop& loop : loops_of(part_.options[distinct[at]][d], space_.depth())) {
        if (!loop.spatial) {
          continue;
        }
        const NestLoop nest{part_.dims[d], loop.bound, loop.stride, loop.level, true};
        const Gather gather =
            gather_of(nest, tensor, space_.accelerator(), asked.boundary, asked.scope, asked.visits);
        if (gather != Gather::kSum || asked.visits == Visits::kFirst) {
          key.insert(key.end(), {static_cast<std::int64_t>(gather), loop.bound, loop.stride});
        }
      }
      key.push_back(-1);
    }
  });
  std::vector<std::size_t> result = in_space_;
  for (std::size_t at = 0; at < distinct.size(); ++at) {
    result[distinct[at]] = distinct[first[at]];
  }
  // Options stand behind the first that is alike in space.
  for (std::size_t option = 0; option < result.size(); ++option) {
    result[option] = result[in_space_[option]];
  }
  return result;
}

void Writer::answer(const Asked& asked, const std::vector<std::size_t>& alike) {
  const bool retains = asked.boundary.child < space_.depth();
  const auto child = static_cast<std::size_t>(asked.boundary.child);
  Answer question(space_, part_, asked);
  for (std::size_t option = 0; option < alike.size(); ++option) {
    double* own = row(option);
    if (alike[option] == option) {
      question.write(part_.options[option], own);
      continue;
    }
    const double* known = row(alike[option]);
    if (asked.visits == Visits::kFirst) {
      own[asked.first] = known[asked.first];
      continue;
    }
    std::copy_n(known + asked.first, asked.count(), own + asked.first);
    if (retains) {
      std::copy_n(known + asked.volumes, 3 * child, own + asked.volumes);
    }
  }
}

void Writer::write_edge(const EdgeTile& edge, const std::vector<std::size_t>& alike) {
  for (std::size_t option = 0; option < alike.size(); ++option) {
    double* own = row(option);
    const double* known = row(alike[option]);
    const std::vector<Chain>& chains = part_.options[option];
    const auto words = [&](Scope scope) { return edge_words(space_, part_, chains, edge.boundary, scope); };
    const bool first = alike[option] == option;
    own[edge.parent] = first ? words(Scope::kFirstParent) : known[edge.parent];
    own[edge.receiver] = first ? words(Scope::kFirstReceiver) : known[edge.receiver];
  }
}

void Writer::write_tiles(std::size_t number) {
  double* factors = row(number);
  const std::vector<Chain>& option = part_.options[number];
  const int depth = space_.depth();
  for (int level = 0; level < depth; ++level) {
    const auto l = static_cast<std::size_t>(level);
    DimArray extents;
    extents.fill(1);
    for (std::size_t i = 0; i < part_.dims.size(); ++i) {
      const int dim = part_.dims[i];
      extents[static_cast<std::size_t>(dim)] =
          std::min(extent_of(option[i], level, depth), space_.problem().size(dim));
      factors[layout_.columns[l]] *= static_cast<double>(option[i].x[l]);
      factors[layout_.rows[l]] *= static_cast<double>(option[i].y[l]);
    }
    for (std::size_t r = 0; r < kRoles; ++r) {
      for (const Rank* rank : ranks_[r]) {
        factors[layout_.tile[l][r]] *= static_cast<double>(coordinates_inside(*rank, extents));
      }
    }
  }
  for (std::size_t i = 0; i < part_.dims.size(); ++i) {
    factors[layout_.iterations] *=
        static_cast<double>(temporal_iterations(option[i], space_.problem().size(part_.dims[i]), depth));
  }
}

void Writer::write_rest(std::size_t number) {
  double* factors = row(number);
  const std::vector<Chain>& option = part_.options[number];
  const int depth = space_.depth();
  for (int level = 0; level < depth; ++level) {
    const auto l = static_cast<std::size_t>(level);
    for (std::size_t u = 0; u < kRoles; ++u) {
      for (std::size_t v = 0; v < kRoles; ++v) {
        double& rest = factors[layout_.rest[l][u][v]];
        rest = factors[layout_.tile[l][u]];
        for (const std::size_t i : only_[u][v]) {
          rest /= static_cast<double>(
              std::min(extent_of(option[i], level, depth), space_.problem().size(part_.dims[i])));
        }
      }
    }
  }
}

}  // namespace

Factors::Factors(const MapSpace& space, const Layout& layout, const Part& part)
    : width_(layout.size), all_(part.options.size() * layout.size, 1.0) {
  Writer(space, layout, part, all_).write();
}

}  // namespace weft::exact
