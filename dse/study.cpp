// Runs studies.
// SPDX-License-Identifier: Apache-2.0
#include "dse/study.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "dse/answers.hpp"
#include "dse/chosen.hpp"
#include "dse/evaluator.hpp"
#include "dse/hypervolume.hpp"
#include "dse/inner_search.hpp"
#include "dse/journal.hpp"
#include "dse/prove.hpp"
#include "dse/ranks.hpp"
#include "dse/resimulate.hpp"
#include "dse/simulate_chosen.hpp"
#include "dse/sqlite_store.hpp"
#include "dse/study_file.hpp"
#include "dse/study_front.hpp"
#include "dse/study_search.hpp"
#include "dse/tasks.hpp"

namespace weft {

namespace {

DesignSpace effective_space(const StudyRequest& request) {
  DesignSpace space =
      request.network.empty() ? load_space(request.space) : load_space(request.space, request.network);
  space.seed = request.seed.value_or(space.seed);
  space.evaluations = request.evaluations.value_or(space.evaluations);
  if (space.source.command && !request.allow_commands) {
    throw ConfigError({request.space}, "command-refused",
                      fmt::format("the space would run '{}'", space.source.command->command),
                      "give --allow-commands if you trust it");
  }
  if (space.search == SearchKind::kCmaEs && space.objectives.size() != 1) {
    throw ConfigError({request.space}, "bad-search",
                      fmt::format("cma_es takes one objective, the space has {}", space.objectives.size()),
                      "give one objective, such as [edp], or use evolutionary");
  }
  if (space.baseline) {
    check_baseline(space);  // before the search, not after it
  }
  return space;
}

std::vector<StudyPoint> points_of(const DesignSpace& space, const Evaluator& evaluator, const Genome& asked) {
  return asked.front() == kAllNetworks ? front_of_networks(space, evaluator, asked, space.inner_evaluations)
                                       : std::vector<StudyPoint>{evaluator.evaluate(asked)};
}

class Study {
 public:
  Study(const StudyRequest& request, std::unique_ptr<Ranks> ranks)
      : request_(request),
        ranks_(std::move(ranks)),
        result_(start(request)),
        evaluator_(result_.space),
        journal_(request.out, fingerprint_of(result_.space), request.resume, request.shard),
        tasks_(journal_, task_setup()) {}

  StudyResult run() {
    if (request_.shard.index == 1) {
      write_study_file(request_.out, result_.space, request_.revision);
    }
    search();
    if (request_.prove) {
      result_.proof = prove_front(result_, evaluator_, tasks_, [this](std::int64_t done, std::int64_t total) {
        report(done, total, fmt::format("proving, front {}", front_.size()));
      });
    }
    ranks_.reset();
    result_.front = feasible_front(result_.space, result_.points);
    result_.knee = knee_of_front(result_.space, result_.points, result_.front);
    result_.interrupted = tasks_.stopped();
    result_.resumed = tasks_.from_journal();
    result_.notes = journal_.notes();
    if (request_.shard.index == 1 && !result_.interrupted) {
      write_results();
    }
    return std::move(result_);
  }

 private:
  static StudyResult start(const StudyRequest& request) {
    StudyResult result;
    result.space = effective_space(request);
    return result;
  }

  [[nodiscard]] bool nested() const { return result_.space.search == SearchKind::kNested; }

  TaskSetup task_setup() {
    TaskSetup setup;
    setup.threads = request_.threads;
    setup.shard = request_.shard;
    setup.stop = request_.stop;
    setup.evaluate = [this](const Genome& genome) { return points_of(result_.space, evaluator_, genome); };
    for (int rank = 1; ranks_ != nullptr && rank < ranks_->size(); ++rank) {
      setup.elsewhere.emplace_back([this, rank](const Genome& genome) { return ranks_->ask(rank, genome); });
    }
    setup.finished = [this](const Genome& genome) {
      ++finished_;
      report(finished_, result_.space.evaluations,
             fmt::format("front {}, hypervolume {:.4f} {}", front_.size(),
                         result_.trace.empty() ? 0 : result_.trace.back().hypervolume,
                         nested() ? "" : result_.space.network->describe(genome)));
    };
    return setup;
  }

  void search() {
    SearchHooks hooks;
    hooks.run = [this](const std::vector<Genome>& batch) { return tasks_.run(batch); };
    hooks.took = [this](const std::vector<std::vector<StudyPoint>>& results) {
      for (const std::vector<StudyPoint>& points : results) {
        std::for_each(points.begin(), points.end(), [this](const StudyPoint& point) { add(point); });
      }
      result_.evaluations += std::ssize(results);
      measure();
      return !tasks_.stopped();
    };
    hooks.refused = [this] { ++result_.rejected; };
    if (!tasks_.stopped()) {
      search_designs(result_.space, evaluator_, hooks);
    }
  }

  void add(const StudyPoint& point) {
    result_.points.push_back(point);
    result_.points.back().id = std::ssize(result_.points) - 1;
  }

  // Follows the front with what was added, and its hypervolume.
  void measure() {
    for (; seen_ < result_.points.size(); ++seen_) {
      if (result_.points[seen_].feasible) {
        front_.push_back(objectives_of(result_.space, result_.points[seen_]));
      }
    }
    if (result_.reference.empty() && !front_.empty()) {
      result_.reference = reference_of(front_);
    }
    std::vector<Objectives> kept;
    for (const std::size_t member : pareto_front(front_)) {
      kept.push_back(front_[member]);
    }
    front_ = std::move(kept);
    if (!front_.empty()) {
      result_.trace.push_back({result_.evaluations, front_.size(), share()});
    }
  }

  // The worst of the first batch, and a tenth of the way further from the best possible.
  [[nodiscard]] Objectives reference_of(const std::vector<Objectives>& points) const {
    Objectives worst = points.front();
    for (const Objectives& point : points) {
      for (std::size_t i = 0; i < worst.size(); ++i) {
        worst[i] = std::max(worst[i], point[i]);
      }
    }
    for (std::size_t i = 0; i < worst.size(); ++i) {
      worst[i] += 0.1 * (worst[i] - ideal(i));
    }
    return worst;
  }
  [[nodiscard]] double ideal(std::size_t objective) const {
    constexpr double kPerfect = -100;  // negated accuracy
    return result_.space.objectives[objective] == Metric::kAccuracy ? kPerfect : 0;
  }
  [[nodiscard]] double share() const {
    double box = 1;
    for (std::size_t i = 0; i < result_.reference.size(); ++i) {
      box *= result_.reference[i] - ideal(i);
    }
    return hypervolume(front_, result_.reference) / box;
  }

  void write_results() {
    if (result_.space.baseline) {
      result_.baseline = compare_with_baseline(result_, evaluator_);
    }
    if (result_.space.target) {
      result_.target = reach_target(result_, evaluator_);
    }
    result_.importance = importance_of(result_.space, result_.points);
    if (result_.knee && request_.simulate) {
      result_.resimulated = resimulate(result_, evaluator_, static_cast<std::size_t>(request_.top),
                                       static_cast<std::size_t>(std::max(1, request_.threads)),
                                       [this](std::size_t done, std::size_t total) {
                                         report(static_cast<std::int64_t>(done),
                                                static_cast<std::int64_t>(total), "simulating");
                                       });
      simulate();
    }
    write_files();
  }

  // A folder that took the journal may not take these any more; then nothing is lost, and the user is told
  // so.
  void write_files() const {
    try {
      write_file(request_.out / "front.csv", front_csv(result_));
      write_file(request_.out / "trace.csv", trace_csv(result_));
      write_sqlite(request_.out / "results.sqlite", result_);
      write_chosen(request_.out, result_, evaluator_);
    } catch (const ConfigError& error) {
      std::vector<Diagnostic> told = error.diagnostics();
      for (Diagnostic& problem : told) {
        problem.hint = "the journal has every evaluation: --resume writes the results of them";
      }
      throw ConfigError(std::move(told));
    }
  }

  void simulate() {
    const Genome& genome = result_.points[*result_.knee].genome;
    result_.simulated = simulate_layers(
        evaluator_.network(genome), evaluator_.map(genome), evaluator_.accelerator(genome),
        result_.space.seed, SimulateLayerOptions::Values::kChecked,
        [this](int done, int total, const std::string& name) { report(done, total, "simulating " + name); });
    for (const SimulatedLayer& layer : result_.simulated) {
      result_.model_cycles += layer.count * layer.model_cycles;
      result_.simulated_cycles += layer.count * layer.simulated_cycles;
    }
  }

  void report(std::int64_t done, std::int64_t total, const std::string& note) const {
    if (request_.progress) {
      request_.progress(done, total, note);
    }
  }

  const StudyRequest& request_;
  std::unique_ptr<Ranks> ranks_;  // null: no MPI
  StudyResult result_;
  Evaluator evaluator_;
  Journal journal_;
  Tasks tasks_;
  std::int64_t finished_ = 0;
  std::vector<Objectives> front_;  // of the points seen
  std::size_t seen_ = 0;
};

}  // namespace

namespace {

// Another rank than 0 reads the space as rank 0 does; where it cannot, it says nothing and rank 0 works
// alone.
StudyResult serve(const StudyRequest& request, Ranks& ranks) {
  StudyResult result;
  result.served = true;
  std::optional<Evaluator> evaluator;
  try {
    result.space = effective_space(request);
    evaluator.emplace(result.space);
  } catch (const ConfigError&) {
    evaluator.reset();
  }
  ranks.serve([&](const Genome& asked) {
    return evaluator ? points_of(result.space, *evaluator, asked) : std::vector<StudyPoint>();
  });
  return result;
}

}  // namespace

StudyResult run_study(const StudyRequest& request) {
  std::unique_ptr<Ranks> ranks = request.mpi ? join_ranks() : nullptr;
  if (ranks != nullptr && ranks->rank() > 0) {
    return serve(request, *ranks);
  }
  return Study(request, std::move(ranks)).run();
}

}  // namespace weft
