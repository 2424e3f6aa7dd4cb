// The parts that the words across a boundary are a product of: each rank of the tensor with its dims' loops
// outside the child, and each dim that the tensor does not mention. Which instances combine how
// (Gather) makes a question of them; group_summer.hpp answers it.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include <boost/container/small_vector.hpp>

#include "arch/spec/accelerator.hpp"
#include "dataflow/counts.hpp"
#include "dataflow/nest.hpp"

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

// Words of one transition from what each group contributes to it (`retains`: the child holds a tile).
[[nodiscard]] std::int64_t combine(std::span<const Moved> groups, bool retains);

// What one group contributes to a boundary's words: all that remains open is the order of its loops relative
// to those of other groups.
struct GroupWords {
  GroupWords() {}  // leaves the lists' room as it is
  // Sums over the transitions in which own loops outside the pivot stay, the pivot advances (odd) or not
  // (even), and those inside wrap: [2 * pivot + advances].
  Small<Moved, 8> cases;
  std::int64_t first = 0;  // words of the very first tile
  // Words of the tile in which own loops outside a place are at their last useful digit, the others at zero:
  // [place].
  Small<std::int64_t, 4> last;
};

// Conventions that a question follows.
struct GroupRules {
  bool retains = true;  // the child holds a tile
  Halo halo = Halo::kReuse;
  Footprint footprint = Footprint::kUnion;
  MulticastUnit unit = MulticastUnit::kWord;
  Visits visits = Visits::kAll;
};

// Either one rank of the tensor with its dims (ascending coefficients), or one dim that the tensor does not
// mention.
struct TransferGroup {
  struct TemporalLoop {
    int position = 0;  // among the temporal loops outside the child
    int slot = 0;      // which of the group's dims
    std::int64_t bound = 1, stride = 1;
  };
  struct SpatialLoop {
    int loop = 0;  // index into nest.loops()
    int slot = 0;
    std::int64_t bound = 1, stride = 1;
  };
  struct OwnDim {
    OwnDim() {}  // leaves the lists' room as it is
    int dim = 0;
    std::int64_t coeff = 1;
    std::int64_t size = 1, extent = 1;
    bool divides = true;  // its factors divide: every tile is whole
    // Index offsets of the instances, by how they combine; the last: the largest. Made by gather().
    Small<std::int64_t, 8> summed, united;
    std::int64_t sums = 1, unites = 1;  // how many there are
  };
  TransferGroup() {}  // the same
  const Rank* rank = nullptr;
  bool plain = false;    // one dim without padding: only the tile at the dim's end differs
  bool uniform = false;  // not even that one
  Small<OwnDim, 2> dims;
  Small<TemporalLoop, 6> loops;
  Small<SpatialLoop, 4> spatial;
};

// Temporal loops outside `child`: indices into nest.loops().
[[nodiscard]] Small<int, 16> temporal_loops(const Nest& nest, int child);

// The groups of a tensor for a boundary towards `child`, those of its ranks first; they refer to the tensor.
// Instances are not gathered yet.
[[nodiscard]] Small<TransferGroup, 8> transfer_groups(const Nest& nest, const TensorShape& tensor, int child);

// Counts the instances of a group, or lists their offsets, too. `how`: by the spatial loop's index in the
// nest.
void count_instances(TransferGroup& group, std::span<const Gather> how);
void gather(TransferGroup& group, std::span<const Gather> how);

}  // namespace weft
