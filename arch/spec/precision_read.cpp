// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/precision_read.hpp"

#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace weft {
namespace {

constexpr double kMostFactor = 1e6;

int narrow(std::int64_t bits) {
  return bits < 0 || bits > std::numeric_limits<int>::max() ? 0 : static_cast<int>(bits);
}

std::array<bool, 2> read_operands(const yaml::Value& value) {
  std::array<bool, 2> chosen{};
  for (const yaml::Value& item : value.list()) {
    const std::string word = item.text();
    if (word == "weights" || word == "inputs") {
      chosen[word == "weights" ? 0 : 1] = true;
    } else {
      item.error("unknown-name", "'" + word + "' is no operand; known: weights, inputs");
    }
  }
  return chosen;
}

}  // namespace

Precision read_precision(yaml::Section section, const NotePlace& note) {
  for (const char* key :
       {"mode", "brick", "axis", "operands", "bits_per_cycle", "energy_factor", "area_factor"}) {
    if (const auto value = section.optional(key)) {
      note(key, *value);
    }
  }
  Precision precision;
  precision.mode = static_cast<PrecisionMode>(section.choice("mode", {"native", "fused", "serial"}));
  if (precision.mode == PrecisionMode::kFused) {
    precision.brick_bits =
        narrow(section.optional_quantity<Bits>("brick").value_or(Bits(precision.brick_bits)).count());
    precision.lanes_on_y = section.choice_or("axis", {"x", "y"}, 1) == 1;
    if (const auto operands = section.optional("operands")) {
      precision.serial = read_operands(*operands);
    }
  } else if (precision.mode == PrecisionMode::kSerial) {
    if (const auto operands = section.required("operands")) {
      precision.serial = read_operands(*operands);
    }
  }
  if (precision.serial[0] || precision.serial[1] || precision.mode == PrecisionMode::kSerial) {
    precision.bits_per_cycle =
        narrow(section.optional_quantity<Bits>("bits_per_cycle").value_or(Bits(1)).count());
  }
  precision.energy_factor = section.number_or("energy_factor", 1, 0, kMostFactor);
  precision.area_factor = section.number_or("area_factor", 1, 0, kMostFactor);
  section.done();
  return precision;
}

void check_precision(const Accelerator& accelerator, std::vector<Finding>& findings) {
  const Compute& compute = accelerator.compute;
  const Precision& precision = compute.precision;
  const auto add = [&](const char* key, const char* code, std::string message, std::string hint = "") {
    findings.push_back({std::string("compute.precision.") + key, code, std::move(message), std::move(hint)});
  };
  if (precision.mode == PrecisionMode::kFused) {
    const int widest = std::max(compute.weight_bits, compute.input_bits);
    if (precision.brick_bits < 1 || precision.brick_bits > widest) {
      add("brick", "bad-width",
          fmt::format("a brick of {} bits; 1 to {} (the unit's width) are possible", precision.brick_bits,
                      widest));
    }
    const FanOut* last = accelerator.levels.empty() ? nullptr : &accelerator.levels.back().fanout;
    if (last != nullptr) {
      const auto& dims = last->allowed_dims[precision.lanes_on_y ? 1 : 0];
      const bool adds_up = !precision.serial[0] && !precision.serial[1];
      const auto sums = last->network[static_cast<std::size_t>(index_of(Role::kOutputs))];
      if (adds_up && sums == NetworkKind::kUnicast && dims.empty()) {
        add("axis", "bad-network", "the lanes of a fused unit add up, but its axis does not reduce",
            "'outputs: reducing' or 'systolic' in the last fan-out, or allowed_dims without reduction");
      }
    }
  }
  if (precision.mode != PrecisionMode::kNative) {
    if (precision.bits_per_cycle < 1 || precision.bits_per_cycle > 64) {
      add("bits_per_cycle", "bad-width",
          fmt::format("{} bits of an operand per cycle; 1 to 64 are possible", precision.bits_per_cycle));
    }
    const bool serial = precision.serial[0] || precision.serial[1];
    if (precision.mode == PrecisionMode::kSerial && !serial) {
      add("operands", "missing-key", "a serial unit takes weights, inputs or both bit by bit",
          "operands: [inputs]");
    }
    if (serial && accelerator.controller.commands) {
      add("mode", "conflicting-keys", "a controller's commands count iterations of one cycle",
          "leave out controller.commands, or the serial mode");
    }
  }
  for (const auto& [key, factor] : {std::pair("energy_factor", precision.energy_factor),
                                    std::pair("area_factor", precision.area_factor)}) {
    if (!(factor > 0) || !(factor <= kMostFactor)) {
      add(key, "out-of-range", fmt::format("a factor of {}", factor));
    }
  }
}

std::string precision_text(const Precision& precision) {
  std::string text = fmt::format("{{mode: {}", name_of(precision.mode));
  if (precision.mode == PrecisionMode::kFused) {
    text += fmt::format(", brick: {}, axis: {}", to_string(Bits(precision.brick_bits)),
                        precision.lanes_on_y ? "y" : "x");
  }
  if (precision.serial[0] || precision.serial[1]) {
    text += fmt::format(", operands: [{}{}{}], bits_per_cycle: {}", precision.serial[0] ? "weights" : "",
                        precision.serial[0] && precision.serial[1] ? ", " : "",
                        precision.serial[1] ? "inputs" : "", to_string(Bits(precision.bits_per_cycle)));
  }
  return text + fmt::format(", energy_factor: {}, area_factor: {}}}", precision.energy_factor,
                            precision.area_factor);
}

}  // namespace weft
