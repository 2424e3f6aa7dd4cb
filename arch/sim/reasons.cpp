// See reasons.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/reasons.hpp"

#include <algorithm>
#include <tuple>

namespace weft::sim {

namespace {

// Chains alternate between loads and stores of a few levels; a longer one would be going in a circle.
constexpr int kDeepest = 32;

auto key(const Reason& reason, const std::string* port) {
  return std::tuple(reason.stall, reason.why, reason.role, reason.store, reason.level, reason.other, port);
}

// Of a load into the keeper, or of a store out of it.
Reason at_keeper(Reason what, const std::vector<int>& keepers, std::size_t position, bool store) {
  what.store = store;
  what.level = keepers[position];
  what.other = position > 0 ? keepers[position - 1] : -1;
  return what;
}

}  // namespace

bool Reasons::is_wire(const std::string* port) const {
  return std::find(lines_.wires.begin(), lines_.wires.end(), port) != lines_.wires.end();
}

Reason::Why Reasons::moving(const std::string* port) const {
  return is_wire(port) ? Reason::Why::kWires : Reason::Why::kTransfer;
}

Reason::Why Reasons::held_up(const std::string* port) const {
  return is_wire(port) ? Reason::Why::kWiresTaken : Reason::Why::kContention;
}

// A transfer that moves or asks for its ports ends the chain: nothing if it does neither.
std::optional<Reason::Why> Reasons::on_ports(const Span& span) const {
  switch (span.doing) {
    case Doing::kMoving:
      return moving(span.port);
    case Doing::kPorts:
      return held_up(span.port);
    case Doing::kBank:
      return Reason::Why::kBank;
    default:
      return std::nullopt;
  }
}

void Reasons::add(Reason what, const std::string* port, Ticks from, Ticks to) {
  if (to <= from) {
    return;
  }
  for (Found& found : found_) {
    if (key(found.reason, found.port) == key(what, port)) {
      found.ticks += to - from;
      return;
    }
  }
  found_.push_back({std::move(what), port, to - from});
}

void Reasons::add(const Reason& what, Ticks from, Ticks to) {
  add(what, nullptr, from, to);
}

void Reasons::missing_tile(Reason::Stall stall, Role role, Ticks from, Ticks to) {
  if (to <= from) {
    return;
  }
  Reason what;
  what.stall = stall;
  what.role = role;
  load(what, chain(role).size() - 1, from, to, 0);
}

void Reasons::load(Reason what, std::size_t position, Ticks from, Ticks to, int depth) {
  const std::vector<int>& keepers = chain(what.role);
  what = at_keeper(what, keepers, position, false);
  const auto r = static_cast<std::size_t>(index_of(what.role));
  const Timeline* line = lines_.loads[r][static_cast<std::size_t>(what.level)];
  if (position == 0 || line == nullptr || depth > kDeepest) {
    add(what, nullptr, from, to);
    return;
  }
  line->between(from, to, [&](const Span& span) {
    Reason here = what;
    if (const auto why = on_ports(span)) {
      here.why = *why;
      return add(here, span.port, span.begin, span.end);
    }
    switch (span.doing) {
      case Doing::kSource:
        return load(here, position - 1, span.begin, span.end, depth + 1);
      case Doing::kSlot:
        if (what.role == Role::kOutputs) {
          return store(here, position, span.begin, span.end, depth + 1);
        }
        here.why = Reason::Why::kSlot;
        break;
      case Doing::kTurn:
        here.why = Reason::Why::kTurn;
        break;
      case Doing::kPredecessor:
      case Doing::kBuffer:
        return predecessor(what.stall, span.begin, span.end);
      case Doing::kHeldBack:
        here = {.stall = Reason::Stall::kHeldBack};
        here.stall = what.stall;
        break;
      default:
        break;
    }
    add(here, nullptr, span.begin, span.end);
  });
}

void Reasons::store(Reason what, std::size_t position, Ticks from, Ticks to, int depth) {
  const std::vector<int>& keepers = chain(Role::kOutputs);
  what = at_keeper(what, keepers, position, true);
  const Timeline* line = lines_.stores[static_cast<std::size_t>(what.level)];
  if (position == 0 || line == nullptr || depth > kDeepest) {
    add(what, nullptr, from, to);
    return;
  }
  line->between(from, to, [&](const Span& span) {
    Reason here = what;
    if (const auto why = on_ports(span)) {
      here.why = *why;
      return add(here, span.port, span.begin, span.end);
    }
    switch (span.doing) {
      case Doing::kAbove:
        return load(here, position - 1, span.begin, span.end, depth + 1);
      case Doing::kLastUse:
        if (position + 1 < keepers.size()) {
          return store(here, position + 1, span.begin, span.end, depth + 1);
        }
        here.why = Reason::Why::kSlot;
        break;
      default:
        break;
    }
    add(here, nullptr, span.begin, span.end);
  });
}

void Reasons::late_operands(Role role, int level, const Grant& grant, Ticks from, Ticks to) {
  Reason what;
  what.stall = Reason::Stall::kOperands;
  what.role = role;
  what.store = role == Role::kOutputs;
  what.level = level;
  for (const Hold& hold : grant.holds) {
    what.why = held_up(grant.blocker);
    const auto until = [&](Ticks end, const std::string* port) {
      add(what, port, from, std::min(end, to));
      from = std::max(from, std::min(end, to));
    };
    until(hold.begin - hold.before, grant.blocker);
    what.why = Reason::Why::kBank;
    until(hold.begin, grant.blocker);
    what.why = moving(grant.slowest);
    until(hold.end - hold.banks, grant.slowest);
    what.why = Reason::Why::kBank;
    until(hold.end, grant.slowest);
  }
  what.why = Reason::Why::kOther;
  add(what, nullptr, from, to);
}

void Reasons::predecessor(Reason::Stall stall, Ticks from, Ticks to) {
  Reason what;
  what.stall = stall;
  what.role = Role::kOutputs;
  what.why = Reason::Why::kPredecessor;
  add(what, nullptr, from, to);
}

std::vector<Reason> Reasons::take() const {
  std::vector<Reason> reasons;
  for (const Found& found : found_) {
    Reason reason = found.reason;
    reason.port = found.port != nullptr ? *found.port : "";
    reason.cycles = cycles_of(found.ticks);
    reasons.push_back(std::move(reason));
  }
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const Reason& a, const Reason& b) { return a.cycles > b.cycles; });
  return reasons;
}

}  // namespace weft::sim
