// xoshiro256** 1.0 seeded by SplitMix64, with portable distributions.
// SPDX-License-Identifier: Apache-2.0
#include "base/rng.hpp"

#include <bit>

#include "base/error.hpp"

namespace weft {
namespace {

std::uint64_t split_mix(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15ULL;
  std::uint64_t z = state;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31U);
}

}  // namespace

Rng::Rng(std::uint64_t seed) {
  for (std::uint64_t& word : state_) {
    word = split_mix(seed);
  }
}

std::uint64_t Rng::next() {
  const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const std::uint64_t shifted = state_[1] << 17U;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

std::int64_t Rng::uniform(std::int64_t low, std::int64_t high) {
  WEFT_ENSURE(low <= high, "a random range needs low <= high");
  const std::uint64_t span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
  if (span == 0) {  // all 2^64 values
    return static_cast<std::int64_t>(next());
  }
  // Values below 2^64 mod span, which is less than span, would make the low remainders more frequent.
  std::uint64_t value = next();
  while (value < span && value < (std::uint64_t{0} - span) % span) {
    value = next();
  }
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + value % span);
}

double Rng::unit() {
  return static_cast<double>(next() >> 11U) * 0x1.0p-53;
}

Rng Rng::fork(std::uint64_t label) const {
  std::uint64_t seed = label;
  for (const std::uint64_t word : state_) {
    seed ^= word;
    seed = split_mix(seed);
  }
  return Rng(seed);
}

}  // namespace weft
