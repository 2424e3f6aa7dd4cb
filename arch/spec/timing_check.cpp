// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/timing_check.hpp"

#include <algorithm>
#include <set>

namespace weft {

namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 31;  // iterations, commands, cycles of one thing
constexpr std::int64_t kMostBanked = 1024;             // banks whose load the simulator keeps
constexpr double kMostBitsPerCycle = 0x1p53;
constexpr std::int64_t kMostLines = std::int64_t{1} << 24;  // of a cache: the simulator holds a tag for each

class Numbers {
 public:
  explicit Numbers(std::vector<Finding>& findings) : findings_(findings) {}
  void positive(const std::string& path, std::int64_t value, const std::string& what) {
    if (value < 1) {
      findings_.push_back({path, "not-positive", what + " must be above zero"});
    } else if (value > kMost) {
      findings_.push_back({path, "absurd-size", what + " is absurdly large"});
    }
  }
  void not_negative(const std::string& path, std::int64_t value, const std::string& what) {
    if (value < 0 || value > kMost) {
      findings_.push_back({path, "out-of-range", what + " is negative or absurdly large"});
    }
  }

 private:
  std::vector<Finding>& findings_;
};

void check_commands(const Commands& commands, std::vector<Finding>& findings) {
  Numbers numbers(findings);
  numbers.positive("controller.commands.iterations", commands.iterations, "the iterations of a command");
  numbers.not_negative("controller.commands.least", commands.least.count(), "the time of a command");
  numbers.not_negative("controller.commands.preload", commands.preload.count(), "the time of a preload");
  numbers.positive("controller.commands.in_flight", commands.in_flight, "the number of commands in flight");
  numbers.not_negative("controller.commands.latency", commands.latency.count(), "the latency of a command");
  std::set<std::string> seen;
  for (const std::string& dim : commands.along) {
    if (dim.empty() || dim[0] < 'A' || dim[0] > 'Z') {
      findings.push_back({"controller.commands.along", "bad-dim", "'" + dim + "' names no dim",
                          "dims start with a capital, as in Q"});
    } else if (!seen.insert(dim).second) {
      findings.push_back({"controller.commands.along", "bad-dim", "'" + dim + "' is listed twice"});
    }
  }
}

void check_cache(const Cache& cache, const std::string& at, std::vector<Finding>& findings) {
  Numbers numbers(findings);
  numbers.positive(at + ".ways", cache.ways, "the number of ways");
  numbers.positive(at + ".line", cache.line.count(), "a line");
  numbers.not_negative(at + ".miss", cache.miss.count(), "the time of a miss");
  const std::int64_t lines = cache.line.count() > 0 ? cache.capacity.count() / cache.line.count() : 1;
  if (lines < std::max<std::int64_t>(1, cache.ways) || lines > kMostLines) {
    findings.push_back({at + ".capacity", "out-of-range",
                        "the cache holds less than one set of lines or more than 16 million lines"});
  }
}

// Both directions: banks serve what ports ask for in a cycle.
bool limited(const Bandwidths& widths) {
  return widths.shared || (widths.read && widths.write);
}

}  // namespace

void check_banking(const Memory& memory, bool outermost, const std::string& at,
                   std::vector<Finding>& findings) {
  if (!memory.banking) {
    return;
  }
  const std::int64_t interleave = memory.banking->interleave.count();
  if (interleave < 1 || memory.width.count() < 1 || interleave % memory.width.count() != 0) {
    findings.push_back({at + ".banking.interleave", "bad-banking",
                        "banks take turns after whole accesses of the memory's width"});
  }
  if (memory.banks > kMostBanked) {
    findings.push_back({at + ".banking", "bad-banking",
                        "conflicts are followed in " + std::to_string(kMostBanked) + " banks at most"});
  }
  if (outermost || memory.requests) {
    findings.push_back({at + ".banking", "bad-banking",
                        "words lie in banks tile by tile, and here they come in requests or whole tensors",
                        "the banks of a DRAM are a 'cache' with one way"});
  }
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    const Bandwidths own = memory.ports[r].value_or(
        Bandwidths{memory.read_bandwidth, memory.write_bandwidth, memory.shared_bandwidth});
    if (memory.holds[r] && !limited(own)) {
      findings.push_back({at + ".banking", "missing-key",
                          "banks need to know what is asked of them in a cycle: 'read_bandwidth' and "
                          "'write_bandwidth', or 'shared_bandwidth', of every port"});
      return;
    }
  }
}

void check_links(const FanOut& fanout, const Compute& compute, bool last, const std::string& at,
                 std::vector<Finding>& findings) {
  if (!fanout.links) {
    return;
  }
  const Links& links = *fanout.links;
  if (!(links.bandwidth.count() > 0)) {
    findings.push_back({at + ".links.bandwidth", "not-positive", "a bandwidth must be above zero"});
  } else if (!(links.bandwidth.count() <= kMostBitsPerCycle)) {
    findings.push_back({at + ".links.bandwidth", "absurd-size", "a bandwidth is absurdly large"});
  }
  const bool inside = links.entry_x >= 0 && links.entry_x < std::max<std::int64_t>(1, fanout.x) &&
                      links.entry_y >= 0 && links.entry_y < std::max<std::int64_t>(1, fanout.y);
  if (!inside) {
    findings.push_back({at + ".links.entry", "bad-links", "the entry is no node of the mesh",
                        "nodes are counted from 0 on, along x and y"});
  } else if (links.kind == LinkKind::kBus && (links.entry_x != 0 || links.entry_y != 0)) {
    findings.push_back({at + ".links.entry", "bad-links", "a bus has no nodes to enter at"});
  }
  if (last && links.kind == LinkKind::kMesh && compute.precision.mode == PrecisionMode::kFused) {
    findings.push_back({at + ".links", "bad-links", "units that split into lanes are no nodes of a mesh",
                        "state a bus, or put the mesh above them"});
  }
  if (std::all_of(fanout.network.begin(), fanout.network.end(),
                  [](NetworkKind kind) { return kind == NetworkKind::kSystolic; })) {
    findings.push_back({at + ".links", "bad-links",
                        "nothing takes these links: neighbours hand on everything",
                        "tensors with a systolic network have wires of their own"});
  }
}

void check_controller(const Controller& controller, std::vector<Finding>& findings) {
  if (controller.commands) {
    check_commands(*controller.commands, findings);
  }
  if (controller.tiles_in_flight) {
    Numbers(findings).positive("controller.tiles_in_flight", *controller.tiles_in_flight,
                               "the number of tiles in flight");
  }
}

void check_memory_timing(const Memory& memory, const std::string& at, std::vector<Finding>& findings) {
  Numbers(findings).not_negative(at + ".latency", memory.latency.count(), "a latency");
  if (memory.requests) {
    Numbers numbers(findings);
    numbers.positive(at + ".requests.read", memory.requests->read.count(), "a request");
    numbers.positive(at + ".requests.write", memory.requests->write.count(), "a request");
    numbers.not_negative(at + ".requests.least", memory.requests->least.count(), "the time of a request");
  }
  if (memory.cache) {
    check_cache(*memory.cache, at + ".cache", findings);
    if (!memory.requests) {
      findings.push_back(
          {at + ".cache", "missing-key", "a cache needs 'requests', which say what is asked for"});
    }
  }
  if (memory.requests && std::any_of(memory.ports.begin(), memory.ports.end(),
                                     [](const auto& own) { return own.has_value(); })) {
    findings.push_back({at + ".ports", "bad-ports", "a memory that serves requests has one set of ports"});
  }
  if (memory.requests && (!memory.read_bandwidth || !memory.write_bandwidth || memory.shared_bandwidth)) {
    findings.push_back({at + ".requests", "missing-key",
                        "requests need a 'read_bandwidth' and a 'write_bandwidth', and no shared one"});
  }
}

}  // namespace weft
