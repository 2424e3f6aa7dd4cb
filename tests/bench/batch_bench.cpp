// Speed of batch evaluation, by vector unit: mappings that share what is kept and the order of loops.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <benchmark/benchmark.h>

#include "base/rng.hpp"
#include "mapper/batch/batch.hpp"
#include "tests/bench/cases.hpp"

namespace weft::bench {
namespace {

constexpr std::size_t kMappings = 1U << 16U;

using Choices = std::vector<std::vector<std::uint32_t>>;  // [part][mapping]

struct Sweep {
  explicit Sweep(const Case& one) : batch(batch_of(one)) {}

  [[nodiscard]] std::uint32_t any(Rng& rng, std::size_t part) const {
    return static_cast<std::uint32_t>(
        rng.uniform(0, static_cast<std::int64_t>(batch.parts()[part].options.size()) - 1));
  }
  // All options of the swept part, for one random choice of the others after the other.
  [[nodiscard]] Choices swept(Rng& rng) const {
    Choices choices(batch.parts().size());
    while (choices[0].size() < kMappings) {
      const std::size_t options = batch.parts()[batch.swept()].options.size();
      for (std::size_t part = 0; part < choices.size(); ++part) {
        choices[part].insert(choices[part].end(), options, any(rng, part));
      }
      for (std::size_t option = 0; option < options; ++option) {
        choices[batch.swept()][choices[0].size() - options + option] = static_cast<std::uint32_t>(option);
      }
    }
    return choices;
  }
  [[nodiscard]] Choices random(Rng& rng) const {
    Choices choices(batch.parts().size());
    for (std::size_t part = 0; part < choices.size(); ++part) {
      for (std::size_t m = 0; m < kMappings; ++m) {
        choices[part].push_back(any(rng, part));
      }
    }
    return choices;
  }
  [[nodiscard]] static std::vector<std::span<const std::uint32_t>> spans(const Choices& choices) {
    return {choices.begin(), choices.end()};
  }
  // Only the legal ones of as many sweeps as it takes.
  [[nodiscard]] Choices legal(Rng& rng) const {
    Choices result(batch.parts().size());
    while (result[0].size() < kMappings) {
      const Choices choices = swept(rng);
      const batch::Prices prices = batch.price(spans(choices));
      for (std::size_t m = 0; m < prices.legal.size(); ++m) {
        for (std::size_t part = 0; part < choices.size() && prices.legal[m] != 0; ++part) {
          result[part].push_back(choices[part][m]);
        }
      }
    }
    return result;
  }

  batch::Batch batch;
};

enum class Kind : std::uint8_t { kSwept, kLegal, kShuffled, kRandom };

const Sweep& sweep_of(const Case& one) {
  static std::map<const Case*, Sweep> made;
  return made.try_emplace(&one, one).first->second;
}

Choices choose(const Sweep& sweep, Kind kind) {
  Rng rng(1);
  if (kind == Kind::kSwept) {
    return sweep.swept(rng);
  }
  if (kind == Kind::kRandom) {
    return sweep.random(rng);
  }
  Choices choices = sweep.legal(rng);
  for (std::size_t m = choices[0].size(); kind == Kind::kShuffled && m > 1; --m) {
    const auto other = static_cast<std::size_t>(rng.uniform(0, static_cast<std::int64_t>(m) - 1));
    for (auto& part : choices) {
      std::swap(part[m - 1], part[other]);
    }
  }
  return choices;
}

// Items: mappings, priced or found illegal. `legal`: the share of those that are legal.
void price_batch(benchmark::State& state, const char* accelerator, const char* layer, Kind kind,
                 batch::Target target) {
  const Case& one =
      std::string_view(layer) == "gemm" ? gemm_case(accelerator) : resnet50_case(accelerator, layer);
  const std::vector<batch::Target> can_run = batch::targets();
  if (std::find(can_run.begin(), can_run.end(), target) == can_run.end()) {
    for (auto _ : state) {
    }
    state.SetLabel("this machine lacks the vector unit");
    return;
  }
  const Sweep& sweep = sweep_of(one);
  const Choices choices = choose(sweep, kind);
  const auto options = Sweep::spans(choices);
  std::int64_t mappings = 0;
  std::int64_t legal = 0;
  for (auto _ : state) {
    const batch::Prices prices = sweep.batch.price(options, target);
    mappings += static_cast<std::int64_t>(prices.legal.size());
    legal += std::count(prices.legal.begin(), prices.legal.end(), 1);
  }
  state.SetItemsProcessed(mappings);
  state.counters["legal"] =
      static_cast<double>(legal) / static_cast<double>(std::max<std::int64_t>(1, mappings));
}

// A 3x3 convolution of 256 by 256 channels on 14 x 14 positions, and a matrix product.
BENCHMARK_CAPTURE(price_batch, eyeriss_conv4_2b_swept_plain, "eyeriss", "conv4_2b", Kind::kSwept,
                  batch::Target::kPlain);
BENCHMARK_CAPTURE(price_batch, eyeriss_conv4_2b_swept_avx2, "eyeriss", "conv4_2b", Kind::kSwept,
                  batch::Target::kAvx2);
BENCHMARK_CAPTURE(price_batch, eyeriss_conv4_2b_swept_avx512, "eyeriss", "conv4_2b", Kind::kSwept,
                  batch::Target::kAvx512);
BENCHMARK_CAPTURE(price_batch, eyeriss_conv4_2b_legal_plain, "eyeriss", "conv4_2b", Kind::kLegal,
                  batch::Target::kPlain);
BENCHMARK_CAPTURE(price_batch, eyeriss_conv4_2b_legal_avx2, "eyeriss", "conv4_2b", Kind::kLegal,
                  batch::Target::kAvx2);
BENCHMARK_CAPTURE(price_batch, eyeriss_conv4_2b_legal_avx512, "eyeriss", "conv4_2b", Kind::kLegal,
                  batch::Target::kAvx512);
BENCHMARK_CAPTURE(price_batch, eyeriss_conv4_2b_shuffled_avx2, "eyeriss", "conv4_2b", Kind::kShuffled,
                  batch::Target::kAvx2);
BENCHMARK_CAPTURE(price_batch, eyeriss_conv4_2b_random_avx2, "eyeriss", "conv4_2b", Kind::kRandom,
                  batch::Target::kAvx2);
BENCHMARK_CAPTURE(price_batch, eyeriss_gemm_swept_plain, "eyeriss", "gemm", Kind::kSwept,
                  batch::Target::kPlain);
BENCHMARK_CAPTURE(price_batch, eyeriss_gemm_swept_avx2, "eyeriss", "gemm", Kind::kSwept,
                  batch::Target::kAvx2);
BENCHMARK_CAPTURE(price_batch, eyeriss_gemm_swept_avx512, "eyeriss", "gemm", Kind::kSwept,
                  batch::Target::kAvx512);
BENCHMARK_CAPTURE(price_batch, eyeriss_gemm_legal_plain, "eyeriss", "gemm", Kind::kLegal,
                  batch::Target::kPlain);
BENCHMARK_CAPTURE(price_batch, eyeriss_gemm_legal_avx2, "eyeriss", "gemm", Kind::kLegal,
                  batch::Target::kAvx2);
BENCHMARK_CAPTURE(price_batch, eyeriss_gemm_legal_avx512, "eyeriss", "gemm", Kind::kLegal,
                  batch::Target::kAvx512);
BENCHMARK_CAPTURE(price_batch, eyeriss_gemm_shuffled_avx2, "eyeriss", "gemm", Kind::kShuffled,
                  batch::Target::kAvx2);
BENCHMARK_CAPTURE(price_batch, eyeriss_gemm_random_avx2, "eyeriss", "gemm", Kind::kRandom,
                  batch::Target::kAvx2);
BENCHMARK_CAPTURE(price_batch, gemmini_conv4_2b_swept_plain, "gemmini", "conv4_2b", Kind::kSwept,
                  batch::Target::kPlain);
BENCHMARK_CAPTURE(price_batch, gemmini_conv4_2b_swept_avx2, "gemmini", "conv4_2b", Kind::kSwept,
                  batch::Target::kAvx2);
BENCHMARK_CAPTURE(price_batch, gemmini_conv4_2b_swept_avx512, "gemmini", "conv4_2b", Kind::kSwept,
                  batch::Target::kAvx512);
BENCHMARK_CAPTURE(price_batch, gemmini_conv4_2b_legal_plain, "gemmini", "conv4_2b", Kind::kLegal,
                  batch::Target::kPlain);
BENCHMARK_CAPTURE(price_batch, gemmini_conv4_2b_legal_avx2, "gemmini", "conv4_2b", Kind::kLegal,
                  batch::Target::kAvx2);
BENCHMARK_CAPTURE(price_batch, gemmini_conv4_2b_legal_avx512, "gemmini", "conv4_2b", Kind::kLegal,
                  batch::Target::kAvx512);
BENCHMARK_CAPTURE(price_batch, gemmini_conv4_2b_shuffled_avx2, "gemmini", "conv4_2b", Kind::kShuffled,
                  batch::Target::kAvx2);
BENCHMARK_CAPTURE(price_batch, gemmini_conv4_2b_random_avx2, "gemmini", "conv4_2b", Kind::kRandom,
                  batch::Target::kAvx2);
BENCHMARK_CAPTURE(price_batch, gemmini_gemm_swept_plain, "gemmini", "gemm", Kind::kSwept,
                  batch::Target::kPlain);
BENCHMARK_CAPTURE(price_batch, gemmini_gemm_swept_avx2, "gemmini", "gemm", Kind::kSwept,
                  batch::Target::kAvx2);
BENCHMARK_CAPTURE(price_batch, gemmini_gemm_swept_avx512, "gemmini", "gemm", Kind::kSwept,
                  batch::Target::kAvx512);
BENCHMARK_CAPTURE(price_batch, gemmini_gemm_legal_plain, "gemmini", "gemm", Kind::kLegal,
                  batch::Target::kPlain);
BENCHMARK_CAPTURE(price_batch, gemmini_gemm_legal_avx2, "gemmini", "gemm", Kind::kLegal,
                  batch::Target::kAvx2);
BENCHMARK_CAPTURE(price_batch, gemmini_gemm_legal_avx512, "gemmini", "gemm", Kind::kLegal,
                  batch::Target::kAvx512);
BENCHMARK_CAPTURE(price_batch, gemmini_gemm_shuffled_avx2, "gemmini", "gemm", Kind::kShuffled,
                  batch::Target::kAvx2);
BENCHMARK_CAPTURE(price_batch, gemmini_gemm_random_avx2, "gemmini", "gemm", Kind::kRandom,
                  batch::Target::kAvx2);

// Items: options of parts tabulated. What a structure costs before its first mapping is priced.
void make_batch(benchmark::State& state, const char* accelerator) {
  const Case& one = resnet50_case(accelerator, "conv4_2b");
  std::int64_t options = 0;
  for (auto _ : state) {
    const batch::Batch made = batch_of(one);
    for (const batch::Part& part : made.parts()) {
      options += static_cast<std::int64_t>(part.options.size());
    }
  }
  state.SetItemsProcessed(options);
}
BENCHMARK_CAPTURE(make_batch, gemmini, "gemmini")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(make_batch, eyeriss, "eyeriss")->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace weft::bench
