// Words that cross one boundary of one tensor's chain of keepers, exactly, by the rules of docs/design.md
// 4.3 and 4.4: halos, partial tiles, padding, multicast and reduction included.
//
// Why this is fast. Dims are independent, a tile is a product of one coordinate set per rank, and whether
// a rank's set changes depends on that rank's own loops only. So for each kind of transition (which
// temporal loop advanced) the sum over all tiles of a product is a product of per-rank sums.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "arch/spec/accelerator.hpp"
#include "dataflow/counts.hpp"
#include "dataflow/nest.hpp"
#include "dataflow/rank_sets.hpp"

namespace weft {

// Short lists on the search's path, without a trip to the heap.
template <class T, std::size_t n>
using Small = boost::container::small_vector<T, n>;

// How the instances along a spatial loop combine into one number.
enum class Gather : std::uint8_t {
  kSum,    // each instance counts
  kUnion,  // a word wanted (or produced) by several counts once
  kFirst,  // only the first instance (digit zero) counts
};
// Which visits of an output word count (irrelevant for operands).
enum class Visits : std::uint8_t { kAll, kFirst };

// One question about a boundary: which instances combine how, and which visits count.
struct Question {
  const TensorShape* tensor = nullptr;  // outlives the answer
  int child = 0;  // receiving level; the nest's depth: compute units, which hold nothing
  Halo halo = Halo::kReuse;
  Footprint footprint = Footprint::kUnion;
  Slides slides = Slides::kAny;
  MulticastUnit unit = MulticastUnit::kWord;
  Small<Gather, 32> gather;  // per nest loop; temporal entries are ignored
  Visits visits = Visits::kAll;
};

// Words of one coordinate group in a transition, by what happens to the set they belong to.
struct Moved {
  std::int64_t same = 0;   // in a set that did not change
  std::int64_t held = 0;   // in a changed set, and held before
  std::int64_t fresh = 0;  // in a changed set, and new
  Moved& operator+=(const Moved& other) {
    same += other.same;
    held += other.held;
    fresh += other.fresh;
    return *this;
  }
};

// What one rank of the tensor, or one dim that it does not mention, contributes to a boundary's words:
// everything about the order of loops that it does not know is the order relative to loops of other groups.
struct GroupSums {
  const Rank* rank = nullptr;  // null: a dim that the tensor does not mention
  int dim = -1;                // that dim
  Small<int, 6> loops;         // own temporal loops outside the child: indices into nest.loops()
  // Sums over the transitions in which own loops outside the pivot stay, the pivot advances (odd) or not
  // (even), and those inside wrap: [2 * pivot + advances].
  std::vector<Moved> cases;
  std::int64_t first = 0;  // words of the very first tile
  // Words of the tile in which own loops outside a place are at their last useful digit, the others at zero:
  // [place].
  std::vector<std::int64_t> last;
};
// Words of one transition from what each group contributes to it (`retains`: the child holds a tile).
[[nodiscard]] std::int64_t combine(std::span<const Moved> groups, bool retains);

class Transfers {
 public:
  Transfers(const Nest& nest, const Problem& problem, Question question);

  // All words over the whole run. Throws OverflowError.
  [[nodiscard]] std::int64_t total() const;
  // Words of the transition into the combination with these digits (one per temporal loop outside the child).
  [[nodiscard]] std::int64_t at(std::span<const std::int64_t> digits) const;

  // The groups one by one, for callers that put many mappings together from the same groups.
  [[nodiscard]] std::vector<GroupSums> group_sums() const;

  // A step fixes the first `fixed` temporal loops outside the child and sums over the rest.
  class Steps {
   public:
    // Words of one step. `digits`: at least min(fixed, temporal loops) entries.
    [[nodiscard]] std::int64_t words(std::span<const std::int64_t> digits) const;

   private:
    friend class Transfers;
    [[nodiscard]] std::int64_t advance(int loop, std::span<const std::int64_t> digits) const;
    const Transfers* owner_ = nullptr;
    int fixed_ = 0;
    std::vector<std::vector<std::vector<Moved>>>
        sums_;  // [group][case][fixed digits of the group, flattened]
  };
  [[nodiscard]] Steps steps(int fixed) const;

  // Temporal loops outside the child: indices into nest.loops().
  [[nodiscard]] std::span<const int> temporal() const { return {temporal_.data(), temporal_.size()}; }

 private:
  struct OwnLoop {
    int position = 0;  // among temporal_
    int slot = 0;      // which of the group's dims
    std::int64_t bound = 1, stride = 1;
  };
  struct OwnDim {
    int dim = 0;
    std::int64_t coeff = 1;
    std::int64_t size = 1, extent = 1;
    bool divides = true;  // its factors divide: every tile is whole
    Small<std::int64_t, 16> summed,
        united;  // index offsets of the instances, by how they combine; the last: the largest
  };
  // Either one rank of the tensor with its dims (ascending coefficients), or one dim that the tensor does not
  // mention.
  struct Group {
    const Rank* rank = nullptr;
    bool plain = false;    // one dim without padding: only the tile at the dim's end differs
    bool uniform = false;  // not even that one
    Small<OwnDim, 2> dims;
    Small<OwnLoop, 6> loops;
  };
  // Which of a group's own loops advance in a transition: those outside `pivot` stay, the pivot itself steps
  // on when `steps`, the rest wrap around.
  struct Case {
    int pivot = 0;
    bool steps = false;
  };
  struct Interval {
    std::int64_t low = 0, high = 0;  // [low, high); empty ones are {0, 0}
    [[nodiscard]] std::int64_t size() const { return high - low; }
    friend bool operator==(const Interval&, const Interval&) = default;
  };
  // A tile and the one held before, as one kind of set or another.
  template <class Set>
  struct Change;

  void add_rank_group(const Nest& nest, const Rank& rank);
  void add_dim(const Nest& nest, Group& group, int dim, std::int64_t coeff);
  [[nodiscard]] static Case case_of(const Group& group, int loop);
  [[nodiscard]] static std::size_t case_index(const Case& c) {
    return 2 * static_cast<std::size_t>(c.pivot) + (c.steps ? 1 : 0);
  }
  [[nodiscard]] std::size_t free_loops(const Group& group, const Case& c) const;

  // Words of one transition. `digits`: of the group's own loops; `first`: the very first tile. `whole`: of
  // one tile of a window that is not at the rank's borders, once one was met in the same case.
  [[nodiscard]] Moved entry(const Group& group, const Case& c, bool first,
                            std::span<const std::int64_t> digits, std::optional<Moved>& whole) const;
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
  // With tiles as Interval, CoordBits or CoordSet; nothing where one cannot be such a set.
  template <class Set>
  [[nodiscard]] std::optional<Moved> window(const Group& group, const Case& c, bool first,
                                            const Place& at) const;

  // Adds the entries of a case over the digits it leaves free to sums[flattened digits among the first
  // `fixed` temporal loops].
  void sum_case(const Group& group, const Case& c, int fixed, std::span<Moved> sums) const;
  // The sum over the digits of one loop of a window's group, from `from` on. `whole`: as entry() has it.
  [[nodiscard]] Moved sum_run(const Group& group, const Case& c, std::size_t loop, std::int64_t from,
                              std::span<std::int64_t> digits, std::optional<Moved>& whole) const;
  // The same where only the last tile differs, and where none does.
  void sum_plain(const Group& group, const Case& c, std::size_t kept, std::span<Moved> sums) const;
  [[nodiscard]] Moved plain_tail(const Group& group, const Case& c, std::size_t loop,
                                 std::int64_t base) const;
  [[nodiscard]] Moved line_tile(const Group& group, const Case& c, bool first, std::int64_t base,
                                std::int64_t before) const;
  void sum_uniform(const Group& group, const Case& c, std::size_t kept, std::span<Moved> sums) const;
  [[nodiscard]] std::size_t kept_loops(const Group& group, const Case& c, int fixed) const;
  [[nodiscard]] std::int64_t combine_at(std::span<const Moved> groups, int loop) const;
  [[nodiscard]] static std::int64_t net_shift(const Group& group, int loop);
  void find_steady_loops();

  Question question_;
  bool retains_ = true;
  Small<bool, 16> steady_;  // per temporal loop: its advance goes on sliding the window
  Small<int, 16> temporal_;
  Small<Group, 8> groups_;
};

}  // namespace weft
