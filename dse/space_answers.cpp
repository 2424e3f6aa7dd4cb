// Reads and prints targets and baselines.
// SPDX-License-Identifier: Apache-2.0
#include "dse/space_answers.hpp"

#include <fmt/format.h>

#include "base/yaml_text.hpp"

namespace weft {

namespace {

constexpr double kLargest = 1e18;
constexpr double kSmallest = 1e-18;

void read_target(yaml::Section section, DesignSpace& space) {
  Target target;
  if (auto value = section.optional("accuracy")) {
    target.accuracy = value->number(kSmallest, 100);
    if (space.accuracy == nullptr && space.network != nullptr) {
      value->error("bad-network-space", "the networks of this space have no known accuracy",
                   "say where it comes from: network.accuracy or network.command");
    }
  }
  if (auto value = section.optional("latency_ms")) {
    target.latency_s = 1e-3 * value->number(kSmallest, kLargest);
  }
  if (auto value = section.optional("energy_mj")) {
    target.energy_pj = 1e9 * value->number(kSmallest, kLargest);
  }
  if (const auto area = section.optional_quantity<SquareMicrons>("area")) {
    target.area_um2 = area->count();
  }
  if (!target.accuracy && !target.latency_s && !target.energy_pj && !target.area_um2) {
    section.error("missing-key", "a target needs one of accuracy, latency_ms, energy_mj and area");
  }
  section.done();
  space.target = target;
}

void read_baseline(yaml::Section section, DesignSpace& space) {
  Baseline baseline;
  baseline.arch = section.text("arch");
  if (auto value = section.optional("network")) {
    baseline.network = value->text();
  } else if (space.source.file.empty()) {
    section.error("missing-key", "missing key 'network'", "name the network that the baseline runs");
  }
  if (auto value = section.optional("accuracy")) {
    baseline.accuracy = value->number(0, 100);
  }
  section.done();
  space.baseline = std::move(baseline);
}

}  // namespace

void read_answers(yaml::Section& root, DesignSpace& space) {
  if (auto value = root.optional("target")) {
    read_target(value->section(), space);
  }
  if (auto value = root.optional("baseline")) {
    read_baseline(value->section(), space);
  }
}

std::string print_answers(const DesignSpace& space) {
  std::string text;
  const auto entry = [&text](const char* key, const std::string& value) {
    text += fmt::format("{}{}: {}", text.ends_with("{") ? "" : ", ", key, value);
  };
  if (const auto& target = space.target) {
    text += "target: {";
    if (target->accuracy) {
      entry("accuracy", fmt::format("{}", *target->accuracy));
    }
    if (target->latency_s) {
      entry("latency_ms", fmt::format("{}", *target->latency_s * 1e3));
    }
    if (target->energy_pj) {
      entry("energy_mj", fmt::format("{}", *target->energy_pj * 1e-9));
    }
    if (target->area_um2) {
      entry("area", to_string(SquareMicrons(*target->area_um2)));
    }
    text += "}\n";
  }
  if (const auto& baseline = space.baseline) {
    text += "baseline: {";
    entry("arch", yaml::quote(baseline->arch));
    if (!baseline->network.empty()) {
      entry("network", yaml::quote(baseline->network));
    }
    if (baseline->accuracy) {
      entry("accuracy", fmt::format("{}", *baseline->accuracy));
    }
    text += "}\n";
  }
  return text;
}

}  // namespace weft
