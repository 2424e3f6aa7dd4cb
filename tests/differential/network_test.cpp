// Does a network take what its layers take, and less where they may overlap? Random layers on one random
// machine: never more than one after the other; exactly that where every layer needs all that came before.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include <gtest/gtest.h>

#include "dataflow/legality.hpp"
#include "dataflow/lower.hpp"
#include "tests/sim/forked.hpp"
#include "tests/support/generators.hpp"

namespace weft {
namespace {

using sim::Piece;
using testing::Triple;

// Roomier buffers in one case of two, so that other layers and two at a time find a place.
Accelerator roomy(Accelerator accelerator, Rng& rng) {
  const double factor = rng.chance(0.5) ? 1 : static_cast<double>(rng.uniform(2, 6));
  for (StorageLevel& level : accelerator.levels) {
    for (Memory& memory : level.memories) {
      if (memory.capacity) {
        memory.capacity =
            Bits(static_cast<std::int64_t>(static_cast<double>(memory.capacity->count()) * factor));
      }
    }
  }
  return accelerator;
}

std::shared_ptr<const Program> another_program(const Accelerator& accelerator, const Triple& fallback,
                                               Rng& rng) {
  for (int n = 0; n < 30; ++n) {
    const Problem problem = testing::random_problem(rng, {.max_macs = 3000});
    const Mapping mapping = testing::random_mapping(rng, problem, accelerator);
    if (!check(mapping, problem, accelerator)) {
      return std::make_shared<Program>(lower(mapping, problem, accelerator));
    }
  }
  return std::make_shared<Program>(lower(fallback.mapping, fallback.problem, accelerator));
}

struct Net {
  Accelerator accelerator;
  std::vector<Piece> pieces;
};

Net random_net(std::uint64_t seed) {
  const Triple t = testing::random_triple(seed, {.max_macs = 3000});
  Rng rng = Rng(seed).fork(5);
  Net net{roomy(t.accelerator, rng), {}};
  const std::int64_t layers = rng.uniform(1, 5);
  for (std::int64_t i = 0; i < layers; ++i) {
    Piece piece;
    if (i == 0 || rng.chance(0.85)) {
      piece.program = another_program(net.accelerator, t, rng);
    }
    piece.given = {rng.chance(0.8), i == 0, false};
    if (i > 0) {
      piece.after = {static_cast<std::size_t>(i - 1)};
    }
    if (rng.chance(0.4)) {
      piece.fused_cycles = rng.uniform(0, 300);
      piece.standalone_cycles = rng.uniform(0, 300);
    }
    net.pieces.push_back(std::move(piece));
  }
  return net;
}

// One after the other: the longer of array and fused work, then the rest.
double sum_of_layers(const std::vector<sim::Result>& results, const std::vector<Piece>& pieces) {
  double sum = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    sum += std::max(results[i].exact_cycles, static_cast<double>(pieces[i].fused_cycles)) +
           static_cast<double>(pieces[i].standalone_cycles);
  }
  return sum;
}

// Ports carry the fraction of a tick that they owe from layer to layer, which shifts every later transfer.
constexpr double kGrid = 1.0 / 1024;

void check_parts(const sim::Result& network) {
  EXPECT_EQ(testing::sum_of(network.stalls), network.exact_cycles);
  for (const sim::Component& component : network.components) {
    double sum = component.busy + component.idle;
    for (const auto& wait : component.waits) {
      sum += wait.second;
    }
    EXPECT_EQ(sum, network.exact_cycles) << component.name;
  }
  double reasons = network.stalls.computing;
  for (const sim::Reason& reason : network.stalls.reasons) {
    reasons += reason.cycles;
  }
  EXPECT_EQ(reasons, network.exact_cycles);
}

// A tile that comes early changes the order in which later transfers ask for ports, and now and then the new
// order is a little worse (an anomaly of list scheduling, known since Graham 1969). Callers that want a bound
// run such a network without early tiles (dse/simulate_network.hpp), which takes the sum exactly.
TEST(Network, TakesNoLongerThanItsLayers) {
  int shorter = 0;
  int longer = 0;
  testing::for_each_seed(1, 600, [&](std::uint64_t seed) {
    const Net net = random_net(seed);
    const auto results = testing::simulate_network(net.accelerator, net.pieces);
    const sim::Result& network = results.back();
    const double sum = sum_of_layers(results, net.pieces);
    EXPECT_LE(network.exact_cycles, 1.01 * sum + kGrid) << "seed " << seed;
    longer += network.exact_cycles > sum + kGrid ? 1 : 0;
    check_parts(network);

    ASSERT_TRUE(std::is_sorted(network.layer_ends.begin(), network.layer_ends.end()));
    shorter += network.exact_cycles < sum - 1 ? 1 : 0;
  });
  EXPECT_LE(longer, 3);
  EXPECT_GT(shorter, 30);
}

TEST(Network, TakesItsLayersSumWhereEveryOperandComesFromTheLayerBefore) {
  testing::for_each_seed(1, 300, [](std::uint64_t seed) {
    Net net = random_net(seed);
    for (std::size_t i = 1; i < net.pieces.size(); ++i) {
      net.pieces[i].given = {};
    }
    const auto results = testing::simulate_network(net.accelerator, net.pieces);
    EXPECT_NEAR(results.back().exact_cycles, sum_of_layers(results, net.pieces), kGrid) << "seed " << seed;
  });
}

// Layers that need nothing of each other still compute in order, each with all its MACs.
TEST(Network, IndependentLayersOverlapTheirRamps) {
  testing::for_each_seed(1, 300, [](std::uint64_t seed) {
    Net net = random_net(seed);
    std::int64_t macs = 0;
    double computing = 0;
    for (Piece& piece : net.pieces) {
      piece.given = {true, true, false};
      piece.after.clear();
    }
    const auto results = testing::simulate_network(net.accelerator, net.pieces);
    for (std::size_t i = 0; i < net.pieces.size(); ++i) {
      macs += results[i].macs;
      computing += results[i].stalls.computing;
    }
    ASSERT_EQ(results.back().macs, macs) << "seed " << seed;
    ASSERT_EQ(results.back().stalls.computing, computing) << "seed " << seed;
    ASSERT_LE(results.back().exact_cycles, sum_of_layers(results, net.pieces) + kGrid) << "seed " << seed;
    check_parts(results.back());
  });
}

TEST(Network, DelaysChangeNoCount) {
  testing::for_each_seed(1, 100, [](std::uint64_t seed) {
    const Net net = random_net(seed);
    const auto calm = testing::simulate_network(net.accelerator, net.pieces);
    const auto delayed =
        testing::simulate_network(net.accelerator, net.pieces, {.max_jitter_cycles = 20, .seed = seed});
    ASSERT_EQ(calm.back().macs, delayed.back().macs);
    for (std::size_t level = 0; level < calm.back().levels.size(); ++level) {
      for (std::size_t r = 0; r < kRoles; ++r) {
        const sim::MeasuredTensor& a = calm.back().levels[level].tensors[r];
        const sim::MeasuredTensor& b = delayed.back().levels[level].tensors[r];
        ASSERT_EQ(a.fills, b.fills) << "seed " << seed;
        ASSERT_EQ(a.drains, b.drains) << "seed " << seed;
        ASSERT_EQ(a.reads, b.reads) << "seed " << seed;
        ASSERT_EQ(a.updates, b.updates) << "seed " << seed;
      }
    }
  });
}

}  // namespace
}  // namespace weft
