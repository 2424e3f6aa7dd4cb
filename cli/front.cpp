// Finds the fronts of a run's layers, equal shapes once, on as many threads as asked for.
// SPDX-License-Identifier: Apache-2.0
#include "cli/front.hpp"

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/progress.hpp"
#include "mapper/viewed_request.hpp"

namespace weft::cli {

namespace {

// One place per distinct shape, in the order of the network.
std::vector<LayerFront> shapes_of(const Setup& setup) {
  std::vector<LayerFront> shapes;
  for (const Layer& layer : setup.network.layers) {
    if (!layer.problem) {
      continue;
    }
    const auto known = std::find_if(shapes.begin(), shapes.end(), [&](const LayerFront& shape) {
      return same_shape(*shape.problem, *layer.problem);
    });
    if (known == shapes.end()) {
      shapes.push_back({.names = {layer.name}, .problem = &*layer.problem});
    } else {
      known->names.push_back(layer.name);
    }
  }
  return shapes;
}

// Outside the even space one mapping is better than none, and the reasons are better than silence.
MapResult fastest(exact::Front& front, const MapRequest& request) {
  if (front.points.empty()) {
    MapResult found = searches().at("constructive")(request);
    if (!found.mapping) {
      return found;
    }
    front.proven = false;
    front.points.push_back(std::move(found));
  }
  return front.points.front();
}

}  // namespace

FrontReport make_front_report(const Setup& setup) {
  FrontReport report{.base = make_report(Verb::kMap, setup, {}), .layers = shapes_of(setup)};
  if (report.layers.empty()) {
    throw ConfigError({setup.network_source.name}, "bad-usage", "no layer has array work: there is no front");
  }
  std::optional<Progress> bar;
  std::mutex mutex;
  NetworkRequest request;
  request.network = &setup.network;
  request.layer = setup.request();
  request.constraints = setup.constraints;
  request.threads = setup.threads;
  request.solve = [&](const MapRequest& layer) {
    const ViewedRequest bound(layer);
    exact::Front front = exact::front(*bound);
    MapResult first = fastest(front, *bound);
    const std::scoped_lock lock(mutex);
    const auto place = std::find_if(report.layers.begin(), report.layers.end(),
                                    [&](const LayerFront& shape) { return shape.problem == layer.problem; });
    place->front = std::move(front);
    return first;
  };
  request.progress = [&bar](int done, int all, const std::string& name) {
    if (!bar) {
      bar.emplace("mapping", all);
    }
    bar->advance(done, name);
  };
  report.first = map_network(request);
  return report;
}

}  // namespace weft::cli
