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
    : space_(&space), layout_(&layout), part_(std::move(part)) {
  const std::vector<Decisions> keys = sort_by_decisions(part_, space.depth());
  factors_ = Factors(space, layout, part_);
  nodes_.emplace_back();
  if (!part_.options.empty()) {
    build(keys);
    summarise();
  }
}

// Breadth first, so that children stand together.
void Trie::build(const std::vector<Decisions>& decisions) {
  struct Pending {
    int node;
    std::size_t begin, end;
  };
  std::vector<Pending> level = {{0, 0, part_.options.size()}};
  for (std::size_t phase = 0; phase < static_cast<std::size_t>(space_->depth()); ++phase) {
    std::vector<Pending> next;
    for (const Pending& here : level) {
      const int first = static_cast<int>(nodes_.size());
      for (std::size_t begin = here.begin; begin < here.end;) {
        std::size_t end = begin + 1;
        while (end < here.end && decisions[end][phase] == decisions[begin][phase]) {
          ++end;
        }
        next.push_back({static_cast<int>(nodes_.size()), begin, end});
        nodes_.emplace_back();
        begin = end;
      }
      nodes_[static_cast<std::size_t>(here.node)].first_child = first;
      nodes_[static_cast<std::size_t>(here.node)].children = static_cast<int>(nodes_.size()) - first;
    }
    level = std::move(next);
  }
  for (const Pending& leaf : level) {
    TrieNode& node = nodes_[static_cast<std::size_t>(leaf.node)];
    node.option = static_cast<int>(leaf.begin);
    node.mentioned = mentioned(space_->problem(), part_.dims, part_.options[leaf.begin]);
  }
}

// Children stand behind their parents.
void Trie::summarise() {
  const std::size_t width = layout_->size;
  const std::size_t bounded = layout_->above.size();
  const auto inner = static_cast<std::size_t>(
      std::find_if(nodes_.begin(), nodes_.end(), [](const TrieNode& node) { return node.children == 0; }) -
      nodes_.begin());
  least_.resize(inner * width);
  greatest_.resize(inner * bounded);
  for (std::size_t node = inner; node-- > 0;) {
    TrieNode& here = nodes_[node];
    here.mentioned = ~Mentioned{0};
    double* least = least_.data() + node * width;
    double* greatest = greatest_.data() + node * bounded;
    for (int child = here.first_child; child < here.first_child + here.children; ++child) {
      const bool first = child == here.first_child;
      const double* own = this->least(child);
      for (std::size_t i = 0; i < width; ++i) {
        least[i] = first ? own[i] : std::min(least[i], own[i]);
      }
      for (std::size_t i = 0; i < bounded; ++i) {
        const double most = this->greatest(child, layout_->above[i]);
        greatest[i] = first ? most : std::max(greatest[i], most);
      }
      here.mentioned &= nodes_[static_cast<std::size_t>(child)].mentioned;
    }
  }
}

double Trie::greatest(int index, std::size_t factor) const {
  const TrieNode& at = node(index);
  if (at.children == 0) {
    return factors_.of(static_cast<std::size_t>(at.option))[factor];
  }
  const auto place = std::lower_bound(layout_->above.begin(), layout_->above.end(), factor);
  return greatest_[static_cast<std::size_t>(index) * layout_->above.size() +
                   static_cast<std::size_t>(place - layout_->above.begin())];
}

}  // namespace weft::exact
