// See port_work.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/port_work.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "arch/sim/core/cache_tags.hpp"
#include "arch/sim/core/requests.hpp"
#include "arch/sim/core/sieve_table.hpp"
#include "arch/sim/core/zero_work.hpp"

namespace weft::sim {

namespace {

// A memory that takes requests: where its words lie, and its cache.
struct Requested {
  const Memory* memory;
  AddressMap map;
  std::optional<CacheTags> cache;
};

class Worker {
 public:
  Worker(const Program& program, const TileTable& tiles, const Accelerator& accelerator,
         const TileZeros& zeros)
      : program_(program), tiles_(tiles), accelerator_(accelerator), zeros_(zeros) {
    for (std::size_t r = 0; r < kRoles; ++r) {
      table_.at[r].resize(tiles.at[r].size());
      table_.stored[r].resize(accelerator.levels.size());
      table_.sent[r].resize(accelerator.levels.size());
      table_.arriving[r].resize(accelerator.levels.size());
      for (std::size_t k = 0; k < tiles.at[r].size(); ++k) {
        table_.at[r][k].resize(tiles.at[r][k].size());
      }
    }
  }

  // Tiles in the order of the program; the store of an output tile when the next one takes its place.
  void pass() {
    PerRole<std::vector<std::size_t>> next;
    for (std::size_t r = 0; r < kRoles; ++r) {
      next[r].resize(tiles_.at[r].size());
    }
    for (const Step& step : program_.steps) {
      for (const Load& load : step.loads) {
        const auto r = static_cast<std::size_t>(index_of(load.role));
        const auto& keepers = program_.keepers[r];
        const auto k =
            static_cast<std::size_t>(std::find(keepers.begin(), keepers.end(), load.level) - keepers.begin());
        const std::size_t i = next[r][k]++;
        if (load.role == Role::kOutputs && i > 0) {
          store(k, i - 1);
        }
        this->load(load, live(load.role, k, i), table_.at[r][k][i]);
      }
    }
    constexpr auto kOutputs = static_cast<std::size_t>(index_of(Role::kOutputs));
    for (std::size_t k = 1; k < next[kOutputs].size(); ++k) {
      if (next[kOutputs][k] > 0) {
        store(k, next[kOutputs][k] - 1);
      }
    }
  }

  void forget_counts() { table_.lines = table_.misses = 0; }
  PortWorkTable take() { return std::move(table_); }

 private:
  [[nodiscard]] const Memory& memory(int level, Role role) const {
    return *accelerator_.levels[static_cast<std::size_t>(level)].memory_for(role);
  }
  // Share of the words brought for a tile that the memory above does not leave out.
  [[nodiscard]] double live(Role role, std::size_t position, std::size_t tile) const {
    if (zeros_.sieves == nullptr || zeros_.sieves->live[at(role)].size() <= position) {
      return 1;
    }
    const std::vector<double>& tiles = zeros_.sieves->live[at(role)][position];
    return tiles.empty() ? 1 : tiles[tile];
  }
  static void note(SievedWords& words, std::int64_t asked, double live) {
    words.asked += static_cast<double>(asked);
    words.moved += static_cast<double>(asked) * live;
  }
  [[nodiscard]] double bits(int level, Role role, double words) const {
    return words * stored_bits(memory(level, role), program_.problem, role);
  }
  // The same as the level's format writes down this tile; `moved` counts over all instances.
  double written(int level, const Load& load, double words, std::int64_t moved) {
    if (zeros_.shares == nullptr) {
      return bits(level, load.role, words);
    }
    const double share = zeros_.shares->stored(level, load.role, load.tile);
    StoredBits& sum =
        table_.stored[static_cast<std::size_t>(index_of(load.role))][static_cast<std::size_t>(level)];
    sum.plain += static_cast<double>(moved);
    sum.written += static_cast<double>(moved) * share;
    return bits(level, load.role, words) * share;
  }

  void load(const Load& load, double live, PortWork& work) {
    const bool outputs = load.role == Role::kOutputs;
    const Fetch fetch = outputs ? Fetch::kChanges : memory(load.level, load.role).fetch;
    auto read = static_cast<double>(outputs && load.fills == 0 ? 0 : load.port_reads);
    auto written = static_cast<double>(load.port_fills);
    if (fetch != Fetch::kChanges) {
      const double box = words(load, fetch);
      const double tile = std::max(1.0, words(load, Fetch::kTiles));
      read = box * static_cast<double>(std::max(load.port_reads, load.whole_reads)) / tile;
      written = box * static_cast<double>(std::max(load.port_fills, load.whole_fills)) / tile;
    }
    if (sieves(accelerator_, load.parent, load.role)) {
      const auto r = at(load.role);
      note(table_.sent[r][static_cast<std::size_t>(load.parent)], load.parent_reads, live);
      note(table_.arriving[r][static_cast<std::size_t>(load.level)], load.fills, live);
    }
    const double passing = sieve_skips(accelerator_, load.parent, load.role) ? live : 1;
    read *= passing;
    written *= passing;
    work.own_write = this->written(load.level, load, written, load.fills);
    work.parent_read = work.down = this->written(load.parent, load, read, load.parent_reads);
    if (Requested* parent = requested(load.parent, load.role); parent != nullptr && read > 0) {
      work.parent_read = on_requests(*parent, load, fetch, read, CacheTags::Access::kRead);
    }
    work.latency = read > 0 ? memory(load.parent, load.role).latency.count() : 0;
  }

  void store(std::size_t position, std::size_t i) {
    constexpr auto kOutputs = static_cast<std::size_t>(index_of(Role::kOutputs));
    const Load& load = *tiles_.at[kOutputs][position][i].load;
    PortWork& work = table_.at[kOutputs][position][i];
    work.own_read = written(load.level, load, static_cast<double>(load.port_drains), load.drains);
    work.parent_write = work.up =
        written(load.parent, load, static_cast<double>(load.port_updates), load.updates);
    if (Requested* parent = requested(load.parent, load.role); parent != nullptr && load.port_updates > 0) {
      work.parent_write = on_requests(*parent, load, Fetch::kChanges, static_cast<double>(load.port_updates),
                                      CacheTags::Access::kWrite);
    }
  }

  // Bits of port time of `moved` words of the load's tile. The requests are those of the whole tile; a part
  // of it takes its share of their time, but touches all lines.
  double on_requests(Requested& above, const Load& load, Fetch fetch, double moved,
                     CacheTags::Access access) {
    const Memory& memory = *above.memory;
    const bool reads = access == CacheTags::Access::kRead;
    const std::int64_t most = (reads ? memory.requests->read : memory.requests->write).count();
    const double bandwidth = (reads ? memory.read_bandwidth : memory.write_bandwidth)->count();
    const auto least = static_cast<double>(memory.requests->least.count());
    const std::int64_t line = above.cache ? memory.cache->line.count() : 0;
    double cycles = 0, all_bits = 0;
    std::int64_t misses = 0;
    const std::vector<IndexSet> sets = box(load, fetch);
    std::vector<const IndexSet*> pointers;
    for (const IndexSet& set : sets) {
      pointers.push_back(&set);
    }
    above.map.requests(load.role, pointers, most, [&](std::int64_t address, std::int64_t size) {
      cycles += std::max(least, static_cast<double>(size) / bandwidth);
      all_bits += static_cast<double>(size);
      if (above.cache) {
        for (std::int64_t l = address / line; l <= (address + size - 1) / line; ++l) {
          ++table_.lines;
          misses += above.cache->touch(l, access);
        }
      }
    });
    table_.misses += misses;
    const double share = all_bits > 0 ? bits(load.parent, load.role, moved) / all_bits : 1;
    const double waiting = above.cache ? static_cast<double>(misses * memory.cache->miss.count()) : 0.0;
    return (cycles * share + waiting) * bandwidth;
  }

  [[nodiscard]] std::vector<IndexSet> box(const Load& load, Fetch fetch) const {
    const auto r = static_cast<std::size_t>(index_of(load.role));
    const std::vector<Rank>& ranks = program_.problem.tensor(load.role).ranks;
    std::vector<IndexSet> result;
    for (std::size_t k = 0; k < ranks.size(); ++k) {
      const auto set = static_cast<std::size_t>(load.tile.sets[k]);
      result.push_back(fetched(program_.rank_sets[r][k][set], ranks[k], fetch));
    }
    return result;
  }

  [[nodiscard]] double words(const Load& load, Fetch fetch) const {
    double product = 1;
    for (const IndexSet& set : box(load, fetch)) {
      product *= static_cast<double>(set.size());
    }
    return product;
  }

  // The memory of the level as one that takes requests, or null.
  Requested* requested(int level, Role role) {
    const Memory& wanted = memory(level, role);
    if (!wanted.requests) {
      return nullptr;
    }
    const auto known = requested_.find(&wanted);
    if (known != requested_.end()) {
      return &known->second;
    }
    PerRole<int> widths{};
    for (const Role each : kAllRoles) {
      widths[static_cast<std::size_t>(index_of(each))] = stored_bits(wanted, program_.problem, each);
    }
    Requested fresh{&wanted, AddressMap(program_.problem, widths, wanted.requests->layout), {}};
    if (wanted.cache) {
      fresh.cache.emplace(*wanted.cache);
    }
    return &requested_.emplace(&wanted, std::move(fresh)).first->second;
  }

  const Program& program_;
  const TileTable& tiles_;
  const Accelerator& accelerator_;
  TileZeros zeros_;
  std::map<const Memory*, Requested> requested_;
  PortWorkTable table_;
};

}  // namespace

PortWorkTable port_work(const Program& program, const TileTable& tiles, const Accelerator& accelerator,
                        CacheStart start, const TileZeros& zeros) {
  Worker worker(program, tiles, accelerator, zeros);
  if (start == CacheStart::kWarm) {
    worker.pass();
    worker.forget_counts();
  }
  worker.pass();
  return worker.take();
}

}  // namespace weft::sim
