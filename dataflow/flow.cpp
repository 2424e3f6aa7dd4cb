// SPDX-License-Identifier: Apache-2.0
#include "dataflow/flow.hpp"

#include <algorithm>

#include "base/checked.hpp"
#include "base/error.hpp"
#include "dataflow/run_words.hpp"

namespace weft {

namespace {

using Groups = Small<const GroupWords*, 8>;  // of a question, in the order of the flow's groups

// One boundary. All its questions see the same groups; they differ in how instances combine.
class Flow {
 public:
  // The references outlive the flow.
  Flow(const Nest& nest, const Problem& problem, const Accelerator& accelerator, const Boundary& boundary,
       const CountOptions& options, GroupMemo& memo)
      : nest_(nest),
        tensor_(problem.tensor(boundary.role)),
        accelerator_(accelerator),
        boundary_(boundary),
        memo_(memo),
        rules_(rules_of(accelerator, boundary, Visits::kAll, options)),
        groups_(transfer_groups(nest, tensor_, boundary.child)),
        known_(groups_.size()) {
    std::size_t loops = 0;
    for (const TransferGroup& group : groups_) {
      loops += group.loops.size();
    }
    owners_.resize(loops);
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      for (const TransferGroup::TemporalLoop& loop : groups_[g].loops) {
        owners_[static_cast<std::size_t>(loop.position)] = g;
      }
    }
    steady_ = steady_loops({groups_.data(), groups_.size()}, static_cast<int>(loops), options.slides);
  }

  // All answers at once.
  [[nodiscard]] FlowWords words() {
    FlowWords result;
    result.boundary = boundary_;
    const bool outputs = boundary_.role == Role::kOutputs;
    for (const Scope scope :
         {Scope::kReceivers, Scope::kParents, Scope::kFirstReceiver, Scope::kFirstParent}) {
      const auto s = static_cast<std::size_t>(scope);
      if (scope == Scope::kFirstReceiver && !rules_.retains) {
        continue;
      }
      const Asked all = ask(scope, Visits::kAll);
      result.all[s] = all.words;
      result.seen[s] = outputs ? ask(scope, Visits::kFirst).words : 0;
      if (rules_.retains && (scope == Scope::kFirstReceiver || scope == Scope::kFirstParent)) {
        (outputs ? result.last : result.first)[s] = outputs ? last_tile(all.groups) : first_tile(all.groups);
      }
    }
    return result;
  }

 private:
  // A question by how all instances combine and by the visits that count, and its answer over the whole run.
  struct Asked {
    std::uint64_t how = 0;
    Groups groups;
    std::int64_t words = 0;
  };
  // What a group answered, by how its instances combine and, for a dim not mentioned, by visits.
  struct Known {
    std::uint64_t how = 0;
    const GroupWords* words = nullptr;
  };

  [[nodiscard]] bool mentioned(std::size_t g) const { return groups_[g].rank != nullptr; }

  [[nodiscard]] const Asked& ask(Scope scope, Visits visits) {
    const Small<Gather, 32> how = gathers_of(nest_, tensor_, accelerator_, boundary_, scope, visits);
    std::uint64_t key = 2 + static_cast<std::uint64_t>(visits);
    for (std::size_t i = 0; i < how.size(); ++i) {
      if (nest_.loops()[i].spatial) {
        WEFT_ENSURE(key < std::uint64_t{1} << 60U, "too many spatial loops");
        key = 4 * key + static_cast<std::uint64_t>(how[i]);
      }
    }
    const auto known =
        std::find_if(asked_.begin(), asked_.end(), [&](const Asked& one) { return one.how == key; });
    if (known != asked_.end()) {
      return *known;
    }
    rules_.visits = visits;
    Asked& asked = asked_.emplace_back();
    asked.how = key;
    for (std::size_t g = 0; g < groups_.size(); ++g) {
      asked.groups.push_back(&answer(g, {how.data(), how.size()}));
    }
    asked.words = sum(asked.groups);
    return asked;
  }

  [[nodiscard]] const GroupWords& answer(std::size_t g, std::span<const Gather> how) {
    std::uint64_t key = mentioned(g) ? 1 : 2 + static_cast<std::uint64_t>(rules_.visits);
    for (const TransferGroup::SpatialLoop& loop : groups_[g].spatial) {
      key = 4 * key + static_cast<std::uint64_t>(how[static_cast<std::size_t>(loop.loop)]);
    }
    auto& answers = known_[g];
    const auto found =
        std::find_if(answers.begin(), answers.end(), [&](const Known& one) { return one.how == key; });
    if (found != answers.end()) {
      return *found->words;
    }
    return *answers.emplace_back(Known{key, &memo_.words(groups_[g], rules_, how)}).words;
  }

  [[nodiscard]] std::int64_t sum(const Groups& groups) const {
    if (rules_.retains) {
      return checked_add(first_tile(groups),
                         later_words({groups.data(), groups.size()}, {owners_.data(), owners_.size()},
                                     {steady_.data(), steady_.size()}));
    }
    Small<Moved, 8> moved;
    for (const GroupWords* group : groups) {
      moved.push_back(group->cases[0]);
    }
    return combine({moved.data(), moved.size()}, false);
  }

  // A tensor without ranks has no word that could move.
  [[nodiscard]] std::int64_t first_tile(const Groups& groups) const {
    std::int64_t words = groups_.empty() || !mentioned(0) ? 0 : 1;
    for (const GroupWords* group : groups) {
      words = checked_mul(words, group->first);
    }
    return words;
  }

  // Of the last output tile: loops the outputs do not mention and that lie inside the last advance of one
  // they do are back at zero when it begins.
  [[nodiscard]] std::int64_t last_tile(const Groups& groups) const {
    const std::size_t last = last_advance();
    std::int64_t words = groups_.empty() || !mentioned(0) ? 0 : 1;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const auto& own = groups_[g].loops;
      const auto inside = [&](const TransferGroup::TemporalLoop& loop) {
        return static_cast<std::size_t>(loop.position) >= last;
      };
      const auto place = mentioned(g) ? own.end() : std::find_if(own.begin(), own.end(), inside);
      words = checked_mul(words, groups[g]->last[static_cast<std::size_t>(place - own.begin())]);
    }
    return words;
  }

  // One past the innermost loop of the tensor's dims that has advanced when all are at their last digits.
  [[nodiscard]] std::size_t last_advance() const {
    std::size_t result = 0;
    for (std::size_t g = 0; g < groups_.size() && mentioned(g); ++g) {
      Small<std::int64_t, 2> base(groups_[g].dims.size(), 0);
      for (const TransferGroup::TemporalLoop& loop : groups_[g].loops) {
        std::int64_t& at = base[static_cast<std::size_t>(loop.slot)];
        const std::int64_t size = groups_[g].dims[static_cast<std::size_t>(loop.slot)].size;
        const std::int64_t digit = std::min(loop.bound - 1, (size - 1 - at) / loop.stride);
        at += digit * loop.stride;
        result = digit > 0 ? std::max(result, static_cast<std::size_t>(loop.position) + 1) : result;
      }
    }
    return result;
  }

  const Nest& nest_;
  const TensorShape& tensor_;
  const Accelerator& accelerator_;
  Boundary boundary_;
  GroupMemo& memo_;
  GroupRules rules_;
  Small<TransferGroup, 8> groups_;
  Small<Small<Known, 4>, 8> known_;  // [group]
  Small<std::size_t, 16> owners_;    // [temporal loop]: its group
  Small<bool, 16> steady_;
  Small<Asked, 8> asked_;
};

}  // namespace

Small<FlowWords, 9> flow_words(const Nest& nest, const Mapping& mapping, const Problem& problem,
                               const Accelerator& accelerator, const CountOptions& options, GroupMemo& memo) {
  memo.begin();
  Small<FlowWords, 9> result;
  for (const Boundary& boundary : boundaries(mapping, accelerator)) {
    result.push_back(Flow(nest, problem, accelerator, boundary, options, memo).words());
  }
  return result;
}

}  // namespace weft
