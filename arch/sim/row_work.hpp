// Row mode: what single rows of the array have to move and to do, and where they have to meet: words that
// several rows want come once for all of them, sums that several rows add to leave together.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <systemc>

#include "arch/program.hpp"
#include "arch/sim/core/tiles.hpp"
#include "arch/sim/kernel_time.hpp"
#include "arch/spec/accelerator.hpp"

namespace weft::sim {

// Rows that do a thing together, as soon as the last of them is ready; again and again.
class Meeting {
 public:
  explicit Meeting(std::vector<std::size_t> rows) : rows_(std::move(rows)) {}
  [[nodiscard]] const std::vector<std::size_t>& rows() const { return rows_; }
  // Is the calling row the last one? It does the thing then, and calls over(); the others wait for that.
  [[nodiscard]] bool join() { return ++here_ == rows_.size(); }
  // Progress: the last row comes, as no row waits for a later tile.
  void await_over();
  void over();

 private:
  std::vector<std::size_t> rows_;
  std::size_t here_ = 0;
  std::int64_t round_ = 0;
  sc_core::sc_event changed_;
};

// Of one program on one machine.
class RowWork {
 public:
  // `fanout`: the one that the rows belong to. Keeps references.
  RowWork(const Program& program, const FanOut& fanout);

  [[nodiscard]] std::size_t rows() const { return static_cast<std::size_t>(program_rows_.count); }
  [[nodiscard]] int level() const { return program_rows_.level; }
  // Does this level belong to single rows?
  [[nodiscard]] bool own(int level) const { return level > program_rows_.level; }

  // Where a row meets others for loads (stores) that cross the rows' fan-out.
  [[nodiscard]] Meeting& loading(Role role, std::size_t row) const;
  [[nodiscard]] Meeting& storing(std::size_t row) const;
  // Of the time that tile i takes at the parent: the share of the row's meeting. Of the words of its first
  // instance: the row's, as a multiple.
  [[nodiscard]] double load_share(Role role, std::size_t position, std::size_t i, std::size_t row) const;
  [[nodiscard]] double store_share(std::size_t position, std::size_t i, std::size_t row) const;
  [[nodiscard]] double multiple(Role role, std::size_t position, std::size_t i, std::size_t row) const;
  [[nodiscard]] Ticks cycles(std::size_t step, std::size_t row) const;
  // Cycles until words that enter the array at the first row of a group are at its `place`-th one.
  [[nodiscard]] Ticks hops(Role role, std::size_t place) const;

  // How rows follow each other in a step: with operands or sums that stream past them from or to a memory
  // they share, hop by hop or all at once; else each at its own pace.
  enum class Pace : std::uint8_t { kOwn, kTogether, kChained };
  [[nodiscard]] Pace pace() const { return pace_; }
  // Does the row hold on to the tile that is in the tensor's innermost memory? Chained rows and a memory that
  // they share: operands leave it for all rows as the first one takes them (registers at the edge hold them
  // back for the others), and sums reach it at the last one.
  [[nodiscard]] bool touches(Role role, std::size_t row) const;
  // Chained rows: the last step whose wave has reached the last row when the first one begins `step`, if
  // nothing waits; none: no step has. The first row waits for it, since an array that cannot give its sums
  // away stops.
  [[nodiscard]] std::optional<std::size_t> wave_ahead(std::size_t step) const;
  Meeting& starting() { return *starting_; }
  // When a row began and ended a step; waits until it has.
  void begin(std::size_t step, std::size_t row);
  void end(std::size_t step, std::size_t row);
  [[nodiscard]] Ticks await_begin(std::size_t step, std::size_t row);
  [[nodiscard]] Ticks await_end_of_first(std::size_t step);
  // Has the last row now ended the step, or stored the tile?
  [[nodiscard]] bool all_ended(std::size_t step) { return ++ended_[step] == rows(); }
  [[nodiscard]] bool all_stored(std::size_t tile);

 private:
  using Meetings = std::vector<std::unique_ptr<Meeting>>;  // by row's group
  [[nodiscard]] double share(const Meetings& all, const Meeting& one, Role role, std::size_t position,
                             std::size_t i) const;
  [[nodiscard]] Meetings meetings(const std::vector<std::int32_t>& groups) const;
  [[nodiscard]] std::int64_t words(Role role, std::size_t position, std::size_t i, std::size_t row) const;
  [[nodiscard]] static bool apart(NetworkKind kind) { return kind == NetworkKind::kUnicast; }
  const Program& program_;
  const Rows& program_rows_;
  PerRole<NetworkKind> network_;
  PerRole<std::vector<std::int32_t>> group_;  // [role][row]
  PerRole<Meetings> loading_;
  Meetings storing_;
  Pace pace_ = Pace::kOwn;
  std::unique_ptr<Meeting> starting_;
  std::vector<std::int64_t> started_;      // [step]: cycles of the first row's steps before it
  std::vector<std::vector<Ticks>> begun_;  // [row][step], as far as it has come
  std::vector<Ticks> first_ended_;
  std::vector<std::size_t> ended_, stored_;
  sc_core::sc_event changed_;
};

// Tiles that rows share have as many users as rows touch them; tiles of a row are used by it alone.
void share_among_rows(TileTable& tiles, const Program& program, const RowWork& work);

}  // namespace weft::sim
