// What the engines that load and those that store share: who they are in a part, and how they count.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "arch/sim/mover.hpp"

namespace weft::sim {

[[nodiscard]] const Link& link_of(const Part& part, const Station& station);
[[nodiscard]] const TileSequence& tiles_of(const Part& part, const Link& link);
[[nodiscard]] const PortWork& work_of(const Part& part, const Link& link, std::size_t i);

// Of the random streams of one row's engines.
inline constexpr std::uint64_t kNumbersPerRow = 1024;

// Do the tiles of this link go between what rows share and a row's own memory?
[[nodiscard]] bool crosses_rows(const Part& part, const Link& link);
// Words of the row's tile, as a multiple of the first instance's.
[[nodiscard]] double multiple(const Part& part, const Link& link, std::size_t i, std::size_t row);
[[nodiscard]] double bits(const Place& place, std::int64_t words);
// Words the parent reads although none comes down: later senders of a word add to what the first one left, so
// they are read when the store arrives.
[[nodiscard]] bool accumulates_above(const Load& load);
// What a transfer of that load asks of the banks there.
[[nodiscard]] inline BankUse banks_of(const Place& place, const BankLoad* load) {
  return {place.banked, place.row, load};
}
// Does the transfer end in a memory that takes its own time?
[[nodiscard]] bool meets_outer(const Job& job, const Link& link);

// Adds the wires below a memory to a transfer of so many bits of it, down or up. In row mode either all of
// them, or those that rows share, or those that a row has for itself.
enum class Way : std::uint8_t { kDown, kUp };
enum class Whose : std::uint8_t { kAll, kShared, kOwn };
void take_wires(Transfer& transfer, const Part& part, const Place& above, double bits, Way way,
                Whose whose = Whose::kAll);

void count_load(Job& job, const Link& link, const Load& load);
void count_store(Job& job, const Link& link, const Load& load);
// `grant`: of a transfer that moved nothing it is empty.
void record(const Job& job, const Part& part, const Link& link, std::size_t i, bool store, Ticks asked,
            const Grant& grant);

}  // namespace weft::sim
