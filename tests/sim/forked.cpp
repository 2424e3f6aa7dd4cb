// See forked.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/forked.hpp"

#include <cstring>
#include <functional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "base/child_process.hpp"

namespace weft::testing {

namespace {

// Values as bytes, in both directions by one description.
class Bytes {
 public:
  Bytes() = default;
  explicit Bytes(std::string text) : text_(std::move(text)), reading_(true) {}
  [[nodiscard]] const std::string& text() const { return text_; }

  template <class T>
  requires std::is_arithmetic_v<T>
  void visit(T& value) {
    if (reading_) {
      if (at_ + sizeof value > text_.size()) {
        throw std::runtime_error("a child's answer is cut short");
      }
      std::memcpy(&value, text_.data() + at_, sizeof value);
      at_ += sizeof value;
    } else {
      text_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
  }
  template <class T>
  void visit_enum(T& value) {
    auto number = static_cast<int>(value);
    visit(number);
    value = static_cast<T>(number);
  }
  template <class T>
  void visit(std::vector<T>& values) {
    auto size = static_cast<std::int64_t>(values.size());
    visit(size);
    values.resize(static_cast<std::size_t>(size));
    for (T& value : values) {
      visit(value);
    }
  }
  void visit(sim::MeasuredLevel& level) {
    for (sim::MeasuredTensor& t : level.tensors) {
      for (auto* count : {&t.fills, &t.reads, &t.updates, &t.drains, &t.sent, &t.delivered, &t.read_back}) {
        visit(*count);
      }
    }
    visit(level.busy_cycles);
  }
  void visit(std::string& value) {
    std::vector<char> letters(value.begin(), value.end());
    visit(letters);
    value.assign(letters.begin(), letters.end());
  }
  void visit(sim::Reason& reason) {
    visit_enum(reason.stall);
    visit_enum(reason.why);
    visit_enum(reason.role);
    visit(reason.store);
    visit(reason.level);
    visit(reason.other);
    visit(reason.port);
    visit(reason.cycles);
  }
  void visit(std::pair<std::string, double>& value) {
    visit(value.first);
    visit(value.second);
  }
  void visit(sim::Component& component) {
    visit(component.name);
    visit_enum(component.kind);
    visit(component.busy);
    visit(component.waits);
    visit(component.idle);
  }
  void visit(sim::Result& result) {
    visit(result.cycles);
    visit(result.levels);
    visit(result.macs);
    visit(result.gated);
    visit(result.skipped);
    sim::Stalls& s = result.stalls;
    for (auto* part : {&s.computing, &s.commands, &s.ramp_in, &s.waiting_for[0], &s.waiting_for[1],
                       &s.waiting_for[2], &s.operand_bandwidth, &s.held_back, &s.ramp_out}) {
      visit(*part);
    }
    visit(result.exact_cycles);
    visit(s.reasons);
    visit(result.components);
    visit(result.layer_ends);
    visit(result.ramp_interference);
    visit(result.cache_lines);
    visit(result.cache_misses);
    bool has_outputs = result.outputs.has_value();
    visit(has_outputs);
    if (has_outputs) {
      result.outputs = result.outputs.value_or(Accumulators{});
      visit(result.outputs->extents);
      visit(result.outputs->values);
    }
  }

 private:
  std::string text_;
  std::size_t at_ = 0;
  bool reading_ = false;
};

std::vector<sim::Result> results_of(const std::function<std::vector<sim::Result>()>& work) {
  Bytes answer(in_child([&] {
    std::vector<sim::Result> results = work();
    Bytes bytes;
    bytes.visit(results);
    return bytes.text();
  }));
  std::vector<sim::Result> results;
  answer.visit(results);
  return results;
}

}  // namespace

std::vector<sim::Result> simulate(const Accelerator& accelerator, const std::vector<Program>& programs,
                                  const sim::Options& options, const sim::Operands* operands,
                                  const sim::Positions* positions) {
  return results_of([&] {
    sim::Simulator simulator(accelerator, options);
    std::vector<sim::Result> results;
    for (const Program& program : programs) {
      results.push_back(simulator.run(program, operands, positions));
    }
    return results;
  });
}

sim::Result simulate(const Accelerator& accelerator, const Program& program, const sim::Options& options,
                     const sim::Operands* operands) {
  return simulate(accelerator, std::vector<Program>{program}, options, operands).front();
}

std::vector<sim::Result> simulate_network(const Accelerator& accelerator,
                                          const std::vector<sim::Piece>& pieces,
                                          const sim::Options& options) {
  return results_of([&] {
    sim::Simulator simulator(accelerator, options);
    std::vector<sim::Result> results;
    for (const sim::Piece& piece : pieces) {
      results.push_back(piece.program ? simulator.run(*piece.program) : sim::Result{});
    }
    results.push_back(simulator.run_network(pieces.size(), [&](std::size_t i) { return pieces[i]; }));
    return results;
  });
}

double sum_of(const sim::Stalls& stalls) {
  double sum = stalls.computing + stalls.commands + stalls.ramp_in + stalls.operand_bandwidth +
               stalls.held_back + stalls.ramp_out;
  for (const double part : stalls.waiting_for) {
    sum += part;
  }
  return sum;
}

}  // namespace weft::testing
