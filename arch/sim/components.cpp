// The time of every component of a run, from the totals that ports and engines have kept.
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "arch/sim/machine.hpp"

namespace weft::sim {

namespace {

// Adds a wait, if there was one, and takes it from `rest`.
void wait_for(Component& component, const std::string& what, Ticks ticks, Ticks& rest) {
  rest -= ticks;
  if (ticks > 0) {
    component.waits.emplace_back(what, cycles_of(ticks));
  }
}

Component engine_component(const Engine& engine, Component::Kind kind, Ticks total) {
  Component component{.name = engine.label(), .kind = kind};
  Ticks rest = total;
  Ticks busy = 0;
  for (std::size_t d = 0; d < kDoings; ++d) {
    const auto doing = static_cast<Doing>(d);
    const Ticks spent = engine.timeline().spent(doing);
    if (is_work(doing)) {
      busy += spent;
      rest -= spent;
    } else if (doing != Doing::kNothing) {
      wait_for(component, name_of(doing), spent, rest);
    }
  }
  component.busy = cycles_of(busy);
  component.idle = cycles_of(rest);
  return component;
}

Component port_component(const Port& port, Ticks total) {
  Component component{.name = port.name(), .kind = Component::Kind::kPort};
  Ticks rest = total - port.busy();
  wait_for(component, "a bank", port.banked(), rest);
  component.busy = cycles_of(port.busy());
  wait_for(component, "the other port of a transfer", port.blocked(), rest);
  component.idle = cycles_of(rest);
  return component;
}

// Nothing is idleness of the array: what is not work is a stall with a name.
Component array_component(const Job& job, const Stalls& stalls) {
  Component component{.name = "array", .kind = Component::Kind::kArray, .busy = stalls.computing};
  const auto add = [&component](const std::string& what, double cycles) {
    if (cycles > 0) {
      component.waits.emplace_back(what, cycles);
    }
  };
  add("its first tiles", stalls.ramp_in);
  for (const Role role : kAllRoles) {
    add("its tile of " + std::string(name_of(role)),
        cycles_of(job.waiting_for[static_cast<std::size_t>(index_of(role))]));
  }
  add("its operands' ports", stalls.operand_bandwidth);
  add("its commands", stalls.commands);
  add("nothing, held back at random", stalls.held_back);
  add("the last outputs to be stored", stalls.ramp_out);
  return component;
}

}  // namespace

void Machine::fill_components(Job& job, Ticks total) const {
  std::vector<Component>& components = job.result.components;
  components.push_back(array_component(job, job.result.stalls));
  for (const auto& level : ports_) {
    for (const MemoryPorts& memory : level) {
      for (const auto* port : {&memory.read, &memory.write, &memory.shared}) {
        if (*port) {
          components.push_back(port_component(**port, total));
        }
      }
    }
  }
  for (const LevelWires& wires : wires_) {
    for (const auto* port : {&wires.down, &wires.up}) {
      if (*port) {
        components.push_back(port_component(**port, total));
      }
    }
  }
  for (const Engine* engine : all_) {
    if (engine == vector_.get()) {
      components.push_back(engine_component(*engine, Component::Kind::kVectorUnit, total));
    } else if (engine != array_.get()) {
      components.push_back(engine_component(*engine, Component::Kind::kMover, total));
    }
  }
}

}  // namespace weft::sim
