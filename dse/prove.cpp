// Closes finite spaces.
// SPDX-License-Identifier: Apache-2.0
#include "dse/prove.hpp"

#include <algorithm>
#include <queue>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "base/checked.hpp"
#include "dse/optimizer.hpp"
#include "dse/study_front.hpp"

namespace weft {

namespace {

constexpr double kMostDesigns = 50e6;
constexpr std::size_t kBatch = 32;  // designs mapped before bounds are looked at again

struct NetworkEntry {
  Genome genes;
  double accuracy = 0;
  std::vector<std::uint64_t> blocks;
};

// A design that may still be on the front, by the bounds when it was put in line.
struct Open {
  double score = 0;
  std::uint32_t machine = 0, network = 0;
};
struct Worse {
  bool operator()(const Open& a, const Open& b) const {
    return std::tie(a.score, a.machine, a.network) > std::tie(b.score, b.machine, b.network);
  }
};

class Prover {
 public:
  Prover(StudyResult& result, const Evaluator& evaluator, Tasks& tasks)
      : result_(result), space_(result.space), evaluator_(evaluator), tasks_(tasks) {}

  FrontProof run(const std::function<void(std::int64_t, std::int64_t)>& progress) {
    collect_networks();
    collect_machines();
    proof_.designs = static_cast<double>(networks_.size()) * static_cast<double>(machines_.size());
    proof_.layers = layers_of_all();
    for (const StudyPoint& point : result_.points) {
      learn(point);
    }
    line_up();
    while (!line_.empty() && !tasks_.stopped()) {
      map_best();
      if (progress) {
        progress(static_cast<std::int64_t>(proof_.designs) - std::ssize(line_),
                 static_cast<std::int64_t>(proof_.designs));
      }
    }
    describe_open();
    proof_.layers_mapped = evaluator_.layers_mapped();
    keep_front();
    return proof_;
  }

 private:
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

  [[nodiscard]] std::vector<int> choices(std::size_t from, std::size_t to) const {
    double product = 1;
    std::vector<int> choices;
    for (std::size_t gene = from; gene < to; ++gene) {
      choices.push_back(space_.choices(gene));
      product *= choices.back();
    }
    if (product > kMostDesigns) {
      throw ConfigError({space_.name}, "bad-search",
                        fmt::format("a proof looks at every design, and {:.3g} are too many", space_.size()),
                        "leave fewer options, or search without --prove");
    }
    return choices;
  }

  void collect_networks() {
    const std::size_t genes = space_.network_genes();
    each(
        choices(0, genes), [&](Genome& genome) { space_.network->canonicalise(genome); },
        [&](const Genome& genome) {
          NetworkEntry entry{genome, 0, {}};
          entry.accuracy = space_.accuracy == nullptr ? 0 : space_.accuracy->percent(*space_.network, genome);
          if (!space_.min_accuracy || space_.accuracy == nullptr || entry.accuracy >= *space_.min_accuracy) {
            space_.network->blocks(genome, entry.blocks);
            networks_.push_back(std::move(entry));
          }
        });
  }

  void collect_machines() {
    each(choices(space_.network_genes(), space_.genes()), {}, [&](const Genome& knobs) {
      Genome whole(space_.network_genes(), 0);
      whole.insert(whole.end(), knobs.begin(), knobs.end());
      if (!tasks_.stopped() && evaluator_.machine_admissible(whole)) {
        machines_.push_back(&evaluator_.machine(whole));
        knobs_.push_back(knobs);
      }
    });
    if (static_cast<double>(machines_.size()) * static_cast<double>(networks_.size()) > kMostDesigns) {
      (void)choices(0, space_.genes());
    }
  }

  // Distinct layers of all networks, on every accelerator.
  std::int64_t layers_of_all() const {
    std::set<std::uint64_t> seen;
    std::set<std::string> shapes;
    for (const NetworkEntry& entry : networks_) {
      for (std::size_t i = 0; i < entry.blocks.size(); ++i) {
        if (seen.insert(entry.blocks[i]).second) {
          for (const Layer& layer : space_.network->block(entry.genes, i).layers) {
            if (layer.problem) {
              shapes.insert(text_of(*layer.problem));
            }
          }
        }
      }
    }
    return std::ssize(shapes) * std::ssize(std::set<const Machine*>(machines_.begin(), machines_.end()));
  }

  [[nodiscard]] Genome genome_of(const Open& open) const {
    Genome genome = networks_[open.network].genes;
    genome.insert(genome.end(), knobs_[open.machine].begin(), knobs_[open.machine].end());
    return genome;
  }

  struct Bounded {
    StudyPoint point;
    bool known = false;
  };
  [[nodiscard]] Bounded bounded(const Open& open) const {
    const NetworkEntry& network = networks_[open.network];
    const Machine& machine = *machines_[open.machine];
    Bounded result{{}, true};
    BlockCost total;
    for (std::size_t i = 0; i < network.blocks.size(); ++i) {
      const auto [cost, known] =
          machine.bound(network.blocks[i], [&] { return space_.network->block(network.genes, i); });
      total.cycles = checked_add(total.cycles, cost.cycles);
      total.energy_pj += cost.energy_pj;
      total.complete = total.complete && cost.complete;
      result.known = result.known && known;
    }
    result.point.accuracy = network.accuracy;
    result.point.area_um2 = machine.area_um2();
    evaluator_.finish(result.point, total, machine);
    return result;
  }

  [[nodiscard]] bool beaten(const Objectives& bound) const {
    return std::any_of(front_.begin(), front_.end(),
                       [&](const Objectives& member) { return dominates(member, bound); });
  }

  void learn(const StudyPoint& point) {
    if (!point.feasible) {
      return;
    }
    Objectives objectives = objectives_of(space_, point);
    if (!beaten(objectives)) {
      std::erase_if(front_, [&](const Objectives& member) { return dominates(objectives, member); });
      front_.push_back(std::move(objectives));
    }
  }

  // The sum of the objectives, each in units of its best in the space: a small one promises much.
  [[nodiscard]] double score_of(const Objectives& objectives) const {
    double sum = 0;
    for (std::size_t i = 0; i < objectives.size(); ++i) {
      sum += (objectives[i] - best_[i]) / std::max(1e-300, worst_[i] - best_[i]);
    }
    return sum;
  }

  // Puts in line what its bounds do not exclude, and counts the rest.
  void settle(const Open& open, std::vector<Open>* batch) {
    const Bounded now = bounded(open);
    if (!now.point.feasible) {
      ++(now.known ? proof_.evaluated : proof_.infeasible);
      return;
    }
    const Objectives objectives = objectives_of(space_, now.point);
    if (beaten(objectives)) {
      ++(now.known ? proof_.evaluated : proof_.dominated);
      return;
    }
    const double score = score_of(objectives);
    if (batch != nullptr && (now.known || score <= open.score)) {
      batch->push_back(open);
    } else {
      line_.push({score, open.machine, open.network});
    }
  }

  void line_up() {
    std::vector<Open> all;
    for (std::uint32_t machine = 0; machine < machines_.size(); ++machine) {
      for (std::uint32_t network = 0; network < networks_.size() && !tasks_.stopped(); ++network) {
        const Open open{0, machine, network};
        const Objectives objectives = objectives_of(space_, bounded(open).point);
        best_ = best_.empty() ? objectives : best_;
        worst_ = worst_.empty() ? objectives : worst_;
        for (std::size_t i = 0; i < objectives.size(); ++i) {
          best_[i] = std::min(best_[i], objectives[i]);
          worst_[i] = std::max(worst_[i], objectives[i]);
        }
        all.push_back(open);
      }
    }
    for (const Open& open : all) {
      settle(open, nullptr);
    }
  }

  void map_best() {
    std::vector<Open> batch;
    while (!line_.empty() && batch.size() < kBatch) {
      const Open open = line_.top();
      line_.pop();
      settle(open, &batch);
    }
    std::vector<Genome> genomes;
    for (const Open& open : batch) {
      genomes.push_back(genome_of(open));
    }
    const auto results = tasks_.run(genomes);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (i >= results.size()) {
        line_.push(batch[i]);  // stopped
        continue;
      }
      ++proof_.evaluated;
      learn(results[i].front());
      found_.push_back(results[i].front());
    }
  }

  void describe_open() {
    proof_.open = static_cast<double>(line_.size());
    for (auto line = line_; !line.empty(); line.pop()) {
      const Objectives objectives = objectives_of(space_, bounded(line.top()).point);
      if (beaten(objectives)) {
        --proof_.open;
        ++proof_.dominated;
        continue;
      }
      if (proof_.best_open.empty()) {
        proof_.best_open = objectives;
      }
      for (std::size_t i = 0; i < objectives.size(); ++i) {
        proof_.best_open[i] = std::min(proof_.best_open[i], objectives[i]);
      }
    }
  }

  // What was mapped on the way and is on the front, whatever the way was.
  void keep_front() {
    std::set<Genome> have;
    for (const StudyPoint& point : result_.points) {
      have.insert(point.genome);
    }
    std::sort(found_.begin(), found_.end(),
              [](const StudyPoint& a, const StudyPoint& b) { return a.genome < b.genome; });
    for (StudyPoint& point : found_) {
      if (point.feasible && !beaten(objectives_of(space_, point)) && have.insert(point.genome).second) {
        point.id = std::ssize(result_.points);
        result_.points.push_back(point);
      }
    }
  }

  StudyResult& result_;
  const DesignSpace& space_;
  const Evaluator& evaluator_;
  Tasks& tasks_;
  FrontProof proof_;
  std::vector<NetworkEntry> networks_;
  std::vector<const Machine*> machines_;
  std::vector<Genome> knobs_;
  std::vector<Objectives> front_;
  Objectives best_, worst_;
  std::priority_queue<Open, std::vector<Open>, Worse> line_;
  std::vector<StudyPoint> found_;
};

}  // namespace

FrontProof prove_front(StudyResult& result, const Evaluator& evaluator, Tasks& tasks,
                       const std::function<void(std::int64_t, std::int64_t)>& progress) {
  return Prover(result, evaluator, tasks).run(progress);
}

}  // namespace weft
