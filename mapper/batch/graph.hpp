// Arithmetic on quantities that differ from mapping to mapping, written down once and compiled to
// instructions for many mappings at a time. Every operation rounds as the same operation on doubles
// does, so a formula written in the order of the model's own gives the model's own bytes.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "mapper/batch/kernels.hpp"

namespace weft::batch {

// A number known now or per mapping.
struct Value {
  std::uint32_t node = 0;
};

// What a graph compiles to.
struct Program {
  std::vector<Instruction> instructions;
  std::vector<std::pair<std::uint32_t, std::uint16_t>> inputs;  // those used, and the slots to put them into
  std::vector<std::uint16_t> outputs;                           // slot of each output
  std::vector<std::pair<std::uint16_t, double>> constants;      // slots to be filled once, never overwritten
  std::size_t slots = 0;
};

// Operations on numbers known now happen now, equal operations once, and those without a use never.
class Graph {
 public:
  [[nodiscard]] Value constant(double value);
  [[nodiscard]] Value input(std::uint32_t index);

  [[nodiscard]] Value add(Value a, Value b);
  [[nodiscard]] Value subtract(Value a, Value b);
  [[nodiscard]] Value multiply(Value a, Value b);
  [[nodiscard]] Value divide(Value a, Value b);
  [[nodiscard]] Value greater(Value a, Value b);
  [[nodiscard]] Value select_less(Value a, Value b, Value c, Value d);  // a < b ? c : d
  [[nodiscard]] Value ceil(Value a);                                    // 0 <= a < 2^51

  [[nodiscard]] bool is_constant(Value value, double number) const;

  // Throws std::length_error when the formula needs more slots than instructions can name.
  [[nodiscard]] Program compile(const std::vector<Value>& outputs) const;

 private:
  enum class Kind : std::uint8_t { kConstant, kInput, kOperation };
  struct Node {
    Kind kind = Kind::kConstant;
    Op op = Op::kAdd;
    std::array<std::uint32_t, 4> from{};
    std::size_t sources = 0;
    double number = 0;        // constants, and k of operations
    std::uint32_t input = 0;  // inputs
  };
  using Key = std::tuple<Kind, Op, std::array<std::uint32_t, 4>, std::uint64_t, std::uint32_t>;

  [[nodiscard]] Value intern(const Node& node);
  [[nodiscard]] Value operation(Op op, std::initializer_list<Value> from, double k = 0);
  [[nodiscard]] const Node& at(Value value) const { return nodes_[value.node]; }
  [[nodiscard]] bool known(Value value) const { return at(value).kind == Kind::kConstant; }

  std::vector<Node> nodes_;
  std::map<Key, std::uint32_t> ids_;
};

}  // namespace weft::batch
