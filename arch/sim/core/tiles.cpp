// See tiles.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/tiles.hpp"

#include <algorithm>

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

}  // namespace

TileTable tile_table(const Program& program) {
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
  return table;
}

}  // namespace weft::sim
