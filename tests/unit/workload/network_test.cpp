// Do totals and invariants of a network hold?
// SPDX-License-Identifier: Apache-2.0
#include "workload/network.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/checked.hpp"

namespace weft {
namespace {

using ::testing::HasSubstr;

Network two_layers() {
  Network network{.name = "n"};
  network.layers.push_back(
      {.name = "a", .problem = make_gemm({.m = 2, .n = 3, .k = 4}), .repeat = 5, .parameters = 12});
  network.layers.push_back(
      {.name = "b", .post_ops = {{.name = "pool", .kind = VectorKind::kPool, .elements = 3}}, .inputs = {0}});
  return network;
}

TEST(Network, TotalsCountRepeats) {
  EXPECT_EQ(macs(two_layers()), 5 * 24);
  EXPECT_EQ(parameters(two_layers()), 5 * 12);
  Network many = two_layers();
  many.layers[0].repeat = std::int64_t{1} << 60;
  EXPECT_THROW(static_cast<void>(macs(many)), OverflowError);
  EXPECT_THAT(validate(many), HasSubstr("2^63"));
}

TEST(Network, ValidateNamesTheBrokenInvariant) {
  const auto broken = [](auto change) {
    Network network = two_layers();
    change(network);
    return validate(network);
  };
  EXPECT_EQ(broken([](Network&) {}), "");
  EXPECT_THAT(broken([](Network& n) { n.layers.clear(); }), HasSubstr("at least one layer"));
  EXPECT_THAT(broken([](Network& n) { n.layers[1].name = "a"; }), HasSubstr("two layers are named 'a'"));
  EXPECT_THAT(broken([](Network& n) { n.layers[0].inputs = {1}; }), HasSubstr("not an earlier layer"));
  EXPECT_THAT(broken([](Network& n) { n.layers[1].inputs = {0, 0}; }), HasSubstr("twice"));
  EXPECT_THAT(broken([](Network& n) { n.layers[1].post_ops.clear(); }), HasSubstr("neither"));
  EXPECT_THAT(broken([](Network& n) { n.layers[0].repeat = 0; }), HasSubstr("repeat"));
  EXPECT_THAT(broken([](Network& n) { n.layers[0].problem->dims[1].size = -1; }), HasSubstr("size -1"));
  EXPECT_THAT(broken([](Network& n) { n.layers[1].post_ops[0].elements = -1; }), HasSubstr("negative"));
}

TEST(Network, SetBitsTreatsBothOperandsOfAMatmulAsActivations) {
  Network network = two_layers();
  network.layers.push_back(
      {.name = "c",
       .problem = make_gemm({.batch = 2, .m = 2, .n = 2, .k = 2, .weights = GemmShape::Weights::kBatched})});
  set_bits(network, 4, 6);
  EXPECT_EQ(network.layers[0].problem->tensor(Role::kWeights).bits, 4);
  EXPECT_EQ(network.layers[0].problem->tensor(Role::kInputs).bits, 6);
  EXPECT_EQ(network.layers[1].post_ops[0].bits, 6);
  EXPECT_EQ(network.layers[2].problem->tensor(Role::kWeights).bits, 6);
}

}  // namespace
}  // namespace weft
