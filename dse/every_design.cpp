// Lists the designs of finite spaces.
// SPDX-License-Identifier: Apache-2.0
#include "dse/every_design.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <fmt/format.h>

#include "dse/optimizer.hpp"

namespace weft {

namespace {

constexpr double kMostDesigns = 50e6;

[[noreturn]] void too_many(const DesignSpace& space) {
  throw ConfigError({space.name}, "bad-search",
                    fmt::format("a proof looks at every design, and {:.3g} are too many", space.size()),
                    "leave fewer options, or search without --prove");
}

std::vector<int> choices(const DesignSpace& space, std::size_t from, std::size_t to) {
  double product = 1;
  std::vector<int> choices;
  for (std::size_t gene = from; gene < to; ++gene) {
    choices.push_back(space.choices(gene));
    product *= choices.back();
  }
  if (product > kMostDesigns) {
    too_many(space);
  }
  return choices;
}

// All genomes of some genes in their one form.
template <class Take>
void each(const std::vector<int>& choices, const std::function<void(Genome&)>& canonicalise,
          const Take& take) {
  OptimizerSetup setup;
  setup.choices = choices;
  setup.kind = SearchKind::kExhaustive;
  setup.admissible = [](const Genome&) { return true; };
  setup.canonicalise = canonicalise;
  if (choices.empty()) {
    take(Genome{});
    return;
  }
  const auto all = make_optimizer(setup);
  for (auto batch = all->ask(1000); !batch.empty(); batch = all->ask(1000)) {
    std::for_each(batch.begin(), batch.end(), take);
  }
}

void add_networks(const DesignSpace& space, EveryDesign& all) {
  each(
      choices(space, 0, space.network_genes()), [&](Genome& genome) { space.network->canonicalise(genome); },
      [&](const Genome& genome) {
        EveryDesign::Entry entry{genome, 0, {}};
        entry.accuracy = space.accuracy == nullptr ? 0 : space.accuracy->percent(*space.network, genome);
        if (!space.min_accuracy || space.accuracy == nullptr || entry.accuracy >= *space.min_accuracy) {
          space.network->blocks(genome, entry.blocks);
          all.networks.push_back(std::move(entry));
        }
      });
}

void add_machines(const DesignSpace& space, const Evaluator& evaluator, const std::function<bool()>& stopped,
                  EveryDesign& all) {
  each(choices(space, space.network_genes(), space.genes()), {}, [&](const Genome& knobs) {
    Genome whole(space.network_genes(), 0);
    whole.insert(whole.end(), knobs.begin(), knobs.end());
    if (!stopped() && evaluator.machine_admissible(whole)) {
      all.machines.push_back(&evaluator.machine(whole));
      all.knobs.push_back(knobs);
    }
  });
}

}  // namespace

EveryDesign every_design(const DesignSpace& space, const Evaluator& evaluator,
                         const std::function<bool()>& stopped) {
  EveryDesign all;
  add_networks(space, all);
  add_machines(space, evaluator, stopped, all);
  if (static_cast<double>(all.machines.size()) * static_cast<double>(all.networks.size()) > kMostDesigns) {
    too_many(space);
  }
  return all;
}

std::int64_t distinct_layers(const DesignSpace& space, const EveryDesign& all) {
  std::set<std::uint64_t> seen;
  std::set<std::string> shapes;
  for (const EveryDesign::Entry& entry : all.networks) {
    for (std::size_t i = 0; i < entry.blocks.size(); ++i) {
      if (!seen.insert(entry.blocks[i]).second) {
        continue;
      }
      for (const Layer& layer : space.network->block(entry.genes, i).layers) {
        if (layer.problem) {
          shapes.insert(text_of(*layer.problem));
        }
      }
    }
  }
  return std::ssize(shapes) * std::ssize(std::set<const Machine*>(all.machines.begin(), all.machines.end()));
}

}  // namespace weft
