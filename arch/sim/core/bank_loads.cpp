// See bank_loads.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/bank_loads.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <utility>

#include "arch/sim/core/operand_groups.hpp"
#include "arch/sim/core/requests.hpp"

namespace weft::sim {

namespace {

constexpr std::int64_t kMostRounds = 256;     // of the same words
constexpr std::int64_t kMostWords = 1 << 16;  // of a walk; longer ones are judged by their beginning

// The banks of a memory as one tensor's port sees them.
struct BankedPort {
  BankShape shape;
  double bits_per_cycle = 1;
  int word_bits = 8;
};

double least(const std::optional<BitsPerCycle>& a, const std::optional<BitsPerCycle>& b) {
  return std::min(a ? a->count() : b->count(), b ? b->count() : a->count());
}

}  // namespace

// Walks that look the same are taken once.
class BankLoadsBuilder {
 public:
  BankLoadsBuilder(BankLoads& loads, const Program& program, const TileTable& tiles,
                   const Accelerator& accelerator)
      : loads_(loads), program_(program), tiles_(tiles), accelerator_(accelerator) {}

  void build() {
    for (const Role role : kAllRoles) {
      const auto r = static_cast<std::size_t>(index_of(role));
      const std::vector<int>& keepers = program_.keepers[r];
      if (std::none_of(keepers.begin(), keepers.end(), [&](int level) { return banked(level, role); })) {
        continue;
      }
      loads_.tiles_[r].resize(keepers.size());
      for (std::size_t k = 1; k < keepers.size(); ++k) {
        for (const Tile& tile : tiles_.at[r][k]) {
          loads_.tiles_[r][k].push_back(of_tile(role, k, tile));
        }
      }
      if (keepers.size() > 1 && banked(keepers.back(), role)) {
        add_operands(role);
      }
    }
  }

 private:
  [[nodiscard]] const Memory& memory(int level, Role role) const {
    return *accelerator_.levels[static_cast<std::size_t>(level)].memory_for(role);
  }
  [[nodiscard]] bool banked(int level, Role role) const { return memory(level, role).banking.has_value(); }

  [[nodiscard]] BankedPort port(int level, Role role, bool writes) const {
    const StorageLevel& spec = accelerator_.levels[static_cast<std::size_t>(level)];
    const Memory& memory = this->memory(level, role);
    const Bandwidths widths = spec.bandwidths(spec.port_index(role));
    return {{memory.banks, memory.banking->interleave.count(), memory.width.count()},
            least(writes ? widths.write : widths.read, widths.shared),
            stored_bits(memory, program_.problem, role)};
  }

  [[nodiscard]] const IndexSet& coordinates(Role role, const Load& load, std::size_t rank) const {
    const auto r = static_cast<std::size_t>(index_of(role));
    return program_.rank_sets[r][rank][static_cast<std::size_t>(load.tile.sets[rank])];
  }

  // Where the coordinates of a walk lie within a tile, rank by rank in the order of the layout.
  struct Walk {
    std::vector<std::vector<std::int64_t>> positions;
    std::vector<std::int64_t> strides;  // words
  };

  static std::vector<std::int64_t> strides_of(const std::vector<const IndexSet*>& tile) {
    std::vector<std::int64_t> strides(tile.size(), 1);
    for (std::size_t k = tile.size(); k-- > 1;) {
      strides[k - 1] = strides[k] * std::max<std::int64_t>(1, static_cast<std::int64_t>(tile[k]->size()));
    }
    return strides;
  }

  Walk walk_of(Role role, int level, const Load& tile, const Load& part) const {
    Walk walk;
    std::vector<const IndexSet*> sets;
    for (const std::size_t rank : rank_order(program_.problem, role, memory(level, role).banking->layout)) {
      sets.push_back(&coordinates(role, tile, rank));
      walk.positions.push_back(positions_in(*sets.back(), coordinates(role, part, rank)));
    }
    walk.strides = strides_of(sets);
    return walk;
  }

  // What decides about a walk: where it begins within the turn of the banks, and the steps from there.
  static std::vector<std::int64_t> key_of(const Walk& walk, const BankedPort& port) {
    std::vector<std::int64_t> key = {port.shape.banks, port.shape.interleave, port.shape.width,
                                     std::bit_cast<std::int64_t>(port.bits_per_cycle), port.word_bits};
    std::int64_t begin = 0;
    for (std::size_t k = 0; k < walk.positions.size(); ++k) {
      const auto& positions = walk.positions[k];
      begin += positions.empty() ? 0 : positions.front() * walk.strides[k];
      key.push_back(walk.strides[k]);
      key.push_back(static_cast<std::int64_t>(positions.size()));
      for (const std::int64_t position : positions) {
        key.push_back(position - positions.front());
      }
    }
    key.push_back(begin * port.word_bits % (port.shape.banks * port.shape.interleave));
    return key;
  }

  const BankLoad* walked(const Walk& walk, const BankedPort& port) {
    const auto [known, is_new] = known_.try_emplace(key_of(walk, port), nullptr);
    if (is_new) {
      BankWalk banks(port.shape, port.bits_per_cycle, port.word_bits);
      std::int64_t room = kMostWords;
      step_through(walk, 0, 0, [&](std::int64_t word) {
        banks.word(word * port.word_bits);
        return --room > 0;
      });
      known->second = &loads_.loads_.emplace_back(banks.load());
    }
    return known->second;
  }

  template <class Visit>
  static bool step_through(const Walk& walk, std::size_t rank, std::int64_t first, const Visit& visit) {
    if (rank == walk.positions.size()) {
      return visit(first);
    }
    for (const std::int64_t position : walk.positions[rank]) {
      if (!step_through(walk, rank + 1, first + position * walk.strides[rank], visit)) {
        return false;
      }
    }
    return true;
  }

  TileBanks of_tile(Role role, std::size_t k, const Tile& tile) {
    const auto r = static_cast<std::size_t>(index_of(role));
    const Load& load = *tile.load;
    TileBanks result;
    if (banked(load.level, role)) {
      const Walk whole = walk_of(role, load.level, load, load);
      result.own_write = walked(whole, port(load.level, role, true));
      result.own_read = walked(whole, port(load.level, role, false));
    }
    if (k > 1 && banked(load.parent, role) && tile.source >= 0) {
      const TileSequence& above = tiles_.at[r][k - 1];
      const Walk down = walk_of(role, load.parent, *above[static_cast<std::size_t>(tile.source)].load, load);
      result.parent_read = walked(down, port(load.parent, role, false));
      const Walk up =
          walk_of(role, load.parent, *above[static_cast<std::size_t>(tile.destination)].load, load);
      result.parent_write = walked(up, port(load.parent, role, true));
    }
    return result;
  }

  void add_operands(Role role) {
    const auto r = static_cast<std::size_t>(index_of(role));
    const int level = program_.keepers[r].back();
    const OperandGroups groups(program_, role, level,
                               rank_order(program_.problem, role, memory(level, role).banking->layout));
    const TileSequence& tiles = tiles_.at[r].back();
    std::size_t at = 0;
    for (std::size_t s = 0; s < program_.steps.size(); ++s) {
      while (at + 1 < tiles.size() && tiles[at + 1].step <= static_cast<std::int64_t>(s)) {
        ++at;
      }
      std::vector<const IndexSet*> sets;
      for (const std::size_t rank : groups.order()) {
        sets.push_back(&coordinates(role, *tiles[at].load, rank));
      }
      const OperandGroups::Choices choices = groups.of_step(program_.steps[s], sets);
      const std::vector<std::int64_t> strides = strides_of(sets);
      const std::int64_t times = program_.steps[s].cycles;
      loads_.operands_[r].push_back({together(choices, strides, port(level, role, false), times),
                                     together(choices, strides, port(level, role, true), times)});
    }
  }

  // The words of one cycle after those of the other, in `times` cycles. In which order a step comes back to
  // words is not known here: they are accessed again each time, unless the step wants nothing else.
  const BankLoad* together(const OperandGroups::Choices& choices, const std::vector<std::int64_t>& strides,
                           const BankedPort& port, std::int64_t times) {
    const bool one =
        std::all_of(choices.begin(), choices.end(), [](const auto& rank) { return rank.size() == 1; });
    const std::int64_t rounds = one ? std::clamp<std::int64_t>(times, 1, kMostRounds) : 1;
    Walk shape;  // for the key alone
    for (const auto& rank : choices) {
      auto& all = shape.positions.emplace_back();
      for (const auto& choice : rank) {
        all.insert(all.end(), choice.begin(), choice.end());
        all.push_back(-1);
      }
    }
    shape.strides = strides;
    std::vector<std::int64_t> key = key_of(shape, port);
    key.push_back(-rounds);
    const auto [known, is_new] = known_.try_emplace(std::move(key), nullptr);
    if (is_new) {
      BankWalk banks(port.shape, port.bits_per_cycle, port.word_bits);
      for (std::int64_t round = 0; round < rounds; ++round) {
        OperandGroups::each(choices, strides, [&](const std::vector<std::int64_t>& words) {
          for (const std::int64_t word : words) {
            banks.word(word * port.word_bits);
          }
          banks.new_cycle();
        });
      }
      known->second = &loads_.loads_.emplace_back(banks.load(BankWalk::Pace::kArray));
    }
    return known->second;
  }

  BankLoads& loads_;
  const Program& program_;
  const TileTable& tiles_;
  const Accelerator& accelerator_;
  std::map<std::vector<std::int64_t>, const BankLoad*> known_;
};

BankLoads::BankLoads(const Program& program, const TileTable& tiles, const Accelerator& accelerator) {
  BankLoadsBuilder(*this, program, tiles, accelerator).build();
}

TileBanks BankLoads::tile(Role role, std::size_t position, std::size_t i) const {
  const auto& at = tiles_[static_cast<std::size_t>(index_of(role))];
  return at.empty() ? TileBanks{} : at[position][i];
}

OperandBanks BankLoads::operands(Role role, std::size_t step) const {
  const auto& at = operands_[static_cast<std::size_t>(index_of(role))];
  return at.empty() ? OperandBanks{} : at[step];
}

}  // namespace weft::sim
