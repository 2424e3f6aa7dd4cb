// The reader of constraint files.
// SPDX-License-Identifier: Apache-2.0
//
//   constraints: example
//   utilization: 0.5                 # least share of the compute units at work
//   factors: any                     # or perfect-temporal, perfect
//   levels:
//     - level: array                 # a level's name, or a word
//       keep: [weights]
//       temporal: {K: 4, reduction: 2..8, all: any}
//       spatial: {x: {all: 1, filters: any}, any: {Q: 1}}
//       tile: {P: ..16}
//       outer: [K, [P, Q]]           # outermost first
//       inner: [reduction]           # innermost last
//
// Within one section the more special word decides (dim, class, all); several entries for a level all hold.
#include "mapper/constraints_reader.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "mapper/constraints_origins.hpp"
#include "mapper/constraints_words.hpp"

namespace weft {

namespace {

constexpr int kPlaces = 100;  // more than any problem has dims

std::string joined(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, ", "));
}

// Without problem and accelerator names are taken as they come.
class Reader {
 public:
  Reader(const Problem* problem, const Accelerator* accelerator) : problem_(problem), machine_(accelerator) {}

  ConstraintsHead read(const yaml::Document& document, Constraints& result) {
    yaml::Section root = document.root();
    ConstraintsHead head{.name = root.text("constraints"), .summary = root.text_or("summary", "")};
    result = machine_ != nullptr ? no_constraints(*machine_) : Constraints{};
    result.name = head.name;
    result.min_utilization = root.number_or("utilization", 0, 0, 1);
    if (const auto at = root.optional("utilization")) {
      origins_.add({{Conflict::kUtilization}, -1, -1, *at});
    }
    const int factors = root.choice_or("factors", {"any", "perfect-temporal", "perfect"}, 0);
    result.perfect_temporal = factors >= 1;
    result.perfect = factors == 2;
    rules_ = &result;
    if (const auto levels = root.optional("levels")) {
      for (const yaml::Value& entry : levels->list()) {
        ++head.entries;
        read_entry(entry);
      }
    }
    root.done();
    if (!document.failed() && problem_ != nullptr) {
      origins_.report(root, *rules_, *problem_, *machine_);
    }
    document.finish();
    return head;
  }

 private:
  static void unknown(const yaml::Value& at, const char* code, const std::string& what,
                      const std::string& word, const std::vector<std::string>& known,
                      const std::string& hint = "") {
    const std::string close = nearest(word, known);
    at.error(code, fmt::format("{} has no '{}'; known: {}", what, word, joined(known)),
             close.empty() ? hint : "did you mean '" + close + "'?");
  }

  void read_entry(const yaml::Value& entry) {
    yaml::Section section = entry.section();
    std::vector<int> levels;
    if (const auto name = section.required("level"); name && machine_ != nullptr) {
      levels = find_levels(name->text(), *machine_);
      if (levels.empty()) {
        unknown(*name, "unknown-level", "'" + machine_->name + "'", name->text(),
                known_level_words(*machine_));
      }
    }
    read_bounds(section, "temporal", levels, [](LevelRules& rules) { return &rules.temporal; });
    read_bounds(section, "tile", levels, [](LevelRules& rules) { return &rules.extent; });
    if (const auto spatial = section.optional("spatial")) {
      read_spatial(*spatial, levels);
    }
    read_order(section, levels);
    read_keep(section, levels);
    section.done();
  }

  struct Bound {
    DimWord word;
    Range range;
    yaml::Value at;
  };
  [[nodiscard]] DimWord dims_of(const std::string& word, const yaml::Value& at) const {
    if (problem_ == nullptr) {
      return {};
    }
    DimWord found = find_dims(word, *problem_);
    if (found.kind == DimWord::Kind::kUnknown) {
      unknown(at, "unknown-name", "problem '" + problem_->name + "'", word, known_dim_words(*problem_),
              "write (" + word + ") where it may be missing, or choose layers that have it with --layer");
    }
    return found;
  }

  // In rising specialness, so that later ones decide.
  [[nodiscard]] std::vector<Bound> bounds_of(const yaml::Value& value) const {
    std::vector<Bound> bounds;
    yaml::Section section = value.section();
    for (const auto& [word, at] : section.entries()) {
      const std::optional<Range> range = at.is_scalar() ? parse_range(at.text()) : std::nullopt;
      if (!range) {
        at.error("bad-range", at.is_scalar() ? explain_range(at.text()) : "a range of bounds was expected",
                 "a bound (4), a range (2..8, 2.., ..8) or any");
        continue;
      }
      bounds.push_back({dims_of(word, at), *range, at});
    }
    std::stable_sort(bounds.begin(), bounds.end(),
                     [](const Bound& a, const Bound& b) { return a.word.kind < b.word.kind; });
    return bounds;
  }

  // Narrows the ranges that the bounds of one section leave.
  void narrow(DimRanges& ranges, const std::vector<Bound>& bounds, int level) {
    std::array<const Bound*, kMaxDims> deciding{};
    for (const Bound& bound : bounds) {
      for (const int dim : bound.word.dims) {
        deciding[static_cast<std::size_t>(dim)] = &bound;
      }
    }
    for (std::size_t d = 0; d < ranges.size(); ++d) {
      if (deciding[d] == nullptr) {
        continue;
      }
      const Range stated = deciding[d]->range;
      const Range both{std::max(ranges[d].low, stated.low), std::min(ranges[d].high, stated.high)};
      if (both.low > both.high) {
        deciding[d]->at.error("bad-range",
                              fmt::format("nothing is left of the bounds of {}: another entry wants {}",
                                          problem_->dims[d].name, print_range(ranges[d])));
        continue;
      }
      ranges[d] = both;
      origins_.add({{Conflict::kOverDim, Conflict::kUnderDim, Conflict::kTile, Conflict::kNotSpread,
                     Conflict::kNoDivisor, Conflict::kOverFanOut, Conflict::kCapacity},
                    level,
                    static_cast<int>(d),
                    deciding[d]->at});
    }
  }

  template <class Select>
  void read_bounds(yaml::Section& section, const char* key, const std::vector<int>& levels, Select&& select) {
    const auto value = section.optional(key);
    if (!value) {
      return;
    }
    const std::vector<Bound> bounds = bounds_of(*value);
    for (const int level : levels) {
      narrow(*select(rules_->levels[static_cast<std::size_t>(level)]), bounds, level);
    }
  }

  void read_spatial(const yaml::Value& value, const std::vector<int>& levels) {
    yaml::Section section = value.section();
    for (const char* key : {"x", "y", "any"}) {
      const auto axis = section.optional(key);
      if (!axis) {
        continue;
      }
      const std::vector<Bound> bounds = bounds_of(*axis);
      const bool x = key[0] != 'y';
      const bool y = key[0] != 'x';
      for (const int level : levels) {
        auto& spatial = rules_->levels[static_cast<std::size_t>(level)].spatial;
        if (x) {
          narrow(spatial[0], bounds, level);
        }
        if (y) {
          narrow(spatial[1], bounds, level);
        }
      }
      for (const Bound& bound : bounds) {
        check_use(bound, levels, x, y);
      }
    }
    section.done();
  }

  // Dims that are named for a fan-out but cannot be spread there show a dataflow that is not this machine's.
  void check_use(const Bound& bound, const std::vector<int>& levels, bool x, bool y) const {
    const bool named = bound.word.kind == DimWord::Kind::kClass || bound.word.kind == DimWord::Kind::kDim;
    if (!named || bound.word.optional || bound.range.high <= 1 || levels.empty()) {
      return;
    }
    const std::vector<std::string> names = never_spread(bound.word.dims, levels, x, y, *problem_, *machine_);
    if (!names.empty()) {
      bound.at.error(
          "spatial-not-allowed", fmt::format("'{}' does not spread {} there", machine_->name, joined(names)),
          "these constraints describe another kind of array, or the fan-out's 'allowed_dims' are narrow");
    }
  }

  // Groups of dims, one place each.
  [[nodiscard]] std::vector<std::pair<std::vector<int>, yaml::Value>> groups(const yaml::Value& value) const {
    std::vector<std::pair<std::vector<int>, yaml::Value>> result;
    for (const yaml::Value& item : value.list()) {
      std::vector<int> dims;
      const std::vector<yaml::Value> words = item.is_list() ? item.list() : std::vector<yaml::Value>{item};
      for (const yaml::Value& word : words) {
        const DimWord found = dims_of(word.text(), word);
        dims.insert(dims.end(), found.dims.begin(), found.dims.end());
      }
      result.emplace_back(std::move(dims), item);
    }
    return result;
  }

  void read_order(yaml::Section& section, const std::vector<int>& levels) {
    int place = -kPlaces;
    for (const char* key : {"outer", "inner"}) {
      if (const auto value = section.optional(key)) {
        for (const auto& [dims, at] : groups(*value)) {
          for (const int level : levels) {
            set_places(level, dims, place, at);
          }
          place += dims.empty() && problem_ != nullptr ? 0 : 1;
        }
      }
      place = 1;
    }
  }

  void set_places(int level, const std::vector<int>& dims, int place, const yaml::Value& at) const {
    auto& places = rules_->levels[static_cast<std::size_t>(level)].place;
    for (const int dim : dims) {
      std::int8_t& here = places[static_cast<std::size_t>(dim)];
      if (here != 0 && here != place) {
        at.error("bad-order",
                 fmt::format("{} has a place in the order of {} already",
                             problem_->dims[static_cast<std::size_t>(dim)].name,
                             machine_->levels[static_cast<std::size_t>(level)].name),
                 "a dim comes once, outer or inner");
        return;
      }
      here = static_cast<std::int8_t>(place);
    }
  }

  void read_keep(yaml::Section& section, const std::vector<int>& levels) {
    for (const char* key : {"keep", "bypass"}) {
      const auto value = section.optional(key);
      for (const yaml::Value& tensor : value ? value->list() : std::vector<yaml::Value>{}) {
        const std::vector<std::string> known = {"weights", "inputs", "outputs"};
        const auto found = std::find(known.begin(), known.end(), tensor.text());
        if (found == known.end()) {
          unknown(tensor, "unknown-name", "a layer", tensor.text(), known);
          continue;
        }
        const auto role = static_cast<std::size_t>(found - known.begin());
        const bool keep = key[0] == 'k';
        for (const int level : levels) {
          std::optional<bool>& rule = rules_->levels[static_cast<std::size_t>(level)].keep[role];
          if (rule.value_or(keep) != keep) {
            tensor.error("conflicting-keys", *found + " are both kept and bypassed here");
          }
          rule = keep;
          origins_.add({{Conflict::kCannotKeep, Conflict::kMustKeep, Conflict::kCapacity},
                        level,
                        static_cast<int>(role),
                        tensor});
        }
      }
    }
  }

  const Problem* problem_;
  const Accelerator* machine_;
  Constraints* rules_ = nullptr;
  ConstraintOrigins origins_;
};

}  // namespace

ConstraintsHead read_constraints(const yaml::Document& document, const Problem* problem,
                                 const Accelerator* accelerator, Constraints& result) {
  return Reader(problem, accelerator).read(document, result);
}

}  // namespace weft
