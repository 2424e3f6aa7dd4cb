// See format_size.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/format_size.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include <boost/math/distributions/hypergeometric.hpp>

#include "base/checked.hpp"

namespace weft {
namespace {

// The exact distribution is tabulated by factorisations; beyond this the powers of the densities are as good.
constexpr std::int64_t kMostExact = 4096;
constexpr int kMostWindows = 4096;
constexpr double kNothing = 1e-12;

}  // namespace

double all_zero(std::int64_t words, std::int64_t nonzeros, std::int64_t zeros) {
  if (zeros + nonzeros > words) {
    return 0;
  }
  if (words <= kMostExact) {
    using boost::math::hypergeometric_distribution;
    return pdf(hypergeometric_distribution<>(static_cast<unsigned>(nonzeros), static_cast<unsigned>(zeros),
                                             static_cast<unsigned>(words)),
               0U);
  }
  const auto n = static_cast<double>(words);
  const auto k = static_cast<double>(nonzeros);
  const auto g = static_cast<double>(zeros);
  return std::exp(std::lgamma(n - g + 1) - std::lgamma(n - g - k + 1) - std::lgamma(n + 1) +
                  std::lgamma(n - k + 1));
}

Occupancy& Occupancy::operator+=(const Occupancy& other) {
  words += other.words;
  nonzeros += other.nonzeros;
  padding += other.padding;
  fibers += other.fibers;
  return *this;
}

std::int64_t fiber_words(const TensorFormat& format, const Problem& problem, Role role,
                         std::int64_t instances) {
  const TensorShape& tensor = problem.tensor(role);
  std::int64_t fiber = format.fiber > 0 ? format.fiber : tensor.ranks.back().extent;
  if (!format.along.empty()) {
    fiber = 1;
    for (const Rank& rank : tensor.ranks) {
      const bool named = std::any_of(rank.terms.begin(), rank.terms.end(), [&](const Term& term) {
        return problem.dims[static_cast<std::size_t>(term.dim)].name == format.along ||
               name_of(class_of(problem, term.dim)) == format.along;
      });
      fiber = named ? checked_mul(fiber, rank.extent) : fiber;
    }
  }
  fiber = format.interleaved ? ceil_div(fiber, instances) : fiber;
  return std::clamp<std::int64_t>(fiber, 1, words(tensor));
}

int coordinate_bits(const TensorFormat& format, std::int64_t fiber) {
  if (format.coordinate) {
    return static_cast<int>(format.coordinate->count());
  }
  return std::max(1, static_cast<int>(std::bit_width(static_cast<std::uint64_t>(fiber - 1))));
}

double token_bits(const TensorFormat& format, int bits) {
  const auto token = static_cast<double>(format.run.count() + bits);
  return format.packet ? static_cast<double>(format.packet->count()) /
                             std::max(1.0, std::floor(static_cast<double>(format.packet->count()) / token))
                       : token;
}

double encoded_bits(const TensorFormat& format, int bits, std::int64_t fiber, const Occupancy& occupancy) {
  const double pointers =
      has_pointers(format.kind) ? occupancy.fibers * static_cast<double>(format.pointer.count()) : 0;
  switch (format.kind) {
    case FormatKind::kUncompressed:
      return occupancy.words * bits;
    case FormatKind::kBitmask:
      return occupancy.words + occupancy.nonzeros * bits;
    case FormatKind::kRunLength:
    case FormatKind::kRelative:
      return (occupancy.nonzeros + occupancy.padding) * token_bits(format, bits) + pointers;
    case FormatKind::kCoordinate:
    case FormatKind::kOffsets:
      return occupancy.nonzeros * (coordinate_bits(format, fiber) + bits) + pointers;
  }
  return 0;
}

Occupancy expected_occupancy(const TensorFormat& format, std::int64_t fiber, std::int64_t words,
                             std::int64_t nonzeros) {
  const auto all = static_cast<double>(words);
  Occupancy result{.words = 1,
                   .nonzeros = static_cast<double>(nonzeros) / all,
                   .padding = 0,
                   .fibers = std::ceil(all / static_cast<double>(fiber)) / all};
  if (!has_runs(format.kind) || nonzeros == 0) {
    return result;
  }
  const std::int64_t window = std::int64_t{1} << format.run.count();
  for (int k = 1; k <= kMostWindows && k * window < fiber; ++k) {
    const std::int64_t zeros = k * window;
    const double none = all_zero(words, nonzeros, zeros);
    if (none < kNothing) {
      break;
    }
    // A non-zero stands at one of the places behind them.
    const double places = static_cast<double>(fiber - zeros) / static_cast<double>(fiber);
    result.padding += places * none * static_cast<double>(nonzeros) / static_cast<double>(words - zeros);
  }
  return result;
}

void OccupancyCounter::add(const Bitmap& positions, std::int64_t from, std::int64_t count) {
  if (window_ > 0) {
    add_runs(positions, from, count);
  }
  nonzeros_ += positions.count(from, from + count);
  words_ += count;
}

void OccupancyCounter::add_runs(const Bitmap& positions, std::int64_t from, std::int64_t count) {
  for (std::int64_t i = positions.next(from); i < from + count; i = positions.next(i + 1)) {
    const std::int64_t word = words_ + (i - from);
    const std::int64_t begin = word / fiber_ * fiber_;
    padding_ += (word - std::max(begin, last_ + 1)) / window_;
    last_ = word;
  }
}

Occupancy OccupancyCounter::result() const {
  return {.words = static_cast<double>(words_),
          .nonzeros = static_cast<double>(nonzeros_),
          .padding = static_cast<double>(padding_),
          .fibers = std::ceil(static_cast<double>(words_) / static_cast<double>(fiber_))};
}

}  // namespace weft
