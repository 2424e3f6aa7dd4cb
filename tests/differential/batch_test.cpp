// Does batch evaluation give what the plain evaluator gives, to the last bit? Random problems, machines and
// structures; all splits, or as many of them at random; every kind of vector unit that this machine has.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/batch/batch.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>

#include <gtest/gtest.h>

#include "arch/spec/sparse_effect.hpp"
#include "base/error.hpp"
#include "energy_model/energy.hpp"
#include "mapper/exact/parts.hpp"
#include "mapper/map_space.hpp"
#include "tests/support/generators.hpp"
#include "tests/support/sparsify.hpp"

namespace weft {
namespace {

struct Case {
  Problem problem;
  Accelerator accelerator;
};

// Ports of equal or unlimited bandwidth: many things happen at the same moment. And outlets
// at the edge, and memories that are switched off where nobody uses them.
void vary_machine(Rng& rng, Accelerator& accelerator) {
  const auto bandwidth = [&](double chance) {
    return rng.chance(chance) ? std::optional(BitsPerCycle(rng.chance(0.7) ? 32 : 16)) : std::nullopt;
  };
  for (StorageLevel& level : accelerator.levels) {
    level.fanout.outlet = rng.chance(0.5) ? Outlet::kEdge : Outlet::kUsed;
    for (Memory& memory : level.memories) {
      memory.read_bandwidth = bandwidth(0.5);
      memory.write_bandwidth = bandwidth(0.5);
      memory.shared_bandwidth = bandwidth(0.15);
      memory.power_gating = rng.chance(0.5) ? PowerGating::kUnused : PowerGating::kNone;
    }
  }
}

Case random_case(Rng& rng) {
  Case one{testing::random_problem(rng, {.max_macs = 4000}), testing::random_accelerator(rng)};
  const Mapping mapping = testing::random_mapping(rng, one.problem, one.accelerator, {.max_instances = 12});
  testing::fit_to(rng, mapping, one.problem, one.accelerator);
  if (rng.chance(0.5)) {
    vary_machine(rng, one.accelerator);
  }
  Rng zeros = rng.fork(77);
  if (zeros.chance(0.4)) {
    testing::sparsify(zeros, one.problem);
    testing::sparsify(zeros, one.accelerator);
    one.accelerator = for_layer(one.accelerator, one.problem);
  }
  return one;
}

MapRequest request_of(const Case& one, const EnergyTable& table, Rng& rng) {
  MapRequest request;
  request.problem = &one.problem;
  request.accelerator = &one.accelerator;
  request.table = &table;
  request.model.counts.footprint = rng.chance(0.2) ? Footprint::kBoundingBox : Footprint::kUnion;
  request.model.counts.first_fill = rng.chance(0.2) ? FirstFill::kCounted : FirstFill::kElided;
  request.model.ramps = rng.chance(0.1) ? Ramps::kIgnore : Ramps::kAdd;
  request.model.drains = rng.chance(0.2) ? Drains::kFree : Drains::kOnPorts;
  return request;
}

// Parts as the exact search takes the problem apart, each option sometimes with other bounds: factors that do
// not divide, empty iterations, too little.
std::vector<batch::Part> random_parts(Rng& rng, const Case& one) {
  const MapSpace space(one.problem, one.accelerator);
  std::vector<batch::Part> parts = exact::make_parts(space, false).value_or(std::vector<batch::Part>{});
  for (batch::Part& own : parts) {
    constexpr std::size_t kMost = 24;
    while (own.options.size() > kMost) {
      const auto out =
          static_cast<std::ptrdiff_t>(rng.uniform(0, static_cast<std::int64_t>(own.options.size()) - 1));
      own.options.erase(own.options.begin() + out);
    }
    for (auto& option : own.options) {
      for (exact::Chain& chain : option) {
        const auto level = static_cast<std::size_t>(rng.uniform(0, space.depth() - 1));
        if (rng.chance(0.15)) {
          chain.time[level] += rng.uniform(0, 2);
        } else if (rng.chance(0.1)) {
          (rng.chance(0.5) ? chain.x : chain.y)[level] += rng.uniform(0, 1);
        }
      }
    }
  }
  return parts;
}

batch::Structure random_structure(Rng& rng, const Case& one) {
  const MapSpace space(one.problem, one.accelerator);
  batch::Structure structure;
  for (int level = 0; level < space.depth(); ++level) {
    PerRole<bool> keep{};
    for (std::size_t r = 0; r < kRoles; ++r) {
      const bool may_bypass = !space.level(level).must_keep[r];
      keep[r] = space.level(level).can_keep[r] && !(may_bypass && rng.chance(0.4));
      keep[r] = keep[r] != rng.chance(0.005);
    }
    structure.keep.push_back(keep);
    std::vector<int> order;
    for (int dim = 0; dim < space.dims(); ++dim) {
      if (one.problem.size(dim) > 1) {
        order.insert(order.begin() +
                         static_cast<std::ptrdiff_t>(rng.uniform(0, static_cast<std::int64_t>(order.size()))),
                     dim);
      }
    }
    structure.orders.push_back(std::move(order));
  }
  return structure;
}

using Choices = std::vector<std::vector<std::uint32_t>>;  // [part][mapping]

// All mappings, the swept part fastest.
Choices all_choices(const batch::Batch& batch, std::size_t count) {
  const auto& parts = batch.parts();
  Choices choices(parts.size());
  for (std::size_t m = 0; m < count; ++m) {
    std::size_t rest = m / parts[batch.swept()].options.size();
    for (std::size_t part = 0; part < parts.size(); ++part) {
      const std::size_t options = parts[part].options.size();
      const std::size_t digit = part == batch.swept() ? m % options : rest % options;
      rest = part == batch.swept() ? rest : rest / options;
      choices[part].push_back(static_cast<std::uint32_t>(digit));
    }
  }
  return choices;
}

// All mappings where they are few, else a mixture of stretches and jumps.
Choices some_choices(Rng& rng, const batch::Batch& batch, std::size_t count) {
  const auto& parts = batch.parts();
  double all = 1;
  for (const batch::Part& part : parts) {
    all *= static_cast<double>(part.options.size());
  }
  if (all <= 2 * static_cast<double>(count)) {
    return all_choices(batch, static_cast<std::size_t>(all));
  }
  Choices choices(parts.size());
  std::vector<std::uint32_t> now(parts.size(), 0);
  const std::size_t swept = batch.swept();
  for (std::size_t m = 0; m < count; ++m) {
    const bool last = now[swept] + 1 == parts[swept].options.size();
    for (std::size_t part = 0; part < parts.size() && (m == 0 || last || rng.chance(0.02)); ++part) {
      now[part] = static_cast<std::uint32_t>(
          rng.uniform(0, static_cast<std::int64_t>(parts[part].options.size()) - 1));
    }
    now[swept] = last ? 0 : now[swept] + (m == 0 ? 0 : 1);
    now[swept] = std::min(now[swept], static_cast<std::uint32_t>(parts[swept].options.size()) - 1);
    for (std::size_t part = 0; part < parts.size(); ++part) {
      choices[part].push_back(now[part]);
    }
  }
  return choices;
}

std::vector<std::span<const std::uint32_t>> spans(const Choices& choices) {
  return {choices.begin(), choices.end()};
}

struct Tally {
  int batches = 0, mappings = 0, legal = 0;
};

void compare(const batch::Batch& batch, const MapRequest& request, const Choices& choices, Tally& tally) {
  const CostModel costs = make_cost_model(*request.accelerator, *request.table, *request.problem);
  const auto options = spans(choices);
  const batch::Prices prices = batch.price(options);
  for (const batch::Target target : batch::targets()) {
    const batch::Prices other = batch.price(options, target);
    EXPECT_EQ(other.energy_pj, prices.energy_pj) << name_of(target);
    EXPECT_EQ(other.cycles, prices.cycles) << name_of(target);
    EXPECT_EQ(other.legal, prices.legal) << name_of(target);
  }
  for (std::size_t m = 0; m < prices.legal.size(); ++m) {
    std::vector<std::size_t> chosen;
    for (const auto& part : choices) {
      chosen.push_back(part[m]);
    }
    const Mapping mapping = batch.mapping(chosen);
    const auto rejection = check(mapping, *request.problem, *request.accelerator);
    ++tally.mappings;
    ASSERT_EQ(prices.legal[m] != 0, !rejection)
        << "mapping " << m << (rejection ? name_of(rejection->reason) : "");
    if (rejection) {
      EXPECT_EQ(prices.energy_pj[m], std::numeric_limits<double>::infinity());
      EXPECT_EQ(prices.cycles[m], batch::Prices::kNoCycles);
      continue;
    }
    ++tally.legal;
    const Evaluation plain = evaluate(mapping, *request.problem, *request.accelerator, request.model);
    const std::int64_t cycles = plain.timing.cycles;
    ASSERT_EQ(prices.cycles[m], cycles)
        << "mapping " << m << "\n"
        << print_yaml(mapping, *request.problem, *request.accelerator) << print_yaml(*request.accelerator);
    ASSERT_EQ(prices.energy_pj[m], energy(plain.counts, *request.accelerator, costs, cycles).total)
        << "mapping " << m << "\n"
        << print_yaml(mapping, *request.problem, *request.accelerator) << print_yaml(*request.accelerator);
  }
}

TEST(Batch, EqualsThePlainEvaluator) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  Tally tally;
  testing::for_each_seed(1, 1500, [&](std::uint64_t seed) {
    if (::testing::Test::HasFatalFailure()) {
      return;
    }
    SCOPED_TRACE("seed " + std::to_string(seed));
    Rng rng(seed);
    const Case one = random_case(rng);
    const MapRequest request = request_of(one, table, rng);
    std::vector<batch::Part> parts = random_parts(rng, one);
    if (parts.empty()) {
      return;
    }
    const batch::Batch batch(request, std::move(parts), random_structure(rng, one));
    EXPECT_EQ(batch.plain_because(), "");
    ++tally.batches;
    compare(batch, request, some_choices(rng, batch, 200), tally);
  });
  if (std::getenv("WEFT_SEED") == nullptr) {
    EXPECT_GT(tally.batches, 1000);
    EXPECT_GT(tally.legal, 20000);
  }
}

MapRequest plain_request(const Case& one, const EnergyTable& table) {
  MapRequest request;
  request.problem = &one.problem;
  request.accelerator = &one.accelerator;
  request.table = &table;
  return request;
}

std::vector<batch::Part> even_parts(const Case& one) {
  return exact::make_parts(MapSpace(one.problem, one.accelerator), false).value();
}

// On the machines and layers that people use, with all splits to choose from.
TEST(Batch, EqualsThePlainEvaluatorOnPresets) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  const std::vector<Problem> problems = {make_conv({.name = "strided",
                                                    .in_channels = 64,
                                                    .out_channels = 128,
                                                    .in_h = 56,
                                                    .in_w = 56,
                                                    .kernel_h = 3,
                                                    .kernel_w = 3,
                                                    .stride_h = 2,
                                                    .stride_w = 2,
                                                    .pad_top = 1,
                                                    .pad_left = 1,
                                                    .pad_bottom = 1,
                                                    .pad_right = 1}),
                                         make_conv({.name = "depthwise",
                                                    .in_channels = 32,
                                                    .out_channels = 32,
                                                    .in_h = 14,
                                                    .in_w = 14,
                                                    .kernel_h = 3,
                                                    .kernel_w = 3,
                                                    .pad_top = 1,
                                                    .pad_left = 1,
                                                    .pad_bottom = 1,
                                                    .pad_right = 1,
                                                    .groups = 32}),
                                         make_gemm({.name = "gemm", .m = 128, .n = 96, .k = 64})};
  Tally tally;
  std::uint64_t seed = 1;
  for (const auto& [name, summary] : accelerator_presets()) {
    for (const Problem& problem : problems) {
      SCOPED_TRACE(name + ", " + problem.name);
      Rng rng(seed++);
      const Case one{problem, load_accelerator(name)};
      const MapRequest request = plain_request(one, table);
      const batch::Batch batch(request, even_parts(one), random_structure(rng, one));
      EXPECT_EQ(batch.plain_because(), "");
      compare(batch, request, some_choices(rng, batch, 3000), tally);
    }
  }
  EXPECT_GT(tally.legal, 1000);
}

// A batch for the even space of a small matrix product.
struct Product {
  explicit Product(std::int64_t size)
      : one{make_gemm({.name = "gemm", .m = size, .n = size, .k = size}), load_accelerator("gemmini")} {}
  [[nodiscard]] batch::Structure structure() const {
    const MapSpace space(one.problem, one.accelerator);
    batch::Structure result;
    for (int level = 0; level < space.depth(); ++level) {
      result.keep.push_back(space.level(level).can_keep);
      result.orders.push_back({1, 2, 3});
    }
    return result;
  }
  Case one;
};

void expect_plain_prices(const batch::Batch& batch, const MapRequest& request) {
  Tally tally;
  Rng rng(1);
  compare(batch, request, some_choices(rng, batch, 500), tally);
  EXPECT_GT(tally.legal, 50);
}

TEST(Batch, LargeCountsAreLeftToThePlainEvaluator) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  const Product product(std::int64_t{1} << 18U);
  const MapRequest request = plain_request(product.one, table);
  std::vector<batch::Part> parts = even_parts(product.one);
  for (batch::Part& part : parts) {
    part.options.resize(std::min<std::size_t>(part.options.size(), 20));
  }
  const batch::Batch batch(request, std::move(parts), product.structure());
  EXPECT_EQ(batch.plain_because(), "counts could pass 2^51");
  expect_plain_prices(batch, request);
}

TEST(Batch, WindowsThatSlideSteadilyAreLeftToThePlainEvaluator) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  const Product product(6);
  MapRequest request = plain_request(product.one, table);
  request.model = EvaluateOptions::timeloop();
  const batch::Batch batch(request, even_parts(product.one), product.structure());
  EXPECT_NE(batch.plain_because(), "");
  expect_plain_prices(batch, request);
}

// Cycles that pass 63 bits: legal, but nothing to show for it; those beside it stay.
TEST(Batch, CyclesTooManyToCountHaveNoPrice) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  Product product(6);
  product.one.accelerator.levels[0].memories[0].read_bandwidth = BitsPerCycle(1e-18);
  const MapRequest request = plain_request(product.one, table);
  const batch::Batch batch(request, even_parts(product.one), product.structure());
  Rng rng(1);
  const Choices choices = some_choices(rng, batch, 100);
  const batch::Prices prices = batch.price(spans(choices));
  int legal = 0;
  for (std::size_t m = 0; m < prices.legal.size(); ++m) {
    legal += prices.legal[m];
    EXPECT_EQ(prices.cycles[m], batch::Prices::kNoCycles);
    EXPECT_EQ(prices.energy_pj[m], std::numeric_limits<double>::infinity());
  }
  EXPECT_GT(legal, 0);
}

TEST(Batch, StructuresThatMakeNoSenseAreRefused) {
  const EnergyTable table = EnergyTable::load("default_45nm");
  const Product product(6);
  const MapRequest request = plain_request(product.one, table);
  const std::vector<batch::Part> parts = even_parts(product.one);
  batch::Structure structure = product.structure();
  structure.orders[1] = {1, 2};
  EXPECT_THROW(batch::Batch(request, parts, structure), InternalError);
  structure = product.structure();
  structure.keep.pop_back();
  EXPECT_THROW(batch::Batch(request, parts, structure), InternalError);
  EXPECT_THROW(batch::Batch(request, {parts[0], parts[1]}, product.structure()), InternalError);
  const batch::Batch batch(request, parts, product.structure());
  const std::vector<std::uint32_t> beyond = {1000000};
  const std::vector<std::span<const std::uint32_t>> options = {beyond, beyond, beyond};
  EXPECT_THROW((void)batch.price(options), InternalError);
}

}  // namespace
}  // namespace weft
