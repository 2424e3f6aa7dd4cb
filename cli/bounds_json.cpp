// Bounds and ski slopes for programs: schema "weft/1".
// SPDX-License-Identifier: Apache-2.0
#include "cli/bounds.hpp"
#include "cli/json_head.hpp"
#include "cli/slopes.hpp"

namespace weft::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json traffic_json(const OuterTraffic& traffic) {
  return {{"words", traffic.words}, {"bits", traffic.bits}, {"cycles", traffic.cycles}};
}

Json bound_json(const LayerReport& layer, const BoundDetail& detail) {
  Json energy = Json::object();
  for (const auto& [name, value] : detail.energy_pj) {
    energy[name] = value;
  }
  Json json = {{"name", layer.name},     {"kind", layer.kind}, {"shape", layer.shape},
               {"repeat", layer.repeat}, {"macs", layer.macs}, {"compute_cycles", detail.compute_cycles}};
  json["compulsory"] = traffic_json(detail.compulsory);
  json["buffered"] = detail.buffered ? traffic_json(*detail.buffered) : Json(nullptr);
  json["bound"] = {{"cycles", layer.cycles},
                   {"energy_pj", layer.energy_pj},
                   {"edp_js", layer.edp_js},
                   {"cost", layer.bound_cost}};
  json["energy_parts_pj"] = energy;
  return json;
}

Json point_json(const SlopePoint& point) {
  return {{"capacity_bits", point.capacity_bits}, {"words", point.words}, {"bits", point.bits}};
}

}  // namespace

std::string print_json(const BoundReport& report, const Setup& setup) {
  Json json = json_head(report.base, setup);
  json["buffer_bits"] = report.buffer_bits;
  json["layers"] = Json::array();
  for (std::size_t i = 0; i < report.details.size(); ++i) {
    Json layer = bound_json(report.base.layers[i], report.details[i]);
    layer["binds"] = report.details[i].binds;
    json["layers"].push_back(std::move(layer));
  }
  json["network"] = bound_json(report.base.total, report.total);
  Json binds = Json::object();
  for (const auto& [name, cycles] : report.binds) {
    binds[name] = cycles;
  }
  json["network"]["cycles_by_what_binds"] = binds;
  return text_of(json);
}

std::string print_json(const SlopeReport& report, const Setup& setup) {
  Json json = json_head(report.base, setup);
  Json slope = {{"layers", report.layers}, {"layers_without_array_work", report.skipped}};
  slope["exact"] = report.slope.exact;
  slope["tiles_compared"] = report.slope.tiles;
  slope["points"] = Json::array();
  for (const SlopePoint& point : report.slope.points) {
    slope["points"].push_back(point_json(point));
  }
  slope["marks"] = Json::array();
  for (const SlopeMark& mark : report.marks) {
    Json entry = {{"name", mark.name}, {"capacity_bits", mark.capacity_bits}};
    entry["words"] = mark.point ? Json(mark.point->words) : Json(nullptr);
    entry["bits"] = mark.point ? Json(mark.point->bits) : Json(nullptr);
    slope["marks"].push_back(std::move(entry));
  }
  json["ski_slope"] = slope;
  return text_of(json);
}

}  // namespace weft::cli
