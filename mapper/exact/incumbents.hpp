// What a new mapping has to beat: the best one, or the whole energy-latency front.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "mapper/exact/exact.hpp"

namespace weft::exact {

class Incumbents {
 public:
  // `front`: keep every mapping that no other beats in both energy and cycles.
  Incumbents(const MapRequest& request, bool front) : request_(&request), front_(front) {}

  [[nodiscard]] double cost(const Bound& bound) const {
    return bound.cost(request_->objective, request_->accelerator->clock);
  }
  // Can nothing that costs at least this be of use? `cost`: of the bound.
  [[nodiscard]] bool beats(const Bound& bound, double cost) const {
    return front_ ? front_beats(bound) : !points_.empty() && cost >= points_.front().cost;
  }
  // Takes the mapping in if it is of use. `mapping` is asked only then.
  void offer(Evaluation&& evaluation, EnergyReport&& energy, const std::function<Mapping()>& mapping);

  [[nodiscard]] bool empty() const { return points_.empty(); }
  // By rising cycles.
  [[nodiscard]] std::vector<MapResult>& points() { return points_; }

 private:
  [[nodiscard]] bool front_beats(const Bound& bound) const;
  const MapRequest* request_;
  bool front_;
  std::vector<MapResult> points_;
};

}  // namespace weft::exact
