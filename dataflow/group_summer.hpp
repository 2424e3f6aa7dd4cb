// Sums of one group's words over all its tiles, by what happens to them (GroupWords).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "dataflow/transfer_group.hpp"

namespace weft {

class GroupSummer {
 public:
  using Group = TransferGroup;
  using OwnDim = TransferGroup::OwnDim;
  using OwnLoop = TransferGroup::TemporalLoop;

  // Which of a group's own loops advance in a transition: those outside `pivot` stay, the pivot itself steps
  // on when `steps`, the rest wrap around.
  struct Case {
    int pivot = 0;
    bool steps = false;
  };
  [[nodiscard]] static std::size_t case_index(const Case& c) {
    return 2 * static_cast<std::size_t>(c.pivot) + (c.steps ? 1 : 0);
  }
  // The case of a group when a temporal loop advances (-1: none, the very first tile).
  [[nodiscard]] static Case case_of(const Group& group, int loop);

  explicit GroupSummer(const GroupRules& rules) : rules_(rules) {}

  // Everything about a group whose instances are gathered.
  void sum(const Group& group, GroupWords& words) const;

  // Words of one transition. `digits`: of the group's own loops; `first`: the very first tile. `whole`: of
  // one tile of a window that is not at the rank's borders, once one was met in the same case.
  [[nodiscard]] Moved entry(const Group& group, const Case& c, bool first,
                            std::span<const std::int64_t> digits, std::optional<Moved>& whole) const;
  // Adds the entries of a case over the digits it leaves free to sums[flattened digits among the first
  // `fixed` temporal loops].
  void sum_case(const Group& group, const Case& c, int fixed, std::span<Moved> sums) const;
  [[nodiscard]] std::size_t free_loops(const Group& group, const Case& c) const;
  [[nodiscard]] std::size_t kept_loops(const Group& group, const Case& c, int fixed) const;

 private:
  [[nodiscard]] Moved idle_entry(const Group& group, std::span<const std::int64_t> digits) const;
  [[nodiscard]] Moved line_entry(const Group& group, const Case& c, bool first,
                                 std::span<const std::int64_t> digits) const;
  [[nodiscard]] Moved window_entry(const Group& group, const Case& c, bool first,
                                   std::span<const std::int64_t> digits, std::optional<Moved>& whole) const;
  [[nodiscard]] static std::int64_t last_base(const Group& group, const Case& c, std::size_t slot,
                                              std::int64_t outer);
  static void bases(const Group& group, const Case& c, std::span<const std::int64_t> digits,
                    std::span<std::int64_t> now, std::span<std::int64_t> before);
  // Where a tile of an instance stands along a dim, and stood before; `wrapped`: before, the loops inside the
  // pivot at their ends.
  struct Along {
    std::int64_t now = 0, before = 0, wrapped = 0;
  };
  using Place = Small<Along, 3>;  // [dim of the group]
  [[nodiscard]] static Place place(const Group& group, const Case& c, std::span<const std::int64_t> digits);
  template <class Reach>
  [[nodiscard]] static bool inside(const Group& group, const Place& at, const Reach& reach);
  // Is no instance at the rank's borders, now or before?
  [[nodiscard]] bool interior(const Group& group, const Case& c, std::span<const std::int64_t> digits) const;
  // window_entry there.
  [[nodiscard]] Moved interior_entry(const Group& group, const Case& c, std::span<const std::int64_t> digits,
                                     std::optional<Moved>& whole) const;
  [[nodiscard]] Moved tile_entry(const Group& group, const Case& c, bool first, const Place& at) const;
  // Of a single instance whose tiles leave no gaps; nothing where they do.
  [[nodiscard]] std::optional<Moved> lone_tile(const Group& group, const Case& c, bool first,
                                               const Place& at) const;
  template <std::size_t kWords>
  [[nodiscard]] std::optional<Moved> short_window(const Group& group, const Case& c, bool first,
                                                  const Place& at) const;
  // With tiles as Interval, CoordBits or CoordSet; nothing where one cannot be such a set.
  template <class Set>
  [[nodiscard]] std::optional<Moved> window(const Group& group, const Case& c, bool first,
                                            const Place& at) const;
  // The sum over the digits of one loop of a window's group, from `from` on. `whole`: as entry() has it.
  [[nodiscard]] Moved sum_run(const Group& group, const Case& c, std::size_t loop, std::int64_t from,
                              std::span<std::int64_t> digits, std::optional<Moved>& whole) const;
  // sum_case where only the last tile differs, and where none does.
  void sum_plain(const Group& group, const Case& c, std::size_t kept, std::span<Moved> sums) const;
  [[nodiscard]] Moved plain_tail(const Group& group, const Case& c, std::size_t loop,
                                 std::int64_t base) const;
  [[nodiscard]] Moved line_tile(const Group& group, const Case& c, bool first, std::int64_t base,
                                std::int64_t before) const;
  void sum_uniform(const Group& group, const Case& c, std::size_t kept, std::span<Moved> sums) const;
  // All of sum() there.
  void all_uniform(const Group& group, GroupWords& words) const;

  GroupRules rules_;
};

}  // namespace weft
