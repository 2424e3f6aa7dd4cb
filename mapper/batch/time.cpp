// The cycles of dataflow's assess() as a formula.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "mapper/batch/cost.hpp"

namespace weft::batch {

namespace {

using Kind = Quantity::Kind;

constexpr double kRounding = 1.0 / 1024;  // as in dataflow/evaluate.cpp

// Cycles of one boundary over the whole run.
struct BoundaryTime {
  Value parent_read, child_write, child_read, parent_write;
};

class TimeFormula {
 public:
  TimeFormula(Graph& graph, const Subject& subject, const Ask& ask)
      : g_(graph), s_(subject), ask_(ask), ports_(graph, subject) {
    if (subject.request.model.ramps == Ramps::kAdd) {
      ramps_.emplace(ramp_values(graph, subject, ask));
    }
    levels_.resize(subject.accelerator().levels.size());
  }

  Value cycles() {
    const Value zero = g_.constant(0);
    for (const Boundary& b : s_.boundaries) {
      const BoundaryTime time = boundary_time(b);
      if (b.child < s_.accelerator().depth()) {
        add_serial(b, time);
      }
    }
    Value compute = ask_({Kind::kCycles, {}, Scope::kReceivers, Visits::kAll, 0, 0}).value;
    if (const std::int64_t each = s_.accelerator().compute.iteration_cycles; each != 1) {
      compute = g_.multiply(compute, g_.constant(static_cast<double>(each)));
    }
    if (const auto& effect = s_.accelerator().effect) {
      compute = g_.multiply(compute, g_.constant(effect->cycles));
    }
    Value slowest = g_.add(compute, serial());
    for (int level = 0; level < s_.accelerator().depth(); ++level) {
      for (int port = 0; port < s_.level(level).ports(); ++port) {
        for (const Side side : {Side::kRead, Side::kWrite, Side::kShared}) {
          slowest = slower(slowest, level, port, side);
        }
      }
    }
    const Value in = ramps_ ? ramps_->in : zero;
    const Value out = ramps_ ? ramps_->out : zero;
    const Value total = g_.add(g_.add(in, slowest), out);
    return g_.ceil(g_.subtract(total, g_.constant(kRounding)));
  }

 private:
  // Single-buffered memories of one level.
  struct Source {
    Value read, write, ramp;
  };
  struct Level {
    std::map<int, Value> ports;
    std::map<std::pair<int, int>, Source> sources;  // (level, ports) above
  };

  [[nodiscard]] Value words(const Boundary& boundary, Scope scope, Visits visits = Visits::kAll) {
    return words_of(g_, s_, ask_, {Kind::kWords, boundary, scope, visits, 0, 0}).value;
  }
  [[nodiscard]] Value again(const Boundary& boundary, Scope scope) {
    return g_.subtract(words(boundary, scope), words(boundary, scope, Visits::kFirst));
  }

  BoundaryTime boundary_time(const Boundary& b) {
    const bool outputs = b.role == Role::kOutputs;
    const Value zero = g_.constant(0);
    const Serves serves = b.child == s_.accelerator().depth() ? Serves::kCompute : Serves::kMemory;
    BoundaryTime time{zero, zero, zero, zero};
    const Value reads = outputs ? again(b, Scope::kFirstParent) : words(b, Scope::kFirstParent);
    time.parent_read = ports_.add(b.parent, b.role, Side::kRead, reads, serves);
    if (outputs) {
      time.parent_write = ports_.add(b.parent, b.role, Side::kWrite, words(b, Scope::kFirstParent), serves);
    }
    if (b.child == s_.accelerator().depth()) {
      return time;
    }
    const bool elided = outputs && s_.request.model.counts.first_fill == FirstFill::kElided;
    const Value fills = elided ? again(b, Scope::kFirstReceiver) : words(b, Scope::kFirstReceiver);
    time.child_write = ports_.add(b.child, b.role, Side::kWrite, fills);
    if (outputs && s_.request.model.drains == Drains::kOnPorts) {
      time.child_read = ports_.add(b.child, b.role, Side::kRead, words(b, Scope::kFirstReceiver));
    }
    return time;
  }

  void add_serial(const Boundary& b, const BoundaryTime& time) {
    const StorageLevel& storage = s_.level(b.child);
    if (storage.memory_for(b.role)->buffering != Buffering::kSingle) {
      return;
    }
    const auto child = static_cast<std::size_t>(b.child);
    const auto role = static_cast<std::size_t>(index_of(b.role));
    const Value zero = g_.constant(0);
    const Value ramp = ramps_ ? g_.add(ramps_->load[child][role], ramps_->store[child][role]) : zero;
    const Value down = g_.greater(time.parent_read, time.child_write);
    const Value up = g_.greater(time.child_read, time.parent_write);
    Level& level = levels_[child];
    Value& own = level.ports.emplace(storage.port_index(b.role), zero).first->second;
    own = g_.add(own, g_.subtract(g_.add(down, up), ramp));
    const std::pair above{b.parent, s_.level(b.parent).port_index(b.role)};
    Source& source = level.sources.emplace(above, Source{zero, zero, zero}).first->second;
    source.read = g_.add(source.read, time.parent_read);
    source.write = g_.add(source.write, time.parent_write);
    source.ramp = g_.add(source.ramp, ramp);
  }

  Value serial() {
    Value sum = g_.constant(0);
    for (const Level& level : levels_) {
      Value slowest = g_.constant(0);
      for (const auto& [port, time] : level.ports) {
        slowest = g_.greater(slowest, time);
      }
      for (const auto& [place, source] : level.sources) {
        const Value busy = s_.level(place.first).bandwidths(place.second).shared
                               ? g_.add(source.read, source.write)
                               : g_.greater(source.read, source.write);
        slowest = g_.greater(slowest, g_.subtract(busy, source.ramp));
      }
      sum = g_.add(sum, slowest);
    }
    return sum;
  }

  Value slower(Value slowest, int level, int port, Side side) {
    const Value all = ports_.at(level, port, side);
    if (g_.is_constant(all, 0)) {
      return slowest;  // no traffic
    }
    const Value busy = ramps_ ? g_.subtract(all, ramps_->ports.at(level, port, side)) : all;
    return g_.select_less(g_.add(slowest, g_.constant(kRounding)), busy, busy, slowest);
  }

  Graph& g_;
  const Subject& s_;
  const Ask& ask_;
  PortValues ports_;
  std::optional<RampValues> ramps_;
  std::vector<Level> levels_;
};

}  // namespace

PortValues::PortValues(Graph& graph, const Subject& subject) : graph_(&graph), subject_(&subject) {
  const Value zero = graph.constant(0);
  for (const StorageLevel& level : subject.accelerator().levels) {
    times_.emplace_back(static_cast<std::size_t>(level.ports()), std::array<Value, kSides>{zero, zero, zero});
  }
}

Value PortValues::cycles(int level, Role role, Side side, Value words, Serves serves) {
  const StorageLevel& storage = subject_->level(level);
  const Bandwidths widths = storage.bandwidths(storage.port_index(role));
  const std::optional<BitsPerCycle>& bandwidth = side == Side::kRead    ? widths.read
                                                 : side == Side::kWrite ? widths.write
                                                                        : widths.shared;
  if (!bandwidth) {
    return graph_->constant(0);
  }
  const double bits = port_bits(subject_->accelerator(), subject_->problem(), level, role, serves);
  return graph_->divide(graph_->multiply(words, graph_->constant(bits)),
                        graph_->constant(bandwidth->count()));
}

Value PortValues::add(int level, Role role, Side side, Value words, Serves serves) {
  const int port = subject_->level(level).port_index(role);
  const Value own = cycles(level, role, side, words, serves);
  const Value shared = cycles(level, role, Side::kShared, words, serves);
  at(level, port, side) = graph_->add(at(level, port, side), own);
  at(level, port, Side::kShared) = graph_->add(at(level, port, Side::kShared), shared);
  return graph_->is_constant(shared, 0) ? own
         : graph_->is_constant(own, 0)  ? shared
                                        : graph_->greater(own, shared);
}

Value cycles_of(Graph& graph, const Subject& subject, const Ask& ask) {
  return TimeFormula(graph, subject, ask).cycles();
}

Asked words_of(Graph& graph, const Subject& subject, const Ask& ask, Quantity quantity) {
  const Problem& problem = subject.problem();
  for (const Rank& rank : problem.tensor(quantity.boundary.role).ranks) {
    const bool fixed = std::all_of(rank.terms.begin(), rank.terms.end(),
                                   [&](const Term& term) { return problem.size(term.dim) == 1; });
    if (fixed && (rank.offset < 0 || rank.offset >= rank.extent)) {
      return {graph.constant(0), 0};
    }
  }
  return ask(quantity);
}

}  // namespace weft::batch
