// The parts of a run, one program each, in order. Engines work through them one after the other, each at its
// own pace; a part is built when the first engine comes near it and given up when the last has left it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <systemc>

#include "arch/sim/core/bank_loads.hpp"
#include "arch/sim/core/port_work.hpp"
#include "arch/sim/core/tiles.hpp"
#include "arch/sim/core/zero_work.hpp"
#include "arch/sim/link.hpp"
#include "arch/sim/row_work.hpp"
#include "arch/sim/simulator.hpp"

namespace weft::sim {

struct Part {
  std::size_t number = 0;
  Piece piece;
  const Program* program = nullptr;  // null: vector work only
  TileTable tiles;
  PortWorkTable work;
  BankLoads banks;
  std::optional<ZeroWork> zeros;     // none: no positions are known, or nothing is done about them
  std::int64_t first_step = 0;       // steps of the parts before
  PerRole<std::vector<Link>> links;  // [role][level]
  PerRole<Place> sources;            // of the array's operands: the innermost keepers
  // Row mode; null: no rows. Links and sources of the other rows, from the second on.
  std::unique_ptr<RowWork> rows;
  std::vector<PerRole<std::vector<Link>>> row_links;
  std::vector<PerRole<Place>> row_sources;
  [[nodiscard]] const PerRole<std::vector<Link>>& links_of(std::size_t row) const {
    return row == 0 ? links : row_links[row - 1];
  }
  [[nodiscard]] const PerRole<Place>& sources_of(std::size_t row) const {
    return row == 0 ? sources : row_sources[row - 1];
  }
  // Has a row of the machine anything to do in it?
  [[nodiscard]] bool uses(std::size_t row) const { return row == 0 || (rows && row < rows->rows()); }
  // [role][level]: may its tiles come while those of the part before are still there? Both fit then.
  PerRole<std::vector<bool>> early;
  // [role][level]: tiles of all parts before this one, and before the one before.
  PerRole<std::vector<std::int64_t>> tiles_before, tiles_long_before;
  Ticks lagged = 0;         // when the results of the farthest instance were out
  std::size_t engines = 0;  // still at work on it, but for the vector unit
};

class Sequence {
 public:
  using Build = std::function<std::unique_ptr<Part>(std::size_t)>;
  // A new run. `build` is called outside the kernel's processes, part by part, two at first.
  void reset(std::size_t parts, std::size_t engines, Build build);
  [[nodiscard]] std::size_t size() const { return parts_.size(); }
  // For the machine, between two starts of the kernel: builds what engines have asked for, true if anything.
  bool build_wanted();

  // The blocking calls, for engines' processes.
  // Progress: the machine builds the part as soon as the present delta cycle is over.
  [[nodiscard]] Part& await(std::size_t part);
  // Progress: engines depend on earlier parts only.
  void await_engines(const Part& part);
  void await_over(std::size_t part);

  // An engine has done its share of the part; the part's results are where they belong.
  void leave(Part& part);
  void over(Part& part);
  [[nodiscard]] Ticks over_at(std::size_t part) const { return over_at_[part]; }
  [[nodiscard]] std::string state() const;

 private:
  void want(std::size_t part);
  Build build_;
  std::size_t engines_ = 0;
  std::vector<std::unique_ptr<Part>> parts_;
  std::vector<Ticks> over_at_;
  std::size_t built_ = 0, wanted_ = 0, over_ = 0;  // so many parts, from the first on
  sc_core::sc_event changed_;
};

}  // namespace weft::sim
