// See simulate_network.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "dse/simulate_network.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "arch/spec/layer_machine.hpp"
#include "base/checked.hpp"
#include "dse/simulate_layer.hpp"

namespace weft {
namespace {

// Lowered programs of layers of the same shape and mapping are shared; only so many steps are kept.
class Programs {
 public:
  struct Entry {
    const Problem* problem;
    const Mapping* mapping;
    std::shared_ptr<const Program> program;
    std::shared_ptr<const sim::Positions> positions;
  };

  Programs(const Accelerator& accelerator, const NetworkRunOptions& options)
      : accelerator_(accelerator), options_(options) {}

  // Valid until the next call.
  const Entry& of(const Problem& problem, const Mapping& mapping) {
    for (const Entry& entry : entries_) {
      if (same_shape(*entry.problem, problem) && *entry.mapping == mapping) {
        return entry;
      }
    }
    auto program = std::make_shared<const Program>(
        lower(mapping, problem, *LayerMachine(accelerator_, problem), options_.lower));
    steps_ += program->steps.size();
    if (steps_ > kMostSteps) {
      entries_.clear();
      steps_ = program->steps.size();
    }
    entries_.push_back({&problem, &mapping, program, layer_positions(problem, accelerator_, options_.seed)});
    return entries_.back();
  }

 private:
  static constexpr std::size_t kMostSteps = 200'000;
  const Accelerator& accelerator_;
  const NetworkRunOptions& options_;
  std::vector<Entry> entries_;
  std::size_t steps_ = 0;
};

// The copies of all stages in order, and which of them read which.
class Pieces {
 public:
  Pieces(const Network& network, const std::vector<Stage>& stages) : network_(network), stages_(stages) {
    std::map<int, std::size_t> last;  // copy of each layer
    for (std::size_t s = 0; s < stages.size(); ++s) {
      for (std::int64_t copy = 0; copy < stages[s].repeat; ++copy) {
        Entry entry{s, {}};
        if (copy > 0) {
          entry.after = {entries_.size() - 1};
        } else {
          for (const int input : layer(s).inputs) {
            if (const auto found = last.find(input); found != last.end()) {
              entry.after.push_back(found->second);
            }
          }
        }
        entries_.push_back(std::move(entry));
      }
      last[stages[s].layer] = entries_.size() - 1;
    }
  }

  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] sim::Piece piece(std::size_t i, Programs& programs, bool early) const {
    const Entry& entry = entries_[i];
    const Stage& stage = stages_[entry.stage];
    sim::Piece piece;
    if (stage.mapping != nullptr) {
      const Programs::Entry& own = programs.of(*layer(entry.stage).problem, *stage.mapping);
      piece.program = own.program;
      piece.positions = own.positions;
    }
    piece.after = entry.after;
    piece.given = {early && trained(layer(entry.stage)), entry.after.empty(), false};
    if (!early && i > 0) {
      piece.given = {};
      piece.after = {i - 1};
    }
    piece.fused_cycles = stage.fused_cycles;
    piece.standalone_cycles = stage.standalone_cycles;
    return piece;
  }
  [[nodiscard]] std::string name(std::size_t i) const {
    const Entry& entry = entries_[i];
    std::size_t first = i;
    while (first > 0 && entries_[first - 1].stage == entry.stage) {
      --first;
    }
    const std::string& name = layer(entry.stage).name;
    return stages_[entry.stage].repeat > 1 ? fmt::format("{} #{}", name, i - first + 1) : name;
  }

 private:
  struct Entry {
    std::size_t stage;
    std::vector<std::size_t> after;
  };
  [[nodiscard]] const Layer& layer(std::size_t stage) const {
    return network_.layers[static_cast<std::size_t>(stages_[stage].layer)];
  }
  // Products of two activations have no trained weights, and two layers to read.
  [[nodiscard]] static bool trained(const Layer& layer) {
    return layer.parameters > 0 || layer.inputs.size() < 2;
  }
  const Network& network_;
  const std::vector<Stage>& stages_;
  std::vector<Entry> entries_;
};

}  // namespace

std::int64_t sum_of_layers(const std::vector<Stage>& stages) {
  std::int64_t sum = 0;
  for (const Stage& stage : stages) {
    sum = checked_add(sum, checked_mul(stage.repeat, stage.alone_cycles));
  }
  return sum;
}

NetworkRun simulate_network(sim::Simulator& simulator, const Network& network,
                            const std::vector<Stage>& stages, const Accelerator& accelerator,
                            const NetworkRunOptions& options) {
  const Pieces pieces(network, stages);
  Programs programs(accelerator, options);
  NetworkRun run;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    run.pieces.push_back(pieces.name(i));
  }
  run.result = simulator.run_network(
      pieces.size(), [&](std::size_t i) { return pieces.piece(i, programs, options.early_tiles); },
      options.trace);
  return run;
}

}  // namespace weft
