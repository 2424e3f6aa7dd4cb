// Makes the cases.
// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/cases.hpp"

#include <map>
#include <stdexcept>
#include <utility>

#include "mapper/exact/parts.hpp"
#include "mapper/map_space.hpp"
#include "workload/presets.hpp"

namespace weft::bench {
namespace {

constexpr std::int64_t kEvaluations = 300;  // enough for a sensible mapping

Case make_case(const std::string& accelerator, Problem problem) {
  Case result{load_accelerator(accelerator), std::move(problem), EnergyTable::load("default_45nm"), {}};
  MapResult found = searches().at("constructive")(request_of(result, kEvaluations));
  if (!found.mapping) {
    throw std::runtime_error("no legal mapping on " + accelerator);
  }
  result.mapping = std::move(*found.mapping);
  return result;
}

Problem resnet50_problem(const std::string& name) {
  for (const Layer& layer : network_presets().at("resnet50")({}).layers) {
    if (layer.name == name && layer.problem) {
      return *layer.problem;
    }
  }
  throw std::runtime_error("resnet50 has no layer " + name);
}

}  // namespace

MapRequest request_of(const Case& example, std::int64_t evaluations) {
  MapRequest request;
  request.problem = &example.problem;
  request.accelerator = &example.accelerator;
  request.table = &example.table;
  request.seed = 1;
  request.max_evaluations = evaluations;
  return request;
}

const Case& resnet50_case(const std::string& accelerator, const std::string& layer) {
  static std::map<std::pair<std::string, std::string>, Case> made;
  const std::pair key{accelerator, layer};
  const auto found = made.find(key);
  return found != made.end()
             ? found->second
             : made.emplace(key, make_case(accelerator, resnet50_problem(layer))).first->second;
}

const Case& gemm_case(const std::string& accelerator) {
  static std::map<std::string, Case> made;
  const auto found = made.find(accelerator);
  return found != made.end()
             ? found->second
             : made.emplace(
                       accelerator,
                       make_case(accelerator, make_gemm({.name = "gemm", .m = 512, .n = 3072, .k = 768})))
                   .first->second;
}

const Case& small_case() {
  static const Case made = make_case("gemmini", make_conv({.name = "small",
                                                           .in_channels = 64,
                                                           .out_channels = 64,
                                                           .in_h = 14,
                                                           .in_w = 14,
                                                           .kernel_h = 3,
                                                           .kernel_w = 3,
                                                           .pad_top = 1,
                                                           .pad_left = 1,
                                                           .pad_bottom = 1,
                                                           .pad_right = 1}));
  return made;
}

batch::Batch batch_of(const Case& one) {
  const MapSpace space(one.problem, one.accelerator);
  batch::Structure structure;
  std::vector<int> order;
  for (int dim = 0; dim < space.dims(); ++dim) {
    if (one.problem.size(dim) > 1) {
      order.push_back(dim);
    }
  }
  for (int level = 0; level < space.depth(); ++level) {
    structure.keep.push_back(space.level(level).can_keep);
    structure.orders.push_back(order);
  }
  return {request_of(one, 1), exact::make_parts(space, false).value(), std::move(structure)};
}

}  // namespace weft::bench
