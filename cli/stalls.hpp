// Why the array stood still, in words, and the time of every component, over layers.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "arch/sim/simulator.hpp"
#include "cli/report.hpp"

namespace weft::cli {

// "waited for weights from GLB (port GLB read)": what the array did instead of working.
[[nodiscard]] std::string in_words(const sim::Reason& reason, const Accelerator& accelerator);
// One word for programs: "transfer", "contention" ...
[[nodiscard]] std::string name_of(sim::Reason::Why why);
[[nodiscard]] std::string name_of(sim::Reason::Stall stall);
[[nodiscard]] std::string name_of(sim::Component::Kind kind);

// Adds `copies` times the parts and reasons of `from`; reasons stay sorted.
void add_stalls(sim::Stalls& to, const sim::Stalls& from, double copies);
// The same for components, matched by name and kind.
void add_components(std::vector<sim::Component>& to, const std::vector<sim::Component>& from, double copies);

// The most frequent reasons of the network and of every layer, one sentence each.
[[nodiscard]] std::string stall_sentences(const Report& report, const Accelerator& accelerator);

// What running the layers back to back gains, and what the array still waits for.
[[nodiscard]] std::string back_to_back_text(const Report& report, const Accelerator& accelerator);

}  // namespace weft::cli
