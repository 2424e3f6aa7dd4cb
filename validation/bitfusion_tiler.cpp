// See bitfusion_tiler.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "validation/bitfusion_tiler.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "arch/spec/layer_machine.hpp"
#include "base/checked.hpp"
#include "base/error.hpp"
#include "dataflow/evaluate.hpp"
#include "dataflow/legality.hpp"
#include "mapper/mapper.hpp"
#include "validation/sparse_case.hpp"

namespace weft::validation {
namespace {

// Sizes of one tile.
struct Tile {
  std::int64_t batch = 1, side = 1, in = 1, out = 1;
};

std::vector<std::int64_t> powers(std::int64_t size, std::int64_t unit = 1) {
  std::vector<std::int64_t> result;
  for (std::int64_t tile = unit; tile < size; tile *= 2) {
    result.push_back(tile);
  }
  result.push_back(size);
  return result;
}

std::int64_t whole_tiles(std::int64_t size, std::int64_t tile) {
  return ceil_div(size, tile) * tile;
}

// The layer with every dim a whole number of tiles.
Problem padded(const ConvShape& shape, const PerRole<int>& bits, const Tile& tile, std::int64_t columns) {
  const std::int64_t side = whole_tiles(out_h(shape), tile.side);
  ConvShape whole = shape;
  whole.batch = whole_tiles(shape.batch, tile.batch);
  whole.in_channels = whole_tiles(shape.in_channels, tile.in);
  whole.out_channels = ceil_div(shape.out_channels, tile.out) * whole_tiles(tile.out, columns);
  whole.in_h = whole.in_w = (side - 1) * shape.stride_h + shape.kernel_h;
  Problem problem = make_conv(whole);
  for (const Role role : kAllRoles) {
    problem.tensor(role).bits = bits[at(role)];
  }
  return problem;
}

class Search {
 public:
  Search(const ConvShape& shape, const PerRole<int>& bits, const Accelerator& accelerator)
      : shape_(shape), bits_(bits), accelerator_(accelerator) {
    accelerator_.levels[1].memories[1].halo = Halo::kRefetch;
    columns_ = accelerator.levels[1].fanout.x;
    dram_bits_ = accelerator.levels[0].memories[0].shared_bandwidth->count();
  }

  Tiled best(const EnergyTable& table) {
    for (const std::int64_t batch : powers(shape_.batch)) {
      for (const std::int64_t side : powers(out_h(shape_))) {
        for (const std::int64_t in : powers(shape_.in_channels)) {
          for (const std::int64_t out : powers(shape_.out_channels, columns_)) {
            try_tile({batch, side, in, out});
          }
        }
      }
    }
    WEFT_ENSURE(best_mapping_, "some tile fits");
    MapRequest request;
    request.problem = &best_problem_;
    request.accelerator = &accelerator_;
    request.table = &table;
    const MapResult priced = price(request, *best_mapping_);
    const Memory& dram = accelerator_.levels[0].memories[0];
    const double per_bit = dram.energy.read->count() / static_cast<double>(dram.width.count());
    return {best_cycles_, priced.energy.total + first_reads_ * per_bit};
  }

 private:
  void try_tile(const Tile& tile) {
    const Problem problem = padded(shape_, bits_, tile, columns_);
    const LayerMachine machine(accelerator_, problem);
    // In the order of their names: the first of the permutations.
    std::vector<std::pair<std::string, std::int64_t>> loops = {{"C", ceil_div(shape_.in_channels, tile.in)},
                                                               {"K", ceil_div(shape_.out_channels, tile.out)},
                                                               {"N", ceil_div(shape_.batch, tile.batch)},
                                                               {"P", ceil_div(out_h(shape_), tile.side)}};
    // Loops of one tile make no difference where they stand.
    loops.erase(std::remove_if(loops.begin(), loops.end(), [](const auto& loop) { return loop.second == 1; }),
                loops.end());
    bool fits = false;
    do {
      const Mapping mapping = mapping_of(problem, *machine, loops);
      if (!fits && check(mapping, problem, *machine)) {
        return;  // whatever the order
      }
      fits = true;
      try_mapping(problem, mapping, *machine);
    } while (std::next_permutation(loops.begin(), loops.end()));
  }

  static Mapping mapping_of(const Problem& problem, const Accelerator& machine,
                            const std::vector<std::pair<std::string, std::int64_t>>& loops) {
    Mapping mapping = empty_mapping(machine);
    for (const auto& [dim, bound] : loops) {
      add_temporal(mapping.levels[0], problem, dim.c_str(), bound);
      if (dim == "P") {
        add_temporal(mapping.levels[0], problem, "Q", bound);
      }
    }
    const FanOut &columns = machine.levels[1].fanout, &rows = machine.levels[2].fanout;
    add_spatial(mapping.levels[1], problem, "K", columns.x, Axis::kX);
    const int channels = problem.dim("C");
    const std::int64_t left = ceil_div(problem.size(channels), covered(mapping, channels));
    add_spatial(mapping.levels[2], problem, "C", std::min(left, rows.y), Axis::kY);
    add_rest(mapping, 1, problem, {"N", "K", "P", "Q", "R", "S", "C"});
    return mapping;
  }

  void try_mapping(const Problem& problem, const Mapping& mapping, const Accelerator& machine) {
    double compute = 1;
    for (const LevelMapping& level : mapping.levels) {
      for (const Loop& loop : level.temporal) {
        compute *= static_cast<double>(loop.bound);
      }
    }
    if (best_mapping_ && compute >= best_cycles_) {
      return;
    }
    const ActionCounts counts = count_actions(mapping, problem, machine, {.first_fill = FirstFill::kCounted});
    const PerRole<TensorCounts>& buffers = counts.levels[1].tensors;
    double moved = 0, first = 0;
    for (const Role role : kAllRoles) {
      const TensorCounts& words = buffers[at(role)];
      const double width = bits_[at(role)];
      moved += width * static_cast<double>(words.fills + words.drains);
      first += width * static_cast<double>(tile_words(mapping, problem, role, 1)) *
               (role == Role::kOutputs ? 2 : 1);
    }
    const double cycles = std::max(compute, (moved - first) / dram_bits_) + first / dram_bits_;
    if (best_mapping_ && cycles >= best_cycles_) {
      return;
    }
    best_cycles_ = cycles;
    best_problem_ = problem;
    best_mapping_ = mapping;
    const TensorCounts& outputs = buffers[at(Role::kOutputs)];
    const std::int64_t later =
        count_actions(mapping, problem, machine).levels[1].tensors[at(Role::kOutputs)].fills;
    first_reads_ = bits_[at(Role::kOutputs)] * static_cast<double>(outputs.fills - later);
  }

  ConvShape shape_;
  PerRole<int> bits_;
  Accelerator accelerator_;
  std::int64_t columns_ = 1;
  double dram_bits_ = 1;
  std::optional<Mapping> best_mapping_;
  Problem best_problem_;
  double best_cycles_ = 0;
  double first_reads_ = 0;  // bits of outputs read before anything was added
};

}  // namespace

Tiled tiled_as_bitfusion(const ConvShape& shape, const PerRole<int>& bits, const Accelerator& accelerator,
                         const EnergyTable& table) {
  return Search(shape, bits, accelerator).best(table);
}

}  // namespace weft::validation
