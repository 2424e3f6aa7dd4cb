// The bound program at work: values of products in, least cycles and energy out.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "mapper/exact/bound.hpp"
#include "mapper/exact/vectors.hpp"

namespace weft::exact {

double BoundProgram::value(const Amount& amount) const {
  double least = std::numeric_limits<double>::infinity();
  for (const Amount::Way& way : amount.ways) {
    double words = values_[way.words] + (way.begin ? values_[*way.begin] : 0);
    // Repetitions times extents are fixed, extents are limited by capacity: repetitions cannot be fewer.
    for (std::size_t j = 0; j < amount.limits.size() && words < least; ++j) {
      const Amount::Limit& limit = amount.limits[j];
      words = std::max(words, values_[way.volumes[j]] * values_[limit.rest] * limit.per_word * (1 - kSlack));
    }
    least = std::min(least, words);
  }
  return amount.scale * (amount.exact ? least : std::max(least, values_[amount.once]));
}

bool BoundProgram::fits(std::span<const double> values) const {
  for (const auto& [axis, limit] : axes_) {
    if (values[axis] > limit) {
      return false;
    }
  }
  return std::all_of(rooms_.begin(), rooms_.end(), [&](const Room& room) {
    double bits = 0;
    for (const auto& [tile, width] : room.tiles) {
      bits += values[tile] * width;
    }
    return bits <= room.bits;
  });
}

// What is still free of a fan-out is at most its whole multiple.
double BoundProgram::compute(std::span<const double> values) const {
  double units = packed_.units;
  for (const auto& [axis, limit] : axes_) {
    units *= values[axis] * std::floor(limit / values[axis]);
  }
  const auto& effect = space_->accelerator().effect;
  return std::max(values[iterations_], macs_ / units) *
         static_cast<double>(space_->accelerator().compute.iteration_cycles) * (effect ? effect->cycles : 1);
}

void BoundProgram::begin(std::span<const double> values) {
  values_ = values;
  std::fill(counted_.begin(), counted_.end(), -1);
  std::fill(energies_.begin(), energies_.end(), -1);
  std::fill(known_.begin(), known_.end(), char{0});
}

// Besides what a port or the array does all the time, what happens before and after on other ports.
void BoundProgram::begin_edges() {
  std::fill_n(edges_.loading.begin(), resources_.ports(), 0.0);
  std::fill_n(edges_.late.begin(), resources_.ports(), 0.0);
  std::fill_n(edges_.storing.begin(), resources_.ports(), 0.0);
  edges_.compute = compute(values_);
  edges_.hops_in = edges_.longest = edges_.out = 0;
  if (with_ramps_) {
    ramp();
  }
  resources_.settle(edges_);
}

void BoundProgram::ramp() {
  edges_.hops_in = packed_.hops_in;
  edges_.out = fixed_out_ + packed_.hops_out;
  for (const auto& [axis, inwards] : hops_) {
    (inwards ? edges_.hops_in : edges_.out) += values_[axis] - 1;
  }
  for (const Ramp& ramp : ramps_) {
    const double parent = ramp.scale * values_[ramp.parent];
    const double receiver = ramp.scale * values_[ramp.receiver];
    const double time = std::max(
        {parent * ramp.read, parent * ramp.read_shared, receiver * ramp.write, receiver * ramp.write_shared});
    if (ramp.out) {
      edges_.out += time;
      for (const std::size_t port :
           {ramp.port_parent + 1, ramp.port_parent + 2, ramp.port_child, ramp.port_child + 2}) {
        edges_.storing[port] += time;
      }
      continue;
    }
    for (const auto& [port, busy] : {std::pair{ramp.port_parent, parent * ramp.read},
                                     {ramp.port_parent + 2, parent * ramp.read_shared},
                                     {ramp.port_child + 1, receiver * ramp.write},
                                     {ramp.port_child + 2, receiver * ramp.write_shared}}) {
      edges_.loading[port] += busy;
      edges_.late[port] += ramp.serial ? 0 : busy;
      edges_.longest = std::max(edges_.longest, edges_.loading[port]);
    }
    edges_.longest = std::max(edges_.longest, time);
  }
}

BoundProgram::Words BoundProgram::words(const FlowOption& option, Scope scope) {
  Words words;
  words.all = counted(option.amounts[static_cast<std::size_t>(scope)]);
  if (resources_.flows()[option.flow].boundary.role == Role::kOutputs) {
    const double seen = option.scale * values_[option.seen[static_cast<std::size_t>(scope)]];
    words.again = std::max(0.0, words.all - seen);
  }
  return words;
}

// What energy is spent on.
FlowCounts BoundProgram::words_of_all(const FlowOption& option) {
  FlowCounts counts;
  const Words parents = words(option, Scope::kParents);
  const Words receivers = words(option, Scope::kReceivers);
  counts.parents = parents.all;
  counts.parents_again = parents.again;
  counts.receivers = receivers.all;
  counts.receivers_again = receivers.again;
  return counts;
}

double BoundProgram::work_out_energy(std::size_t number) {
  const FlowOption& option = options_[number];
  energies_[number] = resources_.energy(option.flow, words_of_all(option));
  return energies_[number];
}

const double* BoundProgram::work_out(std::size_t number) {
  double* used = used_.data() + number * resources_.width();
  known_[number] = 1;
  const FlowOption& option = options_[number];
  FlowCounts counts = words_of_all(option);
  const Words parent = words(option, Scope::kFirstParent);
  counts.first_parent = parent.all;
  counts.first_parent_again = parent.again;
  if (!resources_.flows()[option.flow].to_compute) {
    const Words receiver = words(option, Scope::kFirstReceiver);
    counts.first_receiver = receiver.all;
    counts.first_receiver_again = receiver.again;
  }
  resources_.use(option.flow, counts, used);
  return used;
}

Bound BoundProgram::bound(std::size_t profile) {
  alignas(64) std::array<double, kMaxResources> sum;
  const std::vector<std::size_t>& options = choices_[profile];
  rows_.resize(options.size());
  for (std::size_t i = 0; i < options.size(); ++i) {
    rows_[i] = used(options[i]);
  }
  add_up(rows_.data(), rows_.size(), resources_.width(), sum.data());
  return resources_.bound(sum.data(), edges_);
}

Bound BoundProgram::bound_of(const double* used) const {
  return resources_.bound(used, edges_);
}

}  // namespace weft::exact
