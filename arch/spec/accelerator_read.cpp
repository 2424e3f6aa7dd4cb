// Accelerator files: YAML to an accelerator, with a place in the file for every complaint.
// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "arch/spec/accelerator.hpp"
#include "arch/spec/accelerator_check.hpp"
#include "arch/spec/precision_read.hpp"
#include "arch/spec/sparse_read.hpp"
#include "arch/spec/timing_read.hpp"
#include "base/configs.hpp"
#include "base/yaml.hpp"

namespace weft {
namespace {

constexpr auto kSmallest = std::numeric_limits<std::int64_t>::min();
constexpr auto kLargest = std::numeric_limits<std::int64_t>::max();

class Reader {
 public:
  explicit Reader(const yaml::Document& document) : document_(document) {}

  Accelerator run() {
    yaml::Section root = document_.root();
    note_keys(
        root, "",
        {"accelerator", "clock", "technology", "voltage", "levels", "compute", "vector_unit", "controller"});
    accelerator_.name = root.text("accelerator");
    accelerator_.summary = root.text_or("summary", "");
    accelerator_.clock = root.quantity<Hertz>("clock");
    accelerator_.technology =
        root.optional_quantity<Nanometres>("technology").value_or(accelerator_.technology);
    accelerator_.voltage = root.optional_quantity<Volts>("voltage").value_or(accelerator_.voltage);
    if (const auto levels = root.required("levels")) {
      const std::vector<yaml::Value> list = levels->list();
      for (std::size_t i = 0; i < list.size(); ++i) {
        read_level(list[i], fmt::format("levels[{}]", i));
      }
    }
    if (const auto compute = root.optional("compute")) {
      read_compute(compute->section());
    }
    if (const auto unit = root.optional("vector_unit")) {
      read_vector_unit(unit->section());
    }
    if (const auto controller = root.optional("controller")) {
      accelerator_.controller = read_controller(controller->section(), notes("controller"));
    }
    root.done();
    // A value that could not be read would be complained about twice.
    if (!document_.failed()) {
      report(check_accelerator(accelerator_));
    }
    document_.finish();
    return std::move(accelerator_);
  }

 private:
  void note(const std::string& path, const yaml::Value& value) { places_.emplace(path, value); }
  void note_keys(yaml::Section& section, const std::string& path, const std::vector<std::string>& keys) {
    for (const std::string& key : keys) {
      if (const auto value = section.optional(key)) {
        note(path.empty() ? key : path + "." + key, *value);
      }
    }
  }

  [[nodiscard]] NotePlace notes(const std::string& path) {
    return [this, path](const std::string& key, const yaml::Value& value) { note(path + "." + key, value); };
  }

  void report(const std::vector<Finding>& findings) const {
    for (const Finding& finding : findings) {
      std::string path = finding.path;
      auto place = places_.find(path);
      while (place == places_.end() && !path.empty()) {
        const std::size_t cut = path.find_last_of(".[");
        path.resize(cut == std::string::npos ? 0 : cut);
        place = places_.find(path);
      }
      const yaml::Value at = place == places_.end() ? document_.value() : place->second;
      at.error(finding.code, finding.message, finding.hint);
    }
  }

  static PerRole<bool> read_roles(const yaml::Value& value) {
    const std::vector<std::string> known = {"weights", "inputs", "outputs"};
    PerRole<bool> result{};
    for (const yaml::Value& item : value.list()) {
      const std::string word = item.text();
      std::size_t role = 0;
      while (role < known.size() && known[role] != word) {
        ++role;
      }
      if (role == known.size()) {
        const std::string close = nearest(word, known);
        item.error("unknown-name", "unknown tensor '" + word + "'; known: weights, inputs, outputs",
                   close.empty() ? "" : "did you mean '" + close + "'?");
      } else if (result[role]) {
        item.error("duplicate-name", "'" + word + "' is listed twice");
      } else {
        result[role] = true;
      }
    }
    return result;
  }

  void read_level(const yaml::Value& value, const std::string& path) {
    note(path, value);
    yaml::Section section = value.section();
    note_keys(section, path, {"name", "memories", "may_bypass", "fanout"});
    StorageLevel level;
    level.name = section.text("name");
    const auto one = section.optional("memory");
    const auto several = section.optional("memories");
    if (one && several) {
      several->error("conflicting-keys", "a level has either 'memory' or 'memories'");
    } else if (one) {
      note(path + ".memories", *one);
      level.memories.push_back(read_memory(*one, path + ".memories[0]", &level.name));
    } else if (several) {
      const std::vector<yaml::Value> list = several->list();
      for (std::size_t m = 0; m < list.size(); ++m) {
        level.memories.push_back(read_memory(list[m], fmt::format("{}.memories[{}]", path, m), nullptr));
      }
    } else {
      section.error("missing-key", "a level needs 'memory' or 'memories'");
    }
    if (const auto bypass = section.optional("may_bypass")) {
      level.may_bypass = read_roles(*bypass);
    }
    level.fanout.name = level.name + "_network";
    if (const auto fanout = section.optional("fanout")) {
      read_fanout(fanout->section(), path + ".fanout", level.fanout);
    }
    section.done();
    accelerator_.levels.push_back(std::move(level));
  }

  // `level_name`: of the level whose only memory this is, else null. Such a memory needs no name and, by
  // default, holds everything.
  Memory read_memory(const yaml::Value& value, const std::string& path, const std::string* level_name) {
    note(path, value);
    yaml::Section section = value.section();
    note_keys(section, path,
              {"name", "capacity", "width", "holds", "read_bandwidth", "write_bandwidth", "shared_bandwidth",
               "ports", "accumulator_width", "granule", "banks", "energy", "dram_type", "requests", "cache"});
    Memory memory;
    memory.name = level_name != nullptr ? section.text_or("name", *level_name) : section.text("name");
    memory.kind = static_cast<MemoryKind>(section.choice_or("kind", {"dram", "sram", "regfile"}, 1));
    memory.capacity = section.optional_quantity<Bits>("capacity");
    memory.width = section.optional_quantity<Bits>("width").value_or(memory.width);
    if (const auto holds = level_name != nullptr ? section.optional("holds") : section.required("holds")) {
      memory.holds = read_roles(*holds);
    } else {
      memory.holds = {true, true, true};
    }
    memory.read_bandwidth = section.optional_quantity<BitsPerCycle>("read_bandwidth");
    memory.write_bandwidth = section.optional_quantity<BitsPerCycle>("write_bandwidth");
    memory.shared_bandwidth = section.optional_quantity<BitsPerCycle>("shared_bandwidth");
    if (const auto ports = section.optional("ports")) {
      read_ports(ports->section(), path + ".ports", memory);
    }
    memory.buffering =
        static_cast<Buffering>(section.choice_or("buffering", {"single", "double", "buffet"}, 1));
    memory.halo = static_cast<Halo>(section.choice_or("halo", {"reuse", "refetch"}, 0));
    memory.accumulator_width = section.optional_quantity<Bits>("accumulator_width");
    memory.granule = section.optional_quantity<Bits>("granule");
    memory.power_gating = static_cast<PowerGating>(section.choice_or("power_gating", {"none", "unused"}, 0));
    memory.banks = static_cast<int>(section.integer_or("banks", 1, 0, std::numeric_limits<int>::max()));
    memory.dram_type = section.text_or("dram_type", "");
    read_memory_timing(section, notes(path), memory);
    read_formats(section, notes(path), memory);
    read_sieve(section, notes(path), memory);
    if (const auto energy = section.optional("energy")) {
      memory.energy = read_energy(energy->section(), path + ".energy");
    }
    section.done();
    return memory;
  }

  void read_ports(yaml::Section section, const std::string& path, Memory& memory) {
    for (const Role role : kAllRoles) {
      const std::string name(name_of(role));
      note_keys(section, path, {name.c_str()});
      const auto own = section.optional(name);
      if (!own) {
        continue;
      }
      yaml::Section widths = own->section();
      note_keys(widths, path + "." + name, {"read_bandwidth", "write_bandwidth", "shared_bandwidth"});
      memory.ports[static_cast<std::size_t>(index_of(role))] =
          Bandwidths{widths.optional_quantity<BitsPerCycle>("read_bandwidth"),
                     widths.optional_quantity<BitsPerCycle>("write_bandwidth"),
                     widths.optional_quantity<BitsPerCycle>("shared_bandwidth")};
      widths.done();
    }
    section.done();
  }

  StatedEnergy read_energy(yaml::Section section, const std::string& path) {
    note_keys(section, path, {"read", "write", "update", "drain", "leak"});
    StatedEnergy result;
    result.read = section.optional_quantity<Picojoules>("read");
    result.write = section.optional_quantity<Picojoules>("write");
    result.update = section.optional_quantity<Picojoules>("update");
    result.drain = section.optional_quantity<Picojoules>("drain");
    result.leak = section.optional_quantity<Picojoules>("leak");
    section.done();
    return result;
  }

  void read_fanout(yaml::Section section, const std::string& path, FanOut& fanout) {
    note_keys(section, path, {"name", "network", "links", "allowed_dims", "energy_per_word"});
    fanout.name = section.text_or("name", fanout.name);
    fanout.x = section.integer_or("x", 1, kSmallest, kLargest);
    fanout.y = section.integer_or("y", 1, kSmallest, kLargest);
    if (const auto network = section.optional("network")) {
      read_network(network->section(), path + ".network", fanout);
    }
    fanout.multicast_unit =
        static_cast<MulticastUnit>(section.choice_or("multicast_unit", {"word", "tile"}, 0));
    fanout.outlet = static_cast<Outlet>(section.choice_or("outlet", {"used", "edge"}, 0));
    if (const auto allowed = section.optional("allowed_dims")) {
      yaml::Section axes = allowed->section();
      note_keys(axes, path + ".allowed_dims", {"x", "y"});
      fanout.allowed_dims = {read_words(axes.optional("x")), read_words(axes.optional("y"))};
      axes.done();
    }
    if (const auto links = section.optional("links")) {
      fanout.links = read_links(links->section(), notes(path));
    }
    fanout.energy_per_word = section.optional_quantity<Picojoules>("energy_per_word");
    section.done();
  }

  void read_network(yaml::Section section, const std::string& path, FanOut& fanout) {
    for (const Role role : kAllRoles) {
      const std::string key(name_of(role));
      note_keys(section, path, {key});
      NetworkKind& kind = fanout.network[static_cast<std::size_t>(index_of(role))];
      kind = static_cast<NetworkKind>(
          section.choice_or(key, {"unicast", "multicast", "systolic", "reducing"}, static_cast<int>(kind)));
    }
    section.done();
  }

  void read_compute(yaml::Section section) {
    note_keys(section, "compute",
              {"name", "weight_width", "input_width", "output_width", "latency", "accumulate", "precision",
               "overflow", "energy", "leak"});
    Compute& compute = accelerator_.compute;
    compute.name = section.text_or("name", compute.name);
    const auto width = [&](const char* key, int fallback) {
      const std::int64_t bits = section.optional_quantity<Bits>(key).value_or(Bits(fallback)).count();
      return bits < 0 || bits > std::numeric_limits<int>::max() ? 0 : static_cast<int>(bits);
    };
    compute.weight_bits = width("weight_width", compute.weight_bits);
    compute.input_bits = width("input_width", compute.input_bits);
    compute.output_bits = width("output_width", compute.output_bits);
    compute.latency_cycles =
        section.optional_quantity<Cycles>("latency").value_or(Cycles(compute.latency_cycles)).count();
    if (const auto precision = section.optional("precision")) {
      compute.precision = read_precision(precision->section(), notes("compute.precision"));
    }
    compute.overflow =
        static_cast<Overflow>(section.choice_or("overflow", {"ignored", "wrap", "saturate"}, 0));
    compute.accumulate_cycles =
        section.optional_quantity<Cycles>("accumulate").value_or(Cycles(compute.accumulate_cycles)).count();
    compute.energy = section.optional_quantity<Picojoules>("energy");
    compute.leak = section.optional_quantity<Picojoules>("leak");
    compute.zeros = read_zeros(section, notes("compute"));
    section.done();
  }

  void read_vector_unit(yaml::Section section) {
    note_keys(section, "vector_unit", {"lanes", "level", "energy", "ranking"});
    VectorUnit& unit = accelerator_.vector_unit;
    unit.lanes = section.integer_or("lanes", unit.lanes, kSmallest, kLargest);
    unit.energy = section.optional_quantity<Picojoules>("energy");
    unit.ranking = section.integer_or("ranking", unit.ranking, kSmallest, kLargest);
    unit.streams = section.boolean_or("streams", unit.streams);
    if (const auto level = section.optional("level")) {
      read_vector_level(*level);
    }
    section.done();
  }

  void read_vector_level(const yaml::Value& value) {
    const std::string wanted = value.text();
    std::vector<std::string> names;
    for (std::size_t i = 0; i < accelerator_.levels.size(); ++i) {
      names.push_back(accelerator_.levels[i].name);
      if (names.back() == wanted) {
        accelerator_.vector_unit.level = static_cast<int>(i);
        return;
      }
    }
    const std::string close = nearest(wanted, names);
    value.error("unknown-level", "no level is called '" + wanted + "'",
                close.empty() ? "" : "did you mean '" + close + "'?");
  }

  const yaml::Document& document_;
  std::map<std::string, yaml::Value> places_;
  Accelerator accelerator_;
};

}  // namespace

Accelerator load_accelerator_file(const std::filesystem::path& file) {
  return Reader(yaml::Document::load(file)).run();
}

Accelerator parse_accelerator(std::string text, std::string file_name) {
  return Reader(yaml::Document::parse(std::move(text), std::move(file_name))).run();
}

Accelerator load_accelerator(const std::string& name_or_file) {
  return load_accelerator_file(resolve_config("arch", "accelerator", name_or_file));
}

std::vector<std::pair<std::string, std::string>> accelerator_presets() {
  std::vector<std::pair<std::string, std::string>> result;
  for (const std::string& name : preset_names("arch")) {
    result.emplace_back(name, load_accelerator(name).summary);
  }
  return result;
}

}  // namespace weft
