// GPT-2's attention on SpAtten, as one published trace prunes it, beside the same attention left whole.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "mapper/mapper.hpp"
#include "validation/csv.hpp"
#include "validation/suites.hpp"
#include "workload/compress.hpp"
#include "workload/trained.hpp"

namespace weft::validation {
namespace {

constexpr std::int64_t kHeads = 16, kHeadWidth = 64;  // of GPT-2 medium
constexpr double kWhole = 32;                         // bits of a word that nobody quantised

struct Row {
  std::int64_t heads = 0, keys = 0, values = 0;
  int key_bits = 0, value_bits = 0;
};

// Attention of every layer for one query behind a context, nothing pruned.
TrainedNetwork attention_of(std::size_t layers, std::int64_t context) {
  TrainedNetwork result{.network = {.name = "gpt2_medium_attention"}};
  for (std::size_t l = 0; l < layers; ++l) {
    const int before = static_cast<int>(result.network.layers.size());
    Layer scores{.name = fmt::format("layer{}_scores", l),
                 .problem = make_gemm({.batch = kHeads,
                                       .m = 1,
                                       .n = context,
                                       .k = kHeadWidth,
                                       .weights = GemmShape::Weights::kBatched})};
    scores.post_ops = {{.name = "softmax",
                        .kind = VectorKind::kSoftmax,
                        .elements = kHeads * context,
                        .ops_per_element = 5,
                        .standalone = true}};
    Layer values{.name = fmt::format("layer{}_values", l),
                 .problem = make_gemm({.batch = kHeads,
                                       .m = 1,
                                       .n = kHeadWidth,
                                       .k = context,
                                       .weights = GemmShape::Weights::kBatched})};
    scores.inputs = before > 0 ? std::vector<int>{before - 1} : std::vector<int>{};
    values.inputs = {before};
    result.network.layers.push_back(std::move(scores));
    result.network.layers.push_back(std::move(values));
  }
  return result;
}

// What the rows leave of each attention. `parts`: heads are pruned as well.
TrainedNetwork pruned(const std::vector<Row>& rows, std::int64_t context, bool heads_too) {
  TrainedNetwork result = attention_of(rows.size(), context);
  std::vector<AttentionShares> shares;
  for (const Row& row : rows) {
    const auto share = [](std::int64_t part, std::int64_t all) {
      return static_cast<double>(part) / static_cast<double>(all);
    };
    shares.push_back(
        {share(row.keys, context), heads_too ? share(row.heads, kHeads) : 1, share(row.values, row.keys)});
  }
  (void)prune_attention(result, shares);
  return result;
}

void set_key_bits(Network& network, const std::vector<Row>& rows) {
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    Problem& problem = *network.layers[l].problem;
    problem.tensor(Role::kWeights).bits = l % 2 == 0 ? rows[l / 2].key_bits : rows[l / 2].value_bits;
  }
}

struct Cost {
  double kv_words = 0, kv_bits = 0;  // keys and values read from the outermost level
  double macs = 0, cycles = 0;
};

Cost cost_of(const Network& network, const Accelerator& accelerator, const EnergyTable& table) {
  NetworkRequest request;
  request.network = &network;
  request.layer.accelerator = &accelerator;
  request.layer.table = &table;
  request.layer.objective = Objective::kLatency;
  request.search = "constructive";
  const NetworkResult result = map_network(request);
  WEFT_ENSURE(result.complete, "attention fits its own machine");
  Cost cost{.macs = static_cast<double>(macs(network)), .cycles = static_cast<double>(result.cycles)};
  for (const LayerResult& layer : result.layers) {
    const Problem& problem = *network.layers[static_cast<std::size_t>(layer.layer)].problem;
    const auto reads =
        static_cast<double>(layer.map->evaluation.counts.levels[0].tensors[at(Role::kWeights)].reads);
    cost.kv_words += reads;
    cost.kv_bits += reads * problem.tensor(Role::kWeights).bits;
  }
  return cost;
}

}  // namespace

SuiteResult run_spatten(const SuiteOptions& options) {
  const Accelerator accelerator = load_accelerator("spatten");
  const EnergyTable table = EnergyTable::load("default_45nm");
  const std::vector<Row> rows = collect_rows(table_of(options, "spatten.csv"), [](const CsvRow& cells,
                                                                                  int /*line*/) {
    return Row{cells.positive("heads"), cells.positive("keys"), cells.positive("values"),
               static_cast<int>(cells.positive("key_bits")), static_cast<int>(cells.positive("value_bits"))};
  });
  const std::int64_t context = rows.front().keys;  // the first layer sees all
  const Network whole = attention_of(rows.size(), context).network;
  const Network tokens = pruned(rows, context, false).network;
  Network all = pruned(rows, context, true).network;
  set_key_bits(all, rows);
  const Cost before = cost_of(whole, accelerator, table);
  const Cost by_tokens = cost_of(tokens, accelerator, table);
  const Cost after = cost_of(all, accelerator, table);
  Accelerator slow = accelerator;
  slow.vector_unit.ranking = 1;
  const Cost ranked_slowly = cost_of(all, slow, table);

  Series traffic{.title = "keys and values from DRAM, less by",
                 .unit = "ratio",
                 .truth = Truth::kModel,
                 .source = "Wang et al., HPCA 2021, abstract and section V-C; means over their benchmarks"};
  traffic.rows = {{"all together, 30 benchmarks", 10.0, kWhole * before.kv_words / after.kv_bits},
                  {"heads, words", 1.1, by_tokens.kv_words / after.kv_words}};
  Series words = traffic;
  words.title = "words of keys and values, less by";
  words.rows = {{"tokens and values, GPT-2", 3.8, before.kv_words / by_tokens.kv_words}};
  Series speed{.title = "speed",
               .unit = "ratio; TFLOPS",
               .truth = Truth::kModel,
               .source = "Wang et al., HPCA 2021, sections V-B and V-C"};
  const double seconds = after.cycles / accelerator.clock.count();
  speed.rows = {{"top-k engine over a slow one", 3.0, ranked_slowly.cycles / after.cycles},
                {"throughput on GPT-2, TFLOPS", 0.43, 2 * after.macs / seconds * 1e-12}};
  speed.notes = {"ours: 16 scores a cycle over 1; what the paper's slow one does is not in its text",
                 "ours has no gaps between requests to HBM and no start of pipelines"};
  SuiteResult result;
  result.machine =
      "configs/arch/spatten.yaml, analytic model, constructive search; attention of GPT-2 medium, one query "
      "behind "
      "1010 tokens";
  result.series = {traffic, words, speed};
  result.claims = {
      worst_within(traffic, 0.15),
      worst_within(words, 0.25),
      {"the top-k engine pays", ranked_slowly.cycles / after.cycles, Claim::Relation::kAtLeast, 1.5}};
  result.informed =
      "none of these ratios; which heads, keys and values each layer has is the authors' trace, an input "
      "here, and "
      "the paper's baseline is taken to have words of 32 bits";
  result.not_modelled = {
      "the other 29 benchmarks: the published ratios are means over them, ours is one point of one trace, "
      "with bits that do not come in two parts",
      "the computation saved (2.1x, mostly BERT's) and the speed over GPUs and CPUs: no such machine is here",
      "what pruning does to accuracy, and how scores decide which tokens go",
      "queries, scores and results: they stay on the chip there, and are left out of these ratios",
      "channels, pages and requests of HBM; crossbars between channels and buffers"};
  return result;
}

}  // namespace weft::validation
