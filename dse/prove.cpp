// Closes finite spaces.
// SPDX-License-Identifier: Apache-2.0
#include "dse/prove.hpp"

#include <algorithm>
#include <queue>
#include <set>
#include <tuple>

#include "base/checked.hpp"
#include "dse/every_design.hpp"
#include "dse/study_front.hpp"

namespace weft {

namespace {

constexpr std::size_t kBatch = 32;  // designs mapped before bounds are looked at again

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
    all_ = every_design(space_, evaluator_, [this] { return tasks_.stopped(); });
    proof_.designs = static_cast<double>(all_.networks.size()) * static_cast<double>(all_.machines.size());
    proof_.layers = distinct_layers(space_, all_);
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
  [[nodiscard]] Genome genome_of(const Open& open) const {
    Genome genome = all_.networks[open.network].genes;
    genome.insert(genome.end(), all_.knobs[open.machine].begin(), all_.knobs[open.machine].end());
    return genome;
  }

  struct Bounded {
    StudyPoint point;
    bool known = false;
  };
  [[nodiscard]] Bounded bounded(const Open& open) const {
    const EveryDesign::Entry& network = all_.networks[open.network];
    const Machine& machine = *all_.machines[open.machine];
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
    for (std::uint32_t machine = 0; machine < all_.machines.size(); ++machine) {
      for (std::uint32_t network = 0; network < all_.networks.size() && !tasks_.stopped(); ++network) {
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
  EveryDesign all_;
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
