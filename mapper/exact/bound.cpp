// Compiles the bound of a family of kinds.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/bound.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "dataflow/legality.hpp"

namespace weft::exact {

namespace {

// The number of `one` in the list, appended if it is new.
template <typename T>
std::size_t number_of(std::vector<T>& list, T one) {
  const auto known = std::find(list.begin(), list.end(), one);
  const auto number = static_cast<std::size_t>(known - list.begin());
  if (known == list.end()) {
    list.push_back(std::move(one));
  }
  return number;
}

}  // namespace

BoundProgram::BoundProgram(const MapRequest& request, const MapSpace& space, const Layout& layout,
                           const CostModel& costs, const Family& family, int parts,
                           const PerRole<std::vector<bool>>& slides)
    : space_(&space),
      layout_(&layout),
      slides_(slides),
      parts_(parts),
      resources_(request, space, costs, family),
      macs_(static_cast<double>(macs(space.problem()))),
      with_ramps_(request.model.ramps == Ramps::kAdd) {
  add_limits(family);
  iterations_ = product(layout.iterations);
  fitting_ = products_.size();
  add_options(family);
  fixed_out_ += static_cast<double>(space.accelerator().compute.latency_cycles - 1);
  if (with_ramps_) {
    add_ramps();
  }
  counted_.resize(amounts_.size());
  energies_.resize(options_.size());
  used_.resize(options_.size() * resources_.width());
  known_.resize(options_.size());
}

void BoundProgram::add_limits(const Family& family) {
  for (int level = 0; level < space_->depth(); ++level) {
    const auto l = static_cast<std::size_t>(level);
    const FanOut& fanout = space_->accelerator().levels[l].fanout;
    const auto systolic = [&](Role role) { return fanout.network[at(role)] == NetworkKind::kSystolic; };
    for (const auto& [axis, limit] :
         {std::pair{layout_->columns[l], fanout.x}, std::pair{layout_->rows[l], fanout.y}}) {
      if (limit == 1) {
        continue;
      }
      const bool at_edge = systolic(Role::kOutputs) && fanout.outlet == Outlet::kEdge;
      fixed_out_ += at_edge ? static_cast<double>(limit - 1) : 0;  // through the idle instances too
      if (layout_->alike[l]) {
        continue;  // Packing knows
      }
      axes_.emplace_back(product(axis), static_cast<double>(limit));
      if (systolic(Role::kWeights) || systolic(Role::kInputs)) {
        hops_.emplace_back(product(axis), true);
      }
      if (systolic(Role::kOutputs) && !at_edge) {
        hops_.emplace_back(product(axis), false);
      }
    }
    const auto& capacity = space_->level(level).capacity;
    for (std::size_t memory = 0; level > 0 && memory < capacity.size(); ++memory) {
      Room room;
      room.bits = static_cast<double>(capacity[memory]);
      for (const Role role : kAllRoles) {
        if (family.keep[l][at(role)] && space_->level(level).memory[at(role)] == static_cast<int>(memory)) {
          room.tiles.emplace_back(product(layout_->tile[l][at(role)]),
                                  space_->level(level).word_bits[at(role)]);
        }
      }
      if (!room.tiles.empty()) {
        rooms_.push_back(std::move(room));
      }
    }
  }
}

std::size_t BoundProgram::product(std::size_t index, bool above, int part, std::size_t special) {
  for (std::size_t i = 0; i < products_.size(); ++i) {
    const Product& known = products_[i];
    if (known.index == index && above_[i] == above && known.special_part == part &&
        known.special == special) {
      return i;
    }
  }
  products_.push_back({index, part, special});
  above_.push_back(above);
  return products_.size() - 1;
}

std::size_t BoundProgram::amount(const Asked& asked, int free_from, const Family& family) {
  const Role role = asked.boundary.role;
  Amount result;
  result.scale = constant_words(space_->problem().tensor(role), space_->problem());
  if (asked.boundary.child == space_->depth()) {
    result.ways.push_back({product(asked.whole(asked.boundary.child)), {}});
    result.exact = true;
    return number_of(amounts_, result);
  }
  std::vector<std::size_t> volumes;
  for (const Role limiting : kAllRoles) {
    const auto l = static_cast<std::size_t>(free_from);
    const Memory* memory = free_from > 0 && free_from < space_->depth() && family.keep[l][at(limiting)]
                               ? space_->accelerator().levels[l].memory_for(limiting)
                               : nullptr;
    if (limiting == role || memory == nullptr || !memory->capacity) {
      continue;
    }
    volumes.push_back(asked.volume(free_from, limiting));
    result.limits.push_back({product(layout_->rest[l][at(limiting)][at(role)]),
                             space_->level(static_cast<int>(l)).word_bits[at(limiting)] /
                                 static_cast<double>(usable_bits(*memory))});
  }
  // Whole tiles, or the window of one part slides, from some level inwards.
  const auto add = [&](std::size_t index, int part, std::size_t slide) -> Amount::Way& {
    Amount::Way& way = result.ways.emplace_back();
    way.words = product(index, false, part, slide);
    for (std::size_t i = 0; i < volumes.size(); ++i) {
      way.volumes[i] = product(volumes[i], false, part, slide);
    }
    return way;
  };
  add(asked.whole(free_from), -1, 0);
  for (int part = 0; part < parts_; ++part) {
    for (int from = 0; slides_[at(role)][static_cast<std::size_t>(part)] && from < asked.boundary.child;
         ++from) {
      Amount::Way& way = add(asked.beside(from, free_from), part, asked.slide(from));
      way.begin = product(asked.whole(std::min(from, free_from)), false, part, asked.begin(from));
    }
  }
  result.once = product(asked.once());
  return number_of(amounts_, result);
}

void BoundProgram::add_options(const Family& family) {
  constexpr std::array kScopes = {Scope::kReceivers, Scope::kParents, Scope::kFirstReceiver,
                                  Scope::kFirstParent};
  std::vector<std::vector<std::size_t>> choices(family.kinds.size());
  for (std::size_t f = 0; f < resources_.flows().size(); ++f) {
    const Boundary& boundary = resources_.flows()[f].boundary;
    // [level from which inwards loops are free]: the option
    std::vector<std::size_t> made(static_cast<std::size_t>(space_->depth()) + 1, SIZE_MAX);
    for (std::size_t kind = 0; kind < family.kinds.size(); ++kind) {
      const int level = free_from(family.kinds[kind], boundary.role, boundary.child);
      std::size_t& known = made[static_cast<std::size_t>(level)];
      if (known == SIZE_MAX) {
        FlowOption option;
        option.flow = f;
        option.free_from = level;
        option.scale = constant_words(space_->problem().tensor(boundary.role), space_->problem());
        for (const Scope scope : kScopes) {
          const auto s = static_cast<std::size_t>(scope);
          option.amounts[s] = amount(layout_->find(boundary, scope, Visits::kAll), level, family);
          option.seen[s] = boundary.role != Role::kOutputs
                               ? 0
                               : product(layout_->find(boundary, scope, Visits::kFirst).whole(0), true);
        }
        known = options_.size();
        options_.push_back(option);
      }
      choices[kind].push_back(known);
    }
  }
  for (std::vector<std::size_t>& one : choices) {
    profile_of_.push_back(number_of(choices_, std::move(one)));
  }
}

void BoundProgram::add_ramps() {
  for (int child = 1; child < space_->depth(); ++child) {
    for (const Resources::Flow& flow : resources_.flows()) {
      const Boundary& b = flow.boundary;
      for (const EdgeTile& edge : layout_->edges) {
        if (b.child != child || edge.boundary.role != b.role || edge.boundary.parent != b.parent ||
            edge.boundary.child != child) {
          continue;
        }
        const bool out = b.role == Role::kOutputs;
        Ramp ramp;
        ramp.out = out;
        ramp.parent = product(edge.parent);
        ramp.receiver = product(edge.receiver);
        ramp.scale = constant_words(space_->problem().tensor(b.role), space_->problem());
        ramp.read = out ? flow.time_parent_write : flow.time_parent_read;
        ramp.write = out ? flow.time_child_read : flow.time_child_write;
        ramp.read_shared = flow.shared_parent;
        ramp.write_shared = flow.shared_child;
        ramp.port_parent = flow.port_parent;
        ramp.port_child = flow.port_child;
        ramp.serial = flow.serial;
        ramps_.push_back(ramp);
      }
    }
  }
}

}  // namespace weft::exact
