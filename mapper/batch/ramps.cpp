// ramp_times() and skew() of dataflow as formulas.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/batch/cost.hpp"

namespace weft::batch {

namespace {

using Kind = Quantity::Kind;

// skew() of dataflow.
struct SkewValues {
  Value in, out;
};

SkewValues skew_values(Graph& graph, const Subject& subject, const Ask& ask) {
  const auto latency = static_cast<double>(subject.accelerator().compute.latency_cycles - 1);
  SkewValues skew{graph.constant(0), graph.constant(latency)};
  for (int level = 0; level < subject.accelerator().depth(); ++level) {
    const FanOut& fanout = subject.level(level).fanout;
    const Value x = ask({Kind::kSpread, {}, Scope::kReceivers, Visits::kAll, level, 0}).value;
    const Value y = ask({Kind::kSpread, {}, Scope::kReceivers, Visits::kAll, level, 1}).value;
    const Value hops = graph.subtract(graph.add(x, y), graph.constant(2));
    if (fanout.network[0] == NetworkKind::kSystolic || fanout.network[1] == NetworkKind::kSystolic) {
      skew.in = graph.add(skew.in, hops);
    }
    if (fanout.network[2] == NetworkKind::kSystolic) {
      skew.out = graph.add(skew.out, hops);
    }
    if (fanout.outlet == Outlet::kEdge) {
      const Value all = graph.constant(static_cast<double>(fanout.x) + static_cast<double>(fanout.y));
      skew.out = graph.add(skew.out, graph.subtract(all, graph.add(x, y)));
    }
  }
  return skew;
}

}  // namespace

RampValues ramp_values(Graph& graph, const Subject& subject, const Ask& ask) {
  const Value zero = graph.constant(0);
  RampValues ramps{zero, zero, PortValues(graph, subject), {}, {}};
  const std::size_t depth = subject.accelerator().levels.size();
  ramps.load.assign(depth, {zero, zero, zero});
  ramps.store = ramps.load;
  for (const Boundary& b : subject.boundaries) {
    if (b.child == subject.accelerator().depth()) {
      continue;
    }
    const bool outputs = b.role == Role::kOutputs;
    const auto tile = [&](Scope scope) {
      const Kind kind = outputs ? Kind::kLastTile : Kind::kFirstTile;
      return words_of(graph, subject, ask, {kind, b, scope, Visits::kAll, 0, 0}).value;
    };
    const auto child = static_cast<std::size_t>(b.child);
    const auto role = static_cast<std::size_t>(index_of(b.role));
    if (outputs) {
      const Value read = ramps.ports.add(b.child, b.role, Side::kRead, tile(Scope::kFirstReceiver));
      const Value write = ramps.ports.add(b.parent, b.role, Side::kWrite, tile(Scope::kFirstParent));
      ramps.store[child][role] = graph.greater(read, write);
      ramps.out = graph.add(ramps.out, ramps.store[child][role]);
      continue;
    }
    const Value read = ramps.ports.add(b.parent, b.role, Side::kRead, tile(Scope::kFirstParent));
    const Value write = ramps.ports.add(b.child, b.role, Side::kWrite, tile(Scope::kFirstReceiver));
    ramps.load[child][role] = graph.greater(read, write);
  }
  const SkewValues skew = skew_values(graph, subject, ask);
  ramps.in = graph.add(first_loads_end(graph, subject, ask), skew.in);
  ramps.out = graph.add(ramps.out, skew.out);
  return ramps;
}

}  // namespace weft::batch
