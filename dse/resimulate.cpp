// Simulates designs in children, because a process elaborates one machine.
// SPDX-License-Identifier: Apache-2.0
#include "dse/resimulate.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/byte_stream.hpp"
#include "base/worker_pool.hpp"
#include "dse/simulate_chosen.hpp"
#include "dse/study_front.hpp"

namespace weft {

void describe(ByteStream& bytes, ResimulatedDesign& design) {
  bytes(design.point, design.model_cycles, design.simulated_cycles, design.model_s, design.simulated_s,
        design.counts_match);
}

namespace {

ResimulatedDesign measure(const StudyResult& result, std::size_t point, const Evaluator& evaluator) {
  const Genome& genome = result.points[point].genome;
  const Accelerator accelerator = evaluator.accelerator(genome);
  ResimulatedDesign design{.point = point, .counts_match = true};
  for (const SimulatedLayer& layer :
       simulate_layers(evaluator.network(genome), evaluator.map(genome), accelerator, result.space.seed,
                       SimulateLayerOptions::Values::kNone, {})) {
    design.model_cycles += layer.count * layer.model_cycles;
    design.simulated_cycles += layer.count * layer.simulated_cycles;
    design.counts_match = design.counts_match && layer.counts_match;
  }
  const double clock = accelerator.clock.count();
  design.model_s = static_cast<double>(design.model_cycles) / clock;
  design.simulated_s = static_cast<double>(design.simulated_cycles) / clock;
  return design;
}

}  // namespace

std::vector<std::size_t> best_of_front(const StudyResult& result, std::size_t most) {
  std::vector<Objectives> points;
  for (const std::size_t member : result.front) {
    points.push_back(objectives_of(result.space, result.points[member]));
  }
  const std::vector<double> distances = ideal_distances(points);
  std::vector<std::size_t> order(points.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return distances[a] < distances[b]; });
  order.resize(std::min(order.size(), most));
  std::vector<std::size_t> best;
  for (const std::size_t place : order) {
    best.push_back(result.front[place]);
  }
  return best;
}

Resimulation resimulate(StudyResult& result, const Evaluator& evaluator, std::size_t most,
                        std::size_t workers, const std::function<void(std::size_t, std::size_t)>& progress) {
  Resimulation all;
  const std::vector<std::size_t> best = best_of_front(result, most);
  std::size_t done = 0;
  const std::vector<JobEnd> ends = run_jobs(
      best.size(), [&](std::size_t i) { return to_bytes(measure(result, best[i], evaluator)); },
      {.workers = workers},
      [&](std::size_t /*job*/, const JobEnd& /*end*/) {
        if (progress) {
          progress(++done, best.size());
        }
      });
  for (std::size_t i = 0; i < best.size(); ++i) {
    if (ends[i].how == JobEnd::How::kAnswered) {
      all.designs.push_back(from_bytes<ResimulatedDesign>(ends[i].text));
    } else {
      result.notes.push_back(
          fmt::format("design {} was not simulated: {}", result.points[best[i]].id, ends[i].text));
    }
  }
  count_inversions(all);
  return all;
}

void count_inversions(Resimulation& resimulation) {
  const auto& designs = resimulation.designs;
  for (std::size_t i = 0; i < designs.size(); ++i) {
    for (std::size_t j = i + 1; j < designs.size(); ++j) {
      const double model = designs[i].model_s - designs[j].model_s;
      const double simulated = designs[i].simulated_s - designs[j].simulated_s;
      resimulation.pairs += model != 0 ? 1 : 0;
      resimulation.inversions += model * simulated < 0 ? 1 : 0;
    }
  }
}

}  // namespace weft
