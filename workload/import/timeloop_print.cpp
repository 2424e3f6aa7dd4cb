// A problem in Timeloop's words, version 0.4.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/yaml_text.hpp"
#include "workload/import.hpp"

namespace weft {
namespace {

// The coefficients of a problem, as names with values: "P_by_2" for the 2 in 2 P.
struct Coefficients {
  std::string defined{};  // lines of "coefficients"

  std::string name(const std::string& dim, std::int64_t value) {
    const std::string name = dim + "_by_" + std::to_string(value);
    if (defined.find("name: " + name + ",") == std::string::npos) {
      defined += fmt::format("      - {{name: {}, default: {}}}\n", name, value);
    }
    return name;
  }
};

std::string projection(const Problem& problem, const TensorShape& tensor, Coefficients& coefficients) {
  std::string text;
  for (const Rank& rank : tensor.ranks) {
    std::string terms;
    for (const Term& term : rank.terms) {
      const std::string& dim = problem.dims[static_cast<std::size_t>(term.dim)].name;
      terms += (terms.empty() ? "[" : ", [") + dim +
               (term.coeff > 1 ? ", " + coefficients.name(dim, term.coeff) : "") + "]";
    }
    text += (text.empty() ? "[" : ", [") + terms + "]";
  }
  return "[" + text + "]";
}

void note_what_is_lost(const Problem& problem, ImportNotes& notes) {
  for (const Role role : kAllRoles) {
    const TensorShape& tensor = problem.tensor(role);
    for (const Rank& rank : tensor.ranks) {
      std::int64_t reach = 1;
      for (const Term& term : rank.terms) {
        reach += term.coeff * (problem.size(term.dim) - 1);
      }
      if (rank.offset != 0 || rank.extent != reach) {
        notes.push_back(fmt::format("'{}': padding of the {} is written as words that are stored",
                                    problem.name, name_of(role)));
        break;
      }
    }
    if (tensor.bits != 8) {
      notes.push_back(fmt::format("'{}': words of {} bits of the {} belong to Timeloop's architecture",
                                  problem.name, tensor.bits, name_of(role)));
    }
  }
}

}  // namespace

std::string print_timeloop(const Problem& problem, ImportNotes& notes) {
  note_what_is_lost(problem, notes);
  Coefficients coefficients;
  std::string spaces, dims, densities;
  for (const Role role : {Role::kWeights, Role::kInputs, Role::kOutputs}) {
    const TensorShape& tensor = problem.tensor(role);
    const char* name = role == Role::kWeights ? "Weights" : role == Role::kInputs ? "Inputs" : "Outputs";
    spaces += fmt::format("      - name: {}\n        projection: {}\n{}", name,
                          projection(problem, tensor, coefficients),
                          role == Role::kOutputs ? "        read_write: true\n" : "");
    if (tensor.density < 1) {
      densities += fmt::format("      {}: {}\n", name, tensor.density);
    }
  }
  std::string instance;
  for (const Dim& dim : problem.dims) {
    dims += (dims.empty() ? "" : ", ") + dim.name;
    instance += fmt::format("    {}: {}\n", dim.name, dim.size);
  }
  std::string text = "problem:\n  version: 0.4\n  shape:\n    name: " + yaml::quote(problem.name) +
                     "\n    dimensions: [" + dims + "]\n";
  text += coefficients.defined.empty() ? "" : "    coefficients:\n" + coefficients.defined;
  text += "    data_spaces:\n" + spaces + "  instance:\n" + instance;
  return text + (densities.empty() ? "" : "    densities:\n" + densities);
}

}  // namespace weft
