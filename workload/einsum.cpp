// Problems from Einstein's notation.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>

#include "workload/problem.hpp"

namespace weft {
namespace {

void require(bool holds, const std::string& sentence) {
  if (!holds) {
    throw std::invalid_argument(sentence);
  }
}

using Indices = std::vector<std::string>;

// Single letters, unless blanks separate longer names.
Indices split_indices(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && blank(text.back())) {
    text.remove_suffix(1);
  }
  const bool words = std::any_of(text.begin(), text.end(), blank);
  Indices indices;
  bool inside = false;
  for (const char c : text) {
    if (blank(c)) {
      inside = false;
      continue;
    }
    const bool letter =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    require(letter, std::string("'") + c + "' is no index of an einsum");
    if (words && inside) {
      indices.back() += c;
    } else {
      indices.emplace_back(1, c);
    }
    inside = true;
  }
  return indices;
}

bool contains(const Indices& indices, const std::string& index) {
  return std::find(indices.begin(), indices.end(), index) != indices.end();
}

void check_tensor(const Indices& indices) {
  for (const std::string& index : indices) {
    require(std::count(indices.begin(), indices.end(), index) == 1,
            "index '" + index + "' appears twice in one tensor");
  }
}

std::int64_t size_of(const EinsumShape& shape, const std::string& index) {
  for (const Dim& dim : shape.sizes) {
    if (dim.name == index) {
      return dim.size;
    }
  }
  throw std::invalid_argument("index '" + index + "' has no size");
}

TensorShape tensor_of(const Problem& problem, const char* name, const Indices& indices) {
  TensorShape tensor{.name = name};
  for (const std::string& index : indices) {
    const int dim = problem.dim(index);
    tensor.ranks.push_back({{{dim, 1}}, 0, problem.size(dim)});
  }
  return tensor;
}

}  // namespace

std::vector<std::vector<std::string>> parse_einsum(const std::string& equation) {
  require(equation.size() <= 256, "the equation is longer than 256 characters");
  const std::size_t arrow = equation.find("->");
  const std::size_t comma = equation.find(',');
  require(arrow != std::string::npos && comma != std::string::npos && comma < arrow &&
              equation.find(',', comma + 1) == std::string::npos,
          "an equation reads 'ab,bc->ac': two operands and a result");
  std::vector<Indices> tensors = {split_indices(equation.substr(0, comma)),
                                  split_indices(equation.substr(comma + 1, arrow - comma - 1)),
                                  split_indices(equation.substr(arrow + 2))};
  for (const Indices& tensor : tensors) {
    check_tensor(tensor);
  }
  for (const std::string& index : tensors[2]) {
    require(contains(tensors[0], index) || contains(tensors[1], index),
            "index '" + index + "' of the result is in no operand");
  }
  return tensors;
}

Problem make_einsum(const EinsumShape& shape) {
  const std::vector<Indices> tensors = parse_einsum(shape.equation);
  Problem problem{.name = shape.name, .kind = "einsum"};
  for (const Indices& tensor : tensors) {
    for (const std::string& index : tensor) {
      if (problem.dim(index) < 0) {
        problem.dims.push_back({index, size_of(shape, index)});
      }
    }
  }
  for (const Dim& dim : shape.sizes) {
    require(problem.dim(dim.name) >= 0, "size '" + dim.name + "' is for no index of the equation");
  }
  problem.tensor(Role::kInputs) = tensor_of(problem, "inputs", tensors[0]);
  problem.tensor(Role::kWeights) = tensor_of(problem, "weights", tensors[1]);
  problem.tensor(Role::kOutputs) = tensor_of(problem, "outputs", tensors[2]);
  const std::string broken = validate(problem);
  require(broken.empty(), broken);
  return problem;
}

}  // namespace weft
