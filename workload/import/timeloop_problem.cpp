// Problems of Timeloop, versions 0.2 to 0.4 (Parashar et al., "Timeloop: A systematic approach to DNN
// accelerator evaluation", ISPASS 2019; its documentation, "Problem"): a shape, and an instance with the
// sizes of its dims, the values of its coefficients and the densities of its data-spaces.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <optional>

#include <fmt/format.h>

#include "base/checked.hpp"
#include "base/parse_number.hpp"
#include "workload/import/timeloop_shape.hpp"
#include "workload/import/timeloop_text.hpp"

namespace weft {
namespace {

using timeloop::kLargestSize;
using timeloop::note;
using timeloop::Shape;
using yaml::Section;
using yaml::Value;

bool names_weights(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name.find("weight") != std::string::npos || name.find("filter") != std::string::npos ||
         name.find("kernel") != std::string::npos || name == "b";
}

// A coefficient that is written out.
std::optional<std::int64_t> coefficient_in(const std::string& text) {
  const auto value = parse_number<std::int64_t>(text);
  return value && *value >= 1 && *value <= kLargestSize ? value : std::nullopt;
}

class Reader {
 public:
  Reader(std::string file, ImportNotes& notes) : file_(std::move(file)), notes_(notes) {}

  Problem read(Section section) {
    (void)section.optional("version");
    const auto shape = section.required("shape");
    const auto instance = section.optional("instance");
    if (!shape) {
      return {};
    }
    std::vector<std::pair<std::string, Value>> inline_sizes;
    for (auto& entry : section.entries()) {
      if (entry.first != "version" && entry.first != "shape" && entry.first != "instance") {
        inline_sizes.push_back(std::move(entry));
      }
    }
    shape_ = timeloop::read_shape(*shape, notes_);
    problem_.name = shape_.name;
    problem_.dims = shape_.dims;
    read_instance(instance ? instance->section().entries() : inline_sizes);
    if (shape_.spaces.empty()) {
      return {};
    }
    return finish(*shape);
  }

 private:
  void read_instance(const std::vector<std::pair<std::string, Value>>& entries) {
    std::vector<bool> stated(problem_.dims.size(), false);
    for (const auto& [given, value] : entries) {
      const auto renamed = shape_.renamed.find(given);
      const std::string& key = renamed == shape_.renamed.end() ? given : renamed->second;
      const int dim = problem_.dim(key);
      if (dim >= 0) {
        problem_.dims[static_cast<std::size_t>(dim)].size = value.integer(1, kLargestSize);
        stated[static_cast<std::size_t>(dim)] = true;
      } else if (shape_.coefficients.count(key) > 0) {
        shape_.coefficients[key] = value.integer(1, kLargestSize);
      } else if (key == "densities" && value.is_section()) {
        read_densities(value.section());
      } else {
        note(notes_, value.where(), "'" + key + "' of the instance is not used");
      }
    }
    for (std::size_t d = 0; d < stated.size(); ++d) {
      if (!stated[d]) {
        notes_.push_back(
            fmt::format("{}: the size of dim {} is not stated: 1", file_, problem_.dims[d].name));
      }
    }
  }

  // A number, or a section with a number as density: how zeros are distributed is left out.
  void read_densities(Section densities) {
    for (const auto& [name, value] : densities.entries()) {
      double density = 1;
      if (value.is_scalar()) {
        density = value.number(1e-9, 1);
      } else {
        Section section = value.section();
        const auto stated = section.optional("density");
        density = stated && stated->is_scalar() ? stated->number(1e-9, 1) : 1;
        note(notes_, value.where(),
             "how the zeros of " + name + " are distributed is not used, only their share");
      }
      const auto found =
          std::find_if(shape_.spaces.begin(), shape_.spaces.end(),
                       [&name = name](const Shape::DataSpace& space) { return space.name == name; });
      if (found != shape_.spaces.end()) {
        found->density = density;
      }
    }
  }

  // The product as one term; reports what is no dim times at most one coefficient.
  Term term_of(const std::vector<std::string>& factors, const Value& where) const {
    Term term{.dim = -1, .coeff = 1};
    for (const std::string& factor : factors) {
      const auto coefficient = shape_.coefficients.find(factor);
      if (problem_.dim(factor) >= 0 && term.dim < 0) {
        term.dim = problem_.dim(factor);
      } else if (coefficient != shape_.coefficients.end()) {
        term.coeff = checked_mul(term.coeff, coefficient->second);
      } else if (const auto number = coefficient_in(factor)) {
        term.coeff = checked_mul(term.coeff, *number);
      } else {
        where.error("cannot-express",
                    "'" + factor + "' is no dim and no coefficient of the shape, or a second dim");
        return {.dim = 0, .coeff = 1};
      }
    }
    if (term.dim < 0) {
      where.error("cannot-express", "a term of the projection has no dim");
      term.dim = 0;
    }
    return term;
  }

  [[nodiscard]] TensorShape tensor_of(const Shape::DataSpace& space) const {
    TensorShape tensor{.name = space.name, .density = space.density};
    for (const Shape::Terms& terms : space.ranks) {
      Rank rank;
      for (const auto& factors : terms) {
        const Term term = term_of(factors, space.where);
        rank.terms.push_back(term);
        rank.extent = checked_add(rank.extent, checked_mul(term.coeff, problem_.size(term.dim) - 1));
      }
      tensor.ranks.push_back(std::move(rank));
    }
    return tensor;
  }

  Problem finish(const Value& shape) {
    if (problem_.dims.empty()) {
      shape.error("cannot-express", "the problem has no dims");
      return {};
    }
    std::vector<TensorShape> read, written;
    for (const Shape::DataSpace& space : shape_.spaces) {
      (space.written ? written : read).push_back(tensor_of(space));
    }
    if (read.size() != 2 || written.size() != 1) {
      shape.error(
          "cannot-express",
          fmt::format(
              "the problem has {} data-spaces, {} of them written; there must be two that are read and "
              "one that is written",
              shape_.spaces.size(), written.size()));
      return {};
    }
    const std::size_t weights = names_weights(read[0].name) ? 0 : 1;
    problem_.tensor(Role::kWeights) = std::move(read[weights]);
    problem_.tensor(Role::kInputs) = std::move(read[1 - weights]);
    problem_.tensor(Role::kOutputs) = std::move(written[0]);
    problem_.kind = "einsum";
    if (const std::string broken = validate(problem_); !broken.empty()) {
      shape.error("cannot-express", "the problem cannot be expressed: " + broken);
    }
    return std::move(problem_);
  }

  std::string file_;
  ImportNotes& notes_;
  Shape shape_;
  Problem problem_;
};

}  // namespace

Network load_network_timeloop(const std::filesystem::path& file, ImportNotes& notes) {
  const yaml::Document document = timeloop::load_document(file);
  Section root = document.root();
  Network network{.name = file.stem().string()};
  Layer layer;
  if (const auto problem = root.required("problem")) {
    layer.problem = Reader(file.string(), notes).read(problem->section());
  }
  (void)root.entries();
  document.finish();
  layer.name = layer.problem->name;
  layer.parameters = words(layer.problem->tensor(Role::kWeights));
  network.layers.push_back(std::move(layer));
  return network;
}

}  // namespace weft
