// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/feed.hpp"

#include <algorithm>
#include <exception>
#include <fstream>
#include <iterator>

#include "base/checked.hpp"
#include "base/error.hpp"

namespace weft::fuzz {

namespace fs = std::filesystem;

Fed feed(const Target& target, const fs::path& file) {
  try {
    target.feed(file);
  } catch (const ConfigError&) {
    return {.refused = true};
  } catch (const OverflowError&) {
    return {.refused = true};
  } catch (const std::exception& error) {
    return {.problem = error.what()};
  }
  return {};
}

std::vector<std::string> corpus_of(const Target& target, const fs::path& root) {
  std::vector<fs::path> files;
  const std::string extension = fs::path(target.file).extension().string();
  for (const std::string& name : target.corpus) {
    if (!fs::is_directory(root / name)) {
      files.push_back(root / name);
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(root / name)) {
      if (entry.path().extension() == extension) {
        files.push_back(entry.path());
      }
    }
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> corpus;
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    if (text.size() < (1U << 16U)) {
      corpus.push_back(std::move(text));
    }
  }
  return corpus;
}

}  // namespace weft::fuzz
