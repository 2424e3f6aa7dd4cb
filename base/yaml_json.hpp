// A YAML file as JSON, for programs that have no reader for YAML.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace weft::yaml {

// The document's sections, lists and scalars in their order. A bare scalar that JSON would take for a number,
// a truth value or null becomes one; every other scalar becomes text. JSON being YAML, the checked reader
// reads the answer as it reads the text. Throws ConfigError as Document does.
[[nodiscard]] std::string as_json(std::string text, std::string file_name);

}  // namespace weft::yaml
