// Reads where networks and accuracies come from.
// SPDX-License-Identifier: Apache-2.0
#include "dse/space_network.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>

#include "base/configs.hpp"
#include "workload/import.hpp"

namespace weft {

namespace {

constexpr std::size_t kMostOptions = 32;  // of a layer's width or density

std::vector<double> numbers(const yaml::Value& value, double min, double max) {
  std::vector<double> result;
  for (const yaml::Value& item : value.list()) {
    const double number = item.number(min, max);
    if (std::count(result.begin(), result.end(), number) > 0) {
      item.error("duplicate-name", fmt::format("{} occurs twice", number));
      continue;
    }
    result.push_back(number);
  }
  if (value.is_list() && (result.empty() || result.size() > kMostOptions)) {
    value.error("bad-network-space", fmt::format("1 to {} numbers are needed", kMostOptions));
  }
  return result;
}

class Reader {
 public:
  Reader(const FindFile& find, DesignSpace& space, std::vector<Diagnostic>& others)
      : find_(find), space_(space), others_(others) {}

  // A file that is no preset of ours.
  static std::filesystem::path own(const std::filesystem::path& file) {
    const bool preset = file.parent_path().parent_path() == configs_dir();
    return preset || !std::filesystem::is_regular_file(file) ? std::filesystem::path() : file;
  }

  void read(yaml::Section section) {
    const auto file = section.optional("file");
    const auto family = section.optional("family");
    if (file.has_value() == family.has_value()) {
      section.error("missing-key",
                    "give either 'family' (a table's networks or a supernet) or 'file' (any network)");
      section.done();
      return;
    }
    read_command(section);
    if (family && !space_.source.file.empty()) {
      section.error("bad-search",
                    "the space has a family of networks, no file that another could stand in for");
    }
    if (file) {
      read_file(section, *file);
    } else {
      read_family(section, *family);
    }
    section.done();
    if (space_.source.command) {
      space_.accuracy = command_accuracy(*space_.source.command);
      space_.identity += space_.source.command->command;
    }
  }

 private:
  void read_command(yaml::Section& section) {
    const auto value = section.optional("command");
    if (!value) {
      return;
    }
    yaml::Section command = value->section();
    CommandSpec spec;
    spec.command = command.text("run");
    spec.timeout_s = command.number_or("timeout_s", spec.timeout_s, 0.01, 1e6);
    spec.retries = static_cast<int>(command.integer_or("retries", spec.retries, 0, 1000));
    spec.workers = static_cast<int>(command.integer_or("workers", spec.workers, 1, 256));
    command.done();
    space_.source.command = spec;
  }

  void read_family(yaml::Section& section, const yaml::Value& value) {
    std::vector<std::string> names = network_families().names();
    const std::vector<std::string> nets = supernets().names();
    names.insert(names.end(), nets.begin(), nets.end());
    space_.source.family = names.at(static_cast<std::size_t>(section.choice("family", names)));
    const bool supernet = supernets().find(space_.source.family) != nullptr;
    const bool optional = supernet || space_.source.command.has_value();
    space_.source.accuracy = supernet ? section.text_or("accuracy", "") : section.text("accuracy");
    if (!optional && space_.source.accuracy.empty()) {
      return;
    }
    try {
      supernet ? make_supernet(section)
               : make_table(network_families().at(space_.source.family),
                            find_(space_.source.accuracy, "accuracy", ".csv"));
    } catch (const ConfigError& error) {
      others_.insert(others_.end(), error.diagnostics().begin(), error.diagnostics().end());
    } catch (const std::invalid_argument& error) {
      value.error("bad-network-space", error.what());
    }
  }

  void make_table(const NetworkFamily& family, const std::filesystem::path& file) {
    space_.source.accuracy_file = own(file);
    std::vector<NetworkPoint> rows = load_accuracy(file, family);
    for (const NetworkPoint& row : rows) {
      (void)family.build(row.parameters);  // throws where a row is no network
    }
    std::erase_if(rows, [&](const NetworkPoint& row) {
      return space_.min_accuracy && row.accuracy < *space_.min_accuracy;
    });
    if (rows.empty()) {
      throw ConfigError({file.string()}, "empty-table", "no network reaches the accuracy asked for");
    }
    for (const NetworkPoint& row : rows) {
      space_.identity += fmt::format("{}:{};", fmt::join(row.parameters, ","), row.accuracy);
    }
    space_.network = table_space(family, rows);
    const std::string score = family.score == "top1" ? "" : fmt::format(" ({})", family.score);
    space_.accuracy = table_accuracy(space_.source.accuracy + score, std::move(rows));
  }

  void make_supernet(yaml::Section& section) {
    read_choices(section);
    const Supernet& supernet = supernets().at(space_.source.family);
    const auto file = space_.source.accuracy.empty() ? std::filesystem::path() : accuracy_file();
    if (file.extension() == ".csv") {
      if (!space_.source.choices.empty()) {
        throw std::invalid_argument("a table's rows are the networks: 'choices' has nothing to choose from");
      }
      make_table(family_of(supernet), file);
      return;
    }
    std::vector<NetworkGene> genes = supernet.genes;
    restrict_genes(genes, space_.source.choices);
    space_.network = supernet.make(std::move(genes));
    if (!space_.source.accuracy.empty()) {
      // Fitted for all options, so that a restricted space is predicted alike.
      read_predictor(file);
    }
  }

  void read_predictor(const std::filesystem::path& file) {
    space_.source.accuracy_file = own(file);
    space_.accuracy = load_surrogate(file, *space_.network);
    space_.identity += space_.accuracy->what();
    std::ifstream stream(file, std::ios::binary);
    space_.identity.append(std::istreambuf_iterator<char>(stream), {});
  }

  // Of a supernet's sub-networks: a predictor, or a table of those that somebody measured.
  std::filesystem::path accuracy_file() {
    for (const char* extension : {".json", ".csv", ".safetensors"}) {
      if (auto file = find_(space_.source.accuracy, "accuracy", extension); std::filesystem::exists(file)) {
        return file;
      }
    }
    return find_(space_.source.accuracy, "accuracy", ".json");
  }

  void read_choices(yaml::Section& section) {
    const auto value = section.optional("choices");
    if (!value) {
      return;
    }
    yaml::Section choices = value->section();
    for (const auto& [pattern, list] : choices.entries()) {
      space_.source.choices.push_back({pattern, numbers(list, -1e9, 1e9)});
    }
  }

  void read_file(yaml::Section& section, const yaml::Value& file) {
    NetworkSource& source = space_.source;
    const std::string named = file.text();
    source.file = source.file.empty() ? named : source.file;
    const std::string accuracy = section.text_or("accuracy", "");
    source.per = static_cast<Layerwise::Per>(section.choice_or("per", {"layer", "network"}, 0));
    const auto list = [&](const char* key, double min, double max) {
      const auto value = section.optional(key);
      return value ? numbers(*value, min, max) : std::vector<double>{};
    };
    source.weight_bits = list("weight_bits", 1, 64);
    source.activation_bits = list("activation_bits", 1, 64);
    source.weight_density = list("weight_density", 1e-6, 1);
    source.activation_density = list("activation_density", 1e-6, 1);
    source.channel_keep = list("channel_keep", 1e-6, 1);
    source.channel_step = section.integer_or("channel_step", source.channel_step, 1, 65536);
    for (const auto* bits : {&source.weight_bits, &source.activation_bits}) {
      for (const double width : *bits) {
        if (width != static_cast<double>(static_cast<int>(width))) {
          file.error("bad-network-space", fmt::format("a word of {} bits: widths are whole numbers", width));
        }
      }
    }
    try {
      const auto beside = find_(source.file, "network", ".yaml");
      source.network_file =
          own(std::filesystem::exists(beside) ? beside : std::filesystem::path(source.file));
      Network network = load_network(std::filesystem::exists(beside) ? beside.string() : source.file);
      space_.identity += print_yaml(network);
      space_.network = layerwise_space({std::move(network), source.per, source.weight_bits,
                                        source.activation_bits, source.weight_density,
                                        source.activation_density, source.channel_keep, source.channel_step});
      source.accuracy = accuracy;
      if (const auto table = find_(accuracy, "accuracy", ".csv"); table.extension() == ".safetensors") {
        read_predictor(table);
      } else if (!accuracy.empty() && !source.channel_keep.empty()) {
        throw std::invalid_argument(
            "no table says what losing channels costs; name a predictor of yours, or a command");
      } else if (!accuracy.empty()) {
        source.accuracy_file = own(table);
        NetworkFamily settings;
        settings.parameters = setting_columns(*space_.network);
        std::vector<NetworkPoint> rows = load_accuracy(table, settings);
        for (const NetworkPoint& row : rows) {
          space_.identity += fmt::format("{}:{};", fmt::join(row.parameters, ","), row.accuracy);
        }
        space_.accuracy = settings_accuracy(accuracy, std::move(rows), *space_.network);
      }
    } catch (const ConfigError& error) {
      others_.insert(others_.end(), error.diagnostics().begin(), error.diagnostics().end());
    } catch (const std::invalid_argument& error) {
      file.error("bad-network-space", error.what());
    }
  }

  const FindFile& find_;
  DesignSpace& space_;
  std::vector<Diagnostic>& others_;
};

}  // namespace

void read_network(yaml::Section section, const FindFile& find, DesignSpace& space,
                  std::vector<Diagnostic>& others) {
  Reader(find, space, others).read(std::move(section));
}

}  // namespace weft
