// The operators the import knows, and what each costs.
// SPDX-License-Identifier: Apache-2.0
#include <map>

#include "workload/import/onnx_graph.hpp"

namespace weft::onnx_import {
namespace {

using Table = std::map<std::string, OperatorInfo>;

void add(Table& table, const OperatorInfo& info, const std::vector<const char*>& ops) {
  for (const char* op : ops) {
    table.emplace(op, info);
  }
}

// Scalar operations per element count a transcendental function as four.
Table make_table() {
  Table t;
  add(t, {Handling::kProblem},
      {"Conv", "ConvTranspose", "ConvInteger", "QLinearConv", "Gemm", "MatMul", "MatMulInteger",
       "QLinearMatMul", "Einsum"});
  const Handling e = Handling::kElementwise;
  add(t, {e, VectorKind::kActivation, 1},
      {"Relu", "Clip", "LeakyRelu", "PRelu", "ThresholdedRelu", "Abs", "Neg"});
  add(t, {e, VectorKind::kActivation, 3}, {"HardSigmoid", "Shrink", "Softsign", "Sign"});
  add(t, {e, VectorKind::kActivation, 4},
      {"HardSwish", "Sigmoid", "Tanh", "Elu", "Selu", "Celu", "Softplus", "Erf", "Exp", "Log", "Sin", "Cos"});
  add(t, {e, VectorKind::kActivation, 8}, {"Gelu", "Mish"});
  add(t, {e, VectorKind::kResidualAdd, 1}, {"Add", "Sub", "Sum"});
  add(t, {e, VectorKind::kMultiply, 1}, {"Mul", "Div"});
  add(t, {e, VectorKind::kOther, 1},
      {"Pow",         "Sqrt",  "Reciprocal", "Max",  "Min", "Mean",  "Floor",   "Ceil",           "Round",
       "Mod",         "And",   "Or",         "Not",  "Xor", "Equal", "Greater", "GreaterOrEqual", "Less",
       "LessOrEqual", "Where", "IsNaN",      "IsInf"});
  add(t, {e, VectorKind::kNormalisation, 2}, {"BatchNormalization"});
  const Handling p = Handling::kPass;
  add(t, {p, VectorKind::kPool, 0}, {"MaxPool", "AveragePool", "LpPool"});
  add(t, {p, VectorKind::kGlobalPool, 0},
      {"GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool", "ReduceMean", "ReduceMax", "ReduceMin",
       "ReduceSum", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare", "ReduceLogSum",
       "ReduceLogSumExp"});
  add(t, {p, VectorKind::kSoftmax, 5}, {"Softmax", "LogSoftmax", "Hardmax"});
  add(t, {p, VectorKind::kNormalisation, 7},
      {"LayerNormalization", "InstanceNormalization", "LpNormalization", "MeanVarianceNormalization",
       "GroupNormalization"});
  add(t, {p, VectorKind::kNormalisation, 8}, {"LRN"});
  add(t, {p, VectorKind::kConcat, 0}, {"Concat"});
  add(t, {p, VectorKind::kResize, 1}, {"Resize", "Upsample"});
  add(t, {p, VectorKind::kOther, 1}, {"ArgMax", "ArgMin", "TopK", "CumSum"});
  add(t, {Handling::kFree},
      {"Reshape",
       "Flatten",
       "Transpose",
       "Squeeze",
       "Unsqueeze",
       "Identity",
       "Dropout",
       "Slice",
       "Split",
       "Cast",
       "CastLike",
       "Expand",
       "Shape",
       "Size",
       "Constant",
       "ConstantOfShape",
       "Range",
       "Pad",
       "Tile",
       "DepthToSpace",
       "SpaceToDepth",
       "QuantizeLinear",
       "DequantizeLinear",
       "DynamicQuantizeLinear",
       "Trilu",
       "EyeLike",
       "OneHot"});
  add(t, {Handling::kLookup}, {"Gather"});
  return t;
}

}  // namespace

OperatorInfo operator_info(const std::string& op) {
  static const Table table = make_table();
  const auto found = table.find(op);
  return found == table.end() ? OperatorInfo{} : found->second;
}

}  // namespace weft::onnx_import
