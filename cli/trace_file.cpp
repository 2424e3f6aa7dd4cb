// See trace_file.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "cli/trace_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "base/error.hpp"
#include "base/parse_number.hpp"
#include "base/table.hpp"

namespace weft::cli {
namespace {

namespace fs = std::filesystem;

// Keeps a file below a hundred megabytes or so.
constexpr std::int64_t kMostEvents = 500'000;
constexpr std::int64_t kLastCycle = std::int64_t{1} << 40;

TraceFile::Kind kind_of(const fs::path& path) {
  const std::string ending = path.extension().string();
  if (ending == ".json") {
    return TraceFile::Kind::kJson;
  }
  if (ending == ".csv") {
    return TraceFile::Kind::kCsv;
  }
  if (ending == ".vcd") {
    return TraceFile::Kind::kVcd;
  }
  throw ConfigError({}, "bad-usage",
                    "--trace takes a file that ends in .json, .csv or .vcd, not '" + path.string() + "'",
                    ".json for Perfetto or chrome://tracing, .csv for a table of tiles, .vcd for signals");
}

std::optional<std::int64_t> cycle(std::string_view text) {
  const auto value = parse_number<std::int64_t>(text);
  return value && *value >= 0 && *value <= kLastCycle ? value : std::nullopt;
}

void set_window(const std::string& window, sim::TraceRequest& request) {
  const std::size_t colon = std::min(window.find(':'), window.size());
  const auto first = cycle(std::string_view(window).substr(0, colon));
  const auto end = cycle(std::string_view(window).substr(std::min(colon + 1, window.size())));
  if (!first || !end || *first >= *end) {
    throw ConfigError({}, "bad-usage",
                      "--trace-window takes two cycles, the first below the second, not '" + window + "'",
                      "--trace-window 1000:2000");
  }
  request.first_cycle = *first;
  request.end_cycle = *end;
}

void write_value(std::ostream& out, std::size_t signal, std::int64_t value, bool one_bit) {
  if (one_bit) {
    fmt::print(out, "{}s{}\n", value, signal);
  } else {
    fmt::print(out, "b{:b} s{}\n", value, signal);
  }
}

// RFC 4180.
std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) {
    return text;
  }
  std::string quoted = "\"";
  for (const char c : text) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return quoted + '"';
}

std::string vcd_name(std::string name) {
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c <= ' ' || c > '~'; }, '_');
  return name;
}

}  // namespace

std::optional<TraceFile> trace_file(const RunArguments& arguments) {
  if (arguments.trace.empty()) {
    if (!arguments.trace_window.empty()) {
      throw ConfigError({}, "bad-usage", "--trace-window needs --trace",
                        "--trace run.json --trace-window 1000:2000");
    }
    return std::nullopt;
  }
  TraceFile file{arguments.trace, kind_of(arguments.trace), {}};
  file.request.most_events = kMostEvents;
  if (!arguments.trace_window.empty()) {
    set_window(arguments.trace_window, file.request);
  }
  const fs::path folder = fs::path(file.path).parent_path();
  std::error_code failed;
  if (fs::is_directory(file.path, failed) || (!folder.empty() && !fs::is_directory(folder, failed))) {
    throw ConfigError({file.path}, "cannot-write", "the trace cannot be written there");
  }
  return file;
}

std::uint64_t micro_cycles(std::uint64_t ticks) {
  constexpr std::uint64_t kPerCycle = 1 << 20;
  const std::uint64_t part = ticks % kPerCycle;
  return ticks / kPerCycle * 1'000'000 + (part * 1'000'000 + kPerCycle / 2) / kPerCycle;
}

std::string cycles_text(std::uint64_t ticks) {
  const std::uint64_t micro = micro_cycles(ticks);
  return fmt::format("{}.{:06}", micro / 1'000'000, micro % 1'000'000);
}

void write_csv(std::ostream& out, const sim::Trace& trace, const TraceNames& names) {
  out << "layer,tensor,direction,from,to,tile,step,words,asked,begin,end\n";
  for (const sim::TileEvent& tile : trace.tiles) {
    const std::string& level = names.levels[static_cast<std::size_t>(tile.level)];
    const std::string& other = names.levels[static_cast<std::size_t>(tile.other)];
    fmt::print(out, "{},{},{},{},{},{},{},{},{},{},{}\n",
               csv_field(names.pieces[static_cast<std::size_t>(tile.piece)].first), name_of(tile.role),
               tile.store ? "store" : "load", csv_field(tile.store ? level : other),
               csv_field(tile.store ? other : level), tile.tile, tile.step, tile.words,
               cycles_text(tile.asked), cycles_text(tile.begin), cycles_text(tile.end));
  }
}

// A cycle is drawn as 1000 ps. Of every track `busy`, of engines `waits` too; of every buffer its tiles.
void write_vcd(std::ostream& out, const sim::Trace& trace) {
  struct Change {
    std::uint64_t at;
    std::size_t signal;
    std::int64_t value;
  };
  std::vector<Change> changes;
  std::size_t signals = 0;
  out << "$comment one cycle is 1000 ps $end\n$timescale 1 ps $end\n$scope module weft $end\n";
  for (const sim::TraceTrack& track : trace.tracks) {
    for (const bool busy : {true, false}) {
      if (!busy && track.kind == sim::TraceTrack::Kind::kPort) {
        continue;
      }
      fmt::print(out, "$var wire 1 s{} {}.{} $end\n", signals, vcd_name(track.name), busy ? "busy" : "waits");
      for (const sim::TraceEvent& event : track.events) {
        if (event.busy == busy) {
          changes.push_back({micro_cycles(event.begin) / 1000, signals, 1});
          changes.push_back({micro_cycles(event.end) / 1000, signals, 0});
        }
      }
      ++signals;
    }
  }
  const std::size_t bits = signals;
  for (const sim::TraceCounter& counter : trace.counters) {
    fmt::print(out, "$var integer 16 s{} {}.tiles $end\n", signals, vcd_name(counter.name));
    for (const auto& [at, value] : counter.samples) {
      changes.push_back({micro_cycles(at) / 1000, signals, value});
    }
    ++signals;
  }
  out << "$upscope $end\n$enddefinitions $end\n#0\n$dumpvars\n";
  std::vector<std::int64_t> values(signals, 0);
  for (std::size_t s = 0; s < signals; ++s) {
    write_value(out, s, 0, s < bits);
  }
  out << "$end\n";
  // Of several values at one time the last counts: an event that begins where another ended.
  std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
    return std::tie(a.at, a.signal) < std::tie(b.at, b.signal);
  });
  std::uint64_t time = 0;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const Change& change = changes[i];
    const bool last =
        i + 1 == changes.size() || changes[i + 1].at != change.at || changes[i + 1].signal != change.signal;
    if (!last || values[change.signal] == change.value) {
      continue;
    }
    if (change.at != time) {
      time = change.at;
      fmt::print(out, "#{}\n", time);
    }
    values[change.signal] = change.value;
    write_value(out, change.signal, change.value, change.signal < bits);
  }
}

std::string write(const TraceFile& file, const sim::Trace& trace, const TraceNames& names) {
  std::ofstream out(file.path, std::ios::binary);
  switch (file.kind) {
    case TraceFile::Kind::kJson:
      write_json(out, trace, names);
      break;
    case TraceFile::Kind::kCsv:
      write_csv(out, trace, names);
      break;
    case TraceFile::Kind::kVcd:
      write_vcd(out, trace);
      break;
  }
  if (!out.flush()) {
    throw ConfigError({file.path}, "cannot-write", "the trace could not be written");
  }
  return trace.truncated
             ? fmt::format(
                   "note: the trace holds {} events; from cycle {} on some are missing: choose a part with "
                   "--trace-window A:B\n",
                   grouped(file.request.most_events), trace.complete_until >> 20)
             : "";
}

}  // namespace weft::cli
