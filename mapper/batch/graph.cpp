// SPDX-License-Identifier: Apache-2.0
#include "mapper/batch/graph.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace weft::batch {

namespace {

constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

// A divisor whose inverse is exact: dividing and multiplying round alike.
bool power_of_two(double number) {
  int exponent = 0;
  return std::frexp(number, &exponent) == 0.5 && std::abs(exponent) < 500;
}

// Hands out slots, those given back first.
class Slots {
 public:
  std::uint16_t take() {
    if (!free_.empty()) {
      const std::uint16_t slot = free_.back();
      free_.pop_back();
      return slot;
    }
    if (count_ > std::numeric_limits<std::uint16_t>::max()) {
      throw std::length_error("too many slots");
    }
    return static_cast<std::uint16_t>(count_++);
  }
  void give_back(std::uint16_t slot) { free_.push_back(slot); }
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  std::vector<std::uint16_t> free_;
  std::size_t count_ = 0;
};

}  // namespace

Value Graph::intern(const Node& node) {
  const Key key{node.kind, node.op, node.from, std::bit_cast<std::uint64_t>(node.number), node.input};
  const auto [found, fresh] = ids_.emplace(key, static_cast<std::uint32_t>(nodes_.size()));
  if (fresh) {
    nodes_.push_back(node);
  }
  return {found->second};
}

Value Graph::constant(double value) {
  Node node;
  node.number = value;
  return intern(node);
}

Value Graph::input(std::uint32_t index) {
  Node node;
  node.kind = Kind::kInput;
  node.input = index;
  return intern(node);
}

Value Graph::operation(Op op, std::initializer_list<Value> from, double k) {
  Node node;
  node.kind = Kind::kOperation;
  node.op = op;
  node.number = k;
  for (const Value value : from) {
    node.from[node.sources++] = value.node;
  }
  return intern(node);
}

bool Graph::is_constant(Value value, double number) const {
  return known(value) && at(value).number == number;
}

Value Graph::add(Value a, Value b) {
  if (known(a) && known(b)) {
    return constant(at(a).number + at(b).number);
  }
  if (known(a)) {
    std::swap(a, b);
  }
  if (known(b)) {
    return at(b).number == 0 ? a : operation(Op::kAddTo, {a}, at(b).number);
  }
  return operation(Op::kAdd, {a, b});
}

Value Graph::subtract(Value a, Value b) {
  if (known(a) && known(b)) {
    return constant(at(a).number - at(b).number);
  }
  if (known(b)) {
    return at(b).number == 0 ? a : operation(Op::kAddTo, {a}, -at(b).number);
  }
  return operation(Op::kSubtract, {a, b});
}

Value Graph::multiply(Value a, Value b) {
  if (known(a) && known(b)) {
    return constant(at(a).number * at(b).number);
  }
  if (known(a)) {
    std::swap(a, b);
  }
  if (known(b)) {
    const double k = at(b).number;
    return k == 1 ? a : k == 0 ? b : operation(Op::kScale, {a}, k);
  }
  return operation(Op::kMultiply, {a, b});
}

Value Graph::divide(Value a, Value b) {
  if (known(a) && known(b)) {
    return constant(at(a).number / at(b).number);
  }
  if (known(b)) {
    const double k = at(b).number;
    return power_of_two(k) ? multiply(a, constant(1 / k)) : operation(Op::kDivideBy, {a}, k);
  }
  return is_constant(a, 0) ? a : operation(Op::kDivide, {a, b});
}

Value Graph::greater(Value a, Value b) {
  if (known(a) && known(b)) {
    return constant(std::max(at(a).number, at(b).number));
  }
  return a.node == b.node ? a : operation(Op::kGreater, {a, b});
}

Value Graph::select_less(Value a, Value b, Value c, Value d) {
  if (known(a) && known(b)) {
    return at(a).number < at(b).number ? c : d;
  }
  if (a.node == b.node) {
    return d;
  }
  return c.node == d.node ? c : operation(Op::kSelectLess, {a, b, c, d});
}

Value Graph::ceil(Value a) {
  return known(a) ? constant(std::ceil(at(a).number)) : operation(Op::kCeil, {a});
}

Program Graph::compile(const std::vector<Value>& outputs) const {
  // Sources come before what uses them: one pass backwards finds the last use of each node.
  std::vector<std::size_t> last(nodes_.size(), kNever);
  for (const Value output : outputs) {
    last[output.node] = nodes_.size();
  }
  for (std::size_t n = nodes_.size(); n-- > 0;) {
    for (std::size_t s = 0; last[n] != kNever && s < nodes_[n].sources; ++s) {
      std::size_t& use = last[nodes_[n].from[s]];
      use = use == kNever ? n : use;
    }
  }
  Program program;
  Slots slots;
  std::vector<std::uint16_t> slot_of(nodes_.size(), 0);
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    if (last[n] == kNever || nodes_[n].kind == Kind::kOperation) {
      continue;
    }
    slot_of[n] = slots.take();
    if (nodes_[n].kind == Kind::kInput) {
      program.inputs.emplace_back(nodes_[n].input, slot_of[n]);
    } else {
      program.constants.emplace_back(slot_of[n], nodes_[n].number);
    }
  }
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    const Node& node = nodes_[n];
    if (node.kind != Kind::kOperation || last[n] == kNever) {
      continue;
    }
    const auto source = [&](std::size_t s) {
      return s < node.sources ? slot_of[node.from[s]] : slot_of[node.from[0]];
    };
    Instruction one{node.op, 0, source(0), source(1), source(2), source(3), node.number};
    for (std::size_t s = 0; s < node.sources; ++s) {
      const std::uint32_t from = node.from[s];
      if (last[from] == n && nodes_[from].kind != Kind::kConstant) {
        slots.give_back(slot_of[from]);
        last[from] = kNever - 1;  // given back once, also when it is a source twice
      }
    }
    one.to = slot_of[n] = slots.take();
    program.instructions.push_back(one);
  }
  for (const Value output : outputs) {
    program.outputs.push_back(slot_of[output.node]);
  }
  program.slots = slots.count();
  return program;
}

}  // namespace weft::batch
