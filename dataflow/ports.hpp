// Ports of the machine's memories and how long transfers hold them (docs/design.md 4.6).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include <boost/container/small_vector.hpp>

#include "arch/spec/accelerator.hpp"

namespace weft {

enum class Side : std::uint8_t { kRead, kWrite, kShared };
// Whom a transfer serves: another memory, or the compute units.
// At the memory that an operand arrives in, kArrival.
enum class Serves : std::uint8_t { kMemory, kCompute, kArrival };

// Bits that a word of the tensor takes on the ports of its memory at `level`, as the layer's zeros have it.
[[nodiscard]] double port_bits(const Accelerator& accelerator, const Problem& problem, int level, Role role,
                               Serves serves = Serves::kMemory);
inline constexpr int kSides = 3;

// Cycles per port: [level][set of ports][side] (StorageLevel::port_index).
class PortTimes {
 public:
  PortTimes(const Accelerator& accelerator, const Problem& problem);

  // Adds the time of `words` words passing the ports of `role` at `level` on `side`
  // (kRead or kWrite; a shared port is charged too where there is one). Returns the longest of them.
  double add(int level, Role role, Side side, std::int64_t words, Serves serves = Serves::kMemory);
  // The time itself, on one of these ports; 0 where its bandwidth is unlimited.
  [[nodiscard]] double cycles(int level, Role role, Side side, std::int64_t words,
                              Serves serves = Serves::kMemory) const;
  [[nodiscard]] double at(int level, int port, Side side) const {
    return times_[place(level, port)][static_cast<std::size_t>(side)];
  }
  [[nodiscard]] double& at(int level, int port, Side side) {
    return times_[place(level, port)][static_cast<std::size_t>(side)];
  }
  [[nodiscard]] const Accelerator& accelerator() const { return *accelerator_; }

 private:
  [[nodiscard]] static double cycles(const Bandwidths& widths, Side side, double bits);
  [[nodiscard]] std::size_t place(int level, int port) const {
    return first_[static_cast<std::size_t>(level)] + static_cast<std::size_t>(port);
  }
  const Accelerator* accelerator_;
  const Problem* problem_;
  boost::container::small_vector<std::size_t, 6> first_;                  // [level]: its first set of ports
  boost::container::small_vector<std::array<double, kSides>, 12> times_;  // [set of ports]
};

}  // namespace weft
