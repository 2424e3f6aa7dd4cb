// Problems of Timeloop, versions 0.2 to 0.4 (Parashar et al., "Timeloop: A systematic approach to DNN
// accelerator evaluation", ISPASS 2019; its documentation, "Problem"): dims, coefficients and data-spaces
// with projections, each a list of ranks, each rank a sum of products of a dim and at most one coefficient.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "base/checked.hpp"
#include "workload/import/timeloop_text.hpp"

namespace weft {
namespace {

using timeloop::note;
using yaml::Section;
using yaml::Value;

constexpr std::int64_t kLargestSize = std::int64_t{1} << 40U;

struct DataSpace {
  TensorShape tensor{};
  bool written = false;
  Value where;
};

bool names_weights(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name.find("weight") != std::string::npos || name.find("filter") != std::string::npos ||
         name.find("kernel") != std::string::npos || name == "b";
}

// A coefficient that is written out.
std::optional<std::int64_t> coefficient_in(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && value >= 1 && value <= kLargestSize ? std::optional(value) : std::nullopt;
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
    if (shape->is_scalar()) {
      read_named(*shape);
    } else {
      read_shape(shape->section());
    }
    read_instance(instance ? instance->section().entries() : inline_sizes);
    if (ranks_.empty() && spaces_.empty()) {
      return {};
    }
    return finish(*shape);
  }

 private:
  // The shape that Timeloop knows by name.
  void read_named(const Value& value) {
    std::string name = value.text();
    std::replace(name.begin(), name.end(), '-', '_');
    if (name != "cnn_layer" && name != "cnn_layer.yaml") {
      value.error("unknown-name", "unknown shape '" + name + "'; known: cnn_layer",
                  "write the shape out: dimensions and data_spaces");
      return;
    }
    problem_.name = "cnn_layer";
    for (const char* dim : {"C", "M", "R", "S", "N", "P", "Q"}) {
      problem_.dims.push_back({.name = dim});
    }
    for (const char* coefficient : {"Wstride", "Hstride", "Wdilation", "Hdilation"}) {
      coefficients_[coefficient] = 1;
    }
    rename_["K"] = "M";  // what older files call the filters
    const auto space = [&](const char* tensor, std::vector<std::vector<std::vector<std::string>>> ranks,
                           bool written) {
      spaces_.push_back({.tensor = {.name = tensor}, .written = written, .where = value});
      ranks_.push_back(std::move(ranks));
    };
    space("Weights", {{{"C"}}, {{"M"}}, {{"R"}}, {{"S"}}}, false);
    space("Inputs",
          {{{"N"}}, {{"C"}}, {{"R", "Wdilation"}, {"P", "Wstride"}}, {{"S", "Hdilation"}, {"Q", "Hstride"}}},
          false);
    space("Outputs", {{{"N"}}, {{"M"}}, {{"Q"}}, {{"P"}}}, true);
  }

  void read_shape(Section shape) {
    problem_.name = shape.text_or("name", "problem");
    const auto dims = shape.required("dimensions");
    for (const Value& dim : dims ? dims->list() : std::vector<Value>{}) {
      problem_.dims.push_back({.name = dim.text()});
    }
    if (const auto coefficients = shape.optional("coefficients")) {
      for (const Value& entry : coefficients->list()) {
        Section section = entry.section();
        const std::string name = section.text("name");
        coefficients_[name] = section.integer_or("default", 1, 1, kLargestSize);
      }
    }
    const auto old_spaces = shape.optional("data-spaces");
    const auto spaces = old_spaces ? old_spaces : shape.optional("data_spaces");
    if (!spaces) {
      shape.error("missing-key", "missing key 'data_spaces' (or 'data-spaces') in the shape");
      return;
    }
    for (const Value& space : spaces->list()) {
      read_space(space);
    }
    for (const auto& [key, value] : shape.entries()) {
      if (key != "name" && key != "dimensions" && key != "coefficients" && key != "data-spaces" &&
          key != "data_spaces" && key != "version") {
        note(notes_, value.where(), "'" + key + "' of the shape is not used");
      }
    }
  }

  void read_space(const Value& value) {
    Section section = value.section();
    DataSpace space{.tensor = {.name = section.text("name")}, .where = value};
    const auto old_write = section.optional("read-write");
    const auto write = old_write ? old_write : section.optional("read_write");
    if (write) {
      std::string yes = write->text();
      std::transform(yes.begin(), yes.end(), yes.begin(), [](unsigned char c) { return std::tolower(c); });
      space.written = yes == "true";
    }
    std::vector<std::vector<std::vector<std::string>>> ranks;
    const auto projection = section.required("projection");
    for (const Value& rank : projection ? projection->list() : std::vector<Value>{}) {
      ranks.push_back(read_rank(rank));
    }
    spaces_.push_back(space);
    ranks_.push_back(std::move(ranks));
  }

  // [[C]], [[R, Wdilation], [P, Wstride]], or just C.
  static std::vector<std::vector<std::string>> read_rank(const Value& rank) {
    std::vector<std::vector<std::string>> terms;
    if (rank.is_scalar()) {
      return {{rank.text()}};
    }
    for (const Value& term : rank.list()) {
      terms.emplace_back();
      if (term.is_scalar()) {
        terms.back().push_back(term.text());
        continue;
      }
      for (const Value& factor : term.list()) {
        terms.back().push_back(factor.text());
      }
    }
    return terms;
  }

  void read_instance(const std::vector<std::pair<std::string, Value>>& entries) {
    std::vector<bool> stated(problem_.dims.size(), false);
    for (const auto& [given, value] : entries) {
      const auto renamed = rename_.find(given);
      const std::string& key = renamed == rename_.end() ? given : renamed->second;
      const int dim = problem_.dim(key);
      if (dim >= 0) {
        problem_.dims[static_cast<std::size_t>(dim)].size = value.integer(1, kLargestSize);
        stated[static_cast<std::size_t>(dim)] = true;
      } else if (coefficients_.count(key) > 0) {
        coefficients_[key] = value.integer(1, kLargestSize);
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
      const auto found = std::find_if(spaces_.begin(), spaces_.end(), [&name = name](const DataSpace& space) {
        return space.tensor.name == name;
      });
      if (found != spaces_.end()) {
        found->tensor.density = density;
      }
    }
  }

  // The product as one term; reports what is no dim times at most one coefficient.
  Term term_of(const std::vector<std::string>& factors, const Value& where) const {
    Term term{.dim = -1, .coeff = 1};
    for (const std::string& factor : factors) {
      const auto coefficient = coefficients_.find(factor);
      if (problem_.dim(factor) >= 0 && term.dim < 0) {
        term.dim = problem_.dim(factor);
      } else if (coefficient != coefficients_.end()) {
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

  void add_ranks(DataSpace& space, const std::vector<std::vector<std::vector<std::string>>>& ranks) const {
    for (const auto& terms : ranks) {
      Rank rank;
      for (const auto& factors : terms) {
        const Term term = term_of(factors, space.where);
        rank.terms.push_back(term);
        rank.extent = checked_add(rank.extent, checked_mul(term.coeff, problem_.size(term.dim) - 1));
      }
      space.tensor.ranks.push_back(std::move(rank));
    }
  }

  Problem finish(const Value& shape) {
    if (problem_.dims.empty()) {
      shape.error("cannot-express", "the problem has no dims");
      return {};
    }
    for (std::size_t i = 0; i < spaces_.size(); ++i) {
      add_ranks(spaces_[i], ranks_[i]);
    }
    const auto written =
        std::count_if(spaces_.begin(), spaces_.end(), [](const DataSpace& s) { return s.written; });
    if (spaces_.size() != 3 || written != 1) {
      shape.error(
          "cannot-express",
          fmt::format(
              "the problem has {} data-spaces, {} of them written; there must be two that are read and "
              "one that is written",
              spaces_.size(), written));
      return {};
    }
    std::vector<const DataSpace*> read;
    for (const DataSpace& space : spaces_) {
      if (space.written) {
        problem_.tensor(Role::kOutputs) = space.tensor;
      } else {
        read.push_back(&space);
      }
    }
    const std::size_t weights = names_weights(read[0]->tensor.name) ? 0 : 1;
    problem_.tensor(Role::kWeights) = read[weights]->tensor;
    problem_.tensor(Role::kInputs) = read[1 - weights]->tensor;
    problem_.kind = "einsum";
    if (const std::string broken = validate(problem_); !broken.empty()) {
      shape.error("cannot-express", "the problem cannot be expressed: " + broken);
    }
    return std::move(problem_);
  }

  std::string file_;
  ImportNotes& notes_;
  Problem problem_;
  std::map<std::string, std::int64_t> coefficients_;
  std::map<std::string, std::string> rename_;
  std::vector<DataSpace> spaces_;
  std::vector<std::vector<std::vector<std::vector<std::string>>>> ranks_;  // of each data-space, as written
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
