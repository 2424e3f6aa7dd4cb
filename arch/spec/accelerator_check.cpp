// What must hold of every accelerator, whether it comes from a file, a search or code.
// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/accelerator_check.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <set>

#include <fmt/format.h>

#include "arch/spec/precision_read.hpp"
#include "arch/spec/sparse_check.hpp"
#include "arch/spec/timing_check.hpp"
#include "base/checked.hpp"
#include "base/error.hpp"

namespace weft {
namespace {

constexpr std::size_t kMostLevels = 16;
constexpr std::size_t kLongestName = 64;
constexpr std::int64_t kMostInstances = std::int64_t{1}
                                        << 31;             // of one level; sizes of machines, not of typos
constexpr std::int64_t kMostBits = std::int64_t{1} << 53;  // one pebibyte; still exact as a double
constexpr double kHighestClock = 1e12;
constexpr int kMostBanks = 65536;

bool is_name(const std::string& text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto inner = [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
  };
  return !text.empty() && text.size() <= kLongestName && letter(text[0]) &&
         std::all_of(text.begin(), text.end(), inner);
}

bool is_class(const std::string& word) {
  return word == "filters" || word == "reduction" || word == "positions" || word == "groups";
}

// Dim names are the problem's business; all of them start with a capital.
bool is_dim(const std::string& word) {
  return is_name(word) && word[0] >= 'A' && word[0] <= 'Z';
}

class Checker {
 public:
  explicit Checker(const Accelerator& accelerator) : accelerator_(accelerator) {}

  std::vector<Finding> run() {
    check_machine();
    check_levels();
    check_compute();
    check_vector_unit();
    check_controller(accelerator_.controller, findings_);
    check_zeros(accelerator_, findings_);
    return std::move(findings_);
  }

 private:
  void add(std::string path, std::string code, std::string message, std::string hint = "") {
    findings_.push_back({std::move(path), std::move(code), std::move(message), std::move(hint)});
  }
  void name(const std::string& path, const std::string& text) {
    if (!is_name(text)) {
      add(path, "bad-name", "'" + text + "' is not a name",
          "start with a letter; letters, digits, '_', '-' and '.' follow, 64 at most");
    }
  }
  void positive(const std::string& path, double value, double most, const std::string& what) {
    if (!(value > 0)) {
      add(path, "not-positive", what + " must be above zero");
    } else if (!(value <= most)) {
      add(path, "absurd-size", what + " is absurdly large");
    }
  }
  void energy(const std::string& path, const std::optional<Picojoules>& value) {
    if (value && !(value->count() >= 0 && std::isfinite(value->count()))) {
      add(path, "out-of-range", "an energy cannot be negative");
    }
  }

  void check_machine() {
    name("accelerator", accelerator_.name);
    positive("clock", accelerator_.clock.count(), kHighestClock, "the clock");
    positive("technology", accelerator_.technology.count(), 1e4, "the technology node");
    positive("voltage", accelerator_.voltage.count(), 100, "the voltage");
  }

  void check_levels() {
    if (accelerator_.levels.empty()) {
      add("levels", "no-levels", "an accelerator needs at least one level",
          "the first is the outermost, usually DRAM");
    }
    if (accelerator_.levels.size() > kMostLevels) {
      add("levels", "absurd-size",
          fmt::format("{} levels; {} at most", accelerator_.levels.size(), kMostLevels));
    }
    std::set<std::string> names;
    std::int64_t instances = 1;
    for (std::size_t i = 0; i < accelerator_.levels.size(); ++i) {
      const StorageLevel& level = accelerator_.levels[i];
      const std::string path = fmt::format("levels[{}]", i);
      name(path + ".name", level.name);
      if (!names.insert(level.name).second) {
        add(path + ".name", "duplicate-name", "two levels are called '" + level.name + "'");
      }
      check_memories(level, path);
      for (std::size_t m = 0; m < level.memories.size(); ++m) {
        check_banking(level.memories[m], i == 0, fmt::format("{}.memories[{}]", path, m), findings_);
      }
      check_bypass(level, path, i == 0);
      if (level.fanout.name != level.name + "_network") {  // the default is as good as the level's name
        name(path + ".fanout.name", level.fanout.name);
      }
      check_fanout(level.fanout, path + ".fanout");
      check_links(level.fanout, accelerator_.compute, i + 1 == accelerator_.levels.size(), path + ".fanout",
                  findings_);
      check_instances(level.fanout, path + ".fanout", instances);
    }
  }

  void check_memories(const StorageLevel& level, const std::string& path) {
    if (level.memories.empty()) {
      add(path, "no-memory", "level '" + level.name + "' has no memory");
    }
    PerRole<int> holders{};
    std::set<std::string> names;
    for (std::size_t m = 0; m < level.memories.size(); ++m) {
      const Memory& memory = level.memories[m];
      const std::string at = fmt::format("{}.memories[{}]", path, m);
      if (memory.name != level.name) {
        name(at + ".name", memory.name);
      }
      if (!names.insert(memory.name).second) {
        add(at + ".name", "duplicate-name",
            "two memories of '" + level.name + "' are called '" + memory.name + "'");
      }
      check_memory(memory, at);
      const auto held = std::count(memory.holds.begin(), memory.holds.end(), true);
      if (held == 0) {
        add(at + ".holds", "holds-nothing", "memory '" + memory.name + "' holds no tensor");
      } else if (held > 1 && level.memories.size() > 1) {
        add(at + ".holds", "one-tensor-each",
            "memories side by side hold one tensor each; '" + memory.name + "' holds " + std::to_string(held),
            "give a memory that tensors share a level of its own");
      }
      for (const Role role : kAllRoles) {
        const auto r = static_cast<std::size_t>(index_of(role));
        if (memory.holds[r] && ++holders[r] == 2) {
          add(at + ".holds", "duplicate-tensor",
              fmt::format("two memories of '{}' hold {}", level.name, name_of(role)));
        }
      }
    }
  }

  void check_memory(const Memory& memory, const std::string& at) {
    const auto most = static_cast<double>(kMostBits);
    if (memory.capacity) {
      positive(at + ".capacity", static_cast<double>(memory.capacity->count()), most, "the capacity");
    }
    positive(at + ".width", static_cast<double>(memory.width.count()), most, "the width of an access");
    if (memory.accumulator_width) {
      const std::int64_t bits = memory.accumulator_width->count();
      if (bits < 1 || bits > 64) {
        add(at + ".accumulator_width", "bad-width",
            fmt::format("an accumulator has 1 to 64 bits, not {}", bits));
      } else if (!memory.holds[static_cast<std::size_t>(index_of(Role::kOutputs))]) {
        add(at + ".accumulator_width", "bad-width", "'" + memory.name + "' holds no outputs to accumulate");
      }
    }
    if (memory.granule && (memory.granule->count() < 1 || memory.granule->count() > 64)) {
      add(at + ".granule", "bad-width",
          fmt::format("a granule of {} bits; 1 to 64 are possible", memory.granule->count()));
    }
    const auto bandwidth = [&](const char* key, const std::optional<BitsPerCycle>& value) {
      if (value) {
        positive(at + key, value->count(), most, "a bandwidth");
      }
    };
    bandwidth(".read_bandwidth", memory.read_bandwidth);
    bandwidth(".write_bandwidth", memory.write_bandwidth);
    bandwidth(".shared_bandwidth", memory.shared_bandwidth);
    for (const Role role : kAllRoles) {
      const auto r = static_cast<std::size_t>(index_of(role));
      const std::string own = ".ports." + std::string(name_of(role));
      if (memory.ports[r] && !memory.holds[r]) {
        add(at + own, "bad-ports",
            fmt::format("'{}' holds no {} that ports of their own would serve", memory.name, name_of(role)));
      } else if (memory.ports[r]) {
        const Bandwidths& widths = *memory.ports[r];
        bandwidth((own + ".read_bandwidth").c_str(), widths.read);
        bandwidth((own + ".write_bandwidth").c_str(), widths.write);
        bandwidth((own + ".shared_bandwidth").c_str(), widths.shared);
        if (!widths.read && !widths.write && !widths.shared) {
          add(at + own, "bad-ports", "ports without a bandwidth",
              "state read_bandwidth, write_bandwidth or shared_bandwidth");
        }
      }
    }
    positive(at + ".banks", memory.banks, kMostBanks, "the number of banks");
    check_memory_timing(memory, at, findings_);
    check_formats(memory, at, findings_);
    energy(at + ".energy.read", memory.energy.read);
    energy(at + ".energy.write", memory.energy.write);
    energy(at + ".energy.update", memory.energy.update);
    energy(at + ".energy.drain", memory.energy.drain);
    energy(at + ".energy.leak", memory.energy.leak);
    if (!memory.dram_type.empty()) {
      name(at + ".dram_type", memory.dram_type);
      if (memory.kind != MemoryKind::kDram) {
        add(at + ".dram_type", "bad-dram-type", "memory '" + memory.name + "' is no DRAM",
            "write 'kind: dram' or leave dram_type out");
      }
    }
  }

  void check_bypass(const StorageLevel& level, const std::string& path, bool outermost) {
    for (const Role role : kAllRoles) {
      const auto r = static_cast<std::size_t>(index_of(role));
      const bool held = level.memory_for(role) != nullptr;
      if (outermost && !held) {
        add(path, "outermost-incomplete",
            fmt::format("the outermost level must hold every tensor; '{}' does not hold {}", level.name,
                        name_of(role)));
      }
      if (level.may_bypass[r] && (outermost || !held)) {
        const std::string who = fmt::format("{} cannot choose to bypass '{}': ", name_of(role), level.name);
        add(path + ".may_bypass", "bad-bypass",
            who +
                (outermost ? "the outermost level keeps every tensor" : "no memory of the level holds them"));
      }
    }
  }

  void check_fanout(const FanOut& fanout, const std::string& path) {
    if (fanout.x < 1 || fanout.y < 1) {
      add(path, "bad-fanout", fmt::format("a fan-out of {} x {} reaches nothing", fanout.x, fanout.y),
          "1 is the smallest size of an axis");
    }
    for (const Role role : kAllRoles) {
      const NetworkKind kind = fanout.network[static_cast<std::size_t>(index_of(role))];
      const NetworkKind wrong = role == Role::kOutputs ? NetworkKind::kMulticast : NetworkKind::kReducing;
      if (kind == wrong) {
        add(fmt::format("{}.network.{}", path, name_of(role)), "bad-network",
            fmt::format("a {} network cannot carry {}", name_of(kind), name_of(role)),
            role == Role::kOutputs ? "outputs: unicast, systolic or reducing"
                                   : "operands: unicast, multicast or systolic");
      }
    }
    energy(path + ".energy_per_word", fanout.energy_per_word);
    check_dims(fanout.allowed_dims[0], path + ".allowed_dims.x");
    check_dims(fanout.allowed_dims[1], path + ".allowed_dims.y");
  }

  void check_dims(const std::vector<std::string>& words, const std::string& path) {
    std::set<std::string> seen;
    for (const std::string& word : words) {
      if (!is_class(word) && !is_dim(word)) {
        const std::string close = nearest(word, {"filters", "reduction", "positions", "groups"});
        add(path, "bad-dim", "'" + word + "' names no dims",
            close.empty() ? "a dim (a capital, as in K) or filters, reduction, positions, groups"
                          : "did you mean '" + close + "'?");
      } else if (!seen.insert(word).second) {
        add(path, "bad-dim", "'" + word + "' is listed twice");
      }
    }
  }

  // `instances`: of the level above the fan-out; becomes that of the level below.
  void check_instances(const FanOut& fanout, const std::string& path, std::int64_t& instances) {
    try {
      const std::int64_t below = checked_mul(
          instances, checked_mul(std::max<std::int64_t>(1, fanout.x), std::max<std::int64_t>(1, fanout.y)));
      if (below <= kMostInstances) {
        instances = below;
        return;
      }
    } catch (const OverflowError&) {
      // as too many
    }
    add(path, "absurd-size", fmt::format("more than {} instances below this fan-out", kMostInstances));
  }

  void check_compute() {
    const Compute& compute = accelerator_.compute;
    name("compute.name", compute.name);
    const auto width = [&](const char* path, int bits) {
      if (bits < 1 || bits > 64) {
        add(path, "bad-width", fmt::format("a word of {} bits; 1 to 64 are possible", bits));
      }
    };
    width("compute.weight_width", compute.weight_bits);
    width("compute.input_width", compute.input_bits);
    width("compute.output_width", compute.output_bits);
    if (compute.latency_cycles < 0 || compute.latency_cycles > kMostInstances) {
      add("compute.latency", "out-of-range", "the latency of a MAC is negative or absurdly large");
    }
    if (compute.accumulate_cycles < 0 || compute.accumulate_cycles > kMostInstances) {
      add("compute.accumulate", "out-of-range", "the time of an addition is negative or absurdly large");
    }
    check_precision(accelerator_, findings_);
    energy("compute.energy", compute.energy);
    energy("compute.leak", compute.leak);
  }

  void check_vector_unit() {
    const VectorUnit& unit = accelerator_.vector_unit;
    positive("vector_unit.lanes", static_cast<double>(unit.lanes), static_cast<double>(kMostInstances),
             "the number of lanes");
    if (unit.level < 0 || unit.level >= accelerator_.depth()) {
      add("vector_unit.level", "unknown-level", "the vector unit's level does not exist");
    }
    energy("vector_unit.energy", unit.energy);
    if (unit.ranking < 0 || unit.ranking > kMostInstances) {
      add("vector_unit.ranking", "out-of-range",
          "the scores compared in a cycle are negative or absurdly many");
    }
  }

  const Accelerator& accelerator_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> check_accelerator(const Accelerator& accelerator) {
  return Checker(accelerator).run();
}

std::string validate(const Accelerator& accelerator) {
  const std::vector<Finding> findings = check_accelerator(accelerator);
  return findings.empty() ? "" : findings.front().path + ": " + findings.front().message;
}

}  // namespace weft
