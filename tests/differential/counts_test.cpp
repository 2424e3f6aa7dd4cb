// Do the closed forms of the model and the literal walk of the loop nest count the same, to the last word?
// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "dataflow/evaluate.hpp"
#include "dataflow/walker.hpp"
#include "tests/support/generators.hpp"

namespace weft {
namespace {

using testing::Triple;

struct Field {
  std::string name;
  std::int64_t value = 0;
};

// Every field with its place.
std::vector<Field> fields(const ActionCounts& counts) {
  std::vector<Field> all = {{"macs", counts.macs}, {"compute_units_used", counts.compute_units_used}};
  for (std::size_t l = 0; l < counts.levels.size(); ++l) {
    const LevelCounts& level = counts.levels[l];
    const std::string place = "levels[" + std::to_string(l) + "].";
    all.push_back({place + "instances_used", level.instances_used});
    for (const Role role : kAllRoles) {
      const auto r = static_cast<std::size_t>(index_of(role));
      const std::string at = place + std::string(name_of(role)) + ".";
      all.push_back({at + "fills", level.tensors[r].fills});
      all.push_back({at + "reads", level.tensors[r].reads});
      all.push_back({at + "updates", level.tensors[r].updates});
      all.push_back({at + "drains", level.tensors[r].drains});
      all.push_back({at + "sent", level.network[r].sent});
      all.push_back({at + "delivered", level.network[r].delivered});
      all.push_back({at + "read_back", level.network[r].read_back});
    }
  }
  return all;
}

// The first field that differs, or nothing.
std::string first_difference(const ActionCounts& model, const ActionCounts& walked) {
  const std::vector<Field> a = fields(model);
  const std::vector<Field> b = fields(walked);
  if (a.size() != b.size()) {
    return "the model has " + std::to_string(model.levels.size()) + " levels";
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].value != b[i].value) {
      return a[i].name + ": model " + std::to_string(a[i].value) + ", walk " + std::to_string(b[i].value);
    }
  }
  return "";
}

void compare(std::uint64_t seed, const CountOptions& options) {
  const Triple triple = testing::random_triple(seed);
  const auto rejection = check(triple.mapping, triple.problem, triple.accelerator);
  ASSERT_FALSE(rejection) << explain(*rejection, triple.problem, triple.accelerator)
                          << testing::describe(triple);
  const ActionCounts model = count_actions(triple.mapping, triple.problem, triple.accelerator, options);
  const ActionCounts walked = walk(triple.mapping, triple.problem, triple.accelerator, options);
  ASSERT_EQ(first_difference(model, walked), "") << testing::describe(triple);
  ASSERT_EQ(model, walked) << "a field is missing in fields()";
}

TEST(Counts, ModelEqualsWalkOnRandomTriples) {
  testing::for_each_seed(1, 2000, [](std::uint64_t seed) { compare(seed, {}); });
}

TEST(Counts, ModelEqualsWalkWithTimeloopsConventions) {
  testing::for_each_seed(1000001, 500, [](std::uint64_t seed) { compare(seed, CountOptions::timeloop()); });
}

TEST(Counts, ModelEqualsWalkWithSteadySlidesAndCountedFirstFills) {
  const CountOptions options{
      .footprint = Footprint::kUnion, .slides = Slides::kSteady, .first_fill = FirstFill::kCounted};
  testing::for_each_seed(2000001, 500, [&](std::uint64_t seed) { compare(seed, options); });
}

}  // namespace
}  // namespace weft
