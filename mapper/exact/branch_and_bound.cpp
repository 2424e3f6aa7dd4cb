// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/branch_and_bound.hpp"

#include <algorithm>
#include <iterator>

namespace weft::exact {

BranchAndBound::BranchAndBound(const MapRequest& request, const Options& options, const MapSpace& space,
                               std::vector<Part> parts, Incumbents& incumbents)
    : request_(request),
      options_(options),
      space_(space),
      layout_(make_layout(space)),
      costs_(make_cost_model(*request.accelerator, *request.table, *request.problem)),
      incumbents_(incumbents),
      slides_(slides_of(space.problem(), parts)),
      dims_(dims_of(parts)),
      leaves_(request, space, costs_, options.rules, dims_, incumbents) {
  for (std::size_t part = 0; part < parts.size(); ++part) {
    const auto end = parts.begin() + static_cast<std::ptrdiff_t>(part);
    const auto twin = std::find_if(parts.begin(), end, [&](const Part& other) {
      return request.constraints == nullptr && options.rules.twins &&
             twins(space.problem(), other, parts[part]);
    });
    twin_.push_back(twin == end ? -1 : static_cast<int>(twin - parts.begin()));
    tries_.push_back(twin == end ? std::make_shared<Trie>(space_, layout_, parts[part])
                                 : tries_[static_cast<std::size_t>(twin_.back())]);
  }
  for (Chain& chain : chains_) {
    chain.time.fill(1);
    chain.x.fill(1);
    chain.y.fill(1);
  }
}

void BranchAndBound::run() {
  if (std::any_of(tries_.begin(), tries_.end(),
                  [](const auto& trie) { return trie->part().options.empty(); })) {
    return;  // nothing is permitted
  }
  struct Root {
    const Family* family;
    std::unique_ptr<BoundProgram> program;
    std::vector<Alive> alive;
    double cost;
  };
  const std::vector<Family> all = families(space_);
  std::vector<Root> list;
  for (const Family& family : all) {
    auto program = std::make_unique<BoundProgram>(request_, space_, layout_, costs_, family,
                                                  static_cast<int>(tries_.size()), slides_);
    std::vector<Alive> alive = roots(*program);
    double cost = std::numeric_limits<double>::infinity();
    for (const Alive& one : alive) {
      cost = std::min(cost, one.cost);
    }
    list.push_back({&family, std::move(program), std::move(alive), cost});
  }
  std::stable_sort(list.begin(), list.end(), [](const Root& a, const Root& b) { return a.cost < b.cost; });
  for (Root& root : list) {
    search(*root.family, *root.program, std::move(root.alive));
    root.program.reset();
  }
}

std::vector<BranchAndBound::Alive> BranchAndBound::roots(BoundProgram& program) const {
  std::vector<double> values(program.products().size(), 1.0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Product& product = program.products()[i];
    for (std::size_t part = 0; part < tries_.size(); ++part) {
      const std::size_t index =
          product.special_part == static_cast<int>(part) ? product.special : product.index;
      values[i] *= program.from_above(i) ? tries_[part]->greatest(0, index) : tries_[part]->least(0)[index];
    }
  }
  program.begin(values);
  std::vector<Alive> alive;
  for (std::size_t kind = 0; kind < program.kinds(); ++kind) {
    alive.push_back(with_cost(kind, program.bound(kind)));
  }
  return alive;
}

std::size_t BranchAndBound::refresh(std::span<Alive> alive) {
  const auto end = std::remove_if(alive.begin(), alive.end(), [&](const Alive& one) { return beaten(one); });
  return static_cast<std::size_t>(end - alive.begin());
}

void BranchAndBound::search(const Family& family, BoundProgram& program, std::vector<Alive> alive) {
  alive.resize(refresh(alive));
  if (alive.empty()) {
    ++counts_.certificate.cut_by_bound;
    return;
  }
  family_ = &family;
  program_ = &program;
  leaves_.begin(family, program);
  width_ = Rows::width(program);
  for (std::size_t part = 0; part < tries_.size(); ++part) {
    if (part == rows_.size()) {
      rows_.emplace_back(*tries_[part], static_cast<int>(part));
    }
    rows_[part].begin(program);
  }
  groups_.begin(family, rows_, tries_);
  const std::size_t parts = tries_.size();
  const auto phases = static_cast<std::size_t>(space_.depth());
  nodes_.assign(parts, 0);
  behind_.assign((phases + 1) * (parts + 1) * width_, 1.0);
  slots_.resize(phases * parts);
  for (Slot& slot : slots_) {
    slot.before.assign(width_, 1.0);
    slot.values.assign(width_, 1.0);
  }
  begin_phase(0, alive);
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

void BranchAndBound::begin_phase(int phase, std::span<const Alive> alive) {
  if (phase == 1) {
    each_group(alive);
    return;
  }
  if (stand(phase) && (group_ == nullptr || groups_.mention_enough(*group_, nodes_, phase))) {
    enter(phase, alive);
  }
}

void BranchAndBound::enter(int phase, std::span<const Alive> alive) {
  if (phase == space_.depth()) {
    leaf(alive);
  } else {
    descend(phase, 0, alive);
  }
}

// Where all dims are spread. From here on groups go their own ways, and know more about what is below.
void BranchAndBound::each_group(std::span<const Alive> alive) {
  struct Turn {
    Groups::Group* group;
    double cost;
    std::vector<Alive> alive;
  };
  std::vector<Turn> turns;
  for (std::size_t g = 0; g < groups_.all().size(); ++g) {
    Turn turn{&groups_.all()[g], std::numeric_limits<double>::infinity(), {}};
    std::copy_if(alive.begin(), alive.end(), std::back_inserter(turn.alive),
                 [&](const Alive& one) { return groups_.of(one.kind) == g; });
    turn.alive.resize(refresh(turn.alive));
    group_ = turn.group;
    if (turn.alive.empty() || !stand(1)) {
      continue;
    }
    program_->begin({behind(1, 0), program_->products().size()});
    for (Alive& one : turn.alive) {
      one = with_cost(one.kind, program_->bound(one.kind));
      turn.cost = std::min(turn.cost, one.cost);
    }
    turns.push_back(std::move(turn));
  }
  std::stable_sort(turns.begin(), turns.end(), [](const Turn& a, const Turn& b) { return a.cost < b.cost; });
  for (Turn& turn : turns) {
    const std::size_t left = refresh(turn.alive);
    group_ = turn.group;
    if (left > 0 && stand(1)) {
      enter(1, std::span(turn.alive).first(left));
    }
  }
  group_ = nullptr;
}

void BranchAndBound::descend(int phase, std::size_t part, std::span<const Alive> alive) {
  if (part == tries_.size()) {
    begin_phase(phase + 1, alive);
    return;
  }
  Slot& here = slot(phase, part);
  here.children.clear();
  here.alive.clear();
  const int from = nodes_[part];
  const TrieNode& node = tries_[part]->node(from);
  // Of two mappings that only swap twins, one is enough.
  const int first = twin_[part] < 0 ? 0 : nodes_[static_cast<std::size_t>(twin_[part])];
  for (int child = std::max(node.first_child, first); child < node.first_child + node.children; ++child) {
    look(phase, part, child, alive);
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
    descend(phase, part + 1, own.first(left));
  }
  nodes_[part] = from;
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
  Child child{std::numeric_limits<double>::infinity(), node, here.alive.size(), 0};
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
  leaves_.price({chains_, options, alive_, dead_}, counts_);
}

}  // namespace weft::exact
