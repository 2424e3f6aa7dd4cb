// Writes mappings of Timeloop.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "dataflow/timeloop_mapping.hpp"

namespace weft {
namespace {

// One target of the list: a memory of a level.
struct Target {
  std::string name{};
  PerRole<bool> keep{};
  bool last = true;  // of its level: here are the loops
};

std::vector<Target> targets_of(const LevelMapping& mapping, const StorageLevel& level) {
  std::vector<Target> targets;
  for (const Memory& memory : level.memories) {
    Target target{.name = level.memories.size() > 1 ? memory.name : level.name, .last = false};
    for (const Role role : kAllRoles) {
      const auto i = static_cast<std::size_t>(index_of(role));
      target.keep[i] = mapping.keep[i] && memory.holds[i];
    }
    targets.push_back(target);
  }
  targets.back().last = true;
  return targets;
}

class Printer {
 public:
  Printer(const Problem& problem, const Accelerator& accelerator, ImportNotes& notes)
      : problem_(problem), accelerator_(accelerator), notes_(notes) {}

  std::string print(const Mapping& mapping) {
    std::string text = "mapping:\n";
    for (std::size_t l = 0; l < mapping.levels.size(); ++l) {
      const LevelMapping& level = mapping.levels[l];
      const StorageLevel& storage = accelerator_.levels[l];
      for (const Target& target : targets_of(level, storage)) {
        text += bypass(target);
        text += temporal(target.last ? level.temporal : std::vector<Loop>{}, target.name);
      }
      if (storage.fanout.size() > 1) {
        text += spatial(level.spatial, targets_of(level, storage).back().name);
      }
      if (storage.memories.size() > 1) {
        notes_.push_back(
            fmt::format("level '{}' has {} memories: a target each, which Timeloop's architecture must have",
                        storage.name, storage.memories.size()));
      }
    }
    note_partial_tiles(mapping);
    return text;
  }

 private:
  [[nodiscard]] const std::string& name(int dim) const {
    return problem_.dims[static_cast<std::size_t>(dim)].name;
  }

  static std::string bypass(const Target& target) {
    std::string keep, drop;
    for (const Role role : kAllRoles) {
      const auto i = static_cast<std::size_t>(index_of(role));
      std::string word(name_of(role));
      word.front() = static_cast<char>(word.front() - 'a' + 'A');
      std::string& list = target.keep[i] ? keep : drop;
      list += (list.empty() ? "" : ", ") + word;
    }
    return fmt::format("  - target: {}\n    type: datatype\n    keep: [{}]\n    bypass: [{}]\n", target.name,
                       keep, drop);
  }

  // Dims and bounds from the innermost loop; every dim once, those without a loop at the end (or before the
  // split).
  struct Order {
    std::string factors{}, permutation{};
    void add(const std::string& dim, std::int64_t bound) {
      factors += fmt::format("{}{}={}", factors.empty() ? "" : ", ", dim, bound);
      permutation += (permutation.empty() ? "" : ", ") + dim;
    }
  };

  void require_once(std::vector<int> dims, const std::string& target) const {
    std::sort(dims.begin(), dims.end());
    const auto twice = std::adjacent_find(dims.begin(), dims.end());
    if (twice != dims.end()) {
      throw ConfigError(
          {}, "cannot-express",
          fmt::format("dim '{}' has two loops at '{}'; Timeloop has one in each nest", name(*twice), target));
    }
  }

  std::string temporal(const std::vector<Loop>& loops, const std::string& target) const {
    Order order;
    std::vector<int> dims;
    for (auto loop = loops.rbegin(); loop != loops.rend(); ++loop) {
      order.add(name(loop->dim), loop->bound);
      dims.push_back(loop->dim);
    }
    require_once(dims, target);
    add_others(order, dims);
    return fmt::format("  - target: {}\n    type: temporal\n    factors: [{}]\n    permutation: [{}]\n",
                       target, order.factors, order.permutation);
  }

  // The dims along X come first; then those along Y.
  std::string spatial(const std::vector<SpatialLoop>& loops, const std::string& target) const {
    Order order;
    std::vector<int> dims;
    std::size_t split = 0;
    for (const Axis axis : {Axis::kX, Axis::kY}) {
      for (auto loop = loops.rbegin(); loop != loops.rend(); ++loop) {
        if (loop->axis == axis) {
          order.add(name(loop->dim), loop->bound);
          dims.push_back(loop->dim);
          split += axis == Axis::kX ? 1 : 0;
        }
      }
    }
    require_once(dims, target);
    add_others(order, dims);
    return fmt::format(
        "  - target: {}\n    type: spatial\n    factors: [{}]\n    permutation: [{}]\n    split: {}\n",
        target, order.factors, order.permutation, split);
  }

  void add_others(Order& order, const std::vector<int>& dims) const {
    for (int dim = 0; dim < problem_.rank(); ++dim) {
      if (std::find(dims.begin(), dims.end(), dim) == dims.end()) {
        order.add(name(dim), 1);
      }
    }
  }

  void note_partial_tiles(const Mapping& mapping) const {
    for (int dim = 0; dim < problem_.rank(); ++dim) {
      const std::int64_t product = covered(mapping, dim);
      if (product != problem_.size(dim)) {
        notes_.push_back(fmt::format(
            "the factors of '{}' multiply to {}, its size is {}: Timeloop wants residual factors there",
            name(dim), product, problem_.size(dim)));
      }
    }
  }

  const Problem& problem_;
  const Accelerator& accelerator_;
  ImportNotes& notes_;
};

}  // namespace

std::string print_timeloop(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator,
                           ImportNotes& notes) {
  return Printer(problem, accelerator, notes).print(mapping);
}

}  // namespace weft
