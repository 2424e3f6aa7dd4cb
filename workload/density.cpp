// Density models as text.
// SPDX-License-Identifier: Apache-2.0
#include "workload/density.hpp"

#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "base/parse_number.hpp"
#include "workload/problem.hpp"

namespace weft {
namespace {

std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ':') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

template <class Number>
Number number(const std::string& text, const std::string& what) {
  const auto value = parse_number<Number>(text);
  if (!value) {
    throw std::invalid_argument("'" + text + "' is no " + what);
  }
  return *value;
}

double share(const std::string& text) {
  const auto value = number<double>(text, "density");
  if (!(value > 0 && value <= 1)) {
    throw std::invalid_argument("density " + text + " is not in (0, 1]");
  }
  return value;
}

std::int64_t count(const std::string& text, const std::string& what) {
  const auto value = number<std::int64_t>(text, what);
  if (value < 1 || value > (std::int64_t{1} << 20)) {
    throw std::invalid_argument(what + " " + text + " is not in 1 to 1048576");
  }
  return value;
}

bool is_number(const std::string& text) {
  return !text.empty() && ((text[0] >= '0' && text[0] <= '9') || text[0] == '.');
}

Sparsity n_of_m(const std::string& n, const std::string& m) {
  Sparsity result;
  result.model = {.pattern = Pattern::kNofM, .n = count(n, "count"), .m = count(m, "group")};
  if (result.model.n > result.model.m) {
    throw std::invalid_argument(fmt::format("{} of {} words cannot be non-zero", n, m));
  }
  result.density = static_cast<double>(result.model.n) / static_cast<double>(result.model.m);
  return result;
}

// The tensor's longest rank whose only dim is of the class; -1: none.
int longest(const Problem& problem, Role role, DimClass wanted) {
  const std::vector<Rank>& ranks = problem.tensor(role).ranks;
  int found = -1;
  for (std::size_t k = 0; k < ranks.size(); ++k) {
    const bool fits = ranks[k].terms.size() == 1 && class_of(problem, ranks[k].terms[0].dim) == wanted;
    if (fits && (found < 0 || ranks[k].extent > ranks[static_cast<std::size_t>(found)].extent)) {
      found = static_cast<int>(k);
    }
  }
  return found;
}

Sparsity measured(const std::string& file) {
  Sparsity result;
  auto positions = std::make_shared<Bitmap>(load_positions(file));
  const std::int64_t nonzeros = positions->count();
  if (nonzeros == 0) {
    throw std::invalid_argument("every word of '" + file + "' is zero");
  }
  result.density = static_cast<double>(nonzeros) / static_cast<double>(positions->size());
  result.model = {.pattern = Pattern::kMeasured, .file = file, .positions = std::move(positions)};
  return result;
}

}  // namespace

std::string_view name_of(Pattern pattern) {
  switch (pattern) {
    case Pattern::kUniform:
      return "uniform";
    case Pattern::kNofM:
      return "n-of-m";
    case Pattern::kBanded:
      return "banded";
    case Pattern::kBlock:
      return "block";
    case Pattern::kChannel:
      return "channel";
    case Pattern::kPowerLaw:
      return "power-law";
    case Pattern::kMeasured:
      return "measured";
  }
  return "";
}

bool operator==(const DensityModel& a, const DensityModel& b) {
  const bool same_positions =
      a.positions == b.positions || (a.positions && b.positions && *a.positions == *b.positions);
  return a.pattern == b.pattern && a.n == b.n && a.m == b.m && a.block == b.block && a.axis == b.axis &&
         a.exponent == b.exponent && same_positions;
}

Sparsity parse_sparsity(const std::string& text) {
  if (text.rfind("file:", 0) == 0) {
    return measured(text.substr(5));
  }
  const std::vector<std::string> parts = parts_of(text);
  const std::string& name = parts[0];
  if (text == "dense") {
    return {};
  }
  if (parts.size() == 1 && is_number(name)) {
    return {share(name)};
  }
  if (parts.size() == 2 && is_number(name)) {
    return n_of_m(name, parts[1]);
  }
  const auto with = [&](std::size_t size, DensityModel model) {
    if (parts.size() != size) {
      throw std::invalid_argument(
          fmt::format("'{}' takes {} number{} after it", name, size - 1, size == 2 ? "" : "s"));
    }
    Sparsity result{share(parts[1]), std::move(model)};
    if (result.model.pattern == Pattern::kBlock) {
      result.model.block = count(parts[2], "block");
    } else if (result.model.pattern == Pattern::kPowerLaw) {
      result.model.exponent = number<double>(parts[2], "exponent");
      if (!(result.model.exponent > 0 && result.model.exponent <= 10)) {
        throw std::invalid_argument("exponent " + parts[2] + " is not in (0, 10]");
      }
    }
    return result;
  };
  if (name == "sparse" || name == "uniform") {
    return with(2, {});
  }
  if (name == "banded") {
    return with(2, {.pattern = Pattern::kBanded});
  }
  if (name == "block") {
    return with(3, {.pattern = Pattern::kBlock});
  }
  if (name == "channel") {
    return with(2, {.pattern = Pattern::kChannel});
  }
  if (name == "power-law") {
    return with(3, {.pattern = Pattern::kPowerLaw});
  }
  throw std::invalid_argument("'" + text + "' is no density");
}

void set_sparsity(Problem& problem, Role role, const Sparsity& sparsity) {
  TensorShape& tensor = problem.tensor(role);
  tensor.density = sparsity.density;
  tensor.model = sparsity.model;
  if (sparsity.model.pattern == Pattern::kNofM) {
    tensor.model.axis = longest(problem, role, DimClass::kReduction);
  } else if (sparsity.model.pattern == Pattern::kChannel) {
    tensor.model.axis =
        longest(problem, role, role == Role::kInputs ? DimClass::kReduction : DimClass::kFilters);
  } else if (sparsity.model.pattern == Pattern::kMeasured &&
             sparsity.model.positions->size() != words(tensor)) {
    throw std::invalid_argument(fmt::format("'{}' has {} words, the {} {}", sparsity.model.file,
                                            sparsity.model.positions->size(), name_of(role), words(tensor)));
  }
}

std::string to_text(const Sparsity& sparsity) {
  const DensityModel& model = sparsity.model;
  switch (model.pattern) {
    case Pattern::kUniform:
      return sparsity.density >= 1 ? "dense" : fmt::format("sparse:{}", sparsity.density);
    case Pattern::kNofM:
      return fmt::format("{}:{}", model.n, model.m);
    case Pattern::kBanded:
    case Pattern::kChannel:
      return fmt::format("{}:{}", name_of(model.pattern), sparsity.density);
    case Pattern::kBlock:
      return fmt::format("block:{}:{}", sparsity.density, model.block);
    case Pattern::kPowerLaw:
      return fmt::format("power-law:{}:{}", sparsity.density, model.exponent);
    case Pattern::kMeasured:
      return "file:" + model.file;
  }
  return "";
}

}  // namespace weft
