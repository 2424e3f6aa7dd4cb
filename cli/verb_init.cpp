// weft init: copies a commented file to start from.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/configs.hpp"
#include "base/error.hpp"
#include "base/text_file.hpp"
#include "base/whole_file.hpp"
#include "cli/setup.hpp"
#include "cli/verbs.hpp"

namespace weft::cli {

Outcome run_init(const InitArguments& arguments) {
  const std::vector<std::string> kinds = {"accelerator", "network", "space"};
  const std::string& kind = kinds[choose("kind", arguments.kind, kinds)];
  const std::string text = read_text_file(configs_dir() / "template" / (kind + ".yaml"));
  if (arguments.file.empty()) {
    return {.results = text};
  }
  std::error_code ignored;
  if (std::filesystem::exists(arguments.file, ignored)) {
    throw ConfigError({arguments.file}, "file-exists", "there is a file already", "give another name");
  }
  write_whole_file(arguments.file, text);
  const char* next = kind == "accelerator" ? "weft estimate --network alexnet --arch "
                     : kind == "network"   ? "weft estimate --arch eyeriss --network "
                                           : "weft explore --out runs/mine ";
  return {.results = fmt::format("written to {0}\nnext: {1}{0}\n", arguments.file, next)};
}

}  // namespace weft::cli
