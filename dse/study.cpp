// Runs studies.
// SPDX-License-Identifier: Apache-2.0
#include "dse/study.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <tuple>

#include <fmt/format.h>

#include "dse/chosen.hpp"
#include "dse/evaluator.hpp"
#include "dse/journal.hpp"
#include "dse/optimizer.hpp"
#include "dse/simulate_chosen.hpp"
#include "dse/sqlite_store.hpp"

namespace weft {

namespace {

double value_of(Metric metric, const StudyPoint& point) {
  switch (metric) {
    case Metric::kAccuracy:
      return -point.accuracy;
    case Metric::kLatency:
      return point.latency_s;
    case Metric::kEnergy:
      return point.energy_pj;
    case Metric::kArea:
      return point.area_um2;
    case Metric::kEdp:
      return point.energy_pj * point.latency_s;
  }
  WEFT_ENSURE(false, "not a metric");
}

Outcome outcome_of(const DesignSpace& space, const StudyPoint& point) {
  Outcome outcome;
  outcome.feasible = point.feasible;
  for (const Metric metric : space.objectives) {
    outcome.objectives.push_back(value_of(metric, point));
  }
  return outcome;
}

DesignSpace effective_space(const StudyRequest& request) {
  DesignSpace space = load_space(request.space);
  space.seed = request.seed.value_or(space.seed);
  space.evaluations = request.evaluations.value_or(space.evaluations);
  if (space.source.command && !request.allow_commands) {
    throw ConfigError({request.space}, "command-refused",
                      fmt::format("the space would run '{}'", space.source.command->command),
                      "give --allow-commands if you trust it");
  }
  return space;
}

class Study {
 public:
  explicit Study(const StudyRequest& request)
      : request_(request),
        result_{effective_space(request), {}, {}, {}, 0, 0, {}, 0, 0},
        evaluator_(result_.space),
        journal_(request.out, fingerprint_of(result_.space), request.resume) {}

  StudyResult run() {
    write_file(
        request_.out / "study.yaml",
        fmt::format("# The study as understood: weft explore THIS FILE --out FOLDER repeats it.\n"
                    "# revision: {}\n{}",
                    request_.revision.empty() ? "unknown" : request_.revision, print_yaml(result_.space)));
    search();
    find_front();
    if (result_.knee && request_.simulate) {
      simulate();
    }
    write_file(request_.out / "front.csv", front_csv(result_));
    write_sqlite(request_.out / "results.sqlite", result_);
    write_chosen(request_.out / "chosen", result_, evaluator_);
    return std::move(result_);
  }

 private:
  void search() {
    OptimizerSetup setup;
    for (std::size_t gene = 0; gene < result_.space.genes(); ++gene) {
      setup.choices.push_back(result_.space.choices(gene));
    }
    setup.kind = result_.space.search;
    setup.population = result_.space.population;
    setup.seed = result_.space.seed;
    setup.admissible = [this](const Genome& genome) {
      const bool admissible = evaluator_.admissible(genome);
      result_.rejected_area += admissible ? 0 : 1;
      return admissible;
    };
    const std::unique_ptr<Optimizer> optimizer = make_optimizer(setup);
    while (std::ssize(result_.points) < result_.space.evaluations) {
      const std::vector<Genome> batch =
          optimizer->ask(result_.space.evaluations - std::ssize(result_.points));
      if (batch.empty()) {
        break;
      }
      const std::size_t first = result_.points.size();
      evaluate(batch);
      std::vector<Outcome> outcomes;
      for (std::size_t i = first; i < result_.points.size(); ++i) {
        outcomes.push_back(outcome_of(result_.space, result_.points[i]));
      }
      optimizer->tell(outcomes);
    }
  }

  // Evaluates a batch on all threads and takes the points in order, each as soon as those before it are
  // there.
  void evaluate(const std::vector<Genome>& batch) {
    std::vector<std::optional<StudyPoint>> done(batch.size());
    std::atomic<std::size_t> next{0};
    std::exception_ptr error;
    const auto work = [&] {
      for (std::size_t i = next++; i < batch.size(); i = next++) {
        try {
          const StudyPoint* known = journal_.find(batch[i]);
          StudyPoint point = known != nullptr ? *known : evaluator_.evaluate(batch[i]);
          const std::scoped_lock lock(mutex_);
          done[i] = std::move(point);
          take(done, batch.size());
        } catch (...) {
          const std::scoped_lock lock(mutex_);
          error = error ? error : std::current_exception();
          next = batch.size();
        }
      }
    };
    std::vector<std::thread> threads;
    for (int i = 1; i < std::min(request_.threads, static_cast<int>(batch.size())); ++i) {
      threads.emplace_back(work);
    }
    work();
    for (std::thread& thread : threads) {
      thread.join();
    }
    taken_ = 0;
    if (error) {
      std::rethrow_exception(error);
    }
  }

  // Moves the finished points at the head of the batch to the results and the journal.
  void take(std::vector<std::optional<StudyPoint>>& done, std::size_t size) {
    while (taken_ < size && done[taken_]) {
      StudyPoint& point = *done[taken_];
      point.id = std::ssize(result_.points);
      if (journal_.find(point.genome) == nullptr) {
        journal_.append(point);
      } else {
        ++result_.resumed;
      }
      result_.points.push_back(std::move(point));
      ++taken_;
      report(std::ssize(result_.points), result_.space.evaluations,
             result_.space.network->describe(result_.points.back().genome));
    }
  }

  void find_front() {
    std::vector<std::size_t> complete;
    std::vector<Objectives> objectives;
    for (std::size_t i = 0; i < result_.points.size(); ++i) {
      if (result_.points[i].feasible) {
        complete.push_back(i);
        objectives.push_back(outcome_of(result_.space, result_.points[i]).objectives);
      }
    }
    std::vector<std::size_t> front = pareto_front(objectives);
    if (front.empty()) {
      return;
    }
    const auto order = [&](std::size_t member) {
      const StudyPoint& point = result_.points[complete[member]];
      return std::make_tuple(-point.accuracy, point.latency_s, point.energy_pj, point.id);
    };
    std::sort(front.begin(), front.end(), [&](std::size_t a, std::size_t b) { return order(a) < order(b); });
    result_.knee = complete[knee_of(objectives, front)];
    for (const std::size_t member : front) {
      result_.front.push_back(complete[member]);
    }
  }

  void simulate() {
    const Genome& genome = result_.points[*result_.knee].genome;
    result_.simulated = simulate_layers(
        evaluator_.network(genome), evaluator_.map(genome), evaluator_.accelerator(genome),
        result_.space.seed,
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
  StudyResult result_;
  Evaluator evaluator_;
  Journal journal_;
  std::mutex mutex_;
  std::size_t taken_ = 0;  // points of the batch already in the results
};

}  // namespace

StudyResult run_study(const StudyRequest& request) {
  return Study(request).run();
}

}  // namespace weft
