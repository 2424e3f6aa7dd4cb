// What the words of constraint files mean.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/constraints_words.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/parse_number.hpp"
#include "dataflow/legality.hpp"

namespace weft {

namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

const std::vector<std::string>& class_words() {
  static const std::vector<std::string> words = {"filters", "reduction", "positions", "groups", "other"};
  return words;
}

bool digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Whole numbers of at least 1, decimal, without leading zeros.
std::optional<std::int64_t> bound(std::string_view text) {
  const auto value = parse_number<std::int64_t>(text);
  return value && *value >= 1 && text.front() != '0' ? value : std::nullopt;
}

int array_level(const Accelerator& accelerator) {
  int best = -1;
  std::int64_t most = 2;
  for (int l = 0; l < accelerator.depth(); ++l) {
    const std::int64_t size = accelerator.levels[static_cast<std::size_t>(l)].fanout.size();
    if (size >= most) {
      most = size;
      best = l;
    }
  }
  return best;
}

}  // namespace

std::optional<Range> parse_range(std::string_view text) {
  if (text == "any") {
    return Range{};
  }
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) {
    const auto value = bound(text);
    return value ? std::optional(Range{*value, *value}) : std::nullopt;
  }
  const std::string_view left = text.substr(0, dots);
  const std::string_view right = text.substr(dots + 2);
  const auto low = left.empty() ? std::optional<std::int64_t>(1) : bound(left);
  const auto high = right.empty() ? std::optional<std::int64_t>(kMost) : bound(right);
  const bool fits = low && high && *low <= *high && !(left.empty() && right.empty());
  return fits ? std::optional(Range{*low, *high}) : std::nullopt;
}

std::string print_range(const Range& range) {
  if (range.open()) {
    return "any";
  }
  if (range.low == range.high) {
    return fmt::format("{}", range.low);
  }
  return fmt::format("{}..{}", range.low > 1 ? fmt::format("{}", range.low) : "",
                     range.high < kMost ? fmt::format("{}", range.high) : "");
}

std::string explain_range(std::string_view text) {
  const std::size_t dots = text.find("..");
  const auto low = bound(text.substr(0, dots));
  const auto high = dots == std::string_view::npos ? low : bound(text.substr(dots + 2));
  if (low && high && *low > *high) {
    return fmt::format("the range ends below its beginning: {} > {}", *low, *high);
  }
  const std::string_view bare = !text.empty() && text.front() == '-' ? text.substr(1) : text;
  if (digits(bare)) {
    return bare.size() < text.size() || bare.find_first_not_of('0') == std::string_view::npos
               ? fmt::format("bounds are at least 1, not {}", text)
           : bare.front() == '0' ? fmt::format("'{}' has leading zeros", text)
                                 : fmt::format("{} does not fit in 63 bits", text);
  }
  return fmt::format("'{}' is no range of bounds", text.substr(0, 40));
}

DimWord find_dims(const std::string& word, const Problem& problem) {
  DimWord found;
  found.optional = word.size() > 2 && word.front() == '(' && word.back() == ')';
  const std::string name = found.optional ? word.substr(1, word.size() - 2) : word;
  if (const int dim = problem.dim(name); dim >= 0) {
    found.kind = DimWord::Kind::kDim;
    found.dims = {dim};
    return found;
  }
  const bool is_class = std::find(class_words().begin(), class_words().end(), name) != class_words().end();
  found.kind = name == "all"    ? DimWord::Kind::kAll
               : is_class       ? DimWord::Kind::kClass
               : found.optional ? DimWord::Kind::kDim
                                : DimWord::Kind::kUnknown;
  for (int d = 0; d < problem.rank(); ++d) {
    if (name == "all" || (is_class && name == name_of(class_of(problem, d)))) {
      found.dims.push_back(d);
    }
  }
  return found;
}

std::vector<std::string> known_dim_words(const Problem& problem) {
  std::vector<std::string> words;
  for (const Dim& dim : problem.dims) {
    words.push_back(dim.name);
  }
  words.insert(words.end(), class_words().begin(), class_words().end());
  words.emplace_back("all");
  return words;
}

std::vector<int> find_levels(const std::string& word, const Accelerator& accelerator) {
  const int depth = accelerator.depth();
  for (int l = 0; l < depth; ++l) {
    if (accelerator.levels[static_cast<std::size_t>(l)].name == word) {
      return {l};
    }
  }
  const int array = array_level(accelerator);
  if (word == "array" && array >= 0) {
    return {array};
  }
  if (word == "outermost") {
    return {0};
  }
  if (word == "innermost") {
    return {depth - 1};
  }
  std::vector<int> levels;
  for (int l = word == "buffers" ? 1 : 0; (word == "buffers" || word == "all") && l < depth; ++l) {
    levels.push_back(l);
  }
  return levels;
}

std::vector<std::string> known_level_words(const Accelerator& accelerator) {
  std::vector<std::string> words;
  for (const StorageLevel& level : accelerator.levels) {
    words.push_back(level.name);
  }
  for (const char* word : {"all", "outermost", "innermost", "buffers", "array"}) {
    words.emplace_back(word);
  }
  return words;
}

std::vector<std::string> never_spread(const std::vector<int>& dims, const std::vector<int>& levels, bool x,
                                      bool y, const Problem& problem, const Accelerator& accelerator) {
  std::vector<std::string> names;
  for (const int dim : dims) {
    if (problem.size(dim) > 1) {
      names.push_back(problem.dims[static_cast<std::size_t>(dim)].name);
    }
    for (const int level : levels) {
      const FanOut& fanout = accelerator.levels[static_cast<std::size_t>(level)].fanout;
      if ((x && fanout.x > 1 && may_spread(problem, dim, fanout.allowed_dims[0])) ||
          (y && fanout.y > 1 && may_spread(problem, dim, fanout.allowed_dims[1]))) {
        return {};
      }
    }
  }
  return names;
}

}  // namespace weft
