// The accelerator as understood, as YAML that loads to an equal accelerator.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>

#include "arch/spec/accelerator.hpp"
#include "arch/spec/precision_read.hpp"
#include "arch/spec/sparse_print.hpp"
#include "base/yaml_text.hpp"

namespace weft {
namespace {

// Names start with a letter, so only YAML's own words need quotes.
std::string plain(const std::string& name) {
  std::string lower = name;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  constexpr std::array kWords = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"};
  return std::find(kWords.begin(), kWords.end(), lower) == kWords.end() ? name : yaml::quote(name);
}

std::string roles(const PerRole<bool>& chosen) {
  std::string result;
  for (const Role role : kAllRoles) {
    if (chosen[static_cast<std::size_t>(index_of(role))]) {
      result += (result.empty() ? "" : ", ") + std::string(name_of(role));
    }
  }
  return "[" + result + "]";
}

std::string words(const std::vector<std::string>& list) {
  std::string result;
  for (const std::string& word : list) {
    result += (result.empty() ? "" : ", ") + plain(word);
  }
  return "[" + result + "]";
}

// "key: value" lines at one depth.
class Lines {
 public:
  explicit Lines(std::string& out, int depth) : out_(out), indent_(static_cast<std::size_t>(depth), ' ') {}
  void add(const std::string& key, const std::string& value) { out_ += indent_ + key + ": " + value + "\n"; }
  void open(const std::string& key) { out_ += indent_ + key + ":\n"; }
  template <class Q>
  void optional(const std::string& key, const std::optional<Q>& value) {
    if (value) {
      add(key, to_string(*value));
    }
  }

 private:
  std::string& out_;
  std::string indent_;
};

void print_energy(std::string& out, const StatedEnergy& energy) {
  if (energy == StatedEnergy{}) {
    return;
  }
  Lines(out, 8).open("energy");
  Lines lines(out, 10);
  lines.optional("read", energy.read);
  lines.optional("write", energy.write);
  lines.optional("update", energy.update);
  lines.optional("drain", energy.drain);
  lines.optional("leak", energy.leak);
}

void print_timing(Lines& lines, const Memory& memory) {
  if (memory.fetch != Fetch::kChanges) {
    lines.add("fetch", std::string(name_of(memory.fetch)));
  }
  if (memory.latency != Cycles{0}) {
    lines.add("latency", to_string(memory.latency));
  }
  if (const auto& requests = memory.requests) {
    lines.add("requests",
              fmt::format("{{read: {}, write: {}, least: {}, layout: {}}}", to_string(requests->read),
                          to_string(requests->write), to_string(requests->least), name_of(requests->layout)));
  }
  if (const auto& cache = memory.cache) {
    lines.add("cache",
              fmt::format("{{capacity: {}, ways: {}, line: {}, miss: {}}}", to_string(cache->capacity),
                          cache->ways, to_string(cache->line), to_string(cache->miss)));
  }
  if (const auto& banking = memory.banking) {
    lines.add("banking",
              fmt::format("{{interleave: {}, ports: {}, layout: {}}}", to_string(banking->interleave),
                          name_of(banking->ports), name_of(banking->layout)));
  }
}

std::string print_links(const Links& links) {
  return fmt::format("{{kind: {}, bandwidth: {}{}}}", name_of(links.kind), to_string(links.bandwidth),
                     links.kind == LinkKind::kBus
                         ? ""
                         : fmt::format(", entry: {{x: {}, y: {}}}", links.entry_x, links.entry_y));
}

void print_ports(std::string& out, const Memory& memory) {
  if (std::none_of(memory.ports.begin(), memory.ports.end(),
                   [](const auto& own) { return own.has_value(); })) {
    return;
  }
  Lines(out, 8).open("ports");
  for (const Role role : kAllRoles) {
    if (const auto& own = memory.ports[static_cast<std::size_t>(index_of(role))]) {
      Lines(out, 10).open(std::string(name_of(role)));
      Lines lines(out, 12);
      lines.optional("read_bandwidth", own->read);
      lines.optional("write_bandwidth", own->write);
      lines.optional("shared_bandwidth", own->shared);
    }
  }
}

void print_memory(std::string& out, const Memory& memory) {
  out += "      - name: " + plain(memory.name) + "\n";
  Lines lines(out, 8);
  lines.add("kind", std::string(name_of(memory.kind)));
  if (!memory.dram_type.empty()) {
    lines.add("dram_type", plain(memory.dram_type));
  }
  lines.optional("capacity", memory.capacity);
  lines.add("width", to_string(memory.width));
  lines.add("holds", roles(memory.holds));
  lines.optional("read_bandwidth", memory.read_bandwidth);
  lines.optional("write_bandwidth", memory.write_bandwidth);
  lines.optional("shared_bandwidth", memory.shared_bandwidth);
  print_ports(out, memory);
  lines.add("buffering", std::string(name_of(memory.buffering)));
  lines.add("halo", memory.halo == Halo::kReuse ? "reuse" : "refetch");
  lines.optional("accumulator_width", memory.accumulator_width);
  lines.optional("granule", memory.granule);
  lines.add("power_gating", memory.power_gating == PowerGating::kNone ? "none" : "unused");
  lines.add("banks", std::to_string(memory.banks));
  print_timing(lines, memory);
  out += print_formats(memory, 8);
  out += print_sieve(memory.sieve, 8);
  print_energy(out, memory.energy);
}

void print_fanout(std::string& out, const FanOut& fanout) {
  Lines(out, 4).open("fanout");
  Lines lines(out, 6);
  lines.add("name", plain(fanout.name));
  lines.add("x", std::to_string(fanout.x));
  lines.add("y", std::to_string(fanout.y));
  lines.add("network", fmt::format("{{weights: {}, inputs: {}, outputs: {}}}", name_of(fanout.network[0]),
                                   name_of(fanout.network[1]), name_of(fanout.network[2])));
  lines.add("multicast_unit", fanout.multicast_unit == MulticastUnit::kWord ? "word" : "tile");
  if (fanout.outlet == Outlet::kEdge) {
    lines.add("outlet", "edge");
  }
  if (fanout.links) {
    lines.add("links", print_links(*fanout.links));
  }
  lines.add("allowed_dims",
            fmt::format("{{x: {}, y: {}}}", words(fanout.allowed_dims[0]), words(fanout.allowed_dims[1])));
  lines.optional("energy_per_word", fanout.energy_per_word);
}

void print_level(std::string& out, const StorageLevel& level) {
  out += "  - name: " + plain(level.name) + "\n";
  Lines lines(out, 4);
  lines.open("memories");
  for (const Memory& memory : level.memories) {
    print_memory(out, memory);
  }
  lines.add("may_bypass", roles(level.may_bypass));
  print_fanout(out, level.fanout);
}

void print_compute(std::string& out, const Compute& compute) {
  Lines(out, 0).open("compute");
  Lines lines(out, 2);
  lines.add("name", plain(compute.name));
  lines.add("weight_width", to_string(Bits(compute.weight_bits)));
  lines.add("input_width", to_string(Bits(compute.input_bits)));
  lines.add("output_width", to_string(Bits(compute.output_bits)));
  lines.add("latency", to_string(Cycles(compute.latency_cycles)));
  if (compute.accumulate_cycles != 0) {
    lines.add("accumulate", to_string(Cycles(compute.accumulate_cycles)));
  }
  if (compute.precision != Precision{}) {
    lines.add("precision", precision_text(compute.precision));
  }
  if (compute.overflow != Overflow::kIgnored) {
    lines.add("overflow", std::string(name_of(compute.overflow)));
  }
  lines.optional("energy", compute.energy);
  lines.optional("leak", compute.leak);
  out += print_zeros(compute.zeros, 2);
}

void print_controller(std::string& out, const Controller& controller) {
  if (controller == Controller{}) {
    return;
  }
  Lines(out, 0).open("controller");
  Lines lines(out, 2);
  if (const auto& commands = controller.commands) {
    lines.add("commands",
              fmt::format("{{iterations: {}, along: {}, least: {}, preload: {}, in_flight: {}, latency: {}}}",
                          commands->iterations, words(commands->along), to_string(commands->least),
                          to_string(commands->preload), commands->in_flight, to_string(commands->latency)));
  }
  if (controller.tiles_in_flight) {
    lines.add("tiles_in_flight", std::to_string(*controller.tiles_in_flight));
  }
}

}  // namespace

std::string print_yaml(const Accelerator& accelerator) {
  std::string out;
  Lines lines(out, 0);
  lines.add("accelerator", plain(accelerator.name));
  lines.add("summary", yaml::quote(accelerator.summary));
  lines.add("clock", to_string(accelerator.clock));
  lines.add("technology", to_string(accelerator.technology));
  lines.add("voltage", to_string(accelerator.voltage));
  lines.open("levels");
  for (const StorageLevel& level : accelerator.levels) {
    print_level(out, level);
  }
  print_compute(out, accelerator.compute);
  lines.open("vector_unit");
  Lines unit(out, 2);
  unit.add("lanes", std::to_string(accelerator.vector_unit.lanes));
  unit.add("level",
           plain(accelerator.levels.at(static_cast<std::size_t>(accelerator.vector_unit.level)).name));
  unit.optional("energy", accelerator.vector_unit.energy);
  if (accelerator.vector_unit.ranking > 0) {
    unit.add("ranking", std::to_string(accelerator.vector_unit.ranking));
  }
  if (accelerator.vector_unit.streams) {
    unit.add("streams", "true");
  }
  print_controller(out, accelerator.controller);
  return out;
}

}  // namespace weft
