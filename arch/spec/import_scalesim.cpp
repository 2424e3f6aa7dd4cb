// Configurations of SCALE-Sim: sections in brackets, "Key: value" or "Key = value". Which operand stays in
// the array decides what its rows and columns stand for (Samajdar et al., ISPASS 2020, section III):
//   output stationary   rows: positions, columns: filters
//   weight stationary   rows: reduction, columns: filters
//   input stationary    rows: reduction, columns: positions
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <map>

#include <fmt/format.h>

#include "arch/spec/accelerator_check.hpp"
#include "arch/spec/import.hpp"
#include "base/error.hpp"
#include "base/parse_number.hpp"
#include "base/text_file.hpp"

namespace weft {
namespace {

constexpr std::int64_t kByte = 8, kKibibyte = 1024 * kByte;
constexpr std::int64_t kLargest = std::int64_t{1} << 32U;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

struct Entry {
  std::string key{};  // as it is written
  std::string text{};
  int line = 0;
  bool used = false;
};

class Config {
 public:
  Config(std::string file, const std::string& text) : file_(std::move(file)) {
    int number = 0;
    for (const std::string& whole : lines_of(text)) {
      ++number;
      const std::string line = trimmed(whole.substr(0, whole.find_first_of("#;")));
      const std::size_t mark = line.find_first_of(":=");
      if (!line.empty() && line.front() != '[' && mark != std::string::npos) {
        const std::string key = trimmed(line.substr(0, mark));
        entries_[lower(key)] = {key, trimmed(line.substr(mark + 1)), number};
      }
    }
  }

  [[nodiscard]] Entry* find(const std::string& key) {
    const auto found = entries_.find(lower(key));
    if (found == entries_.end()) {
      return nullptr;
    }
    found->second.used = true;
    return &found->second;
  }

  // Keys in older and newer versions' spelling; the first is named when none is there.
  std::int64_t number(const std::vector<std::string>& keys, std::int64_t fallback) {
    for (const std::string& key : keys) {
      if (const Entry* entry = find(key)) {
        return whole(*entry, entry->text);
      }
    }
    if (fallback < 0) {
      report({}, "missing-key", "missing key '" + keys.front() + "'");
    }
    return std::max<std::int64_t>(1, fallback);
  }

  std::int64_t whole(const Entry& entry, const std::string& text) {
    const auto value = parse_number<std::int64_t>(text);
    if (!value) {
      report(entry, "not-integer", "'" + text + "' is no whole number");
      return 1;
    }
    if (*value < 1 || *value > kLargest) {
      report(entry, "out-of-range", "'" + text + "' is not from 1 to 4294967296");
      return 1;
    }
    return *value;
  }

  void report(const Entry& entry, const std::string& code, const std::string& message,
              const std::string& hint = "") {
    problems_.push_back({.where = {file_, entry.line, 1}, .code = code, .message = message, .hint = hint});
  }
  void finish() const {
    if (!problems_.empty()) {
      throw ConfigError(problems_);
    }
  }
  // In one sentence: such files have many settings of that simulator's own.
  void note_unused(ImportNotes& notes) const {
    std::map<int, std::string> unused;
    for (const auto& [key, entry] : entries_) {
      if (!entry.used) {
        unused[entry.line] = fmt::format("{} (line {})", entry.key, entry.line);
      }
    }
    std::vector<std::string> words;
    for (const auto& [line, text] : unused) {
      words.push_back(text);
    }
    if (!words.empty()) {
      notes.push_back(fmt::format("{}: not used: {}", file_, fmt::join(words, ", ")));
    }
  }

 private:
  std::string file_;
  std::map<std::string, Entry> entries_;
  std::vector<Diagnostic> problems_;
};

Memory memory_of(const char* name, MemoryKind kind, std::int64_t width) {
  Memory memory;
  memory.name = name;
  memory.kind = kind;
  memory.width = Bits{width};
  return memory;
}

// A memory for one tensor.
Memory only(Memory memory, Role role, std::int64_t bits) {
  memory.holds[static_cast<std::size_t>(index_of(role))] = true;
  memory.capacity = Bits{bits};
  return memory;
}

StorageLevel level_of(const char* name, std::vector<Memory> memories) {
  StorageLevel level;
  level.name = name;
  level.memories = std::move(memories);
  level.fanout.name = level.name + "_network";
  return level;
}

Role stationary(Config& config) {
  const Entry* entry = config.find("Dataflow");
  const std::string flow = entry == nullptr ? "ws" : lower(entry->text);
  if (flow == "os") {
    return Role::kOutputs;
  }
  if (flow == "is") {
    return Role::kInputs;
  }
  if (flow != "ws") {
    config.report(*entry, "unknown-name", "unknown dataflow '" + flow + "'; known: os, ws, is");
  }
  return Role::kWeights;
}

FanOut array(Role stays, std::int64_t rows, std::int64_t columns) {
  FanOut fanout;
  fanout.name = "array";
  fanout.x = columns;
  fanout.y = rows;
  fanout.network = {NetworkKind::kSystolic, NetworkKind::kSystolic, NetworkKind::kSystolic};
  if (stays == Role::kOutputs) {
    fanout.network[2] = NetworkKind::kUnicast;
    fanout.allowed_dims = {{{"filters"}, {"positions"}}};
  } else {
    fanout.allowed_dims = {{{stays == Role::kWeights ? "filters" : "positions"}, {"reduction"}}};
  }
  return fanout;
}

// Words per cycle between DRAM and each SRAM, when the user states them ("USER" mode).
void set_bandwidth(Memory& dram, Config& config, ImportNotes& notes, const std::string& file) {
  const Entry* mode = config.find("InterfaceBandwidth");
  const Entry* stated = config.find("Bandwidth");
  if (stated == nullptr || (mode != nullptr && lower(mode->text) == "calc")) {
    notes.push_back(file + ": bandwidth to DRAM is unlimited, as in mode CALC");
    return;
  }
  std::int64_t most = 0;
  std::size_t from = 0;
  while (from <= stated->text.size()) {
    const std::size_t comma = std::min(stated->text.find(',', from), stated->text.size());
    most += config.whole(*stated, trimmed(stated->text.substr(from, comma - from)));
    from = comma + 1;
  }
  dram.shared_bandwidth = BitsPerCycle{static_cast<double>(most * kByte)};
  notes.push_back(fmt::format("{}:{}: the interfaces share their bandwidths: {} words per cycle in all", file,
                              stated->line, most));
}

}  // namespace

Accelerator load_accelerator_scalesim(const std::filesystem::path& file, ImportNotes& notes) {
  Config config(file.string(), read_text_file(file));
  (void)config.find("run_name");
  Accelerator machine;
  machine.name = "scalesim";
  machine.clock = Hertz{1e9};
  const std::int64_t rows = config.number({"ArrayHeight"}, -1), columns = config.number({"ArrayWidth"}, -1);
  const Role stays = stationary(config);
  const auto sram = [&config](const char* name, Role role, const char* key, const char* old_key) {
    return only(memory_of(name, MemoryKind::kSram, 64), role, kKibibyte * config.number({key, old_key}, -1));
  };
  StorageLevel buffers =
      level_of("sram", {sram("filter_sram", Role::kWeights, "FilterSramSzkB", "FilterSramSz"),
                        sram("ifmap_sram", Role::kInputs, "IfmapSramSzkB", "IfmapSramSz"),
                        sram("ofmap_sram", Role::kOutputs, "OfmapSramSzkB", "OfmapSramSz")});
  buffers.fanout = array(stays, rows, columns);
  Memory dram = memory_of("DRAM", MemoryKind::kDram, 64);
  dram.holds = {true, true, true};
  set_bandwidth(dram, config, notes, file.string());
  machine.levels = {level_of("DRAM", {dram}), buffers,
                    level_of("pe", {only(memory_of("pe", MemoryKind::kRegfile, kByte), stays, 2 * kByte)})};
  machine.compute.output_bits = 8;
  config.finish();
  config.note_unused(notes);
  notes.push_back(file.string() + ": clock 1 GHz and 45 nm are assumed; words are one byte");
  notes.push_back(file.string() + ": the order of loops is free, as far as the dataflow's array allows");
  if (const std::vector<Finding> found = check_accelerator(machine); !found.empty()) {
    throw ConfigError({file.string()}, found.front().code, found.front().message, found.front().hint);
  }
  return machine;
}

}  // namespace weft
