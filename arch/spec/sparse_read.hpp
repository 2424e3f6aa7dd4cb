// Reading sparse.hpp from an accelerator file. Ranges are checked later (sparse_check.hpp).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "arch/spec/accelerator.hpp"
#include "arch/spec/timing_read.hpp"
#include "base/yaml.hpp"

namespace weft {

// The key `formats` of a memory: by tensor, the name of a format or a section with its numbers.
void read_formats(yaml::Section& section, const NotePlace& note, Memory& memory);
// The keys `gate` and `skip` of a memory: the operands that lead.
void read_sieve(yaml::Section& section, const NotePlace& note, Memory& memory);
// The keys `gate` and `skip` of the compute unit.
[[nodiscard]] ZeroHandling read_zeros(yaml::Section& section, const NotePlace& note);

}  // namespace weft
