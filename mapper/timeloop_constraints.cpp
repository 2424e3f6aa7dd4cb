// SPDX-License-Identifier: Apache-2.0
#include "mapper/timeloop_constraints.hpp"

#include <algorithm>
#include <string>

#include "dataflow/timeloop_terms.hpp"
#include "mapper/contradictions.hpp"
#include "workload/import/timeloop_text.hpp"

namespace weft {
namespace {

using timeloop::Factor;
using timeloop::note;
using timeloop::note_unused;
using yaml::Section;
using yaml::Value;

constexpr Range kOne{.low = 1, .high = 1};

class Reader {
 public:
  Reader(const Problem& problem, const Accelerator& accelerator, ImportNotes& notes)
      : accelerator_(accelerator),
        terms_(problem, accelerator),
        notes_(notes),
        constraints_(no_constraints(accelerator)) {}

  // A list of directives, or a section with such a list.
  void read(const Value& value) {
    if (!value.is_section()) {
      for (const Value& directive : value.list()) {
        read_directive(directive);
      }
      return;
    }
    Section section = value.section();
    if (const auto targets = section.required("targets")) {
      read(*targets);
    }
    for (const auto& [key, other] : section.entries()) {
      if (key != "targets" && key != "version") {
        note(notes_, other.where(), "'" + key + "' of the constraints is not used");
      }
    }
  }
  [[nodiscard]] Constraints take() { return std::move(constraints_); }

 private:
  void read_directive(const Value& directive) {
    auto known = terms_.directive(directive);
    if (!known) {
      return;
    }
    auto& [section, type, level, fan] = *known;
    LevelRules& rules = constraints_.levels[static_cast<std::size_t>(level)];
    if (type == "temporal") {
      read_temporal(section, rules);
    } else if (type == "spatial") {
      read_spatial(section, rules, accelerator_.levels[static_cast<std::size_t>(level)].fanout);
    } else if (type == "datatype" || type == "dataspace" || type == "bypass" || type == "bypassing") {
      set_keep(section, "keep", true, rules);
      set_keep(section, "bypass", false, rules);
    } else {
      note(notes_, directive.where(), "constraints of type '" + type + "' are not used");
      (void)section.entries();
      return;
    }
    note_unused(section, "constraints", notes_);
  }

  static void narrow(Range& range, const Factor& factor) {
    if (factor.relation != Factor::Relation::kAtMost) {
      range.low = std::max(range.low, factor.bound);
    }
    if (factor.relation != Factor::Relation::kAtLeast) {
      range.high = std::min(range.high, factor.bound);
    }
  }

  // A factor of 0 takes what is left of the dim: any.
  std::vector<Factor> factors_of(Section& section) const {
    std::vector<Factor> factors;
    if (const auto value = section.optional("factors")) {
      factors = terms_.factors(*value, true);
      std::erase_if(factors, [](const Factor& factor) { return factor.bound == 0; });
    }
    return factors;
  }

  void read_temporal(Section& section, LevelRules& rules) const {
    for (const Factor& factor : factors_of(section)) {
      narrow(rules.temporal[static_cast<std::size_t>(factor.dim)], factor);
    }
    const auto permutation = section.optional("permutation");
    const std::vector<int> order = permutation ? terms_.permutation(*permutation) : std::vector<int>{};
    for (std::size_t i = 0; i < order.size(); ++i) {  // those that are not named stay outside
      rules.place[static_cast<std::size_t>(order[i])] = static_cast<std::int8_t>(order.size() - i);
    }
  }

  void read_spatial(Section& section, LevelRules& rules, const FanOut& fanout) const {
    const auto permutation = section.optional("permutation");
    const std::vector<int> order = permutation ? terms_.permutation(*permutation) : std::vector<int>{};
    const auto split = section.optional("split");
    const bool chosen = fanout.x == 1 || fanout.y == 1 || split;
    const auto along_x = [&](int dim) {
      if (fanout.x == 1 || fanout.y == 1) {
        return fanout.y == 1;
      }
      const auto place = std::find(order.begin(), order.end(), dim) - order.begin();
      return !split || place < split->integer(0, kMaxDims + 1);
    };
    if (split) {
      for (const int dim : order) {
        rules.spatial[along_x(dim) ? 1 : 0][static_cast<std::size_t>(dim)] = kOne;
      }
    }
    for (const Factor& factor : factors_of(section)) {
      const auto dim = static_cast<std::size_t>(factor.dim);
      const bool x = along_x(factor.dim);
      narrow(rules.spatial[x ? 0 : 1][dim], factor);
      if (factor.relation != Factor::Relation::kAtLeast) {
        rules.spatial[x ? 1 : 0][dim] = kOne;
      }
      if (!chosen && factor.bound != 1) {
        note(notes_, section.where(),
             "no split says along which axis '" + terms_.dims()[dim] + "' is spread: taken for X");
      }
    }
  }

  void set_keep(Section& section, const char* key, bool keep, LevelRules& rules) const {
    const auto names = section.optional(key);
    for (const Value& name : names ? names->list() : std::vector<Value>{}) {
      if (const int role = terms_.role(name); role >= 0) {
        rules.keep[static_cast<std::size_t>(role)] = keep;
      }
    }
  }

  const Accelerator& accelerator_;
  timeloop::Terms terms_;
  ImportNotes& notes_;
  Constraints constraints_;
};

}  // namespace

Constraints load_constraints_timeloop(const std::filesystem::path& file, const Problem& problem,
                                      const Accelerator& accelerator, ImportNotes& notes) {
  const yaml::Document document = timeloop::load_document(file);
  Section root = document.root();
  Reader reader(problem, accelerator, notes);
  bool any = false;
  for (const char* key : {"architecture_constraints", "mapspace_constraints", "constraints", "mapspace"}) {
    if (const auto value = root.optional(key)) {
      any = true;
      reader.read(*value);
    }
  }
  if (!any) {
    root.error("missing-key",
               "the file has none of 'mapspace_constraints', 'architecture_constraints', 'constraints'");
  }
  (void)root.entries();
  Constraints constraints = reader.take();
  constraints.name = file.stem().string();
  if (!document.failed()) {
    for (const Contradiction& conflict : contradictions(constraints, problem, accelerator)) {
      root.error(std::string(code_of(conflict.conflict)), explain(conflict, problem, accelerator),
                 remedy(conflict, problem, accelerator));
    }
  }
  document.finish();
  return constraints;
}

}  // namespace weft
