// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/trie.hpp"

#include <algorithm>

namespace weft::exact {

namespace {

// The decisions of an option in the order of the phases.
std::vector<std::vector<std::int64_t>> decisions(const std::vector<Chain>& option, int depth) {
  std::vector<std::vector<std::int64_t>> keys(1);
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

}  // namespace

Trie::Trie(const MapSpace& space, const Layout& layout, Part part)
    : space_(&space), part_(std::move(part)), width_(layout.size) {
  const int depth = space.depth();
  std::sort(part_.options.begin(), part_.options.end(),
            [&](const auto& a, const auto& b) { return decisions(a, depth) < decisions(b, depth); });
  const Factors factors(space, layout);
  for (const std::vector<Chain>& option : part_.options) {
    factors_.push_back(factors.of(part_, option));
  }
  nodes_.emplace_back();
  least_.resize(width_);
  greatest_.resize(width_);
  // Breadth first, so that children stand together.
  struct Pending {
    int node;
    std::size_t begin, end;
    int phase;
  };
  std::vector<Pending> queue = {{0, 0, part_.options.size(), 0}};
  for (std::size_t next = 0; next < queue.size(); ++next) {
    const Pending here = queue[next];
    double* least = least_.data() + static_cast<std::size_t>(here.node) * width_;
    double* greatest = greatest_.data() + static_cast<std::size_t>(here.node) * width_;
    TrieNode& node = nodes_[static_cast<std::size_t>(here.node)];
    node.mentioned.fill(7);
    for (std::size_t option = here.begin; option < here.end; ++option) {
      for (std::size_t i = 0; i < width_; ++i) {
        const double factor = factors_[option][i];
        least[i] = option == here.begin ? factor : std::min(least[i], factor);
        greatest[i] = option == here.begin ? factor : std::max(greatest[i], factor);
      }
      for (int level = 0; level < depth; ++level) {
        std::uint8_t mentioned = 0;
        for (std::size_t d = 0; d < part_.dims.size(); ++d) {
          for (const Role role : kAllRoles) {
            const bool loops = part_.options[option][d].time[static_cast<std::size_t>(level)] > 1;
            if (loops && relevant(space_->problem().tensor(role), part_.dims[d])) {
              mentioned |= static_cast<std::uint8_t>(1U << static_cast<unsigned>(index_of(role)));
            }
          }
        }
        node.mentioned[static_cast<std::size_t>(level)] &= mentioned;
      }
    }
    if (here.phase == depth) {
      node.option = static_cast<int>(here.begin);
      continue;
    }
    const int first = static_cast<int>(nodes_.size());
    int count = 0;
    const auto key = [&](std::size_t option) {
      return decisions(part_.options[option], depth)[static_cast<std::size_t>(here.phase)];
    };
    for (std::size_t begin = here.begin; begin < here.end;) {
      std::size_t end = begin + 1;
      while (end < here.end && key(end) == key(begin)) {
        ++end;
      }
      queue.push_back({first + count, begin, end, here.phase + 1});
      ++count;
      begin = end;
    }
    nodes_[static_cast<std::size_t>(here.node)].first_child = first;
    nodes_[static_cast<std::size_t>(here.node)].children = count;
    nodes_.resize(nodes_.size() + static_cast<std::size_t>(count));
    least_.resize(nodes_.size() * width_);
    greatest_.resize(nodes_.size() * width_);
  }
  factors_.clear();
  factors_.shrink_to_fit();
}

}  // namespace weft::exact
