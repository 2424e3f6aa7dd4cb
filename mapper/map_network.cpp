// Maps the layers of a network: each distinct problem once, on as many threads as asked for.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "base/checked.hpp"
#include "mapper/mapper.hpp"
#include "mapper/vector_work.hpp"
#include "workload/network.hpp"

namespace weft {

namespace {

// Layers by problem: `distinct` holds the first layer of each shape, `shape_of` its place (-1: no problem).
struct Shapes {
  std::vector<int> distinct;
  std::vector<int> shape_of;
};

Shapes shapes_of(const Network& network) {
  Shapes shapes;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const auto& problem = network.layers[i].problem;
    int shape = problem ? static_cast<int>(shapes.distinct.size()) : -1;
    for (std::size_t s = 0; problem && s < shapes.distinct.size(); ++s) {
      if (same_shape(*network.layers[static_cast<std::size_t>(shapes.distinct[s])].problem, *problem)) {
        shape = static_cast<int>(s);
        break;
      }
    }
    if (shape == static_cast<int>(shapes.distinct.size())) {
      shapes.distinct.push_back(static_cast<int>(i));
    }
    shapes.shape_of.push_back(shape);
  }
  return shapes;
}

// Solves the shapes on a pool of threads. Each search sees only its request, so the order of work leaves no
// trace in the results.
class Solver {
 public:
  Solver(const NetworkRequest& request, const Shapes& shapes)
      : request_(request),
        shapes_(shapes),
        search_(request.solve ? request.solve : searches().at(request.search)),
        results_(shapes.distinct.size()) {}

  std::vector<MapResult> run() {
    const auto workers = static_cast<std::size_t>(std::clamp<std::int64_t>(
        request_.threads, 1, std::max<std::int64_t>(1, std::ssize(shapes_.distinct))));
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < workers; ++i) {
      threads.emplace_back([this] { work(); });
    }
    work();
    for (std::thread& thread : threads) {
      thread.join();
    }
    if (error_) {
      std::rethrow_exception(error_);
    }
    return std::move(results_);
  }

 private:
  void work() {
    for (std::size_t shape = next_++; shape < results_.size(); shape = next_++) {
      try {
        const auto index = static_cast<std::size_t>(shapes_.distinct[shape]);
        const Layer& layer = request_.network->layers[index];
        MapRequest request = request_.layer;
        request.problem = &*layer.problem;
        if (!request_.constraints.empty() && request_.constraints[index]) {
          request.constraints = &*request_.constraints[index];
        }
        results_[shape] = search_(request);
        report(layer.name);
      } catch (...) {
        const std::scoped_lock lock(mutex_);
        error_ = error_ ? error_ : std::current_exception();
        next_ = results_.size();
      }
    }
  }

  void report(const std::string& name) {
    const std::scoped_lock lock(mutex_);
    ++done_;
    if (request_.progress) {
      request_.progress(done_, static_cast<int>(results_.size()), name);
    }
  }

  const NetworkRequest& request_;
  const Shapes& shapes_;
  const Search& search_;
  std::vector<MapResult> results_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  int done_ = 0;
  std::exception_ptr error_;
};

}  // namespace

NetworkResult map_network(const NetworkRequest& request) {
  const Network& network = *request.network;
  const Shapes shapes = shapes_of(network);
  const std::vector<MapResult> solved = Solver(request, shapes).run();
  NetworkResult total;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    LayerResult result;
    result.layer = static_cast<int>(i);
    result.repeat = network.layers[i].repeat;
    if (const int shape = shapes.shape_of[i]; shape >= 0) {
      result.map = solved[static_cast<std::size_t>(shape)];
      total.complete = total.complete && result.map->mapping.has_value();
      result.cycles = result.map->evaluation.timing.cycles;
      result.energy_pj = result.map->energy.total;
    }
    add_vector_work(result, network.layers[i], *request.layer.accelerator, *request.layer.table);
    total.cycles = checked_add(total.cycles, checked_mul(result.cycles, result.repeat));
    total.energy_pj += result.energy_pj * static_cast<double>(result.repeat);
    total.layers.push_back(std::move(result));
  }
  total.macs = macs(network);
  return total;
}

}  // namespace weft
