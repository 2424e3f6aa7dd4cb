// Is exporters' shape arithmetic evaluated as ONNX defines it?
// SPDX-License-Identifier: Apache-2.0
#include "workload/import/onnx_fold.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "base/checked.hpp"

namespace weft::onnx_import {
namespace {

using Values = std::vector<std::int64_t>;

// The node's result for these vectors (one-element lists named s... are scalars).
std::optional<Constant> apply(Node node, const std::vector<Constant>& inputs) {
  Graph graph;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::string name = "in" + std::to_string(i);
    graph.values[name] = {.dims = inputs[i].dims, .fixed = true, .constant = inputs[i].values};
    node.inputs.push_back(name);
  }
  return fold(graph, node);
}

Constant scalar(std::int64_t value) {
  return {{}, {value}};
}
Constant list(const Values& values) {
  return {{static_cast<std::int64_t>(values.size())}, values};
}

TEST(Fold, EvaluatesWhatExportersWrite) {
  EXPECT_EQ(apply({.op = "Gather"}, {list({4, 5, 6}), scalar(-1)})->values, Values{6});
  EXPECT_TRUE(apply({.op = "Gather"}, {list({4, 5, 6}), scalar(1)})->dims.empty());
  EXPECT_EQ(apply({.op = "Concat"}, {list({1}), list({2, 3})})->values, (Values{1, 2, 3}));
  EXPECT_EQ(apply({.op = "Slice"}, {list({1, 2, 3, 4}), list({1}), list({-1})})->values, (Values{2, 3}));
  EXPECT_EQ(apply({.op = "Slice"}, {list({1, 2, 3, 4}), list({0}), list({99}), list({0}), list({3})})->values,
            (Values{1, 4}));
  EXPECT_EQ(apply({.op = "Div"}, {scalar(-7), scalar(2)})->values, Values{-3});
  EXPECT_EQ(apply({.op = "Mul"}, {list({2, 3}), scalar(4)})->values, (Values{8, 12}));
  EXPECT_EQ(apply({.op = "Sub"}, {scalar(1), list({2, 3})})->values, (Values{-1, -2}));
  EXPECT_EQ(apply({.op = "Where"}, {list({1, 0}), list({5, 5}), list({6, 7})})->values, (Values{5, 7}));
  EXPECT_EQ(apply({.op = "Equal"}, {list({1, 2}), list({1, 3})})->values, (Values{1, 0}));
  EXPECT_EQ(apply({.op = "ReduceProd"}, {list({2, 3, 4})})->values, Values{24});
  EXPECT_EQ(apply({.op = "Unsqueeze"}, {scalar(3), list({0})})->dims, Values{1});
  EXPECT_EQ(apply({.op = "ConstantOfShape", .lists = {{"value", {7}}}}, {list({3})})->values,
            (Values{7, 7, 7}));
}

TEST(Fold, ReadsShapesAndTheirParts) {
  Graph graph;
  graph.values["x"].dims = Values{2, 3, 4, 5};
  EXPECT_EQ(fold(graph, {.op = "Shape", .inputs = {"x"}})->values, (Values{2, 3, 4, 5}));
  const Node part{.op = "Shape", .inputs = {"x"}, .integers = {{"start", 1}, {"end", -1}}};
  EXPECT_EQ(fold(graph, part)->values, (Values{3, 4}));
}

TEST(Fold, LeavesAloneWhatItCannotKnow) {
  Graph graph;
  graph.values["x"].dims = Values{2};
  EXPECT_FALSE(fold(graph, {.op = "Add", .inputs = {"x", "x"}}));
  EXPECT_FALSE(fold(graph, {.op = "Shape", .inputs = {"unknown"}}));
  EXPECT_FALSE(apply({.op = "Gather"}, {list({4, 5}), scalar(2)}));
  EXPECT_FALSE(apply({.op = "ConstantOfShape"}, {list({std::int64_t{1} << 40})}));
  EXPECT_FALSE(apply({.op = "Add"}, {list({1, 2}), list({1, 2, 3})}));
  EXPECT_THROW(static_cast<void>(apply({.op = "Div"}, {scalar(1), scalar(0)})), OverflowError);
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_THROW(static_cast<void>(apply({.op = "Mul"}, {scalar(most), scalar(2)})), OverflowError);
}

}  // namespace
}  // namespace weft::onnx_import
