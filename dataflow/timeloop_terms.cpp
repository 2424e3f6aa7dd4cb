// SPDX-License-Identifier: Apache-2.0
#include "dataflow/timeloop_terms.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include <fmt/format.h>

#include "base/error.hpp"
#include "workload/import/timeloop_text.hpp"

namespace weft::timeloop {
namespace {

using yaml::Value;

constexpr std::int64_t kLargestBound = std::int64_t{1} << 40U;

// The words of "C=2 M=4", "C2 M4", "C2, M4" or of a list of such.
std::vector<std::string> words_of(const Value& value) {
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

std::string without_commas(std::string word) {
  while (!word.empty() && word.back() == ',') {
    word.pop_back();
  }
  return word;
}

}  // namespace

Terms::Terms(const Problem& problem, const Accelerator& accelerator)
    : problem_(problem), accelerator_(accelerator) {
  for (const Dim& dim : problem.dims) {
    dims_.push_back(dim.name);
  }
  for (const StorageLevel& level : accelerator.levels) {
    targets_.push_back(level.name);
  }
}

std::optional<Terms::Fan> Terms::fan(const std::string& name) const {
  constexpr std::string_view kBefore = "inter_", kAfter = "_spatial";
  std::string inner = name;
  if (name.size() > kBefore.size() + kAfter.size() && name.rfind(kBefore, 0) == 0 &&
      name.compare(name.size() - kAfter.size(), kAfter.size(), kAfter) == 0) {
    inner = name.substr(kBefore.size(), name.size() - kBefore.size() - kAfter.size());
  }
  for (std::size_t level = 0; level < accelerator_.levels.size(); ++level) {
    const std::string all = ".." + accelerator_.levels[level].fanout.name + "..";  // several: "columns..PE"
    for (const std::string& sought : {name, inner}) {
      if (const std::size_t at = all.find(".." + sought + ".."); at != std::string::npos) {
        int place = 0;
        for (std::size_t dots = all.find("..", 1); dots <= at; dots = all.find("..", dots + 1)) {
          ++place;
        }
        return Fan{static_cast<int>(level), place};
      }
    }
  }
  return std::nullopt;
}

int Terms::target(const Value& at, const std::string& name, bool spatial) const {
  if (const auto found = spatial ? fan(name) : std::nullopt) {
    return found->level;
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

int Terms::role(const Value& at) const {
  const std::string name = at.text();
  std::vector<std::string> known;
  for (const Role role : kAllRoles) {
    std::string own(name_of(role));  // "Weights" for weights
    own.front() = static_cast<char>(own.front() - 'a' + 'A');
    if (name == problem_.tensor(role).name || name == own) {
      return index_of(role);
    }
    known.push_back(problem_.tensor(role).name);
  }
  at.error("unknown-name", fmt::format("unknown data-space '{}'; known: {}", name, fmt::join(known, ", ")));
  return -1;
}

int Terms::dim(const Value& at, const std::string& name) const {
  const int dim = problem_.dim(name);
  if (dim < 0) {
    at.error("unknown-name", fmt::format("unknown dim '{}'; known: {}", name, fmt::join(dims_, ", ")));
  }
  return dim;
}

std::optional<Factor> Terms::factor(const Value& at, std::string word, bool relations) const {
  word = without_commas(std::move(word));
  Factor result;
  std::size_t name_end = word.find_first_of("=<>");
  std::size_t digits = name_end;
  if (name_end == std::string::npos) {
    name_end = digits = word.find_first_of("0123456789");
  } else if (word[name_end] == '=') {
    digits = name_end + 1;
  } else {
    result.relation = word[name_end] == '<' ? Factor::Relation::kAtMost : Factor::Relation::kAtLeast;
    digits = relations && word.compare(name_end + 1, 1, "=") == 0 ? name_end + 2 : std::string::npos;
  }
  std::int64_t bound = -1;
  if (name_end != std::string::npos && name_end > 0 && digits != std::string::npos) {
    const auto [end, error] = std::from_chars(word.data() + digits, word.data() + word.size(), bound);
    bound = error == std::errc() && (*end == '\0' || *end == ',') && bound <= kLargestBound ? bound : -1;
  }
  if (bound < 0) {
    at.error("cannot-express", "'" + word + "' is no factor like C=2");
    return {};
  }
  result.bound = bound;
  result.dim = dim(at, word.substr(0, name_end));
  return result.dim < 0 ? std::nullopt : std::optional(result);
}

std::vector<Factor> Terms::factors(const Value& value, bool relations) const {
  std::vector<Factor> all;
  for (const std::string& word : words_of(value)) {
    if (const auto one = factor(value, word, relations)) {
      all.push_back(*one);
    }
  }
  return all;
}

std::optional<Directive> Terms::directive(const Value& value) const {
  yaml::Section section = value.section();
  const auto target = section.required("target");
  std::string type = section.text_or("type", "temporal");
  if (!target) {
    return std::nullopt;
  }
  const std::string name = target->text();
  const bool spatial = type == "spatial";
  const auto known = std::find(targets_.begin(), targets_.end(), name);
  if (!spatial && known == targets_.end() && fan(name)) {
    check_says_nothing(section, name);
    return std::nullopt;
  }
  const int level = this->target(*target, name, spatial);
  if (level < 0 || level >= accelerator_.depth()) {
    (void)section.entries();
    return std::nullopt;
  }
  const auto found = spatial ? fan(name) : std::nullopt;
  return Directive{std::move(section), std::move(type), level, found ? found->place : 0};
}

// A fan-out keeps no tensor and has no temporal loops.
void Terms::check_says_nothing(yaml::Section& section, const std::string& name) const {
  const auto keep = section.optional("keep");
  if (keep && !keep->is_scalar() && !keep->list().empty()) {
    keep->error("cannot-express", "'" + name + "' is a fan-out: it keeps nothing");
  }
  const auto stated = section.optional("factors");
  for (const Factor& factor : stated ? factors(*stated, true) : std::vector<Factor>{}) {
    if (factor.bound != 1) {
      stated->error("cannot-express", "'" + name + "' is a fan-out: it has no temporal loops");
    }
  }
  (void)section.entries();
}

std::vector<int> Terms::permutation(const Value& value) const {
  std::vector<int> order;
  std::vector<std::string> words;
  for (std::string& word : words_of(value)) {
    word = without_commas(std::move(word));
    if (value.is_scalar() && problem_.dim(word) < 0) {  // "PRK", "NPQR SCK"
      for (const char c : word) {
        if (c != ',') {
          words.emplace_back(1, c);
        }
      }
    } else {
      words.push_back(std::move(word));
    }
  }
  for (const std::string& word : words) {
    if (const int found = dim(value, word); found >= 0) {
      order.push_back(found);
    }
  }
  return order;
}

void note_unused(yaml::Section& section, const std::string& what, ImportNotes& notes) {
  constexpr std::array kUsed = {"target", "type", "factors", "permutation", "split", "keep", "bypass"};
  for (const auto& [key, value] : section.entries()) {
    if (std::find(kUsed.begin(), kUsed.end(), key) == kUsed.end()) {
      note(notes, value.where(), "'" + key + "' of the " + what + " is not used");
    }
  }
}

}  // namespace weft::timeloop
