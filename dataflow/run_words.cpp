// SPDX-License-Identifier: Apache-2.0
#include "dataflow/run_words.hpp"

#include "base/checked.hpp"

namespace weft {

namespace {

// A group in a transition, as products need it.
struct Factor {
  std::int64_t all = 1, same = 1, held = 0;
  void set(const Moved& moved) {
    all = moved.same + moved.held + moved.fresh;
    same = moved.same;
    held = moved.held;
  }
};
using Factors = Small<Factor, 12>;

// Words held in one rank that changed, while all others stay.
std::int64_t kept_words(const Factors& factors) {
  std::int64_t words = 0;
  for (std::size_t g = 0; g < factors.size(); ++g) {
    std::int64_t kept = factors[g].held;
    for (std::size_t other = 0; other < factors.size() && kept != 0; ++other) {
      kept *= other == g ? 1 : factors[other].same;
    }
    words += kept;
  }
  return words;
}

// As combine() for one transition.
std::int64_t moved_words(const Factors& factors, bool slides) {
  std::int64_t all = 1;
  std::int64_t same = 1;
  std::int64_t held = 0;
  for (const Factor& factor : factors) {
    all = checked_mul(all, factor.all);
    same = checked_mul(same, factor.same);
    held |= factor.held;
  }
  return all - same - (slides && held != 0 ? kept_words(factors) : 0);
}

// One word that stays where it is: no factor of any product.
bool is_neutral(const GroupWords& group) {
  const Moved& moved = group.cases[0];
  return group.cases.size() == 2 && moved.same == 1 && moved.held == 0 && moved.fresh == 0;
}

}  // namespace

std::int64_t later_words(std::span<const GroupWords* const> groups, std::span<const std::size_t> owners,
                         std::span<const bool> steady) {
  // A group's next case, and its factor's place.
  struct Turn {
    const Moved* next = nullptr;
    std::size_t place = 0;
  };
  Small<Turn, 12> turns;
  Factors factors;
  for (const GroupWords* group : groups) {
    turns.push_back({group->cases.data() + 1, factors.size()});
    if (!is_neutral(*group)) {
      factors.emplace_back().set(group->cases[0]);
    }
  }
  std::int64_t words = 0;
  for (std::size_t loop = 0; loop < owners.size(); ++loop) {
    Turn& turn = turns[owners[loop]];
    Factor& factor = factors[turn.place];
    factor.set(*turn.next++);
    words = checked_add(words, moved_words(factors, steady.empty() || steady[loop]));
    factor.set(*turn.next++);
  }
  return words;
}

}  // namespace weft
