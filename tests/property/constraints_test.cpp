// Do constraints mean what they say, and is nothing that can be met called a contradiction?
// SPDX-License-Identifier: Apache-2.0
#include "mapper/constraints.hpp"

#include <set>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "dataflow/evaluate.hpp"
#include "mapper/constraints_file.hpp"
#include "mapper/contradictions.hpp"
#include "mapper/infeasible.hpp"
#include "tests/support/constraints_met.hpp"

namespace weft {
namespace {

using testing::constraints_met_by;
using testing::for_each_seed;
using ::testing::HasSubstr;
using testing::random_triple;
using testing::Triple;

TEST(ConstraintsProperty, WhatAMappingMeetsItDoesNotViolate) {
  for_each_seed(400000, 2000, [](std::uint64_t seed) {
    const Triple t = random_triple(seed);
    Rng rng(seed);
    const Constraints c = constraints_met_by(rng, t);
    const auto broken = violates(c, t.mapping, t.problem, t.accelerator);
    ASSERT_FALSE(broken) << explain(*broken, c, t.problem, t.accelerator) << "\n"
                         << print_yaml(c, t.problem, t.accelerator) << testing::describe(t);
  });
}

// One loop per dim, level and axis, loops of bound 1 aside: what searches make.
bool plain(const Mapping& mapping) {
  for (const LevelMapping& level : mapping.levels) {
    std::set<int> temporal;
    std::set<std::pair<Axis, int>> spatial;
    for (const Loop& loop : level.temporal) {
      if (loop.bound > 1 && !temporal.insert(loop.dim).second) {
        return false;
      }
    }
    for (const SpatialLoop& loop : level.spatial) {
      if (loop.bound > 1 && !spatial.insert({loop.axis, loop.dim}).second) {
        return false;
      }
    }
  }
  return true;
}

// A mapping that meets them is the proof that constraints are free of contradictions.
TEST(ConstraintsProperty, WhatAMappingMeetsIsNoContradiction) {
  int plain_ones = 0;
  for_each_seed(410000, 6000, [&](std::uint64_t seed) {
    const Triple t = random_triple(seed);
    if (!plain(t.mapping)) {
      return;
    }
    ++plain_ones;
    Rng rng(seed);
    const Constraints c = constraints_met_by(rng, t);
    const auto found = contradictions(c, t.problem, t.accelerator);
    ASSERT_TRUE(found.empty()) << explain(found.front(), t.problem, t.accelerator) << "\n"
                               << print_yaml(c, t.problem, t.accelerator) << testing::describe(t);
    ASSERT_TRUE(obstacles(t.problem, t.accelerator, &c).empty()) << testing::describe(t);
  });
  EXPECT_GE(plain_ones, 1000);
}

TEST(ConstraintsProperty, FilesLoadBackEqual) {
  for_each_seed(420000, 1500, [](std::uint64_t seed) {
    const Triple t = random_triple(seed);
    if (!plain(t.mapping)) {
      return;  // files are checked for contradictions
    }
    Rng rng(seed);
    const Constraints c = constraints_met_by(rng, t);
    const std::string text = print_yaml(c, t.problem, t.accelerator);
    const Constraints again = parse_constraints(text, "printed.yaml", t.problem, t.accelerator);
    ASSERT_EQ(print_yaml(again, t.problem, t.accelerator), text) << testing::describe(t);
    ASSERT_FALSE(violates(again, t.mapping, t.problem, t.accelerator)) << text << testing::describe(t);
  });
}

TEST(ConstraintsProperty, UtilisationIsThatOfTheModel) {
  for_each_seed(430000, 1000, [](std::uint64_t seed) {
    const Triple t = random_triple(seed);
    const auto cycles = evaluate(t.mapping, t.problem, t.accelerator).timing.compute_cycles;
    const double expected =
        static_cast<double>(macs(t.problem)) /
        (static_cast<double>(cycles) * static_cast<double>(t.accelerator.compute_units()));
    ASSERT_NEAR(array_utilization(t.mapping, t.problem, t.accelerator), expected, 1e-9 * expected)
        << testing::describe(t);
  });
}

struct Edit {
  Rule rule;
  // Makes constraints that the mapping breaks; false: it cannot be broken in this way.
  bool (*apply)(Constraints& c, const Triple& t);
};

bool forbid_temporal(Constraints& c, const Triple& t) {
  for (std::size_t l = 0; l < t.mapping.levels.size(); ++l) {
    for (const Loop& loop : t.mapping.levels[l].temporal) {
      if (loop.bound > 1) {
        c.levels[l].temporal[static_cast<std::size_t>(loop.dim)].high = loop.bound - 1;
        return true;
      }
    }
  }
  return false;
}

bool forbid_spatial(Constraints& c, const Triple& t) {
  for (std::size_t l = 0; l < t.mapping.levels.size(); ++l) {
    for (const SpatialLoop& loop : t.mapping.levels[l].spatial) {
      if (loop.bound > 1) {
        c.levels[l].spatial[static_cast<std::size_t>(loop.axis)][static_cast<std::size_t>(loop.dim)].high = 1;
        return true;
      }
    }
  }
  return false;
}

bool forbid_extent(Constraints& c, const Triple& t) {
  c.levels.front().extent.front().low = t.problem.size(0) + 1;
  return true;
}

bool turn_order(Constraints& c, const Triple& t) {
  for (std::size_t l = 0; l < t.mapping.levels.size(); ++l) {
    int first = -1;
    for (const Loop& loop : t.mapping.levels[l].temporal) {
      if (loop.bound > 1 && first >= 0 && loop.dim != first) {
        c.levels[l].place[static_cast<std::size_t>(first)] = 1;
        return true;
      }
      first = loop.bound > 1 && first < 0 ? loop.dim : first;
    }
  }
  return false;
}

bool turn_keep(Constraints& c, const Triple& t) {
  c.levels.back().keep[1] = !t.mapping.levels.back().keep[1];
  return true;
}

bool ask_divisors(Constraints& c, const Triple& t) {
  for (int d = 0; d < t.problem.rank(); ++d) {
    std::int64_t all = 1;
    for (const LevelMapping& level : t.mapping.levels) {
      for (const Loop& loop : level.temporal) {
        all *= loop.dim == d ? loop.bound : 1;
      }
      for (const SpatialLoop& loop : level.spatial) {
        all *= loop.dim == d ? loop.bound : 1;
      }
    }
    if (all != t.problem.size(d)) {
      c.perfect = true;
      return true;
    }
  }
  return false;
}

bool ask_utilization(Constraints& c, const Triple& t) {
  c.min_utilization = array_utilization(t.mapping, t.problem, t.accelerator) + 1e-6;
  return c.min_utilization <= 1;
}

TEST(ConstraintsProperty, BrokenRulesAreFoundAndNamed) {
  constexpr std::array kEdits = {
      Edit{Rule::kTemporal, forbid_temporal},
      Edit{Rule::kSpatial, forbid_spatial},
      Edit{Rule::kExtent, forbid_extent},
      Edit{Rule::kOrder, turn_order},
      Edit{Rule::kKeep, turn_keep},
      Edit{Rule::kFactors, ask_divisors},
      Edit{Rule::kUtilization, ask_utilization},
  };
  for (const Edit& edit : kEdits) {
    int applied = 0;
    for_each_seed(440000, 300, [&](std::uint64_t seed) {
      const Triple t = random_triple(seed);
      Constraints c = no_constraints(t.accelerator);
      if (!edit.apply(c, t)) {
        return;
      }
      ++applied;
      const auto broken = violates(c, t.mapping, t.problem, t.accelerator);
      ASSERT_TRUE(broken) << name_of(edit.rule) << "\n" << testing::describe(t);
      ASSERT_EQ(name_of(broken->rule), name_of(edit.rule)) << testing::describe(t);
      ASSERT_FALSE(explain(*broken, c, t.problem, t.accelerator).empty());
    });
    EXPECT_GE(applied, 50) << name_of(edit.rule);
  }
}

// Sizes that a loop over bounds or divisors would never finish.
TEST(Contradictions, AnswerAtOnceForHugeDims) {
  const Problem problem = make_gemm({.name = "huge", .m = 1'000'000'000'000, .n = 7, .k = 11});
  const Accelerator machine = load_accelerator("gemmini");
  const auto codes = [&](const std::string& rules) {
    try {
      (void)parse_constraints("constraints: c\n" + rules, "c.yaml", problem, machine);
    } catch (const ConfigError& error) {
      std::string all;
      for (const Diagnostic& diagnostic : error.diagnostics()) {
        all += diagnostic.code + " ";
      }
      return all;
    }
    return std::string();
  };
  EXPECT_EQ(codes("factors: perfect\n"), "");
  EXPECT_THAT(codes("levels: [{level: innermost, temporal: {M: 2000000000001}}]\n"),
              HasSubstr("bounds-exceed-dim"));
  EXPECT_THAT(codes("levels: [{level: all, temporal: {M: ..10}}]\n"), HasSubstr("bounds-miss-dim"));
  EXPECT_THAT(codes("factors: perfect\nlevels: [{level: outermost, temporal: {M: 3}}]\n"),
              HasSubstr("no-divisor"));
  EXPECT_THAT(codes("levels: [{level: innermost, tile: {M: 1000000000000}}]\n"), HasSubstr("tile-too-large"));
  EXPECT_THAT(codes("levels: [{level: all, temporal: {all: 9223372036854775807}}]\n"),
              HasSubstr("bounds-exceed-dim"));
}

}  // namespace
}  // namespace weft
