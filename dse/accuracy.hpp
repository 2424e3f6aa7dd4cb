// How accurate a network is, behind one interface. Every model says what its numbers are: a measurement,
// somebody's prediction of what, with which error. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "dse/network_space.hpp"

namespace weft {

class AccuracyModel {
 public:
  virtual ~AccuracyModel() = default;
  // Per cent. Safe to call from several threads; a function of the network alone.
  [[nodiscard]] virtual double percent(const NetworkSpace& space, const Genome& genome) const = 0;
  // For reports: "table mobilenet_v2: published checkpoints", "predictor ...: fitted to ..., held-out error
  // ...".
  [[nodiscard]] virtual std::string what() const = 0;
};

// The rows that table_space() was made of.
[[nodiscard]] std::shared_ptr<const AccuracyModel> table_accuracy(const std::string& name,
                                                                  std::vector<NetworkPoint> rows);

// One network whose layers have other widths or densities (layerwise_space). The table's columns are what the
// space varies ("weight_bits", ...; what has one option does not vary), its rows settings of all layers that
// somebody trained and measured. A network whose layers differ gets the mean of its layers' settings by MACs:
// an assumption, which what() says.
[[nodiscard]] std::vector<std::string> setting_columns(const NetworkSpace& space);
[[nodiscard]] std::shared_ptr<const AccuracyModel> settings_accuracy(const std::string& name,
                                                                     std::vector<NetworkPoint> rows,
                                                                     const NetworkSpace& space);

// A small neural network over the genes, one input per option of an active gene: a .json of dse/fit, or a
// user's .safetensors. Throws ConfigError: missing-file, bad-safetensors, bad-predictor (not such a file, or
// of other genes).
[[nodiscard]] std::shared_ptr<const AccuracyModel> load_surrogate(const std::filesystem::path& file,
                                                                  const NetworkSpace& space);

// A user's program: gets one line of JSON per network, {"genes": {NAME: VALUE, ...}} with active genes only,
// and answers each with a line {"accuracy": PER CENT}. Restarted when it ends, answers nonsense or takes too
// long.
struct CommandSpec {
  std::string command;    // of the shell
  double timeout_s = 60;  // for one answer
  int retries = 2;        // after these the study stops
  int workers = 1;        // programs running side by side
};
// Throws, when asked, ConfigError: predictor-failed.
[[nodiscard]] std::shared_ptr<const AccuracyModel> command_accuracy(CommandSpec spec);

}  // namespace weft
