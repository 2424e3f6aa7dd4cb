// See tiles.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/tiles.hpp"

#include <algorithm>
#include <optional>

#include "arch/sim/core/regions.hpp"

namespace weft::sim {

namespace {

// Index of the last tile that begins at or before `step`; -1: none.
std::int64_t tile_at(const TileSequence& tiles, std::int64_t step) {
  const auto after = std::upper_bound(tiles.begin(), tiles.end(), step,
                                      [](std::int64_t s, const Tile& tile) { return s < tile.step; });
  return after - tiles.begin() - 1;
}

std::size_t position_of(const std::vector<int>& keepers, int level) {
  return static_cast<std::size_t>(std::find(keepers.begin(), keepers.end(), level) - keepers.begin());
}

void collect(const Program& program, TileTable& table) {
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    table.at[r].resize(program.keepers[r].size());
  }
  for (std::size_t s = 0; s < program.steps.size(); ++s) {
    for (const Load& load : program.steps[s].loads) {
      const auto r = static_cast<std::size_t>(index_of(load.role));
      Tile tile;
      tile.load = &load;
      tile.step = static_cast<std::int64_t>(s);
      table.at[r][position_of(program.keepers[r], load.level)].push_back(tile);
    }
  }
}

void set_last_steps(TileSequence& tiles, std::int64_t steps) {
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    tiles[i].last_step = (i + 1 < tiles.size() ? tiles[i + 1].step : steps) - 1;
  }
}

void link_to_parent(TileSequence& tiles, TileSequence& parents, Role role) {
  for (Tile& tile : tiles) {
    tile.source = tile_at(parents, tile.step);
    tile.destination = tile_at(parents, std::max(tile.step, tile.last_step));
    if (tile.source >= 0) {
      ++parents[static_cast<std::size_t>(tile.source)].users;
    }
    if (role == Role::kOutputs && tile.destination >= 0) {
      ++parents[static_cast<std::size_t>(tile.destination)].users;
    }
  }
}

void order_sums(TileSequence& tiles, Regions& regions, int slots) {
  for (std::size_t i = 2; i < tiles.size(); ++i) {
    const Region& before = tiles[i - 1].load->tile;
    for (std::size_t back = 2; back < static_cast<std::size_t>(slots) && back <= i; ++back) {
      if (regions.meet_outside(tiles[i].load->tile, tiles[i - back].load->tile, before)) {
        tiles[i].after = static_cast<std::int64_t>(i - back);
        break;
      }
    }
  }
}

void order_sums(const Program& program, const Accelerator& accelerator, TileTable& table) {
  const auto r = static_cast<std::size_t>(index_of(Role::kOutputs));
  std::optional<Regions> regions;
  for (std::size_t k = 1; k < table.at[r].size(); ++k) {
    const StorageLevel& level = accelerator.levels[static_cast<std::size_t>(program.keepers[r][k])];
    const int slots = slots_of(*level.memory_for(Role::kOutputs));
    if (slots > 2) {
      if (!regions) {
        regions.emplace(program.rank_sets[r], program.problem.tensor(Role::kOutputs));
      }
      order_sums(table.at[r][k], *regions, slots);
    }
  }
}

}  // namespace

int slots_of(const Memory& memory) {
  switch (memory.buffering) {
    case Buffering::kSingle:
      return 1;
    case Buffering::kDouble:
      return 2;
    case Buffering::kBuffet:
      return 3;
  }
  return 1;
}

TileTable tile_table(const Program& program, const Accelerator& accelerator) {
  TileTable table;
  collect(program, table);
  for (const Role role : kAllRoles) {
    auto& chain = table.at[static_cast<std::size_t>(index_of(role))];
    for (std::size_t k = 1; k < chain.size(); ++k) {
      set_last_steps(chain[k], static_cast<std::int64_t>(program.steps.size()));
    }
    for (std::size_t k = 2; k < chain.size(); ++k) {
      link_to_parent(chain[k], chain[k - 1], role);
    }
    if (chain.size() > 1) {
      for (Tile& tile : chain.back()) {
        tile.users = tile.last_step >= tile.step ? 1 : 0;
      }
    }
  }
  order_sums(program, accelerator, table);
  return table;
}

}  // namespace weft::sim
