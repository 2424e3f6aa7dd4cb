// Draws the problem and the machine; generators_mapping.cpp draws the mapping.
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/generators.hpp"

#include <cstdlib>
#include <stdexcept>

#include <gtest/gtest.h>

namespace weft::testing {
namespace {

// One spatial axis: the input is as large as `positions` windows need, give or take padding and a remainder.
struct AxisShape {
  std::int64_t in, kernel, stride, dilation, before, after;
};
AxisShape random_axis(Rng& rng) {
  AxisShape axis{};
  axis.kernel = rng.uniform(1, 4);
  axis.stride = rng.chance(0.4) ? rng.uniform(2, 4) : 1;
  axis.dilation = rng.chance(0.3) ? rng.uniform(2, 3) : 1;
  const std::int64_t reach = axis.dilation * (axis.kernel - 1) + 1;
  axis.before = rng.chance(0.5) ? rng.uniform(0, reach) : 0;
  axis.after = rng.chance(0.5) ? rng.uniform(0, reach) : 0;
  const std::int64_t padded = axis.stride * (rng.uniform(1, 8) - 1) + reach + rng.uniform(0, 1);
  axis.in = std::max<std::int64_t>(1, padded - axis.before - axis.after);
  return axis;
}

Problem random_conv(Rng& rng) {
  const AxisShape h = random_axis(rng);
  const AxisShape w = rng.chance(0.3) ? AxisShape{1, 1, 1, 1, 0, 0} : random_axis(rng);
  ConvShape s{.name = "conv"};
  s.batch = rng.chance(0.3) ? rng.uniform(2, 3) : 1;
  s.groups = rng.chance(0.3) ? rng.uniform(2, 4) : 1;
  const bool depthwise = s.groups > 1 && rng.chance(0.5);
  s.in_channels = s.groups * (depthwise ? 1 : rng.uniform(1, 6));
  s.out_channels = s.groups * (depthwise ? 1 : rng.uniform(1, 6));
  s.in_h = h.in, s.kernel_h = h.kernel, s.stride_h = h.stride, s.dilation_h = h.dilation;
  s.pad_top = h.before, s.pad_bottom = h.after;
  s.in_w = w.in, s.kernel_w = w.kernel, s.stride_w = w.stride, s.dilation_w = w.dilation;
  s.pad_left = w.before, s.pad_right = w.after;
  return make_conv(s);
}

Problem random_gemm(Rng& rng) {
  GemmShape s{.name = "gemm"};
  s.batch = rng.chance(0.5) ? rng.uniform(2, 4) : 1;
  s.weights = rng.chance(0.5) ? GemmShape::Weights::kBatched : GemmShape::Weights::kShared;
  s.m = rng.uniform(1, 20), s.n = rng.uniform(1, 20), s.k = rng.uniform(1, 20);
  return make_gemm(s);
}

std::optional<BitsPerCycle> random_bandwidth(Rng& rng) {
  static const std::vector<double> kSome = {3, 8, 12.5, 16, 64, 100, 256};
  return rng.chance(0.5) ? std::optional(BitsPerCycle(rng.pick(kSome))) : std::nullopt;
}

Memory random_memory(Rng& rng, std::string name, PerRole<bool> holds) {
  Memory memory;
  memory.name = std::move(name);
  memory.holds = holds;
  memory.kind = rng.chance(0.5) ? MemoryKind::kSram : MemoryKind::kRegfile;
  memory.width = Bits(rng.pick(std::vector<std::int64_t>{8, 16, 64, 128}));
  memory.read_bandwidth = random_bandwidth(rng);
  memory.write_bandwidth = random_bandwidth(rng);
  memory.shared_bandwidth = rng.chance(0.3) ? random_bandwidth(rng) : std::nullopt;
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    if (memory.holds[r] && rng.chance(0.15)) {
      memory.ports[r] =
          Bandwidths{random_bandwidth(rng).value_or(BitsPerCycle(16)), random_bandwidth(rng), std::nullopt};
    }
  }
  memory.buffering = rng.pick(std::vector{Buffering::kSingle, Buffering::kDouble, Buffering::kBuffet});
  memory.halo = rng.chance(0.7) ? Halo::kReuse : Halo::kRefetch;
  return memory;
}

// One memory for some tensors, or one for each side by side.
std::vector<Memory> random_memories(Rng& rng, const std::string& level, bool outermost) {
  PerRole<bool> holds = {true, true, true};
  if (outermost) {
    return {random_memory(rng, level + "_mem", holds)};
  }
  for (bool& one : holds) {
    one = rng.chance(0.75);
  }
  if (holds == PerRole<bool>{}) {
    holds[static_cast<std::size_t>(rng.uniform(0, kRoles - 1))] = true;
  }
  if (rng.chance(0.5)) {
    return {random_memory(rng, level + "_mem", holds)};
  }
  std::vector<Memory> memories;
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    if (holds[r]) {
      PerRole<bool> only{};
      only[r] = true;
      memories.push_back(random_memory(rng, level + "_" + std::string(name_of(role)), only));
    }
  }
  rng.shuffle(memories);
  return memories;
}

FanOut random_fanout(Rng& rng, const std::string& level) {
  static const std::vector<NetworkKind> kOperand = {NetworkKind::kMulticast, NetworkKind::kMulticast,
                                                    NetworkKind::kUnicast, NetworkKind::kSystolic};
  static const std::vector<NetworkKind> kOutput = {NetworkKind::kReducing, NetworkKind::kUnicast,
                                                   NetworkKind::kSystolic};
  FanOut fanout;
  fanout.name = level + "_fanout";
  fanout.network = {rng.pick(kOperand), rng.pick(kOperand), rng.pick(kOutput)};
  fanout.multicast_unit = rng.chance(0.3) ? MulticastUnit::kTile : MulticastUnit::kWord;
  return fanout;
}

}  // namespace

Problem random_problem(Rng& rng, const TripleOptions& options) {
  const auto limit = rng.uniform(std::min<std::int64_t>(64, options.max_macs), options.max_macs);
  while (true) {
    Problem problem;
    try {
      problem = rng.chance(0.75) ? random_conv(rng) : random_gemm(rng);
    } catch (const std::invalid_argument&) {
      continue;  // the drawn kernel does not fit the drawn input
    }
    if (macs(problem) <= limit) {
      problem.tensor(Role::kWeights).bits = static_cast<int>(rng.pick(std::vector{2, 4, 8, 16}));
      problem.tensor(Role::kInputs).bits = static_cast<int>(rng.pick(std::vector{4, 8, 16}));
      problem.tensor(Role::kOutputs).bits = static_cast<int>(rng.pick(std::vector{8, 16, 32}));
      return problem;
    }
  }
}

Accelerator random_accelerator(Rng& rng) {
  Accelerator accelerator;
  accelerator.name = "random";
  accelerator.summary = "drawn by a test";
  const auto depth = rng.uniform(2, 4);
  for (std::int64_t l = 0; l < depth; ++l) {
    StorageLevel level;
    level.name = "L" + std::to_string(l);
    level.memories = random_memories(rng, level.name, l == 0);
    level.fanout = random_fanout(rng, level.name);
    for (const Role role : kAllRoles) {
      const bool may = l > 0 && level.memory_for(role) != nullptr && rng.chance(0.4);
      level.may_bypass[static_cast<std::size_t>(index_of(role))] = may;
    }
    accelerator.levels.push_back(std::move(level));
  }
  accelerator.levels[0].memories[0].kind = MemoryKind::kDram;
  accelerator.compute.latency_cycles = rng.uniform(1, 3);
  return accelerator;
}

Triple random_triple(std::uint64_t seed, const TripleOptions& options) {
  Rng rng(seed);
  Triple triple{.seed = seed,
                .problem = random_problem(rng, options),
                .accelerator = random_accelerator(rng),
                .mapping = {}};
  triple.mapping = random_mapping(rng, triple.problem, triple.accelerator, options);
  fit_to(rng, triple.mapping, triple.problem, triple.accelerator);
  return triple;
}

std::string describe(const Triple& triple) {
  std::string text = "replay: WEFT_SEED=" + std::to_string(triple.seed) + "\n";
  for (const Role role : kAllRoles) {
    text += std::string(name_of(role)) + ":";
    for (const Rank& rank : triple.problem.tensor(role).ranks) {
      text += " [";
      for (const Term& term : rank.terms) {
        text +=
            std::to_string(term.coeff) + triple.problem.dims[static_cast<std::size_t>(term.dim)].name + " ";
      }
      text += std::to_string(rank.offset) + " of " + std::to_string(rank.extent) + "]";
    }
    text += "\n";
  }
  return text + one_line(triple.mapping, triple.problem, triple.accelerator) + "\n" +
         print_yaml(triple.mapping, triple.problem, triple.accelerator) + print_yaml(triple.accelerator);
}

void for_each_seed(std::uint64_t first, int count, const std::function<void(std::uint64_t)>& test) {
  if (const char* replay = std::getenv("WEFT_SEED")) {
    test(std::strtoull(replay, nullptr, 10));
    return;
  }
  for (int i = 0; i < count && !::testing::Test::HasFailure(); ++i) {
    test(first + static_cast<std::uint64_t>(i));
  }
}

}  // namespace weft::testing
