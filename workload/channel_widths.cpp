// See channel_widths.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "workload/channel_widths.hpp"

#include <map>

#include "workload/compress/channels.hpp"
#include "workload/compress/common.hpp"
#include "workload/compress/resize.hpp"

namespace weft {

namespace {

using compress::Channels;

// The sets that may be cut, and the first layer that makes each.
std::map<int, int> makers_of(const Network& network, const Channels& channels) {
  std::map<int, int> makers;
  std::vector<bool> open(static_cast<std::size_t>(channels.sets()), true);
  for (int i = 0; i < static_cast<int>(network.layers.size()); ++i) {
    const Layer& layer = network.layers[static_cast<std::size_t>(i)];
    const Channels::Stretches made = channels.result(i);
    if (!layer.problem || made.size() != 1 || !channels.makes(i)) {
      continue;
    }
    const auto set = static_cast<std::size_t>(made.front());
    open[set] = open[set] && !channels.whole(made.front()) && compress::has_own_weights(layer);
    makers.emplace(made.front(), i);
  }
  std::erase_if(makers, [&](const auto& maker) { return !open[static_cast<std::size_t>(maker.first)]; });
  return makers;
}

}  // namespace

ChannelWidths::ChannelWidths(Network network) : network_(std::move(network)) {
  const Channels channels(network_);
  const std::map<int, int> makers = makers_of(network_, channels);
  std::map<int, std::size_t> place;
  std::map<int, int> by_layer;  // sets in the order of the layers that make them
  for (const auto& [set, layer] : makers) {
    by_layer.emplace(layer, set);
  }
  for (const auto& [layer, set] : by_layer) {
    place.emplace(set, sets_.size());
    sets_.push_back({network_.layers[static_cast<std::size_t>(layer)].name, channels.size(set)});
  }
  const auto reach = [&](const Channels::Stretches& stretches) {
    Reach result;
    for (const int set : stretches) {
      const auto found = place.find(set);
      result.all += channels.size(set);
      found == place.end() ? void(result.fixed += channels.size(set)) : result.sets.push_back(found->second);
    }
    return result;
  };
  for (int i = 0; i < static_cast<int>(network_.layers.size()); ++i) {
    in_.push_back(reach(channels.read(i)));
    out_.push_back(reach(channels.result(i)));
    makes_.push_back(channels.makes(i));
  }
}

ChannelWidths::Width ChannelWidths::width(std::size_t layer, const std::vector<std::int64_t>& kept) const {
  const auto sum = [&kept](const Reach& reach) {
    std::int64_t channels = reach.fixed;
    for (const std::size_t set : reach.sets) {
      channels += kept[set];
    }
    return channels;
  };
  return {sum(in_[layer]), in_[layer].all, sum(out_[layer]), out_[layer].all};
}

Layer ChannelWidths::layer(std::size_t index, const Width& width) const {
  Layer layer = network_.layers[index];
  const std::int64_t weights = layer.problem ? words(layer.problem->tensor(Role::kWeights)) : 0;
  if (layer.problem) {
    Problem& problem = *layer.problem;
    const bool product = problem.dim("M") >= 0;
    if (width.in != width.in_of) {
      const int dim = problem.dim(product ? "K" : makes_[index] ? "C" : "G");
      compress::resize_dim(problem, dim, problem.size(dim) / width.in_of * width.in);
    }
    if (makes_[index] && width.out != width.out_of) {
      compress::resize_dim(problem, problem.dim(product ? "N" : "K"), width.out);
    }
  }
  const double share =
      width.out_of == 0 ? 1 : static_cast<double>(width.out) / static_cast<double>(width.out_of);
  if (share < 1 || width.in != width.in_of) {
    compress::scale_vector_work(layer, share, weights);
  }
  return layer;
}

}  // namespace weft
