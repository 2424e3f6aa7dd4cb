// Puts the bounds of a run's layers together.
// SPDX-License-Identifier: Apache-2.0
#include "cli/bounds.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "cli/slopes.hpp"
#include "dataflow/tile_extents.hpp"
#include "mapper/bound_parts.hpp"
#include "mapper/vector_work.hpp"

namespace weft::cli {
namespace {

// The least cycles in which the outermost level can move so many bits, however they split over its ports: no
// more than all ports together move in a cycle.
double port_cycles(std::int64_t bits, const Accelerator& accelerator) {
  double most = 0;
  const StorageLevel& outermost = accelerator.levels.front();
  for (int port = 0; port < outermost.ports(); ++port) {
    const Bandwidths widths = outermost.bandwidths(port);
    if (!widths.shared && !(widths.read && widths.write)) {
      return 0;
    }
    double both = widths.shared ? widths.shared->count() : INFINITY;
    if (widths.read && widths.write) {
      both = std::min(both, widths.read->count() + widths.write->count());
    }
    most += both;
  }
  return static_cast<double>(bits) / most;
}

OuterTraffic compulsory(const BoundParts& parts, const SlopeWidths& widths) {
  OuterTraffic traffic{.cycles = parts.outer_cycles};
  for (std::size_t role = 0; role < kRoles; ++role) {
    const auto words = static_cast<std::int64_t>(parts.once[role]);
    traffic.words = saturating_add(traffic.words, words);
    traffic.bits = saturating_add(traffic.bits, saturating_mul(words, widths.outer[role]));
  }
  return traffic;
}

void accumulate(OuterTraffic& to, const OuterTraffic& from, std::int64_t repeat) {
  to.words = saturating_add(to.words, saturating_mul(repeat, from.words));
  to.bits = saturating_add(to.bits, saturating_mul(repeat, from.bits));
  to.cycles += static_cast<double>(repeat) * from.cycles;
}

void accumulate(std::vector<std::pair<std::string, double>>& to, const std::string& name, double value) {
  const auto known =
      std::find_if(to.begin(), to.end(), [&](const auto& entry) { return entry.first == name; });
  if (known == to.end()) {
    to.emplace_back(name, value);
  } else {
    known->second += value;
  }
}

class Maker {
 public:
  explicit Maker(const Setup& setup) : setup_(setup), slopes_(slopes_of(setup)) {
    report_.base = make_report(Verb::kMap, setup, {});
    report_.buffer_bits = slope_rooms(setup.accelerator).back().bits;
    report_.refused = slopes_.refused;
  }

  BoundReport make() {
    for (std::size_t i = 0; i < setup_.network.layers.size(); ++i) {
      add_layer(i);
    }
    add_totals(report_.base, setup_);
    std::stable_sort(report_.binds.begin(), report_.binds.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    return std::move(report_);
  }

 private:
  void add_layer(std::size_t index) {
    const Layer& source = setup_.network.layers[index];
    LayerReport layer{.name = source.name, .kind = "vector", .repeat = source.repeat};
    BoundDetail detail;
    Bound bound;
    if (source.problem) {
      MapRequest request = setup_.request();
      request.problem = &*source.problem;
      const BoundParts parts = bound_parts(request);
      bound = parts.bound;
      describe(index, parts, detail);
      layer.kind = source.problem->kind;
      layer.shape = shape_of(*source.problem);
      layer.macs = macs(*source.problem);
    }
    const VectorWork work = vector_work(source, setup_.accelerator, setup_.table);
    const double vector_pj = work.fused.energy_pj + work.standalone.energy_pj;
    detail.energy_pj.emplace_back("vector", vector_pj);
    const bool array =
        source.problem && bound.cycles >= work.fused.cycles && bound.cycles >= work.standalone.cycles;
    detail.binds = array ? detail.binds : "vector unit";
    layer.cycles = std::max(source.problem ? bound.cycles : 0, work.fused.cycles) + work.standalone.cycles;
    layer.energy_pj = bound.energy_pj + vector_pj;
    layer.outer_words = detail.compulsory.words;
    layer.edp_js = objective_value(Objective::kEdp, layer.energy_pj, layer.cycles, setup_.accelerator.clock);
    layer.bound_cost =
        objective_value(setup_.objective, layer.energy_pj, layer.cycles, setup_.accelerator.clock);
    add_to_total(layer, detail);
    report_.base.layers.push_back(std::move(layer));
    report_.details.push_back(std::move(detail));
  }

  void describe(std::size_t index, const BoundParts& parts, BoundDetail& detail) const {
    const Problem& problem = *setup_.network.layers[index].problem;
    detail.compute_cycles = parts.compute_cycles;
    detail.compulsory = compulsory(parts, slope_widths(problem, setup_.accelerator));
    detail.binds = parts.port.cycles > parts.compute_cycles ? parts.port.name : "compute";
    detail.energy_pj = {{"MACs", parts.macs_pj}};
    for (const Role role : kAllRoles) {
      detail.energy_pj.emplace_back(std::string(name_of(role)),
                                    parts.tensor_pj[static_cast<std::size_t>(index_of(role))]);
    }
    detail.energy_pj.emplace_back("leakage", parts.leak_pj);
    if (const auto slope = slopes_.slope_of[index]) {
      if (const auto point = slopes_.distinct[*slope].at(report_.buffer_bits)) {
        detail.buffered = {
            .words = point->words,
            .bits = point->bits,
            .cycles = std::max(detail.compulsory.cycles, port_cycles(point->bits, setup_.accelerator))};
      }
    }
  }

  void add_to_total(const LayerReport& layer, const BoundDetail& detail) {
    const auto copies = static_cast<double>(layer.repeat);
    report_.total.compute_cycles += copies * detail.compute_cycles;
    accumulate(report_.total.compulsory, detail.compulsory, layer.repeat);
    if (detail.buffered) {
      report_.total.buffered = report_.total.buffered.value_or(OuterTraffic{});
      accumulate(*report_.total.buffered, *detail.buffered, layer.repeat);
    }
    for (const auto& [name, value] : detail.energy_pj) {
      accumulate(report_.total.energy_pj, name, copies * value);
    }
    accumulate(report_.binds, detail.binds, copies * static_cast<double>(layer.cycles));
  }

  const Setup& setup_;
  LayerSlopes slopes_;
  BoundReport report_;
};

}  // namespace

BoundReport make_bound_report(const Setup& setup) {
  return Maker(setup).make();
}

std::string print(const BoundReport& report, const Setup& setup) {
  switch (setup.format) {
    case Format::kText:
      return print_text(report, setup);
    case Format::kJson:
      return print_json(report, setup);
    case Format::kCsv:
      return print_csv(report);
  }
  WEFT_ENSURE(false, "not a format");
}

}  // namespace weft::cli
