// The trace of a simulated network as a file: Chrome/Perfetto JSON (.json), tiles as a table (.csv), or
// signals
// (.vcd).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "arch/sim/simulator.hpp"
#include "cli/arguments.hpp"
#include "cli/report.hpp"

namespace weft::cli {

struct TraceFile {
  enum class Kind : std::uint8_t { kJson, kCsv, kVcd };
  std::string path{};
  Kind kind = Kind::kJson;
  sim::TraceRequest request{};
};

// What --trace and --trace-window ask for; none: no trace. Throws ConfigError: bad-usage for a name with
// another ending or a window that is none, cannot-write where the folder is missing.
[[nodiscard]] std::optional<TraceFile> trace_file(const RunArguments& arguments);

// Level names of the machine, and the copies of layers with their ends.
struct TraceNames {
  std::vector<std::string> levels{};
  std::vector<std::pair<std::string, double>> pieces{};
};
void write_json(std::ostream& out, const sim::Trace& trace, const TraceNames& names);
void write_csv(std::ostream& out, const sim::Trace& trace, const TraceNames& names);
void write_vcd(std::ostream& out, const sim::Trace& trace);

// Writes the file; returns what the user should know about it. Throws ConfigError: cannot-write.
[[nodiscard]] std::string write(const TraceFile& file, const sim::Trace& trace, const TraceNames& names);

// Cycles with six decimals, rounded: order is kept.
[[nodiscard]] std::string cycles_text(std::uint64_t ticks);
// The same as a whole number of millionths.
[[nodiscard]] std::uint64_t micro_cycles(std::uint64_t ticks);

}  // namespace weft::cli
