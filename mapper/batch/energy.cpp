// energy() of energy_model as a formula.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/batch/cost.hpp"

namespace weft::batch {

namespace {

using Kind = Quantity::Kind;

class EnergyFormula {
 public:
  EnergyFormula(Graph& graph, const Subject& subject, const Ask& ask) : g_(graph), s_(subject), ask_(ask) {}

  Value total(Value cycles) {
    Value sum = g_.constant(0);
    for (int level = 0; level < s_.accelerator().depth(); ++level) {
      for (const Role role : kAllRoles) {
        if (s_.level(level).memory_index(role) >= 0) {
          sum = g_.add(sum, g_.add(memory(level, role), network(level, role)));
        } else {
          sum = g_.add(sum, network(level, role));
        }
      }
      sum = g_.add(sum, g_.multiply(leak(level), cycles));
    }
    const double macs_pj = mac_energy(s_.problem(), s_.accelerator(), s_.costs);
    const double idle = s_.costs.compute_leak * static_cast<double>(s_.accelerator().compute_units());
    return g_.add(sum, g_.add(g_.constant(macs_pj), g_.multiply(g_.constant(idle), cycles)));
  }

 private:
  [[nodiscard]] Value words(const Boundary& boundary, Scope scope, Visits visits) {
    return words_of(g_, s_, ask_, {Kind::kWords, boundary, scope, visits, 0, 0}).value;
  }
  // Partial sums of visits that are not the first.
  [[nodiscard]] Value again(const Boundary& boundary, Scope scope) {
    return g_.subtract(words(boundary, scope, Visits::kAll), words(boundary, scope, Visits::kFirst));
  }
  [[nodiscard]] Value instances(int level) {
    return ask_({Kind::kInstances, {}, Scope::kReceivers, Visits::kAll, level, 0}).value;
  }

  // Words as accesses of whole blocks, rounded up in each instance.
  Value accesses(Value moved, int level, Role role) {
    if (g_.is_constant(moved, 0)) {
      return moved;
    }
    const Value block = g_.constant(static_cast<double>(costs(level, role).block_words[index(role)]));
    const Value share = g_.multiply(block, instances(level));
    if (g_.is_constant(share, 1)) {
      return moved;
    }
    return g_.multiply(g_.ceil(g_.divide(moved, share)), instances(level));
  }

  Value memory(int level, Role role) {
    const AccessCosts cost = access_costs(costs(level, role), expected_shares(s_.accelerator(), level, role));
    Value reads = g_.constant(0);
    Value fills = reads;
    Value updates = reads;
    Value drains = reads;
    for (const Boundary& b : s_.boundaries) {
      if (b.role != role) {
        continue;
      }
      const bool outputs = role == Role::kOutputs;
      if (b.parent == level) {
        reads = outputs ? again(b, Scope::kParents) : words(b, Scope::kParents, Visits::kAll);
        updates = outputs ? words(b, Scope::kParents, Visits::kAll) : updates;
      } else if (b.child == level) {
        const bool counted = s_.request.model.counts.first_fill == FirstFill::kCounted;
        fills = outputs && !counted ? again(b, Scope::kReceivers) : words(b, Scope::kReceivers, Visits::kAll);
        drains = outputs ? words(b, Scope::kReceivers, Visits::kAll) : drains;
      }
    }
    Value sum = g_.multiply(accesses(reads, level, role), g_.constant(cost.read));
    sum = g_.add(sum, g_.multiply(accesses(fills, level, role), g_.constant(cost.write)));
    sum = g_.add(sum, g_.multiply(accesses(updates, level, role), g_.constant(cost.update)));
    return g_.add(sum, g_.multiply(accesses(drains, level, role), g_.constant(cost.drain)));
  }

  // The fan-outs from `level` down to the next level that keeps the tensor.
  Value network(int level, Role role) {
    for (const Boundary& b : s_.boundaries) {
      if (b.role != role || b.parent != level) {
        continue;
      }
      double per_word = 0;
      double per_send = 0;
      for (int l = level; l < b.child; ++l) {
        per_word += s_.costs.network_per_word[static_cast<std::size_t>(l)][index(role)];
        per_send += s_.costs.network_per_send[static_cast<std::size_t>(l)][index(role)];
      }
      Value delivered = words(b, Scope::kReceivers, Visits::kAll);
      if (role == Role::kOutputs) {
        delivered = g_.add(delivered, again(b, Scope::kReceivers));
      }
      return g_.add(g_.multiply(delivered, g_.constant(per_word)),
                    g_.multiply(words(b, Scope::kParents, Visits::kAll), g_.constant(per_send)));
    }
    return g_.constant(0);
  }

  // pJ per cycle over all instances of a level that are not switched off.
  Value leak(int level) {
    Value sum = g_.constant(0);
    const auto& memories = s_.costs.memories[static_cast<std::size_t>(level)];
    for (std::size_t m = 0; m < memories.size(); ++m) {
      const bool gated = s_.level(level).memories[m].power_gating == PowerGating::kUnused;
      const Value of_all = g_.constant(static_cast<double>(s_.accelerator().instances(level)));
      sum = g_.add(sum, g_.multiply(g_.constant(memories[m].leak), gated ? instances(level) : of_all));
    }
    return sum;
  }

  [[nodiscard]] static std::size_t index(Role role) { return static_cast<std::size_t>(index_of(role)); }
  [[nodiscard]] const MemoryCosts& costs(int level, Role role) const {
    return s_.costs.memories[static_cast<std::size_t>(level)]
                            [static_cast<std::size_t>(s_.level(level).memory_index(role))];
  }

  Graph& g_;
  const Subject& s_;
  const Ask& ask_;
};

}  // namespace

Value energy_of(Graph& graph, const Subject& subject, const Ask& ask, Value cycles) {
  return EnergyFormula(graph, subject, ask).total(cycles);
}

}  // namespace weft::batch
