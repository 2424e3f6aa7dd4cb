// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/trie.hpp"

#include <algorithm>
#include <numeric>

namespace weft::exact {

namespace {

// The decisions of an option in the order of the phases: where its dims are spread, then their temporal
// bounds.
using Decisions = std::vector<std::vector<std::int64_t>>;

Decisions decisions(const std::vector<Chain>& option, int depth) {
  Decisions keys(1);
  for (const Chain& chain : option) {
    for (int level = 0; level < depth; ++level) {
      keys[0].push_back(chain.x[static_cast<std::size_t>(level)]);
      keys[0].push_back(chain.y[static_cast<std::size_t>(level)]);
    }
  }
  for (int level = depth - 1; level >= 1; --level) {
    std::vector<std::int64_t> key;
    for (const Chain& chain : option) {
      key.push_back(chain.time[static_cast<std::size_t>(level)]);
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

// Sorts the options by their decisions, and returns these.
std::vector<Decisions> sort_by_decisions(Part& part, int depth) {
  std::vector<Decisions> keys;
  for (const std::vector<Chain>& option : part.options) {
    keys.push_back(decisions(option, depth));
  }
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return keys[a] < keys[b]; });
  std::vector<Decisions> sorted;
  std::vector<std::vector<Chain>> options;
  for (const std::size_t at : order) {
    sorted.push_back(std::move(keys[at]));
    options.push_back(std::move(part.options[at]));
  }
  part.options = std::move(options);
  return sorted;
}

Mentioned mentioned(const Problem& problem, const std::vector<int>& dims, const std::vector<Chain>& option) {
  Mentioned result = 0;
  for (std::size_t d = 0; d < dims.size(); ++d) {
    for (const Role role : kAllRoles) {
      const bool sees = relevant(problem.tensor(role), dims[d]);
      for (std::size_t level = 0; sees && level < option[d].time.size(); ++level) {
        result |= option[d].time[level] > 1 ? mention(level, static_cast<std::size_t>(index_of(role))) : 0;
      }
    }
  }
  return result;
}

}  // namespace

Trie::Trie(const MapSpace& space, const Layout& layout, Part part)
    : space_(&space), part_(std::move(part)), width_(layout.size) {
  const int depth = space.depth();
  const std::vector<Decisions> keys = sort_by_decisions(part_, depth);
  const Factors factors(space, layout, part_);
  nodes_.emplace_back();
  if (part_.options.empty()) {
    return;
  }
  // Breadth first, so that children stand together.
  struct Pending {
    int node;
    std::size_t begin, end;
    int phase;
  };
  std::vector<Pending> queue = {{0, 0, part_.options.size(), 0}};
  for (std::size_t next = 0; next < queue.size(); ++next) {
    const Pending here = queue[next];
    summarise(here.node, here.begin, here.end, factors);
    if (here.phase == depth) {
      nodes_[static_cast<std::size_t>(here.node)].option = static_cast<int>(here.begin);
      continue;
    }
    const int first = static_cast<int>(nodes_.size());
    const auto phase = static_cast<std::size_t>(here.phase);
    for (std::size_t begin = here.begin; begin < here.end;) {
      std::size_t end = begin + 1;
      while (end < here.end && keys[end][phase] == keys[begin][phase]) {
        ++end;
      }
      queue.push_back({static_cast<int>(nodes_.size()), begin, end, here.phase + 1});
      nodes_.emplace_back();
      begin = end;
    }
    nodes_[static_cast<std::size_t>(here.node)].first_child = first;
    nodes_[static_cast<std::size_t>(here.node)].children = static_cast<int>(nodes_.size()) - first;
  }
}

// Nodes are summarised in the order of their numbers.
void Trie::summarise(int node, std::size_t begin, std::size_t end, const Factors& factors) {
  const std::size_t row = static_cast<std::size_t>(node) * width_;
  const double* first = factors.of(begin);
  least_.insert(least_.end(), first, first + width_);
  greatest_.insert(greatest_.end(), first, first + width_);
  Mentioned& loops = nodes_[static_cast<std::size_t>(node)].mentioned;
  loops = ~Mentioned{0};
  for (std::size_t option = begin; option < end; ++option) {
    const double* own = factors.of(option);
    for (std::size_t i = 0; i < width_; ++i) {
      least_[row + i] = std::min(least_[row + i], own[i]);
      greatest_[row + i] = std::max(greatest_[row + i], own[i]);
    }
    loops &= mentioned(space_->problem(), part_.dims, part_.options[option]);
  }
}

}  // namespace weft::exact
