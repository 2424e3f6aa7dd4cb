// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/tables.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include "base/checked.hpp"
#include "base/error.hpp"
#include "dataflow/run_words.hpp"
#include "dataflow/steps.hpp"
#include "mapper/exact/factors.hpp"
#include "mapper/exact/windows.hpp"

namespace weft::exact {

namespace {

// The mapping's loops of some dims only.
Mapping partial(const MapSpace& space, const Chains& chains, const std::vector<int>& dims,
                std::span<const Order* const> orders) {
  Mapping mapping;
  mapping.levels.resize(static_cast<std::size_t>(space.depth()));
  const auto own = [&](int dim) { return std::find(dims.begin(), dims.end(), dim) != dims.end(); };
  for (std::size_t level = 0; level < mapping.levels.size(); ++level) {
    for (const int dim : orders[level]->dims) {
      if (own(dim)) {
        mapping.levels[level].temporal.push_back({dim, chains[static_cast<std::size_t>(dim)].time[level]});
      }
    }
    for (const Axis axis : {Axis::kX, Axis::kY}) {
      for (const int dim : dims) {
        const Chain& chain = chains[static_cast<std::size_t>(dim)];
        const std::int64_t bound = axis == Axis::kX ? chain.x[level] : chain.y[level];
        if (bound > 1) {
          mapping.levels[level].spatial.push_back({dim, bound, axis});
        }
      }
    }
  }
  return mapping;
}

template <class Group>
bool owns(const Group& group, int dim) {
  return ((group.dims >> static_cast<unsigned>(dim)) & 1U) != 0;
}

}  // namespace

Tables::Tables(const MapRequest& request, const MapSpace& space, std::vector<std::vector<int>> parts)
    : request_(request), space_(space), parts_(std::move(parts)) {
  WEFT_ENSURE(request.model.counts.slides == Slides::kAny, "tables know windows that slide in any order");
  for (const Role role : kAllRoles) {
    constant_[static_cast<std::size_t>(index_of(role))] =
        constant_words(space.problem().tensor(role), space.problem()) > 0 ? 1 : 0;
  }
}

void Tables::keep(const std::vector<PerRole<bool>>& keep) {
  Mapping mapping;
  for (const PerRole<bool>& kept : keep) {
    mapping.levels.push_back({{}, {}, kept});
  }
  boundaries_ = boundaries(mapping, space_.accelerator());
  questions_.assign(boundaries_.size(), {});
  same_.assign(boundaries_.size(), {});
  for (std::size_t flow = 0; flow < boundaries_.size(); ++flow) {
    const Boundary& boundary = boundaries_[flow];
    for (const Scope scope :
         {Scope::kReceivers, Scope::kParents, Scope::kFirstReceiver, Scope::kFirstParent}) {
      const Scope same = representative(space_, boundary, scope);
      same_[flow][static_cast<std::size_t>(scope)] = static_cast<std::size_t>(same);
      if (same != scope) {
        continue;
      }
      for (const Visits visits : {Visits::kAll, Visits::kFirst}) {
        if (visits == Visits::kAll || boundary.role == Role::kOutputs) {
          questions_[flow].push_back(number_of({boundary, scope, visits}));
        }
      }
    }
  }
}

void Tables::split(const Chains& chains, const std::vector<int>& options) {
  chains_ = chains;
  options_ = options;
  current_.assign(asked_.size(), std::vector<const Answer*>(parts_.size()));
}

std::size_t Tables::number_of(const Asked& asked) {
  const auto known = std::find(asked_.begin(), asked_.end(), asked);
  const auto number = static_cast<std::size_t>(known - asked_.begin());
  if (known == asked_.end()) {
    asked_.push_back(asked);
    answers_.emplace_back(parts_.size());
  }
  return number;
}

Tables::Answer Tables::make_answer(std::size_t part, const Asked& asked,
                                   std::span<const Order* const> orders) {
  const std::vector<int>& dims = parts_[part];
  const Accelerator& machine = space_.accelerator();
  const TensorShape& tensor = space_.problem().tensor(asked.boundary.role);
  const Nest nest(partial(space_, chains_, dims, orders), space_.problem());
  const GroupRules rules = rules_of(machine, asked.boundary, asked.visits, request_.model.counts);
  const Small<Gather, 32> how = gathers_of(nest, tensor, machine, asked.boundary, asked.scope, asked.visits);
  memo_.begin();
  Answer answer;
  for (TransferGroup& group : transfer_groups(nest, tensor, asked.boundary.child)) {
    unsigned own = 0;
    for (const int dim : dims) {
      const bool in_rank = group.rank != nullptr && mentions(*group.rank, dim);
      const bool is_it = group.rank == nullptr && group.dims[0].dim == dim;
      own |= in_rank || is_it ? 1U << static_cast<unsigned>(dim) : 0U;
    }
    if (own != 0) {
      answer.push_back({memo_.words(group, rules, {how.data(), how.size()}), group.rank != nullptr, own});
    }
  }
  return answer;
}

const Tables::Answer& Tables::answer(std::size_t part, std::size_t question,
                                     std::span<const Order* const> orders) {
  const std::vector<int>& dims = parts_[part];
  const Answer*& current = current_[question][part];
  if (current != nullptr && dims.size() == 1) {
    return *current;
  }
  // Two dims of a part: which of them is further out, at each level outside the tile.
  auto key = static_cast<std::uint64_t>(options_[part]);
  const auto levels = static_cast<std::size_t>(asked_[question].boundary.child);
  for (std::size_t level = 0; dims.size() > 1 && level < std::min(levels, orders.size()); ++level) {
    const std::vector<int>& order = orders[level]->dims;
    const auto first = std::find_first_of(order.begin(), order.end(), dims.begin(), dims.end());
    key = 2 * key + (first != order.end() && *first == dims[1] ? 1 : 0);
  }
  Answers& known = answers_[question][part];
  const auto [found, is_new] = known.by_option.try_emplace(key, nullptr);
  if (is_new) {
    view_of(part, asked_[question], orders, known.views.next());
    const auto [same, unseen] = known.views.take();
    if (unseen) {
      known.by_view.push_back(make_answer(part, asked_[question], orders));
    }
    found->second = &known.by_view[same];
  }
  current = found->second;
  return *current;
}

// The loops outside the child, in the order in which the question meets them, and the tile inside.
void Tables::view_of(std::size_t part, const Asked& asked, std::span<const Order* const> orders,
                     Key& key) const {
  const std::vector<int>& dims = parts_[part];
  for (const int dim : dims) {
    const Chain& chain = chains_[static_cast<std::size_t>(dim)];
    const Gathers gather = gathers(space_, dim, asked.boundary, asked.scope, asked.visits);
    key.push_back(extent_of(chain, asked.boundary.child, space_.depth()));
    for (const ChainLoop& loop : loops_of(chain, space_.depth())) {
      if (loop.spatial && loop.level < asked.boundary.child) {
        key.insert(key.end(), {static_cast<std::int64_t>(gather[static_cast<std::size_t>(loop.level)]),
                               loop.bound, loop.stride});
      }
    }
    key.push_back(-1);
  }
  for (std::size_t level = 0; level < std::min(orders.size(), static_cast<std::size_t>(asked.boundary.child));
       ++level) {
    for (const int dim : orders[level]->dims) {
      if (std::find(dims.begin(), dims.end(), dim) != dims.end()) {
        key.insert(key.end(), {dim, chains_[static_cast<std::size_t>(dim)].time[level]});
      }
    }
  }
}

std::int64_t Tables::total(const Asking& groups, int child) const {
  if (child == space_.depth()) {
    Small<Moved, 12> moved;
    for (const GroupTable* group : groups) {
      moved.push_back(group->words.cases[0]);
    }
    return combine({moved.data(), moved.size()}, false);
  }
  std::int64_t words = 1;
  Small<const GroupWords*, 12> answers;
  std::array<std::size_t, kMaxDims> owner{};
  for (std::size_t g = 0; g < groups.size(); ++g) {
    words = checked_mul(words, groups[g]->words.first);
    answers.push_back(&groups[g]->words);
    for (unsigned left = groups[g]->dims; left != 0; left &= left - 1) {
      owner[static_cast<std::size_t>(std::countr_zero(left))] = g;
    }
  }
  Small<std::size_t, 24> owners;
  for (const Loop& loop : temporal_) {
    if (loop.level >= child) {
      break;
    }
    owners.push_back(owner[static_cast<std::size_t>(loop.dim)]);
  }
  return checked_add(words,
                     later_words({answers.data(), answers.size()}, {owners.data(), owners.size()}, {}));
}

// Inside the last loop of a dim the outputs mention, the others are back at zero.
std::int64_t Tables::last_tile(const Asking& groups, int child) const {
  Small<int, 12> passed(groups.size(), 0);
  Small<int, 12> own(groups.size(), 0);
  for (const Loop& loop : temporal_) {
    if (loop.level >= child) {
      break;
    }
    bool mentioned = false;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      if (owns(*groups[g], loop.dim)) {
        ++own[g];
        mentioned = mentioned || groups[g]->mentioned;
      }
    }
    if (mentioned) {
      passed = own;
    }
  }
  std::int64_t words = 1;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    words *= groups[g]->words.last[static_cast<std::size_t>(groups[g]->mentioned ? own[g] : passed[g])];
  }
  return words;
}

void Tables::fill(std::size_t question, std::span<const Order* const> orders, FlowWords& flow) {
  const Asked& asked = asked_[question];
  const auto scope = static_cast<std::size_t>(asked.scope);
  const auto role = static_cast<std::size_t>(index_of(asked.boundary.role));
  Asking groups;
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    for (const GroupTable& group : answer(part, question, orders)) {
      groups.push_back(&group);
    }
  }
  const std::int64_t words = total(groups, asked.boundary.child) * constant_[role];
  (asked.visits == Visits::kFirst ? flow.seen : flow.all)[scope] = words;
  if (asked.boundary.child == space_.depth() || asked.visits == Visits::kFirst) {
    return;
  }
  if (asked.boundary.role == Role::kOutputs) {
    flow.last[scope] = constant_[role] * last_tile(groups, asked.boundary.child);
    return;
  }
  flow.first[scope] = constant_[role];
  for (const GroupTable* group : groups) {
    flow.first[scope] *= group->words.first;
  }
}

FlowWords Tables::words(std::size_t flow, std::span<const Order* const> orders) {
  temporal_.clear();
  for (std::size_t level = 0; level < orders.size(); ++level) {
    for (const int dim : orders[level]->dims) {
      temporal_.push_back({static_cast<int>(level), dim});
    }
  }
  FlowWords words;
  words.boundary = boundaries_[flow];
  for (const std::size_t question : questions_[flow]) {
    fill(question, orders, words);
  }
  for (const Scope scope : {Scope::kReceivers, Scope::kParents, Scope::kFirstReceiver, Scope::kFirstParent}) {
    const auto to = static_cast<std::size_t>(scope);
    const std::size_t from = same_[flow][to];
    words.all[to] = words.all[from];
    words.seen[to] = words.seen[from];
    words.first[to] = words.first[from];
    words.last[to] = words.last[from];
  }
  return words;
}

Evaluation Tables::evaluate(std::span<const FlowWords> flows) const {
  Order any;
  for (int dim = 0; dim < space_.dims(); ++dim) {
    any.dims.push_back(dim);
  }
  const std::vector<const Order*> orders(static_cast<std::size_t>(space_.depth()), &any);
  const Mapping mapping = partial(space_, chains_, any.dims, orders);
  const MachineUse use = machine_use(Nest(mapping, space_.problem()), mapping, space_.accelerator());
  return assess(space_.problem(), space_.accelerator(), flows, use, request_.model);
}

}  // namespace weft::exact
