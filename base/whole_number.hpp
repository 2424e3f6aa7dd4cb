// Whole numbers of JSON. Its library turns 1e107 into an int without a word, which is undefined.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>

namespace weft {

// The value of a JSON number (nlohmann) between `low` and `high`; throws that library's type_error or
// out_of_range for everything else, 1.5 and 1e3 among them.
template <class Json>
[[nodiscard]] std::int64_t whole_number(const Json& value, std::int64_t low = 0,
                                        std::int64_t high = std::numeric_limits<std::int64_t>::max()) {
  const auto number = value.template get_ref<const typename Json::number_integer_t&>();
  if (number < low || number > high) {
    throw Json::out_of_range::create(401, "number out of range", nullptr);
  }
  return number;
}

}  // namespace weft
