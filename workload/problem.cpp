// Questions about a problem: sizes, relevance, dim classes, and the check of its invariants.
// SPDX-License-Identifier: Apache-2.0
#include "workload/problem.hpp"

#include <algorithm>

#include "base/checked.hpp"
#include "base/error.hpp"

namespace weft {

std::string_view name_of(Role role) {
  switch (role) {
    case Role::kWeights:
      return "weights";
    case Role::kInputs:
      return "inputs";
    case Role::kOutputs:
      return "outputs";
  }
  return "?";
}

std::string_view name_of(DimClass dim_class) {
  switch (dim_class) {
    case DimClass::kFilters:
      return "filters";
    case DimClass::kReduction:
      return "reduction";
    case DimClass::kPositions:
      return "positions";
    case DimClass::kGroups:
      return "groups";
    case DimClass::kOther:
      return "other";
  }
  return "?";
}

int Problem::dim(std::string_view dim_name) const {
  for (std::size_t d = 0; d < dims.size(); ++d) {
    if (dims[d].name == dim_name) {
      return static_cast<int>(d);
    }
  }
  return -1;
}

std::int64_t macs(const Problem& problem) {
  std::int64_t product = 1;
  for (const Dim& dim : problem.dims) {
    product = checked_mul(product, dim.size);
  }
  return product;
}

std::int64_t words(const TensorShape& tensor) {
  std::int64_t product = 1;
  for (const Rank& rank : tensor.ranks) {
    product = checked_mul(product, rank.extent);
  }
  return product;
}

bool relevant(const TensorShape& tensor, int dim) {
  return std::any_of(tensor.ranks.begin(), tensor.ranks.end(), [dim](const Rank& rank) {
    return std::any_of(rank.terms.begin(), rank.terms.end(),
                       [dim](const Term& term) { return term.dim == dim; });
  });
}

DimClass class_of(const Problem& problem, int dim) {
  const bool weights = relevant(problem.tensor(Role::kWeights), dim);
  const bool inputs = relevant(problem.tensor(Role::kInputs), dim);
  const bool outputs = relevant(problem.tensor(Role::kOutputs), dim);
  if (weights && inputs) {
    return outputs ? DimClass::kGroups : DimClass::kReduction;
  }
  if (weights && outputs) {
    return DimClass::kFilters;
  }
  return inputs && outputs ? DimClass::kPositions : DimClass::kOther;
}

namespace {

std::string check_dims(const Problem& problem) {
  if (problem.dims.empty() || problem.dims.size() > static_cast<std::size_t>(kMaxDims)) {
    return "a problem has 1 to " + std::to_string(kMaxDims) + " dims, not " +
           std::to_string(problem.dims.size());
  }
  for (int d = 0; d < problem.rank(); ++d) {
    const Dim& dim = problem.dims[static_cast<std::size_t>(d)];
    if (dim.name.empty()) {
      return "dim " + std::to_string(d) + " has no name";
    }
    if (dim.size < 1) {
      return "dim '" + dim.name + "' has size " + std::to_string(dim.size);
    }
    if (problem.dim(dim.name) != d) {
      return "two dims are named '" + dim.name + "'";
    }
    const bool used = std::any_of(problem.tensors.begin(), problem.tensors.end(),
                                  [d](const TensorShape& tensor) { return relevant(tensor, d); });
    if (!used) {
      return "dim '" + dim.name + "' appears in no tensor";
    }
  }
  return "";
}

// Terms name dims, have positive coefficients, and no coordinate leaves 63 bits.
std::string check_rank(const Problem& problem, const Rank& rank, const std::string& where,
                       std::vector<int>& uses) {
  if (rank.terms.empty()) {
    return where + " has no terms";
  }
  if (rank.extent < 1) {
    return where + " has extent " + std::to_string(rank.extent);
  }
  if (rank.offset > 0) {
    return where + " has a positive offset";
  }
  std::int64_t reach = rank.offset;
  for (const Term& term : rank.terms) {
    if (term.dim < 0 || term.dim >= problem.rank()) {
      return where + " names no dim";
    }
    if (term.coeff < 1) {
      return where + " has coefficient " + std::to_string(term.coeff);
    }
    if (++uses[static_cast<std::size_t>(term.dim)] > 1) {
      return where + " uses dim '" + problem.dims[static_cast<std::size_t>(term.dim)].name +
             "' a second time in its tensor";
    }
    reach = checked_add(reach, checked_mul(term.coeff, problem.size(term.dim) - 1));
  }
  return "";
}

std::string check_output_rank(const Problem& problem, const Rank& rank, const std::string& where) {
  if (rank.terms.size() != 1 || rank.terms.front().coeff != 1 || rank.offset != 0) {
    return where + " is not a single dim with coefficient 1";
  }
  if (rank.extent != problem.size(rank.terms.front().dim)) {
    return where + " has extent " + std::to_string(rank.extent) + ", its dim has size " +
           std::to_string(problem.size(rank.terms.front().dim));
  }
  return "";
}

std::string check_tensor(const Problem& problem, Role role) {
  const TensorShape& tensor = problem.tensor(role);
  const std::string name(name_of(role));
  if (tensor.bits < 1 || tensor.bits > 64) {
    return name + " have " + std::to_string(tensor.bits) + " bits, not 1 to 64";
  }
  if (!(tensor.density > 0.0 && tensor.density <= 1.0)) {
    return name + " have density " + std::to_string(tensor.density) + ", not in (0, 1]";
  }
  std::vector<int> uses(problem.dims.size(), 0);
  for (std::size_t r = 0; r < tensor.ranks.size(); ++r) {
    const std::string where = "rank " + std::to_string(r) + " of the " + name;
    std::string broken = check_rank(problem, tensor.ranks[r], where, uses);
    if (broken.empty() && role == Role::kOutputs) {
      broken = check_output_rank(problem, tensor.ranks[r], where);
    }
    if (!broken.empty()) {
      return broken;
    }
  }
  const std::int64_t stored = words(tensor);
  return stored < 1 ? name + " hold no word" : "";
}

std::string check_all(const Problem& problem) {
  std::string broken = check_dims(problem);
  for (const Role role : kAllRoles) {
    if (broken.empty()) {
      broken = check_tensor(problem, role);
    }
  }
  if (broken.empty() && macs(problem) < 1) {
    broken = "it has no multiply-accumulates";
  }
  return broken;
}

bool same_rank(const Rank& a, const Rank& b) {
  return a.offset == b.offset && a.extent == b.extent &&
         std::equal(a.terms.begin(), a.terms.end(), b.terms.begin(), b.terms.end(),
                    [](const Term& x, const Term& y) { return x.dim == y.dim && x.coeff == y.coeff; });
}

bool same_tensor(const TensorShape& a, const TensorShape& b) {
  return a.bits == b.bits && a.density == b.density && a.model == b.model &&
         std::equal(a.ranks.begin(), a.ranks.end(), b.ranks.begin(), b.ranks.end(), same_rank);
}

}  // namespace

std::string validate(const Problem& problem) {
  try {
    return check_all(problem);
  } catch (const OverflowError&) {
    return "a size, or the number of multiply-accumulates, exceeds 2^63-1";
  }
}

bool same_shape(const Problem& a, const Problem& b) {
  return std::equal(a.dims.begin(), a.dims.end(), b.dims.begin(), b.dims.end(),
                    [](const Dim& x, const Dim& y) { return x.name == y.name && x.size == y.size; }) &&
         std::equal(a.tensors.begin(), a.tensors.end(), b.tensors.begin(), same_tensor);
}

}  // namespace weft
