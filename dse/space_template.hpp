// Accelerator templates: text with ${placeholders}.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "dse/space.hpp"

namespace weft {

using Bindings = std::map<std::string, std::string>;

// The options that a genome picks, placeholder by placeholder; a knob's own name stands for the option's
// label.
[[nodiscard]] Bindings bindings_of(const DesignSpace& space, const Genome& genome);

// The text with every ${name} replaced. Placeholders without a binding are left as they are and, when
// `diagnostics` is given, reported as unknown-placeholder.
[[nodiscard]] std::string fill_in(const std::string& text, const std::string& file, const Bindings& bindings,
                                  std::vector<Diagnostic>* diagnostics);

// What is wrong with template and knobs: unknown-placeholder, unused-knob, and what the accelerator reader
// says when one option at a time is tried, the others at their first.
[[nodiscard]] std::vector<Diagnostic> check_template(const DesignSpace& space, const SourceLoc& where);

}  // namespace weft
