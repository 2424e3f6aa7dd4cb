// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/branch_and_bound.hpp"

#include <algorithm>
#include <iterator>

#include "mapper/exact/vectors.hpp"

namespace weft::exact {

std::size_t BranchAndBound::refresh(std::span<Alive> alive) {
  const auto end = std::remove_if(alive.begin(), alive.end(), [&](const Alive& one) { return beaten(one); });
  return static_cast<std::size_t>(end - alive.begin());
}

// What the node below another is to beat.
void BranchAndBound::ask(std::span<const Alive> alive, std::span<const double> above) {
  kinds_.clear();
  for (const Alive& one : alive) {
    kinds_.push_back(one.kind);
  }
  energies_.ask(kinds_, above);
}

std::vector<double> BranchAndBound::energies_of(std::span<const Alive> alive) {
  ask(alive, {});
  energies_.complete();
  return {energies_.least().begin(), energies_.least().end()};
}

// All parts stand at nodes of the same phase; the parts behind the one that moves contribute what they are
// known to.
bool BranchAndBound::stand(int phase) {
  for (std::size_t part = tries_.size(); part-- > 0;) {
    const double* own = row(part, nodes_[part]);
    if (own == nullptr) {
      return false;
    }
    multiply(behind(phase, part + 1), own, ones(), behind(phase, part), 0, width_);
  }
  return true;
}

void BranchAndBound::begin_phase(int phase, const Here& here) {
  if (phase == 1) {
    each_group(here.alive);
  } else if (stand(phase) && groups_.mention_enough(*group_, nodes_, phase)) {
    enter(phase, here);
  }
}

void BranchAndBound::enter(int phase, const Here& here) {
  if (phase == space_.depth()) {
    leaf(here.alive);
  } else {
    descend(phase, 0, here);
  }
}

// Where all dims are spread. From here on groups go their own ways, and know more about what is below.
void BranchAndBound::each_group(std::span<const Alive> alive) {
  struct Turn {
    Groups::Group* group;
    double cost;
    std::vector<Alive> alive;
    std::vector<double> energies;
  };
  std::vector<Turn> turns;
  for (std::size_t g = 0; g < groups_.all().size(); ++g) {
    Turn turn{&groups_.all()[g], std::numeric_limits<double>::infinity(), {}, {}};
    std::copy_if(alive.begin(), alive.end(), std::back_inserter(turn.alive),
                 [&](const Alive& one) { return groups_.of(one.kind) == g; });
    turn.alive.resize(refresh(turn.alive));
    group_ = turn.group;
    if (turn.alive.empty() || !stand(1)) {
      continue;
    }
    program_->begin({behind(1, 0), program_->products().size()});
    program_->begin_edges();
    for (Alive& one : turn.alive) {
      one = with_cost(one.kind, program_->bound(one.kind));
      turn.cost = std::min(turn.cost, one.cost);
    }
    turn.energies = energies_of(turn.alive);
    turns.push_back(std::move(turn));
  }
  std::stable_sort(turns.begin(), turns.end(), [](const Turn& a, const Turn& b) { return a.cost < b.cost; });
  for (Turn& turn : turns) {
    const std::size_t left = refresh(turn.alive);
    group_ = turn.group;
    if (left > 0 && stand(1)) {
      enter(1, {std::span(turn.alive).first(left), turn.energies});
    }
  }
  group_ = nullptr;
}

void BranchAndBound::descend(int phase, std::size_t part, const Here& above) {
  if (part == tries_.size()) {
    begin_phase(phase + 1, above);
    return;
  }
  Slot& here = slot(phase, part);
  here.children.clear();
  here.alive.clear();
  here.energies.clear();
  ask(above.alive, above.energies);
  const int from = nodes_[part];
  const TrieNode& node = tries_[part]->node(from);
  // Of two mappings that only swap twins, one is enough.
  const int first = twin_[part] < 0 ? 0 : nodes_[static_cast<std::size_t>(twin_[part])];
  for (int child = std::max(node.first_child, first); child < node.first_child + node.children; ++child) {
    look(phase, part, child, above.alive);
  }
  std::sort(here.children.begin(), here.children.end(), [](const Child& a, const Child& b) {
    return a.cost != b.cost ? a.cost < b.cost : a.node < b.node;
  });
  for (const Child& child : here.children) {
    const std::span<Alive> own = std::span(here.alive).subspan(child.first, child.count);
    const std::size_t left = refresh(own);
    if (left == 0) {
      ++counts_.certificate.cut_by_bound;
      continue;
    }
    nodes_[part] = child.node;
    if (part + 1 < tries_.size()) {
      multiply(here.before.data(), row(part, child.node), ones(), slot(phase, part + 1).before.data(), 0,
               width_);
    }
    const std::size_t flows = above.energies.size();
    descend(phase, part + 1,
            {own.first(left), std::span(here.energies).subspan(child.number * flows, flows)});
  }
  nodes_[part] = from;
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

// Which kinds are worth a look below this node?
void BranchAndBound::look(int phase, std::size_t part, int node, std::span<const Alive> alive) {
  Slot& here = slot(phase, part);
  const double* own = row(part, node);
  if (own == nullptr) {
    return;  // other groups' loops
  }
  if (exhausted()) {
    for (const Alive& one : alive) {
      open_ = std::min(open_, one.cost);
    }
    return;
  }
  ++counts_.certificate.nodes;
  const double* after = behind(phase, part + 1);
  const std::span<const double> values(here.values.data(), program_->products().size());
  multiply(here.before.data(), own, after, here.values.data(), 0, program_->fitting());
  if (!program_->fits(values)) {
    ++counts_.certificate.cut_by_capacity;
    return;
  }
  const std::int64_t cycles = whole_cycles(program_->compute(values));
  candidates_.assign(alive.begin(), alive.end());
  for (Alive& one : candidates_) {
    if (cycles > one.bound.cycles) {
      one = with_cost(one.kind, {cycles, one.bound.energy_pj});
    }
  }
  candidates_.resize(refresh(candidates_));
  if (candidates_.empty()) {
    ++counts_.certificate.cut_by_bound;
    return;
  }
  multiply(here.before.data(), own, after, here.values.data(), program_->fitting(), width_);
  program_->begin(values);
  if (gives_up(candidates_)) {
    ++counts_.certificate.cut_by_bound;
    return;
  }
  program_->begin_edges();
  Child child{std::numeric_limits<double>::infinity(), node, here.alive.size(), 0, here.children.size()};
  for (const Alive& one : candidates_) {
    const Alive below = with_cost(one.kind, program_->bound(one.kind));
    if (!beaten(below)) {
      here.alive.push_back(below);
      child.cost = std::min(child.cost, below.cost);
      ++child.count;
    }
  }
  if (child.count > 0) {
    here.children.push_back(child);
    here.energies.insert(here.energies.end(), energies_.least().begin(), energies_.least().end());
  } else {
    ++counts_.certificate.cut_by_bound;
  }
}

void BranchAndBound::leaf(std::span<const Alive> alive) {
  std::vector<int> options;
  for (std::size_t part = 0; part < tries_.size(); ++part) {
    const Part& own = tries_[part]->part();
    const TrieNode& node = tries_[part]->node(nodes_[part]);
    options.push_back(node.option);
    for (std::size_t d = 0; d < dims_[part].size(); ++d) {
      chains_[static_cast<std::size_t>(dims_[part][d])] =
          own.options[static_cast<std::size_t>(node.option)][d];
    }
  }
  alive_ = dead_ = no_kinds(*family_);
  for (const Alive& one : alive) {
    add_kind(alive_, one.kind);
  }
  for (std::size_t kind = 0; kind < family_->kinds.size(); ++kind) {
    if (groups_.of(kind) == groups_.of(alive.front().kind)) {
      add_kind(dead_, kind);
    }
  }
  for (std::size_t i = 0; i < dead_.size(); ++i) {
    dead_[i] &= ~alive_[i];
  }
  program_->begin({behind(space_.depth(), 0), program_->products().size()});
  program_->begin_edges();
  leaves_.price({chains_, options, alive_, dead_}, counts_);
}

}  // namespace weft::exact
