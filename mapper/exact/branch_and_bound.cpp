// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/branch_and_bound.hpp"

#include <algorithm>

#include "mapper/exact/vectors.hpp"

namespace weft::exact {

void BranchAndBound::refresh(std::vector<Alive>& alive) const {
  std::erase_if(alive, [&](const Alive& one) { return beaten(one); });
}

// What the nodes to come are to beat.
void BranchAndBound::ask(std::span<const Alive> alive, std::span<const double> above) {
  profiles_.clear();
  for (const Alive& one : alive) {
    profiles_.push_back(one.profile);
  }
  energies_.ask(profiles_, above);
}

bool BranchAndBound::gather(std::size_t but) {
  others_.assign(width_, 1.0);
  for (std::size_t part = 0; part < tries_.size(); ++part) {
    if (part == but) {
      continue;
    }
    const double* own = row(part, nodes_[part]);
    if (own == nullptr) {
      return false;
    }
    multiply(others_.data(), own, others_.data(), 0, width_);
  }
  return true;
}

void BranchAndBound::explore() {
  while (WaitingNode* next = waiting_.take()) {
    refresh(next->alive);
    if (next->alive.empty()) {
      ++counts_.certificate.cut_by_bound;
    } else if (exhausted()) {
      leave_open(next->alive);
    } else {
      visit(*next);
    }
  }
}

void BranchAndBound::leave_open(std::span<const Alive> alive) {
  for (const Alive& one : alive) {
    open_ = std::min(open_, one.cost);
  }
}

void BranchAndBound::visit(WaitingNode& here) {
  nodes_ = here.nodes;
  group_ = here.group;
  if (here.energies.empty()) {
    measure(here);
  } else if (here.part < tries_.size()) {
    decide(here);
  } else if (here.phase == 0) {
    each_group(here);
  } else {
    leaf(here);
  }
}

// Which nodes of the part are worth a visit, with which kinds?
void BranchAndBound::decide(const WaitingNode& here) {
  gather(here.part);
  if (here.phase == 0) {
    place_before(here.part);
  } else {
    program_->pack(here.packed);
  }
  ask(here.alive, here.energies);
  const TrieNode node = tries_[here.part]->node(nodes_[here.part]);
  // Of two mappings that only swap twins, one is enough.
  const int first = twin_[here.part] < 0 ? 0 : nodes_[static_cast<std::size_t>(twin_[here.part])];
  for (int child = std::max(node.first_child, first); child < node.first_child + node.children; ++child) {
    nodes_[here.part] = child;
    look(here);
  }
}

// Do the least energy of these kinds' flows and the cycles known of them give up all?
bool BranchAndBound::gives_up(std::span<const Alive> alive) {
  std::int64_t cycles = std::numeric_limits<std::int64_t>::max();
  for (const Alive& one : alive) {
    cycles = std::min(cycles, one.bound.cycles);
  }
  return energies_.give_up([&](double energy) {
    const Bound bound = program_->resources().bound(energy, cycles);
    return options_.rules.bounds && incumbents_.beats(bound, incumbents_.cost(bound));
  });
}

void BranchAndBound::place_before(std::size_t end) {
  packing_.clear();
  for (std::size_t part = 0; part < end; ++part) {
    packing_.place(tries_[part]->rectangles(nodes_[part]));
  }
}

bool BranchAndBound::packs(std::size_t part) {
  const std::optional<Packed> packed = packing_.with(tries_[part]->rectangles(nodes_[part]));
  if (packed) {
    program_->pack(*packed);
  }
  return packed.has_value();
}

// Which kinds are worth a visit where the part stands now?
void BranchAndBound::look(const WaitingNode& above) {
  const std::size_t part = above.part;
  const double* own = row(part, nodes_[part]);
  // Where phase 0 ends, groups part first.
  const bool ends = part + 1 == tries_.size() && above.phase > 0;
  if (own == nullptr || (ends && !groups_.mention_enough(*group_, nodes_, above.phase + 1))) {
    return;  // other groups' loops
  }
  if (exhausted()) {
    leave_open(above.alive);
    return;
  }
  ++counts_.certificate.nodes;
  const std::span<const double> values(values_.data(), program_->products().size());
  multiply(others_.data(), own, values_.data(), 0, program_->fitting());
  if (!program_->fits(values) || (above.phase == 0 && !packs(part))) {
    ++counts_.certificate.cut_by_capacity;
    return;
  }
  const std::int64_t cycles = whole_cycles(program_->compute(values));
  candidates_ = above.alive;
  for (Alive& one : candidates_) {
    if (cycles > one.bound.cycles) {
      one = with_cost(one.profile, {cycles, one.bound.energy_pj});
    }
  }
  refresh(candidates_);
  if (candidates_.empty()) {
    ++counts_.certificate.cut_by_bound;
    return;
  }
  multiply(others_.data(), own, values_.data(), program_->fitting(), width_);
  program_->begin(values);
  if (gives_up(candidates_)) {
    ++counts_.certificate.cut_by_bound;
    return;
  }
  WaitingNode& below = waiting_.next();
  bound_all(candidates_, below);
  if (below.alive.empty()) {
    ++counts_.certificate.cut_by_bound;
    return;
  }
  below.phase = above.phase + (ends ? 1 : 0);
  below.part = ends && below.phase < space_.depth() ? 0 : part + 1;
  below.group = above.group;
  below.packed = above.packed;
  below.nodes = nodes_;
  below.energies.assign(energies_.least().begin(), energies_.least().end());
  waiting_.add();
}

// Of these, the profiles that are of use where the program stands.
void BranchAndBound::bound_all(std::span<const Alive> alive, WaitingNode& here) {
  program_->begin_edges();
  here.cost = std::numeric_limits<double>::infinity();
  here.alive.clear();
  for (const Alive& one : alive) {
    const Alive bounded = with_cost(one.profile, program_->bound(one.profile));
    if (!beaten(bounded)) {
      here.alive.push_back(bounded);
      here.cost = std::min(here.cost, bounded.cost);
    }
  }
}

// All dims are spread. From here on groups go their own ways.
void BranchAndBound::each_group(const WaitingNode& here) {
  place_before(tries_.size());
  const Packed packed = packing_.closed();
  for (Groups::Group& group : groups_.all()) {
    WaitingNode& turn = waiting_.next();
    turn.cost = std::numeric_limits<double>::infinity();
    turn.alive.clear();
    for (const Alive& one : here.alive) {
      if (group.profiles[one.profile] && !beaten(one)) {
        turn.alive.push_back(one);
        turn.cost = std::min(turn.cost, one.cost);
      }
    }
    if (turn.alive.empty()) {
      continue;
    }
    turn.phase = 1;
    turn.part = space_.depth() == 1 ? tries_.size() : 0;
    turn.group = &group;
    turn.packed = packed;
    turn.nodes = nodes_;
    turn.energies.clear();
    waiting_.add();
  }
}

// Where a tree begins, and where a group does, which knows more about what is below than all of them
// together.
void BranchAndBound::measure(const WaitingNode& here) {
  if (!gather(tries_.size())) {
    return;
  }
  const std::span<const double> values(others_.data(), program_->products().size());
  // The smallest tiles of all; where nothing is to be split, no other node asks.
  if (here.phase == 0 && !program_->fits(values)) {
    ++counts_.certificate.cut_by_capacity;
    return;
  }
  program_->pack(here.packed);
  program_->begin(values);
  WaitingNode& again = waiting_.next();
  bound_all(here.alive, again);
  if (again.alive.empty()) {
    ++counts_.certificate.cut_by_bound;
    return;
  }
  again.phase = here.phase;
  again.part = here.part;
  again.group = here.group;
  again.packed = here.packed;
  again.nodes = here.nodes;
  ask(again.alive, {});
  energies_.complete();
  again.energies.assign(energies_.least().begin(), energies_.least().end());
  waiting_.add();
}

}  // namespace weft::exact
