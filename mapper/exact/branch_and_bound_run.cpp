// Families one by one, the most promising first.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "mapper/exact/branch_and_bound.hpp"

namespace weft::exact {

BranchAndBound::BranchAndBound(const MapRequest& request, const Options& options, const MapSpace& space,
                               const AxesAlike& alike, std::vector<Part> parts, Incumbents& incumbents)
    : request_(request),
      options_(options),
      space_(space),
      layout_(make_layout(space, alike)),
      costs_(make_cost_model(*request.accelerator, *request.table, *request.problem)),
      packing_(space, layout_.alike),
      incumbents_(incumbents),
      slides_(slides_of(space.problem(), parts)),
      dims_(dims_of(parts)),
      leaves_(request, space, costs_, options.rules, dims_, incumbents) {
  for (std::size_t part = 0; part < parts.size(); ++part) {
    const auto end = parts.begin() + static_cast<std::ptrdiff_t>(part);
    const auto twin = std::find_if(parts.begin(), end, [&](const Part& other) {
      return request.constraints == nullptr && options.rules.twins && twins(space, other, parts[part]);
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

std::vector<Alive> BranchAndBound::roots(BoundProgram& program) const {
  std::vector<double> values(program.products().size(), 1.0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Product& product = program.products()[i];
    for (std::size_t part = 0; part < tries_.size(); ++part) {
      const std::size_t index =
          product.special_part == static_cast<int>(part) ? product.special : product.index;
      values[i] *= program.from_above(i) ? tries_[part]->greatest(0, index) : tries_[part]->least(0)[index];
    }
  }
  program.pack(packing_.open());
  program.begin(values);
  program.begin_edges();
  std::vector<Alive> alive;
  for (std::size_t profile = 0; profile < program.profiles(); ++profile) {
    alive.push_back(with_cost(profile, program.bound(profile)));
  }
  return alive;
}

void BranchAndBound::search(const Family& family, BoundProgram& program, std::vector<Alive> alive) {
  refresh(alive);
  if (alive.empty()) {
    ++counts_.certificate.cut_by_bound;
    return;
  }
  family_ = &family;
  program_ = &program;
  leaves_.begin(family, program);
  energies_.begin(program);
  width_ = Rows::width(program);
  for (std::size_t part = 0; part < tries_.size(); ++part) {
    if (part == rows_.size()) {
      rows_.emplace_back(*tries_[part], static_cast<int>(part));
    }
    rows_[part].begin(program);
  }
  groups_.begin(family, program, rows_, tries_);
  values_.assign(width_, 1.0);
  packing_.clear();
  WaitingNode& root = waiting_.next();
  root = {};
  root.packed = packing_.open();
  root.nodes.assign(tries_.size(), 0);
  root.alive = std::move(alive);
  waiting_.add();
  explore();
}

}  // namespace weft::exact
