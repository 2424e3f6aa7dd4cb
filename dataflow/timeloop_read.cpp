// Reads mappings of Timeloop.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "base/checked.hpp"
#include "dataflow/timeloop_mapping.hpp"
#include "workload/import/timeloop_text.hpp"

namespace weft {
namespace {

using timeloop::note;
using yaml::Section;
using yaml::Value;

constexpr std::int64_t kLargestBound = std::int64_t{1} << 40U;

// One nest, innermost loop first; bound 0 means what is left.
struct Nest {
  std::vector<Loop> loops{};
  std::size_t split = SIZE_MAX;  // spatial: so many dims of the permutation go along X
  std::optional<Value> where{};
};

class Reader {
 public:
  Reader(const Problem& problem, const Accelerator& accelerator, ImportNotes& notes)
      : problem_(problem), accelerator_(accelerator), notes_(notes), mapping_(empty_mapping(accelerator)) {
    for (const Dim& dim : problem.dims) {
      dims_.push_back(dim.name);
    }
    for (const StorageLevel& level : accelerator.levels) {
      targets_.push_back(level.name);
    }
  }

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
  // Level whose loops or fan-out the directive is about; -1, reported, when there is none.
  int target_of(const Value& at, const std::string& name, bool spatial) const {
    for (std::size_t level = 0; level < accelerator_.levels.size(); ++level) {
      const std::string fan = ".." + accelerator_.levels[level].fanout.name + "..";  // several: "columns..PE"
      if (spatial ? fan.find(".." + name + "..") != std::string::npos
                  : accelerator_.levels[level].name == name) {
        return static_cast<int>(level);
      }
    }
    const auto found = std::find(targets_.begin(), targets_.end(), name);
    if (found != targets_.end()) {
      return static_cast<int>(found - targets_.begin());
    }
    if (name == accelerator_.compute.name) {
      return accelerator_.depth();  // nothing is mapped there
    }
    const std::string close = nearest(name, targets_);
    at.error("unknown-name", fmt::format("unknown target '{}'; known: {}", name, fmt::join(targets_, ", ")),
             close.empty() ? "" : "did you mean '" + close + "'?");
    return -1;
  }

  void read_directive(const Value& directive) {
    Section section = directive.section();
    const auto target = section.required("target");
    const std::string type = section.text_or("type", "temporal");
    if (!target) {
      return;
    }
    const int level = target_of(*target, target->text(), type == "spatial");
    if (level < 0 || level >= accelerator_.depth()) {
      (void)section.entries();
      return;
    }
    if (type == "datatype" || type == "dataspace" || type == "bypass" || type == "bypassing") {
      read_bypass(section, static_cast<std::size_t>(level));
    } else if (type == "temporal" || type == "spatial") {
      read_nest(section, (type == "spatial" ? spatial_ : temporal_)[level], directive);
    } else {
      directive.error("unknown-name",
                      "unknown type '" + type + "'; known: temporal, spatial, datatype, bypass");
    }
    for (const auto& [key, value] : section.entries()) {
      constexpr std::array kKnown = {"target", "type", "factors", "permutation", "split", "keep", "bypass"};
      if (std::find(kKnown.begin(), kKnown.end(), key) == kKnown.end()) {
        note(notes_, value.where(), "'" + key + "' of the mapping is not used");
      }
    }
  }

  void read_bypass(Section& section, std::size_t level) {
    const auto set = [&](const char* key, bool keep) {
      const auto names = section.optional(key);
      for (const Value& name : names ? names->list() : std::vector<Value>{}) {
        const int role = role_of(name);
        if (role >= 0) {
          mapping_.levels[level].keep[static_cast<std::size_t>(role)] = keep;
        }
      }
    };
    set("keep", true);
    set("bypass", false);
  }

  int role_of(const Value& value) const {
    const std::string name = value.text();
    std::vector<std::string> known;
    for (const Role role : kAllRoles) {
      std::string own(name_of(role));  // "Weights" for weights
      own.front() = static_cast<char>(own.front() - 'a' + 'A');
      if (name == problem_.tensor(role).name || name == own) {
        return index_of(role);
      }
      known.push_back(problem_.tensor(role).name);
    }
    value.error("unknown-name",
                fmt::format("unknown data-space '{}'; known: {}", name, fmt::join(known, ", ")));
    return -1;
  }

  int dim_of(const Value& at, const std::string& name) const {
    const int dim = problem_.dim(name);
    if (dim < 0) {
      at.error("unknown-name", fmt::format("unknown dim '{}'; known: {}", name, fmt::join(dims_, ", ")));
    }
    return dim;
  }

  // The words of "C=2 M=4", "C2 M4", "C2, M4" or of a list of such.
  static std::vector<std::string> words_of(const Value& value) {
    std::vector<std::string> words;
    if (!value.is_scalar()) {
      for (const Value& one : value.list()) {
        words.push_back(one.text());
      }
      return words;
    }
    std::string word;
    for (const char c : value.text() + " ") {
      if (c == ' ' || c == '\t') {
        if (!word.empty()) {
          words.push_back(word);
        }
        word.clear();
      } else {
        word += c;
      }
    }
    return words;
  }

  // "C=2", "C2" or "C=2,1" (the last iteration's share, which follows from the dim's size here).
  void read_factor(const Value& at, std::string word, std::map<int, std::int64_t>& factors) const {
    while (!word.empty() && word.back() == ',') {
      word.pop_back();
    }
    std::size_t digits = word.find('=');
    const std::size_t name_end = digits != std::string::npos ? digits : word.find_first_of("0123456789");
    digits = digits != std::string::npos ? digits + 1 : name_end;
    std::int64_t bound = -1;
    if (name_end != std::string::npos && name_end > 0) {
      const auto [end, error] = std::from_chars(word.data() + digits, word.data() + word.size(), bound);
      bound = error == std::errc() && (*end == '\0' || *end == ',') && bound <= kLargestBound ? bound : -1;
    }
    if (bound < 0) {
      at.error("cannot-express", "'" + word + "' is no factor like C=2");
      return;
    }
    if (const int dim = dim_of(at, word.substr(0, name_end)); dim >= 0) {
      factors[dim] = bound;
    }
  }

  // Dims from the innermost; single letters may stand without blanks.
  std::vector<int> permutation_of(const Value& value) const {
    std::vector<int> order;
    std::vector<std::string> words = words_of(value);
    if (value.is_scalar() && words.size() == 1 && problem_.dim(words[0]) < 0) {
      std::vector<std::string> letters;
      for (const char c : words[0]) {
        if (c != ',') {
          letters.emplace_back(1, c);
        }
      }
      words = letters;
    }
    for (std::string word : words) {
      while (!word.empty() && word.back() == ',') {
        word.pop_back();
      }
      if (const int dim = dim_of(value, word); dim >= 0) {
        order.push_back(dim);
      }
    }
    return order;
  }

  void read_nest(Section& section, Nest& nest, const Value& directive) {
    std::map<int, std::int64_t> factors;
    if (const auto value = section.optional("factors")) {
      for (const std::string& word : words_of(*value)) {
        read_factor(*value, word, factors);
      }
    }
    const auto permutation = section.optional("permutation");
    std::vector<int> order = permutation ? permutation_of(*permutation) : std::vector<int>{};
    for (int dim = 0; dim < problem_.rank(); ++dim) {
      if (std::find(order.begin(), order.end(), dim) == order.end()) {
        order.push_back(dim);
        if (factors.count(dim) > 0 && factors[dim] != 1) {
          note(notes_, directive.where(),
               "the place of '" + dims_[static_cast<std::size_t>(dim)] +
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
    std::vector<std::int64_t> product(dims_.size(), 1);
    std::vector<std::vector<Loop*>> rest(dims_.size());
    for (auto* nests : {&temporal_, &spatial_}) {
      for (auto& [level, nest] : *nests) {
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
    for (std::size_t dim = 0; dim < dims_.size(); ++dim) {
      const std::int64_t size = problem_.size(static_cast<int>(dim));
      if (rest[dim].size() > 1) {
        list.error("cannot-express", "dim '" + dims_[dim] + "' has two factors of 0");
      } else if (rest[dim].size() == 1) {
        rest[dim][0]->bound = (size + product[dim] - 1) / product[dim];
      } else if (product[dim] < size) {
        list.error("cannot-express",
                   fmt::format("the factors of '{}' cover {} of {}", dims_[dim], product[dim], size));
      }
    }
  }

  void place(std::size_t level) {
    LevelMapping& to = mapping_.levels[level];
    const Nest& temporal = temporal_[static_cast<int>(level)];
    for (auto loop = temporal.loops.rbegin(); loop != temporal.loops.rend(); ++loop) {
      if (loop->bound > 1) {
        to.temporal.push_back(*loop);
      }
    }
    const Nest& spatial = spatial_[static_cast<int>(level)];
    for (std::size_t i = spatial.loops.size(); i-- > 0;) {
      if (spatial.loops[i].bound > 1) {
        to.spatial.push_back({.dim = spatial.loops[i].dim,
                              .bound = spatial.loops[i].bound,
                              .axis = axis_of(spatial, i, accelerator_.levels[level].fanout)});
      }
    }
  }

  // A fan-out with one axis leaves no choice.
  static Axis axis_of(const Nest& nest, std::size_t place, const FanOut& fanout) {
    if (fanout.x == 1 || fanout.y == 1) {
      return fanout.y == 1 ? Axis::kX : Axis::kY;
    }
    return place < nest.split ? Axis::kX : Axis::kY;
  }

  const Problem& problem_;
  const Accelerator& accelerator_;
  ImportNotes& notes_;
  Mapping mapping_;
  std::vector<std::string> dims_, targets_;
  std::map<int, Nest> temporal_, spatial_;  // by level
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
