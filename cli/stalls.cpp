// See stalls.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "cli/stalls.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "base/table.hpp"

namespace weft::cli {
namespace {

using sim::Reason;

auto key(const Reason& r) {
  return std::tie(r.stall, r.why, r.role, r.store, r.level, r.other, r.port);
}

std::string level_name(int level, const Accelerator& accelerator) {
  const auto l = static_cast<std::size_t>(level);
  return level >= 0 && l < accelerator.levels.size() ? accelerator.levels[l].name : "memory";
}

// "weights from GLB", "room for outputs in GLB"
std::string wanted(const Reason& reason, const Accelerator& accelerator) {
  const std::string level = level_name(reason.level, accelerator);
  const std::string tensor(name_of(reason.role));
  if (reason.stall == Reason::Stall::kOperands) {
    return reason.store ? level + " to take results" : "operands: " + tensor + " from " + level;
  }
  if (reason.store || reason.why == Reason::Why::kSlot) {
    return fmt::format("room for {} in {}", tensor, level);
  }
  const std::string first = reason.stall == Reason::Stall::kRampIn ? "its first " : "";
  const std::string words = reason.role == Role::kOutputs ? "partial sums" : tensor;
  return fmt::format("{}{} from {}", first, words, level_name(reason.other, accelerator));
}

std::string obstacle(const Reason& reason, const Accelerator& accelerator) {
  switch (reason.why) {
    case Reason::Why::kTransfer:
      if (reason.store && reason.stall != Reason::Stall::kOperands) {
        return fmt::format(": results were on their way to {}{}", level_name(reason.other, accelerator),
                           reason.port.empty() ? "" : " (port " + reason.port + ")");
      }
      return reason.port.empty() ? "" : " (port " + reason.port + ")";
    case Reason::Why::kContention:
      return reason.port.empty() ? ": other transfers went first"
                                 : fmt::format(": other transfers held port {}", reason.port);
    case Reason::Why::kBank:
      return fmt::format(": accesses waited for a bank (port {})", reason.port);
    case Reason::Why::kWires:
      return fmt::format(": on their way over {}", reason.port);
    case Reason::Why::kWiresTaken:
      return fmt::format(": other transfers were on {}", reason.port);
    case Reason::Why::kSlot:
      return ": the tiles there were still in use";
    case Reason::Why::kTurn:
      return ": as many outer iterations as allowed were under way";
    default:
      return "";
  }
}

void add_reason(std::vector<Reason>& to, const Reason& from, double copies) {
  for (Reason& reason : to) {
    if (key(reason) == key(from)) {
      reason.cycles += copies * from.cycles;
      return;
    }
  }
  to.push_back(from);
  to.back().cycles *= copies;
}

void add_wait(sim::Component& to, const std::pair<std::string, double>& wait, double copies) {
  for (auto& [what, cycles] : to.waits) {
    if (what == wait.first) {
      cycles += copies * wait.second;
      return;
    }
  }
  to.waits.emplace_back(wait.first, copies * wait.second);
}

// "conv2: worked 62.1 %" and below it what it waited for, at most `most` reasons of 1 % and more.
std::string line(const std::string& name, std::int64_t whole, const sim::Stalls& stalls, double vector,
                 const Accelerator& accelerator, std::size_t most) {
  const auto cycles = static_cast<double>(std::max<std::int64_t>(1, whole));
  std::string text = fmt::format("{}: worked {}", name, percent(stalls.computing / cycles));
  std::vector<std::pair<std::string, double>> parts;
  for (const Reason& reason : stalls.reasons) {
    parts.emplace_back(in_words(reason, accelerator), reason.cycles);
  }
  parts.emplace_back("waited for the vector unit", vector);
  std::stable_sort(parts.begin(), parts.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  double rest = cycles - stalls.computing;
  std::size_t shown = 0;
  for (const auto& [words, waited] : parts) {
    if (shown == most || waited < 0.01 * cycles) {
      break;
    }
    text += fmt::format("\n  {:>7}  {}", percent(waited / cycles), words);
    rest -= waited;
    ++shown;
  }
  if (rest >= 0.0005 * cycles) {
    text += fmt::format("\n  {:>7}  for other reasons", percent(rest / cycles));
  }
  return text + "\n";
}

std::string line(const LayerReport& layer, const Accelerator& accelerator, std::size_t most) {
  return line(layer.name, layer.cycles, layer.simulation->stalls, layer.simulation->vector_cycles,
              accelerator, most);
}

}  // namespace

std::string in_words(const Reason& reason, const Accelerator& accelerator) {
  switch (reason.stall) {
    case Reason::Stall::kCommands:
      return "waited for its command queue";
    case Reason::Stall::kHeldBack:
      return "was held back at random";
    case Reason::Stall::kRampOut:
      return "waited for its last outputs to be stored";
    default:
      break;
  }
  if (reason.why == Reason::Why::kPredecessor) {
    return "waited for the layers before";
  }
  if (reason.why == Reason::Why::kHops) {
    return "waited for first operands on their way from unit to unit";
  }
  return "waited for " + wanted(reason, accelerator) + obstacle(reason, accelerator);
}

std::string name_of(Reason::Why why) {
  switch (why) {
    case Reason::Why::kTransfer:
      return "transfer";
    case Reason::Why::kContention:
      return "contention";
    case Reason::Why::kBank:
      return "bank";
    case Reason::Why::kWires:
      return "wires";
    case Reason::Why::kWiresTaken:
      return "wires_taken";
    case Reason::Why::kSlot:
      return "slot";
    case Reason::Why::kTurn:
      return "turn";
    case Reason::Why::kPredecessor:
      return "predecessor";
    case Reason::Why::kHops:
      return "hops";
    case Reason::Why::kOther:
      return "other";
  }
  return "";
}

std::string name_of(Reason::Stall stall) {
  switch (stall) {
    case Reason::Stall::kRampIn:
      return "ramp_in";
    case Reason::Stall::kWaiting:
      return "waiting";
    case Reason::Stall::kOperands:
      return "operand_bandwidth";
    case Reason::Stall::kCommands:
      return "commands";
    case Reason::Stall::kHeldBack:
      return "held_back";
    case Reason::Stall::kRampOut:
      return "ramp_out";
  }
  return "";
}

std::string name_of(sim::Component::Kind kind) {
  switch (kind) {
    case sim::Component::Kind::kArray:
      return "array";
    case sim::Component::Kind::kPort:
      return "port";
    case sim::Component::Kind::kMover:
      return "mover";
    case sim::Component::Kind::kVectorUnit:
      return "vector unit";
  }
  return "";
}

void add_stalls(sim::Stalls& to, const sim::Stalls& from, double copies) {
  to.computing += copies * from.computing;
  to.commands += copies * from.commands;
  to.ramp_in += copies * from.ramp_in;
  to.ramp_out += copies * from.ramp_out;
  to.operand_bandwidth += copies * from.operand_bandwidth;
  to.held_back += copies * from.held_back;
  for (std::size_t role = 0; role < kRoles; ++role) {
    to.waiting_for[role] += copies * from.waiting_for[role];
  }
  for (const Reason& reason : from.reasons) {
    add_reason(to.reasons, reason, copies);
  }
  std::stable_sort(to.reasons.begin(), to.reasons.end(),
                   [](const Reason& a, const Reason& b) { return a.cycles > b.cycles; });
}

void add_components(std::vector<sim::Component>& to, const std::vector<sim::Component>& from, double copies) {
  for (const sim::Component& component : from) {
    auto same = std::find_if(to.begin(), to.end(), [&](const sim::Component& other) {
      return other.name == component.name && other.kind == component.kind;
    });
    if (same == to.end()) {
      to.push_back({.name = component.name, .kind = component.kind});
      same = to.end() - 1;
    }
    same->busy += copies * component.busy;
    same->idle += copies * component.idle;
    for (const auto& wait : component.waits) {
      add_wait(*same, wait, copies);
    }
  }
}

std::string stall_sentences(const Report& report, const Accelerator& accelerator) {
  std::string text = "\nwhy the array did not work, as shares of the cycles (one layer after the other)\n";
  text += line(report.total, accelerator, 6);
  for (const LayerReport& layer : report.layers) {
    if (layer.kind != "vector" && layer.simulation->same_as.empty()) {
      text += line(layer, accelerator, 3);
    }
  }
  return text;
}

std::string back_to_back_text(const Report& report, const Accelerator& accelerator) {
  const BackToBack& run = *report.back_to_back;
  const double saved =
      1 - static_cast<double>(run.cycles) / static_cast<double>(std::max<std::int64_t>(1, run.sum_of_layers));
  std::string text = fmt::format("\nlayers back to back: {} cycles, {} less than the sum of the layers\n",
                                 grouped(run.cycles), percent(saved));
  text += run.without_early_tiles
              ? "(no tile comes before the layer before is over: that would have taken longer)\n"
              : "(the next layer's weights come early where the buffers have room; docs/design.md, section "
                "4.9)\n";
  return text + line(report.total.name, run.cycles, run.stalls, 0, accelerator, 6);
}

}  // namespace weft::cli
