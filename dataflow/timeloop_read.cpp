// Reads mappings of Timeloop.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/checked.hpp"
#include "dataflow/timeloop_mapping.hpp"
#include "dataflow/timeloop_terms.hpp"
#include "workload/import/timeloop_text.hpp"

namespace weft {
namespace {

using timeloop::note;
using timeloop::note_unused;
using yaml::Section;
using yaml::Value;

// One nest, innermost loop first; bound 0 means what is left.
struct Nest {
  std::vector<Loop> loops{};
  std::size_t split = SIZE_MAX;  // spatial: so many dims of the permutation go along X
  std::optional<Value> where{};
};

class Reader {
 public:
  Reader(const Problem& problem, const Accelerator& accelerator, ImportNotes& notes)
      : problem_(problem),
        accelerator_(accelerator),
        terms_(problem, accelerator),
        notes_(notes),
        mapping_(empty_mapping(accelerator)) {}

  Mapping read(const Value& list) {
    for (const Value& directive : list.list()) {
      read_directive(directive);
    }
    resolve_rest(list);
    for (std::size_t level = 0; level < mapping_.levels.size(); ++level) {
      place(level);
    }
    return std::move(mapping_);
  }

 private:
  void read_directive(const Value& directive) {
    auto known = terms_.directive(directive);
    if (!known) {
      return;
    }
    auto& [section, type, level, fan] = *known;
    if (type == "datatype" || type == "dataspace" || type == "bypass" || type == "bypassing") {
      read_bypass(section, static_cast<std::size_t>(level));
    } else if (type == "temporal" || type == "spatial") {
      read_nest(section, (type == "spatial" ? spatial_ : temporal_)[{level, fan}], directive);
    } else {
      directive.error("unknown-name",
                      "unknown type '" + type + "'; known: temporal, spatial, datatype, bypass");
    }
    note_unused(section, "mapping", notes_);
  }

  void read_bypass(Section& section, std::size_t level) {
    const auto set = [&](const char* key, bool keep) {
      const auto names = section.optional(key);
      for (const Value& name : names ? names->list() : std::vector<Value>{}) {
        const int role = terms_.role(name);
        if (role >= 0) {
          mapping_.levels[level].keep[static_cast<std::size_t>(role)] = keep;
        }
      }
    };
    set("keep", true);
    set("bypass", false);
  }

  void read_nest(Section& section, Nest& nest, const Value& directive) {
    std::map<int, std::int64_t> factors;
    if (const auto value = section.optional("factors")) {
      for (const timeloop::Factor& factor : terms_.factors(*value, false)) {
        factors[factor.dim] = factor.bound;
      }
    }
    const auto permutation = section.optional("permutation");
    std::vector<int> order = permutation ? terms_.permutation(*permutation) : std::vector<int>{};
    for (int dim = 0; dim < problem_.rank(); ++dim) {
      if (std::find(order.begin(), order.end(), dim) == order.end()) {
        order.push_back(dim);
        if (factors.count(dim) > 0 && factors[dim] != 1) {
          note(notes_, directive.where(),
               "the place of '" + terms_.dims()[static_cast<std::size_t>(dim)] +
                   "' in the order of loops is not stated: outermost");
        }
      }
    }
    nest = {.where = directive};
    for (const int dim : order) {
      nest.loops.push_back({.dim = dim, .bound = factors.count(dim) > 0 ? factors[dim] : 1});
    }
    if (const auto split = section.optional("split")) {
      nest.split = static_cast<std::size_t>(split->integer(0, kMaxDims + 1));
    }
  }

  // What is left of each dim goes to its one factor of 0.
  void resolve_rest(const Value& list) {
    std::vector<std::int64_t> product(terms_.dims().size(), 1);
    std::vector<std::vector<Loop*>> rest(terms_.dims().size());
    for (auto* nests : {&temporal_, &spatial_}) {
      for (auto& [place, nest] : *nests) {
        for (Loop& loop : nest.loops) {
          const auto dim = static_cast<std::size_t>(loop.dim);
          if (loop.bound == 0) {
            rest[dim].push_back(&loop);
          } else {
            product[dim] = checked_mul(product[dim], loop.bound);
          }
        }
      }
    }
    for (std::size_t dim = 0; dim < terms_.dims().size(); ++dim) {
      const std::int64_t size = problem_.size(static_cast<int>(dim));
      if (rest[dim].size() > 1) {
        list.error("cannot-express", "dim '" + terms_.dims()[dim] + "' has two factors of 0");
      } else if (rest[dim].size() == 1) {
        rest[dim][0]->bound = (size + product[dim] - 1) / product[dim];
      } else if (product[dim] < size) {
        list.error("cannot-express",
                   fmt::format("the factors of '{}' cover {} of {}", terms_.dims()[dim], product[dim], size));
      }
    }
  }

  void place(std::size_t level) {
    LevelMapping& to = mapping_.levels[level];
    const Nest& temporal = temporal_[{static_cast<int>(level), 0}];
    for (auto loop = temporal.loops.rbegin(); loop != temporal.loops.rend(); ++loop) {
      if (loop->bound > 1) {
        to.temporal.push_back(*loop);
      }
    }
    for (const auto& [place, nest] : spatial_) {  // containers from the outermost
      if (place.first == static_cast<int>(level)) {
        place_spatial(nest, place.second, accelerator_.levels[level].fanout, to);
      }
    }
  }

  static void place_spatial(const Nest& nest, int fan, const FanOut& fanout, LevelMapping& to) {
    for (std::size_t i = nest.loops.size(); i-- > 0;) {
      if (nest.loops[i].bound > 1) {
        to.spatial.push_back(
            {.dim = nest.loops[i].dim, .bound = nest.loops[i].bound, .axis = axis_of(nest, fan, i, fanout)});
      }
    }
  }

  // A fan-out with one axis leaves no choice. Without a split everything goes along X, or, where several
  // containers make up the fan-out, along Y for all but the first.
  static Axis axis_of(const Nest& nest, int fan, std::size_t place, const FanOut& fanout) {
    if (fanout.x == 1 || fanout.y == 1) {
      return fanout.y == 1 ? Axis::kX : Axis::kY;
    }
    if (nest.split == SIZE_MAX) {
      return fan == 0 ? Axis::kX : Axis::kY;
    }
    return place < nest.split ? Axis::kX : Axis::kY;
  }

  const Problem& problem_;
  const Accelerator& accelerator_;
  timeloop::Terms terms_;
  ImportNotes& notes_;
  Mapping mapping_;
  std::map<std::pair<int, int>, Nest> temporal_, spatial_;  // by level, and container of its fan-out
};

}  // namespace

Mapping load_mapping_timeloop(const std::filesystem::path& file, const Problem& problem,
                              const Accelerator& accelerator, ImportNotes& notes) {
  const yaml::Document document = timeloop::load_document(file);
  Section root = document.root();
  Mapping mapping = empty_mapping(accelerator);
  if (const auto list = root.required("mapping")) {
    mapping = Reader(problem, accelerator, notes).read(*list);
  }
  (void)root.entries();
  document.finish();
  return mapping;
}

}  // namespace weft
