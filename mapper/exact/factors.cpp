// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/factors.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "dataflow/tile_extents.hpp"
#include "mapper/exact/answer.hpp"
#include "mapper/exact/dim_counts.hpp"
#include "mapper/exact/edge_words.hpp"

namespace weft::exact {

namespace {

std::int64_t temporal_iterations(const Loops& loops, std::int64_t size) {
  Loops temporal;
  std::copy_if(loops.begin(), loops.end(), std::back_inserter(temporal),
               [](const ChainLoop& loop) { return !loop.spatial; });
  return active(temporal, size);
}

std::vector<std::int64_t> sizes(const Problem& problem, const std::vector<int>& dims) {
  std::vector<std::int64_t> result;
  for (const int dim : dims) {
    result.push_back(problem.size(dim));
  }
  return result;
}

class Writer {
 public:
  Writer(const MapSpace& space, const Layout& layout, const Part& part, std::vector<double>& all)
      : space_(space),
        layout_(layout),
        part_(part),
        table_(part, space.depth()),
        sights_(table_, sizes(space.problem(), part.dims)),
        all_(all) {}
  void write();

 private:
  // Of one chain, whatever the question.
  struct Measures {
    std::array<std::int64_t, kMaxDepth + 1> extent{};  // [level]: of its tile, not beyond the dim
    double iterations = 1;
  };

  [[nodiscard]] double* row(std::size_t option) { return all_.data() + option * layout_.size; }
  [[nodiscard]] const Measures& measures(std::size_t option, std::size_t dim) const {
    return measures_[dim][table_.of_option[option][dim]];
  }
  void look();
  void measure();
  void answer(const Asked& asked);
  void copy(const Asked& known, const double* from, const Asked& asked, double* to) const;
  void write_edge(const Boundary& boundary, Scope scope, std::size_t factor);
  void write_tiles(std::size_t option);
  void write_rest(std::size_t option);

  const MapSpace& space_;
  const Layout& layout_;
  const Part& part_;
  ChainTable table_;
  Sights sights_;
  WindowCounts counts_;
  std::vector<double>& all_;
  std::array<std::vector<Measures>, kPartDims> measures_;  // [dim of the part][chain]
  std::vector<std::pair<EdgeAsking, std::size_t>> edges_;  // and the factor that holds the words
  std::vector<Answer> answered_;                           // questions with answers of their own
  PerRole<std::vector<const Rank*>> ranks_;                // that mention dims of the part
  PerRole<PerRole<std::vector<std::size_t>>>
      only_;  // [u][v]: dims of the part that u mentions and v does not
};

void Writer::write() {
  look();
  measure();
  for (const Asked& asked : layout_.asked) {
    answer(asked);
  }
  for (const EdgeTile& edge : layout_.edges) {
    write_edge(edge.boundary, Scope::kFirstParent, edge.parent);
    write_edge(edge.boundary, Scope::kFirstReceiver, edge.receiver);
  }
  for (std::size_t option = 0; option < part_.options.size(); ++option) {
    write_tiles(option);
    write_rest(option);
  }
}

// What tensors see of the part.
void Writer::look() {
  for (std::size_t u = 0; u < kRoles; ++u) {
    for (const Rank& rank : space_.problem().tensors[u].ranks) {
      if (part_.terms_of(rank) > 0) {
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

void Writer::measure() {
  for (std::size_t d = 0; d < part_.dims.size(); ++d) {
    const std::int64_t size = space_.problem().size(part_.dims[d]);
    for (const KnownChain& chain : table_.chains[d]) {
      Measures own;
      std::transform(chain.extent.begin(), chain.extent.end(), own.extent.begin(),
                     [&](std::int64_t extent) { return std::min(extent, size); });
      own.iterations = static_cast<double>(temporal_iterations(chain.loops, size));
      measures_[d].push_back(own);
    }
  }
}

void Writer::answer(const Asked& asked) {
  Answer question(space_, part_, table_, sights_, counts_, asked);
  const auto same = std::find_if(answered_.begin(), answered_.end(),
                                 [&](const Answer& other) { return question.same(other); });
  if (same != answered_.end()) {
    for (std::size_t option = 0; option < part_.options.size(); ++option) {
      copy(same->asked(), row(option), asked, row(option));
    }
    return;
  }
  const std::vector<std::uint32_t> alike = question.alike();
  for (std::size_t option = 0; option < alike.size(); ++option) {
    if (alike[option] == option) {
      question.write(option, row(option));
    } else {
      copy(asked, row(alike[option]), asked, row(option));
    }
  }
  answered_.push_back(std::move(question));
}

// The answer to a question in one row as the answer to another of the same form in another row.
void Writer::copy(const Asked& known, const double* from, const Asked& asked, double* to) const {
  if (asked.visits == Visits::kFirst) {
    to[asked.first] = from[known.first];
    return;
  }
  std::copy_n(from + known.first, asked.count(), to + asked.first);
  if (asked.boundary.child < space_.depth()) {
    std::copy_n(from + known.volumes, 3 * static_cast<std::size_t>(asked.boundary.child), to + asked.volumes);
  }
}

void Writer::write_edge(const Boundary& boundary, Scope scope, std::size_t factor) {
  const EdgeAsking asking = edge_asking(space_, part_, boundary, scope);
  const auto same =
      std::find_if(edges_.begin(), edges_.end(), [&](const auto& known) { return known.first == asking; });
  if (same != edges_.end()) {
    for (std::size_t option = 0; option < part_.options.size(); ++option) {
      row(option)[factor] = row(option)[same->second];
    }
    return;
  }
  edges_.emplace_back(asking, factor);
  const EdgeWords words(space_.problem(), part_, table_, asking, ranks_[at(boundary.role)]);
  const std::vector<std::uint32_t> alike = words.alike();
  for (std::size_t option = 0; option < alike.size(); ++option) {
    row(option)[factor] = alike[option] == option ? words.of(option) : row(alike[option])[factor];
  }
}

void Writer::write_tiles(std::size_t number) {
  double* factors = row(number);
  const Split& option = part_.options[number];
  DimArray extents;
  extents.fill(1);
  for (int level = 0; level < space_.depth(); ++level) {
    const auto l = static_cast<std::size_t>(level);
    for (std::size_t i = 0; i < part_.dims.size(); ++i) {
      extents[static_cast<std::size_t>(part_.dims[i])] = measures(number, i).extent[l];
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
    factors[layout_.iterations] *= measures(number, i).iterations;
  }
}

void Writer::write_rest(std::size_t number) {
  double* factors = row(number);
  for (std::size_t l = 0; l < static_cast<std::size_t>(space_.depth()); ++l) {
    for (std::size_t u = 0; u < kRoles; ++u) {
      for (std::size_t v = 0; v < kRoles; ++v) {
        double& rest = factors[layout_.rest[l][u][v]];
        rest = factors[layout_.tile[l][u]];
        for (const std::size_t i : only_[u][v]) {
          rest /= static_cast<double>(measures(number, i).extent[l]);
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
