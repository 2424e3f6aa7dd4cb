// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/trie.hpp"

#include <algorithm>
#include <numeric>

#include "base/known_keys.hpp"

namespace weft::exact {

namespace {

// The options' decisions in the order of the phases: where the dims are spread, then their temporal bounds.
class Decisions {
 public:
  Decisions(const Part& part, int depth, const AxesAlike& alike)
      : spread_(2 * part.dims.size() * static_cast<std::size_t>(depth)),
        bounds_(part.dims.size()),
        width_(spread_ + bounds_ * static_cast<std::size_t>(depth - 1)) {
    all_.reserve(part.options.size() * width_);
    for (const Split& option : part.options) {
      for (const Chain& chain : option) {
        for (std::size_t level = 0; level < static_cast<std::size_t>(depth); ++level) {
          all_.push_back(alike[level] ? chain.x[level] * chain.y[level] : chain.x[level]);
          all_.push_back(alike[level] ? 1 : chain.y[level]);
        }
      }
      for (int level = depth - 1; level >= 1; --level) {
        for (const Chain& chain : option) {
          all_.push_back(chain.time[static_cast<std::size_t>(level)]);
        }
      }
    }
  }
  [[nodiscard]] bool before(std::size_t a, std::size_t b) const {
    return std::lexicographical_compare(row(a), row(a) + width_, row(b), row(b) + width_);
  }
  // Those of a phase.
  [[nodiscard]] bool same(std::size_t a, std::size_t b, std::size_t phase) const {
    const std::size_t begin = phase == 0 ? 0 : spread_ + (phase - 1) * bounds_;
    return std::equal(row(a) + begin, row(a) + spread_ + phase * bounds_, row(b) + begin);
  }

 private:
  [[nodiscard]] const std::int64_t* row(std::size_t option) const { return all_.data() + option * width_; }
  std::size_t spread_, bounds_, width_;
  std::vector<std::int64_t> all_;
};

void sort_by_decisions(Part& part, int depth, const AxesAlike& alike) {
  const Decisions decisions(part, depth, alike);
  std::vector<std::size_t> order(part.options.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return decisions.before(a, b); });
  std::vector<Split> options;
  options.reserve(order.size());
  for (const std::size_t at : order) {
    options.push_back(part.options[at]);
  }
  part.options = std::move(options);
}

Mentioned mentioned(const Problem& problem, const std::vector<int>& dims, const Split& option) {
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
  sort_by_decisions(part_, space.depth(), layout.alike);
  factors_ = Factors(space, layout, part_);
  nodes_.emplace_back();
  if (!part_.options.empty()) {
    build();
    summarise();
  }
}

// Breadth first, so that children stand together.
void Trie::build() {
  const Decisions decisions(part_, space_->depth(), layout_->alike);
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
        while (end < here.end && decisions.same(begin, end, phase)) {
          ++end;
        }
        next.push_back({static_cast<int>(nodes_.size()), begin, end});
        nodes_.emplace_back();
        if (phase == 0) {
          rectangles_.push_back(rectangles_of(begin, end));
        }
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

// Of some options, spread alike: how depends on what is left of the dims.
std::vector<Rectangles> Trie::rectangles_of(std::size_t begin, std::size_t end) const {
  std::vector<Rectangles> result(static_cast<std::size_t>(space_->depth()));
  for (int level = 0; level < space_->depth(); ++level) {
    if (!layout_->alike[static_cast<std::size_t>(level)]) {
      continue;
    }
    Rectangles& here = result[static_cast<std::size_t>(level)];
    KnownKeys known(end - begin);
    for (std::size_t option = begin; option < end; ++option) {
      for (std::size_t d = 0; d < part_.dims.size(); ++d) {
        known.next().push_back(
            left_at(part_.options[option][d], level, space_->depth(), space_->problem().size(part_.dims[d])));
      }
      if (!known.take().second) {
        continue;
      }
      for (const AxisShare& share : shares(*space_, part_.dims, part_.options[option], level)) {
        if (std::find(here.begin(), here.end(), share.sides) == here.end()) {
          here.push_back(share.sides);
        }
      }
    }
  }
  return result;
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
