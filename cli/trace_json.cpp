// Traces for Perfetto and chrome://tracing: the trace event format of Chrome (complete events "X", counters
// "C", names "M"). A cycle is drawn as a microsecond. One thread per port and engine, so events of a thread
// do not overlap. SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <nlohmann/json.hpp>

#include "cli/trace_file.hpp"

namespace weft::cli {
namespace {

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

class Writer {
 public:
  Writer(std::ostream& out, const TraceNames& names) : out_(out) {
    for (const auto& [name, end] : names.pieces) {
      layers_.push_back(quoted(name));
    }
  }

  void name(const char* what, int process, int thread, const std::string& name) {
    item();
    fmt::print(out_, R"({{"ph":"M","name":"{}","pid":{},"tid":{},"args":{{"name":{}}}}})", what, process,
               thread, quoted(name));
  }
  void event(int process, int thread, const sim::TraceEvent& event) {
    item();
    const std::uint64_t begin = micro_cycles(event.begin);
    const std::string what = event.busy ? std::string(event.what) : "waits for " + std::string(event.what);
    fmt::print(
        out_,
        R"({{"ph":"X","name":"{}","cat":"{}","pid":{},"tid":{},"ts":{},"dur":{},"args":{{"layer":{},"item":{}}}}})",
        what, event.busy ? "busy" : "wait", process, thread, microseconds(begin),
        microseconds(micro_cycles(event.end) - begin), layers_[static_cast<std::size_t>(event.piece)],
        event.item);
  }
  void layer(int process, std::size_t piece, std::uint64_t begin, std::uint64_t end) {
    item();
    fmt::print(out_, R"({{"ph":"X","name":{},"cat":"layer","pid":{},"tid":0,"ts":{},"dur":{}}})",
               layers_[piece], process, microseconds(micro_cycles(begin)),
               microseconds(micro_cycles(end) - micro_cycles(begin)));
  }
  void sample(int process, const std::string& name, std::uint64_t at, std::int64_t value) {
    item();
    fmt::print(out_, R"({{"ph":"C","name":{},"pid":{},"ts":{},"args":{{"tiles":{}}}}})", name, process,
               microseconds(micro_cycles(at)), value);
  }

 private:
  static std::string microseconds(std::uint64_t micro) {
    return fmt::format("{}.{:06}", micro / 1'000'000, micro % 1'000'000);
  }
  void item() {
    out_ << (first_ ? "\n" : ",\n");
    first_ = false;
  }
  std::ostream& out_;
  std::vector<std::string> layers_;
  bool first_ = true;
};

int process_of(sim::TraceTrack::Kind kind) {
  switch (kind) {
    case sim::TraceTrack::Kind::kArray:
    case sim::TraceTrack::Kind::kVectorUnit:
      return 2;
    case sim::TraceTrack::Kind::kMover:
      return 3;
    case sim::TraceTrack::Kind::kPort:
      return 4;
  }
  return 0;
}

// From the end of the layer before to its own; only those that anything was recorded of.
void write_layers(Writer& writer, const sim::Trace& trace, const TraceNames& names) {
  std::uint64_t first = ~std::uint64_t{0};
  std::uint64_t last = 0;
  for (const sim::TraceTrack& track : trace.tracks) {
    for (const sim::TraceEvent& event : track.events) {
      first = std::min(first, event.begin);
      last = std::max(last, event.end);
    }
  }
  std::uint64_t begin = 0;
  for (std::size_t piece = 0; piece < names.pieces.size(); ++piece) {
    const auto end = static_cast<std::uint64_t>(names.pieces[piece].second * sim::kTraceTicksPerCycle);
    if (std::max(begin, first) < std::min(end, last)) {
      writer.layer(1, piece, std::max(begin, first), std::min(end, last));
    }
    begin = end;
  }
}

}  // namespace

void write_json(std::ostream& out, const sim::Trace& trace, const TraceNames& names) {
  fmt::print(
      out,
      R"({{"displayTimeUnit":"ns","otherData":{{"time":"1 us is 1 cycle","truncated":{},"complete_until_cycle":{}}},"traceEvents":[)",
      trace.truncated, trace.truncated ? cycles_text(trace.complete_until) : "null");
  Writer writer(out, names);
  const std::vector<std::string> processes = {"layers", "compute", "loads and stores", "ports", "buffers"};
  for (std::size_t p = 0; p < processes.size(); ++p) {
    writer.name("process_name", static_cast<int>(p) + 1, 0, processes[p]);
  }
  writer.name("thread_name", 1, 0, "until their results are there");
  write_layers(writer, trace, names);
  int thread = 0;
  for (const sim::TraceTrack& track : trace.tracks) {
    const int process = process_of(track.kind);
    writer.name("thread_name", process, ++thread, track.name);
    for (const sim::TraceEvent& event : track.events) {
      writer.event(process, thread, event);
    }
  }
  for (const sim::TraceCounter& counter : trace.counters) {
    const std::string name = quoted(counter.name);
    for (const auto& [at, value] : counter.samples) {
      writer.sample(5, name, at, value);
    }
  }
  out << "\n]}\n";
}

}  // namespace weft::cli
