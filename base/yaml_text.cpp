// Quotes texts for YAML.
// SPDX-License-Identifier: Apache-2.0
#include "base/yaml_text.hpp"

#include <fmt/format.h>

namespace weft::yaml {

std::string quote(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      result += fmt::format("\\x{:02x}", byte);
    } else {
      result += c;
    }
  }
  return result + "\"";
}

}  // namespace weft::yaml
