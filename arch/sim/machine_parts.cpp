// How a program becomes part of a run: its tiles are appended to the slots, its links tell every engine where
// to move them, and where two programs fit a memory together the later one's tiles may come early.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "arch/sim/core/sieve_table.hpp"
#include "arch/sim/core/tiles.hpp"
#include "arch/sim/core/wires.hpp"
#include "arch/sim/machine.hpp"
#include "base/error.hpp"

namespace weft::sim {

Place Machine::place(const Problem& problem, Role role, int level) {
  const auto l = static_cast<std::size_t>(level);
  const auto memory = static_cast<std::size_t>(accelerator_.levels[l].memory_index(role));
  const double bits = stored_bits(accelerator_.levels[l].memories[memory], problem, role);
  TileSlots* store = slots(role, level);
  const auto port = static_cast<std::size_t>(accelerator_.levels[l].port_index(role));
  const Memory& spec = accelerator_.levels[l].memories[memory];
  Place place;
  place.level = level;
  place.word_bits = bits;
  place.ports = &ports_[l][port];
  place.slots = store;
  place.banked = spec.banking ? &spec : nullptr;
  place.first_tile = store != nullptr ? store->tiles() : 0;
  return place;
}

void Machine::add_wires(Place& above, const Program& program, Role role, int below) {
  above.wires.clear();
  for (int level = above.level; level < below; ++level) {
    const double share = wire_share(program, accelerator_, role, above.level, level);
    if (share > 0) {
      LevelWires& ports = wires(level, 0);
      above.wires.push_back({level, &*ports.down, ports.upwards(), share});
    }
  }
}

std::unique_ptr<Part> Machine::make_part(std::size_t number, Piece piece, Job& job) {
  auto part = std::make_unique<Part>();
  part->number = number;
  part->piece = std::move(piece);
  part->first_step = steps_;
  for (const std::size_t before : part->piece.after) {
    WEFT_ENSURE(before < number, "a piece of a network comes after what it reads");
  }
  const Program* program = part->piece.program.get();
  if (program == nullptr) {
    return part;
  }
  const std::string reason = misfit(*program, accelerator_);
  WEFT_ENSURE(reason.empty(), "the program does not fit the machine: " + reason);
  part->program = program;
  part->tiles = tile_table(*program, accelerator_);
  if (row_level_) {
    WEFT_ENSURE(program->rows && program->rows->level == *row_level_ &&
                    program->rows->count <= static_cast<std::int64_t>(rows_.size()) + 1,
                "the program does not say what the rows of this machine do");
    part->rows = std::make_unique<RowWork>(*program,
                                           accelerator_.levels[static_cast<std::size_t>(*row_level_)].fanout);
    share_among_rows(part->tiles, *program, *part->rows);
  }
  if (part->piece.positions != nullptr && states_sparsity(accelerator_)) {
    part->zeros = zero_work(*program, accelerator_, *part->piece.positions);
    TileShares shares(*program, accelerator_, *part->piece.positions, *part->zeros);
    const SieveTable sieves = sieve_table(*program, part->tiles, accelerator_, *part->piece.positions);
    part->work = port_work(*program, part->tiles, accelerator_, cache_start_, {&shares, &sieves});
  } else {
    part->work = port_work(*program, part->tiles, accelerator_, cache_start_);
  }
  job.result.cache_lines += part->work.lines;
  job.result.cache_misses += part->work.misses;
  part->banks = BankLoads(*program, part->tiles, accelerator_);
  for (const Role role : kAllRoles) {
    part->tiles_before[at(role)].resize(accelerator_.levels.size());
    part->tiles_long_before[at(role)] = tiles_before_last_[at(role)];
    part->links[at(role)].resize(accelerator_.levels.size());
    for (int level = 1; level < accelerator_.depth(); ++level) {
      link(*part, role, level);
    }
    part->sources[at(role)] =
        part->links[at(role)][static_cast<std::size_t>(program->keepers[at(role)].back())].own;
    if (program->keepers[at(role)].size() == 1) {
      part->sources[at(role)] = place(program->problem, role, program->keepers[at(role)].back());
    }
    add_wires(part->sources[at(role)], *program, role, accelerator_.depth());
    if (part->zeros) {
      const SparseEffect::Level& level =
          part->zeros->levels[static_cast<std::size_t>(program->keepers[at(role)].back())];
      part->sources[at(role)].word_bits *= level.stored[at(role)] * level.slots[at(role)];
    }
  }
  link_rows(*part);
  set_early(*part);
  tiles_before_last_ = part->tiles_before;
  window_.append(*program, part->tiles, steps_);
  // One more than it has: its last stores are wanted before anything of the next part.
  steps_ += static_cast<std::int64_t>(program->steps.size()) + 1;
  return part;
}

void Machine::link(Part& part, Role role, int level) {
  const auto l = static_cast<std::size_t>(level);
  TileSlots* store = slots(role, level);
  if (store == nullptr) {
    return;
  }
  part.tiles_before[at(role)][l] = store->tiles();
  const auto& keepers = part.program->keepers[at(role)];
  const auto found = std::find(keepers.begin(), keepers.end(), level);
  Link& link = part.links[at(role)][l];
  link.role = role;
  if (found == keepers.end()) {
    return;
  }
  link.position = static_cast<std::size_t>(found - keepers.begin());
  link.own = place(part.program->problem, role, level);
  // Levels are linked from the outermost on: the parent's tiles of this part have been appended.
  const int parent = *(found - 1);
  link.parent = link.position == 1 ? place(part.program->problem, role, parent)
                                   : part.links[at(role)][static_cast<std::size_t>(parent)].own;
  add_wires(link.parent, *part.program, role, level);
  store->append(part.tiles.at[at(role)][link.position]);
}

Machine::Footprint Machine::footprint(const Part& part, int level, std::size_t memory) const {
  Footprint result;
  const StorageLevel& spec = accelerator_.levels[static_cast<std::size_t>(level)];
  for (const Role role : kAllRoles) {
    const Link& link = part.links[at(role)][static_cast<std::size_t>(level)];
    if (link.position == 0 || spec.memory_index(role) != static_cast<int>(memory)) {
      continue;
    }
    const auto& words = part.program->tile_words[at(role)];
    result.known = result.known && link.position < words.size();
    if (result.known) {
      result.bits[at(role)] = static_cast<double>(words[link.position]) * link.own.word_bits;
    }
  }
  return result;
}

void Machine::set_early(Part& part) {
  for (auto& role : part.early) {
    role.assign(accelerator_.levels.size(), false);
  }
  footprints_.resize(accelerator_.levels.size());
  for (int level = 1; level < accelerator_.depth(); ++level) {
    auto& before = footprints_[static_cast<std::size_t>(level)];
    const std::size_t memories = accelerator_.levels[static_cast<std::size_t>(level)].memories.size();
    before.resize(memories);
    for (std::size_t memory = 0; memory < memories; ++memory) {
      const Footprint own = footprint(part, level, memory);
      let_early(part, level, memory, before[memory], own);
      before[memory] = own;
    }
  }
}

// Weights first, then inputs, then outputs, as long as all slots of both programs fit. A buffet's tile may
// fill it, so there both tiles have to fit beside each other; elsewhere a slot holds one or the other.
void Machine::let_early(Part& part, int level, std::size_t memory, const Footprint& before,
                        const Footprint& own) {
  const StorageLevel& spec = accelerator_.levels[static_cast<std::size_t>(level)];
  const Memory& store = spec.memories[memory];
  const double slots = store.buffering == Buffering::kDouble ? 2 : 1;
  double bits = 0;
  for (const double tile : before.bits) {
    bits += slots * tile;
  }
  for (const Role role : kAllRoles) {
    if (spec.memory_index(role) != static_cast<int>(memory)) {
      continue;
    }
    const double was = before.bits[at(role)];
    const double is = own.bits[at(role)];
    bits += store.buffering == Buffering::kBuffet ? is : slots * (std::max(was, is) - was);
    if (store.capacity &&
        !(before.known && own.known && bits <= static_cast<double>(store.capacity->count()))) {
      return;
    }
    part.early[at(role)][static_cast<std::size_t>(level)] = true;
  }
}

}  // namespace weft::sim
