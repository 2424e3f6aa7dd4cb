// See mapping_effect.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/mapping_effect.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "arch/spec/format_size.hpp"
#include "dataflow/stays.hpp"

namespace weft {
namespace {

// Words of the leader that a word meets, as far as one rank of the inputs (or one dim of the weights alone)
// decides, and whether padding is among them: how many words of the follower have it so.
struct Met {
  std::int64_t words = 1;
  bool padding = false;
  auto operator<=>(const Met&) const = default;
};
using Meetings = std::map<Met, double>;

Meetings product(const Meetings& a, const Meetings& b) {
  Meetings result;
  for (const auto& [met, count] : a) {
    for (const auto& [other, more] : b) {
      result[{met.words * other.words, met.padding || other.padding}] += count * more;
    }
  }
  return result;
}

// One choice of an index set for each of some dims of a rank: the sums of coefficient times index.
using Sums = std::vector<std::int64_t>;

Sums sums_of(const std::vector<std::pair<Term, std::vector<std::int64_t>>>& dims) {
  Sums result = {0};
  for (const auto& [term, indices] : dims) {
    Sums next;
    for (const std::int64_t sum : result) {
      for (const std::int64_t index : indices) {
        next.push_back(sum + term.coeff * index);
      }
    }
    result = std::move(next);
  }
  std::sort(result.begin(), result.end());
  return result;
}

class Meeting {
 public:
  Meeting(const Problem& problem, Role follower, const Stays& stays)
      : problem_(problem), follower_(follower), stays_(stays) {}

  [[nodiscard]] Meetings all() const {
    Meetings result = {{Met{}, 1.0}};
    const std::vector<Rank>& ranks = problem_.tensor(Role::kInputs).ranks;
    for (std::size_t k = 0; k < ranks.size(); ++k) {
      result = product(result, static_cast<int>(k) == stays_.rank ? of_run(ranks[k]) : of_rank(ranks[k]));
    }
    if (follower_ == Role::kInputs) {
      for (int dim = 0; dim < problem_.rank(); ++dim) {
        if (relevant(problem_.tensor(Role::kWeights), dim) &&
            !relevant(problem_.tensor(Role::kInputs), dim)) {
          result = product(result, of_filters(dim));
        }
      }
    }
    return result;
  }

 private:
  [[nodiscard]] const DimStays& stays(int dim) const { return stays_.dims[static_cast<std::size_t>(dim)]; }
  [[nodiscard]] bool shared(const Term& term) const {
    return relevant(problem_.tensor(Role::kWeights), term.dim);
  }

  [[nodiscard]] Meetings of_filters(int dim) const {
    Meetings result;
    for (const std::int64_t begin : stays(dim).begins) {
      result[{static_cast<std::int64_t>(stays(dim).indices(begin).size()), false}] += 1;
    }
    return result;
  }

  // Sums of the rank's dims that only the inputs have (or that both have), for each combination of stays.
  [[nodiscard]] std::vector<Sums> choices(const Rank& rank, bool of_both) const {
    std::vector<std::vector<std::pair<Term, std::vector<std::int64_t>>>> chosen(1);
    for (const Term& term : rank.terms) {
      if (shared(term) != of_both) {
        continue;
      }
      auto before = std::move(chosen);
      chosen.clear();
      for (const auto& some : before) {
        for (const std::int64_t begin : stays(term.dim).begins) {
          chosen.push_back(some);
          chosen.back().emplace_back(term, stays(term.dim).indices(begin));
        }
      }
    }
    std::vector<Sums> result;
    result.reserve(chosen.size());
    for (const auto& some : chosen) {
      result.push_back(sums_of(some));
    }
    return result;
  }

  [[nodiscard]] Meetings of_rank(const Rank& rank) const {
    const std::vector<Sums> own = choices(rank, false), both = choices(rank, true);
    Meetings result;
    for (const Sums& positions : own) {
      for (const Sums& reduction : both) {
        follower_ == Role::kWeights ? meet_inputs(rank, positions, reduction, result)
                                    : meet_weights(rank, positions, reduction, result);
      }
    }
    return result;
  }

  // A weight, at one index of what both have, meets the inputs at all positions.
  static void meet_inputs(const Rank& rank, const Sums& positions, const Sums& reduction, Meetings& result) {
    for (const std::int64_t at : reduction) {
      Met met{0, false};
      for (std::size_t i = 0; i < positions.size(); ++i) {
        const std::int64_t coordinate = rank.offset + at + positions[i];
        const bool inside = coordinate >= 0 && coordinate < rank.extent;
        met.padding = met.padding || !inside;
        met.words += inside && (i == 0 || positions[i] != positions[i - 1]) ? 1 : 0;
      }
      result[met] += 1;
    }
  }

  // An input, at one coordinate, meets a weight for each index of what both have that leads there.
  static void meet_weights(const Rank& rank, const Sums& positions, const Sums& reduction, Meetings& result) {
    std::map<std::int64_t, std::int64_t> ways;
    for (const std::int64_t at : reduction) {
      for (std::size_t i = 0; i < positions.size(); ++i) {
        const std::int64_t coordinate = rank.offset + at + positions[i];
        if (coordinate >= 0 && coordinate < rank.extent && (i == 0 || positions[i] != positions[i - 1])) {
          ++ways[coordinate];
        }
      }
    }
    for (const auto& [coordinate, words] : ways) {
      result[{words, false}] += 1;
    }
  }

  // Of a window's run each word is followed from when it comes to when it goes.
  [[nodiscard]] Meetings of_run(const Rank& rank) const {
    std::vector<std::vector<std::int64_t>> begins = {{}};  // of the rank's dims
    for (const Term& term : rank.terms) {
      std::vector<std::vector<std::int64_t>> more;
      for (const std::vector<std::int64_t>& some : begins) {
        for (const std::int64_t begin : stays(term.dim).begins) {
          more.push_back(some);
          more.back().push_back(begin);
        }
      }
      begins = std::move(more);
    }
    Meetings result;
    for (const std::vector<std::int64_t>& from : begins) {
      follow(rank, from, result);
    }
    return result;
  }

  // What a word has met: places along the reduction, in which iterations of loops the inputs do not mention.
  using Partners = std::set<std::pair<std::int64_t, std::int64_t>>;
  using Held = std::map<std::int64_t, Partners>;  // by coordinate

  void follow(const Rank& rank, const std::vector<std::int64_t>& begins, Meetings& result) const {
    Held held;
    std::vector<std::int64_t> digits(stays_.run.size(), 0);
    bool more = true;
    while (more) {
      if (auto now = tile(rank, begins, digits)) {  // else all sit out, and keep what they hold
        for (auto& [coordinate, met] : held) {
          if (const auto still = now->find(coordinate); still != now->end()) {
            still->second.merge(met);
            met.clear();
          }
        }
        leave(held, result);
        held = std::move(*now);
      }
      more = false;
      for (std::size_t i = digits.size(); i-- > 0 && !more;) {
        more = ++digits[i] < stays_.run[i].bound;
        digits[i] = more ? digits[i] : 0;
      }
    }
    leave(held, result);
  }

  static void leave(const Held& held, Meetings& result) {
    for (const auto& [coordinate, met] : held) {
      if (!met.empty()) {
        result[{static_cast<std::int64_t>(met.size()), false}] += 1;
      }
    }
  }

  // Of one step; nothing where all indices are beyond a dim's end.
  [[nodiscard]] std::optional<Held> tile(const Rank& rank, const std::vector<std::int64_t>& begins,
                                         const std::vector<std::int64_t>& digits) const {
    std::int64_t turn = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
      const bool mentioned = relevant(problem_.tensor(Role::kInputs), stays_.run[i].dim);
      turn = mentioned ? turn : turn * stays_.run[i].bound + digits[i];
    }
    std::vector<std::pair<Term, std::vector<std::int64_t>>> own, both;
    for (std::size_t t = 0; t < rank.terms.size(); ++t) {
      std::int64_t begin = begins[t];
      for (std::size_t i = 0; i < digits.size(); ++i) {
        begin += stays_.run[i].dim == rank.terms[t].dim ? digits[i] * stays_.run[i].stride : 0;
      }
      (shared(rank.terms[t]) ? both : own)
          .emplace_back(rank.terms[t], stays(rank.terms[t].dim).indices(begin));
    }
    const Sums reduction = sums_of(both), positions = sums_of(own);
    if (reduction.empty() || positions.empty()) {
      return std::nullopt;
    }
    Held result;
    for (const std::int64_t at : reduction) {
      for (const std::int64_t position : positions) {
        const std::int64_t coordinate = rank.offset + at + position;
        if (coordinate >= 0 && coordinate < rank.extent) {
          result[coordinate].emplace(at, turn);
        }
      }
    }
    return result;
  }

  const Problem& problem_;
  Role follower_;
  const Stays& stays_;
};

}  // namespace

double live_share(const Nest& nest, const Problem& problem, const Accelerator& accelerator,
                  const Boundary& boundary) {
  const TensorShape& leader = problem.tensor(leader_of(boundary.role));
  const std::int64_t all = words(leader);
  const std::int64_t nonzeros =
      std::clamp<std::int64_t>(std::llround(leader.density * static_cast<double>(all)), 1, all);
  const Stays periods = stays(nest, problem, accelerator, boundary);
  double live = 0, asked = 0;
  for (const auto& [met, count] : Meeting(problem, boundary.role, periods).all()) {
    asked += count;
    live += met.padding ? count : count * (1 - all_zero(all, nonzeros, std::min(met.words, all)));
  }
  return asked > 0 ? live / asked : 1;
}

MappedMachine::MappedMachine(const Nest& nest, const Mapping& mapping, const Problem& problem,
                             const Accelerator& accelerator)
    : machine_(&accelerator) {
  if (!accelerator.effect || !states_sieves(accelerator)) {
    return;
  }
  own_ = accelerator;
  std::vector<SparseEffect::Level>& levels = own_->effect->levels;
  for (const Role role : {Role::kWeights, Role::kInputs}) {
    for (SparseEffect::Level& level : levels) {
      level.sent[at(role)] = level.sent_slots[at(role)] = 1;
      level.arriving[at(role)] = level.arriving_slots[at(role)] = 1;
    }
  }
  for (const Boundary& b : boundaries(mapping, accelerator)) {
    if (b.child == accelerator.depth() || !sieves(accelerator, b.parent, b.role)) {
      continue;
    }
    const double live = live_share(nest, problem, accelerator, b);
    SparseEffect::Level& parent = levels[static_cast<std::size_t>(b.parent)];
    SparseEffect::Level& child = levels[static_cast<std::size_t>(b.child)];
    parent.sent[at(b.role)] = child.arriving[at(b.role)] = live;
    if (sieve_skips(accelerator, b.parent, b.role)) {
      parent.sent_slots[at(b.role)] = child.arriving_slots[at(b.role)] = live;
    }
  }
}

}  // namespace weft
