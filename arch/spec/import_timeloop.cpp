// Turns the storages and compute units of a Timeloop architecture into an accelerator.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "arch/spec/accelerator_check.hpp"
#include "arch/spec/import.hpp"
#include "arch/spec/timeloop_items.hpp"
#include "workload/import/timeloop_text.hpp"

namespace weft {
namespace {

using timeloop::Item;
using timeloop::note;
using yaml::Section;
using yaml::Value;

// Turns items into an accelerator.
class Builder {
 public:
  Builder(std::string file, ImportNotes& notes) : file_(std::move(file)), notes_(notes) {}

  Accelerator build(std::vector<Item> items, const Value& where) {
    const auto is_compute = [](const Item& item) {
      return item.kind.find("mac") != std::string::npos || item.kind.find("compute") != std::string::npos ||
             item.kind.find("multiplier") != std::string::npos;
    };
    const auto compute = std::find_if(items.begin(), items.end(), is_compute);
    if (compute == items.begin() || items.empty()) {
      where.error("cannot-express", "the architecture has no storage above its compute units");
      return {};
    }
    if (compute == items.end()) {
      where.error("cannot-express", "no component is of a class of compute units (mac, intmac, fpmac ...)");
      return {};
    }
    for (auto after = compute + 1; after != items.end(); ++after) {
      note(notes_, after->where.where(),
           "'" + after->name + "' stands below the compute units and is not used");
    }
    word_ = number(*compute, {"datawidth", "word_bits", "multiplier_width"}, 16);
    set_compute(*compute);
    std::int64_t x = 1, y = 1;
    for (auto item = items.begin(); item != compute + 1; ++item) {
      add_fanout(*item, x, y);
      if (item != compute) {
        add_level(*item);
      }
    }
    set_machine(items);
    return std::move(machine_);
  }

 private:
  // The first attribute that is there, as a number ("45nm" is 45).
  double number(const Item& item, const std::vector<const char*>& names, double fallback) {
    for (const char* name : names) {
      const auto found = item.attributes.find(name);
      if (found == item.attributes.end() || !found->second.is_scalar()) {
        continue;
      }
      used_.insert({item.name, name});
      if (const auto value = timeloop::number_in(found->second.text());
          value && *value > 0 && *value < 1e15) {
        return *value;
      }
      if (found->second.text() != "inf" && found->second.text() != ".inf") {
        found->second.error("not-number", fmt::format("attribute '{}' is no number above 0", name));
      }
    }
    return fallback;
  }

  void set_compute(const Item& item) {
    const int bits = static_cast<int>(std::clamp(word_, 1.0, 64.0));
    machine_.compute.name = clean(item.name);
    machine_.compute.weight_bits = machine_.compute.input_bits = machine_.compute.output_bits = bits;
    note_unused(item);
  }

  // Instances must multiply from level to level, axis by axis.
  void add_fanout(const Item& item, std::int64_t& x, std::int64_t& y) {
    if (item.x % x != 0 || item.y % y != 0) {
      item.where.error("cannot-express",
                       fmt::format("{} x {} instances of '{}' do not multiply the {} x {} above", item.x,
                                   item.y, item.name, x, y));
    } else if (!machine_.levels.empty()) {
      FanOut& fanout = machine_.levels.back().fanout;
      fanout.x = item.x / x;
      fanout.y = item.y / y;
      fanout.multicast_unit = MulticastUnit::kTile;
      for (std::size_t i = 0; i < item.fan_names.size(); ++i) {
        fanout.name = (i == 0 ? "" : fanout.name + "..") + clean(item.fan_names[i]);
      }
    } else if (item.x * item.y > 1) {
      item.where.error("cannot-express", "the outermost storage has more than one instance");
    }
    x = item.x;
    y = item.y;
  }

  // Letters, digits and what names may have besides.
  static std::string clean(const std::string& name) {
    std::string result;
    for (const char c : name) {
      const bool good = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
      result += good ? c : '_';
    }
    return result;
  }

  void add_level(const Item& item) {
    const bool outermost = machine_.levels.empty();
    const bool dram = item.kind.find("dram") != std::string::npos || outermost;
    const bool registers = is_register_file(item.kind);
    Memory memory;
    memory.name = clean(item.name);
    memory.kind = dram ? MemoryKind::kDram : registers ? MemoryKind::kRegfile : MemoryKind::kSram;
    memory.holds = {true, true, true};
    memory.buffering = Buffering::kBuffet;
    const double word = number(item, {"datawidth", "word_bits"}, word_);
    const double block = number(item, {"block_size"}, 0);
    const double width = number(item, {"memory_width", "width"}, block > 0 ? block * word : word);
    const double words_per_row = std::max(1.0, std::floor(width / word));
    memory.width = bits(words_per_row);
    double capacity = number(item, {"entries"}, 0);
    if (capacity == 0) {
      capacity = number(item, {"memory_depth", "depth"}, 0) * words_per_row;
    }
    if (capacity == 0) {
      capacity = number(item, {"sizeKB"}, 0) * 1024 * 8 / word;
    }
    if (capacity > 0 && !dram) {
      memory.capacity = bits(capacity);
    } else if (!dram) {
      note(notes_, item.where.where(), "'" + item.name + "' states no depth: unbounded");
    }
    set_ports(memory, item);
    if (word != word_) {
      note(notes_, item.where.where(),
           fmt::format("words of {} bits of '{}' are taken as words of {} bits", word, item.name, word_));
    }
    machine_.levels.emplace_back();
    machine_.levels.back().name = memory.name;
    machine_.levels.back().memories = {memory};
    machine_.levels.back().fanout.name = memory.name + "_network";
    if (!outermost) {
      machine_.levels.back().may_bypass = {true, true, true};
      set_kept(item);
    }
    note_unused(item);
  }

  // What it must keep and what passes it by, by the names that that tool's convolutions have.
  void set_kept(const Item& item) {
    StorageLevel& level = machine_.levels.back();
    PerRole<bool> holds{true, true, true};
    if (item.side_by_side && !item.keep.empty()) {
      holds = {false, false, false};
    }
    const auto each = [&](const std::vector<Value>& names, auto set) {
      for (const Value& name : names) {
        const auto role = role_named(name.text());
        if (role) {
          set(*role);
        } else {
          note(notes_, name.where(),
               "'" + name.text() + "' is none of Weights, Inputs, Outputs: '" + item.name + "' may keep it");
          holds = {true, true, true};
        }
      }
    };
    each(item.keep, [&](std::size_t role) {
      holds[role] = true;
      level.may_bypass[role] = false;
    });
    each(item.bypass, [&](std::size_t role) { holds[role] = false; });
    if (std::find(holds.begin(), holds.end(), true) == holds.end()) {
      return;  // it keeps nothing; a level must hold something, so mappings leave it out
    }
    level.memories.front().holds = holds;
    for (std::size_t role = 0; role < holds.size(); ++role) {
      level.may_bypass[role] = level.may_bypass[role] && holds[role];
    }
  }

  static std::optional<std::size_t> role_named(const std::string& name) {
    for (const Role role : kAllRoles) {
      const std::string_view known = name_of(role);
      const bool same = std::equal(name.begin(), name.end(), known.begin(), known.end(), [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == b;
      });
      if (same) {
        return static_cast<std::size_t>(index_of(role));
      }
    }
    return std::nullopt;
  }

  // "regfile", "smartbuffer_RF" ...
  static bool is_register_file(const std::string& kind) {
    const bool ends = kind.size() >= 2 && kind.compare(kind.size() - 2, 2, "rf") == 0;
    return ends || kind.find("reg") != std::string::npos;
  }

  [[nodiscard]] Bits bits(double words) const {
    return Bits{static_cast<std::int64_t>(std::min(words * word_, 9e15))};
  }

  void set_ports(Memory& memory, const Item& item) {
    if (const double words = number(item, {"read_bandwidth"}, 0); words > 0) {
      memory.read_bandwidth = BitsPerCycle{words * word_};
    }
    if (const double words = number(item, {"write_bandwidth"}, 0); words > 0) {
      memory.write_bandwidth = BitsPerCycle{words * word_};
    }
    if (const double words = number(item, {"shared_bandwidth"}, 0); words > 0) {
      memory.shared_bandwidth = BitsPerCycle{words * word_};
    }
    memory.banks = static_cast<int>(std::clamp(number(item, {"n_banks"}, 1), 1.0, 4096.0));
  }

  // The outermost statement of an attribute of the whole machine.
  double machine_number(const std::vector<Item>& items, const char* name, double fallback) {
    const auto says = [name](const Item& item) { return item.attributes.count(name) > 0; };
    const auto found = std::find_if(items.begin(), items.end(), says);
    return found == items.end() ? fallback : number(*found, {name}, fallback);
  }

  void set_machine(const std::vector<Item>& items) {
    machine_.name = file_.substr(file_.find_last_of('/') + 1);
    machine_.name = clean(machine_.name.substr(0, machine_.name.find('.')));
    const double technology = machine_number(items, "technology", 0);
    machine_.technology = Nanometres{technology > 0 ? technology : 45};
    const double cycle = machine_number(items, "global_cycle_seconds", 1e-9);
    machine_.clock = Hertz{std::round(1 / cycle)};
    notes_.push_back(fmt::format(
        "{}: clock {:g} MHz, {:g} nm; fan-outs multicast and reduce; energies are those of the table", file_,
        machine_.clock.count() * 1e-6, machine_.technology.count()));
  }

  void note_unused(const Item& item) {
    for (const auto& [name, value] : item.attributes) {
      const bool shared =
          name == "technology" || name == "global_cycle_seconds" || name == "meshX" || name == "meshY";
      if (!shared && used_.count({item.name, name}) == 0) {
        note(notes_, value.where(), "'" + name + "' of '" + item.name + "' is not used");
      }
    }
  }

  std::string file_;
  ImportNotes& notes_;
  Accelerator machine_;
  std::set<std::pair<std::string, std::string>> used_;  // item, attribute
  double word_ = 16;                                    // bits
};

}  // namespace

Accelerator load_accelerator_timeloop(const std::filesystem::path& file, ImportNotes& notes) {
  const yaml::Document document = timeloop::load_document(file);
  Section root = document.root();
  Accelerator machine;
  if (const auto architecture = root.required("architecture")) {
    std::vector<Item> items = timeloop::read_items(architecture->section(), notes);
    if (!document.failed()) {
      machine = Builder(file.string(), notes).build(std::move(items), *architecture);
    }
  }
  (void)root.entries();
  document.finish();
  if (const std::vector<Finding> found = check_accelerator(machine); !found.empty()) {
    throw ConfigError({file.string()}, found.front().code, found.front().path + ": " + found.front().message,
                      found.front().hint);
  }
  return machine;
}

}  // namespace weft
