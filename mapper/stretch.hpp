// Tiles that do not divide: 56 rows in three rounds of 19, where even tiles take two or four.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mapper/mapper.hpp"

namespace weft {

// From the request's mapping (`start`, which it must have), a descent over tiles that take fewer rounds than
// they do and fit, if need be because another dim's tile at the same level takes more. Plans whose bounds all
// divide are passed over: the mapping is expected to be the best of these. At most request.max_evaluations;
// never answers with less than the mapping. Deterministic; the seed does not matter.
[[nodiscard]] MapResult stretch(const MapRequest& request);

}  // namespace weft
