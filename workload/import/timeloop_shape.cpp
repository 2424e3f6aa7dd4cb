// Shapes of Timeloop (its documentation, "Problem"): data-spaces have projections, each a list of ranks,
// each rank a sum of products of a dim and at most one coefficient.
// SPDX-License-Identifier: Apache-2.0
#include "workload/import/timeloop_shape.hpp"

#include <algorithm>
#include <cctype>

#include "workload/import/timeloop_text.hpp"

namespace weft::timeloop {

namespace {

using yaml::Section;
using yaml::Value;

// The one shape with a name: a convolution.
Shape named(const Value& value) {
  std::string name = value.text();
  std::replace(name.begin(), name.end(), '-', '_');
  if (name != "cnn_layer" && name != "cnn_layer.yaml") {
    value.error("unknown-name", "unknown shape '" + name + "'; known: cnn_layer",
                "write the shape out: dimensions and data_spaces");
    return {};
  }
  Shape shape{.name = "cnn_layer"};
  for (const char* dim : {"C", "M", "R", "S", "N", "P", "Q"}) {
    shape.dims.push_back({.name = dim});
  }
  for (const char* coefficient : {"Wstride", "Hstride", "Wdilation", "Hdilation"}) {
    shape.coefficients[coefficient] = 1;
  }
  shape.renamed["K"] = "M";  // what older files call the filters
  const auto add = [&](const char* tensor, bool written, std::vector<Shape::Terms> ranks) {
    shape.spaces.push_back({.name = tensor, .written = written, .ranks = std::move(ranks), .where = value});
  };
  add("Weights", false, {{{"C"}}, {{"M"}}, {{"R"}}, {{"S"}}});
  add("Inputs", false,
      {{{"N"}}, {{"C"}}, {{"R", "Wdilation"}, {"P", "Wstride"}}, {{"S", "Hdilation"}, {"Q", "Hstride"}}});
  add("Outputs", true, {{{"N"}}, {{"M"}}, {{"Q"}}, {{"P"}}});
  return shape;
}

// [[C]], [[R, Wdilation], [P, Wstride]], or just C.
Shape::Terms read_rank(const Value& rank) {
  if (rank.is_scalar()) {
    return {{rank.text()}};
  }
  Shape::Terms terms;
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

bool is_true(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text == "true";
}

Shape::DataSpace read_space(const Value& value) {
  Section section = value.section();
  Shape::DataSpace space{.name = section.text("name"), .where = value};
  const auto old_write = section.optional("read-write");
  const auto write = old_write ? old_write : section.optional("read_write");
  space.written = write && is_true(write->text());
  const auto projection = section.required("projection");
  for (const Value& rank : projection ? projection->list() : std::vector<Value>{}) {
    space.ranks.push_back(read_rank(rank));
  }
  return space;
}

void read_coefficients(const Value& list, Shape& shape) {
  for (const Value& entry : list.list()) {
    Section section = entry.section();
    const std::string name = section.text("name");
    shape.coefficients[name] = section.integer_or("default", 1, 1, kLargestSize);
  }
}

Shape written_out(Section section, ImportNotes& notes) {
  Shape shape{.name = section.text_or("name", "problem")};
  const auto dims = section.required("dimensions");
  for (const Value& dim : dims ? dims->list() : std::vector<Value>{}) {
    shape.dims.push_back({.name = dim.text()});
  }
  if (const auto coefficients = section.optional("coefficients")) {
    read_coefficients(*coefficients, shape);
  }
  const auto old_spaces = section.optional("data-spaces");
  const auto spaces = old_spaces ? old_spaces : section.optional("data_spaces");
  if (!spaces) {
    section.error("missing-key", "missing key 'data_spaces' (or 'data-spaces') in the shape");
    return shape;
  }
  for (const Value& space : spaces->list()) {
    shape.spaces.push_back(read_space(space));
  }
  for (const auto& [key, value] : section.entries()) {
    if (key != "name" && key != "dimensions" && key != "coefficients" && key != "data-spaces" &&
        key != "data_spaces" && key != "version") {
      note(notes, value.where(), "'" + key + "' of the shape is not used");
    }
  }
  return shape;
}

}  // namespace

Shape read_shape(const Value& value, ImportNotes& notes) {
  return value.is_scalar() ? named(value) : written_out(value.section(), notes);
}

}  // namespace weft::timeloop
