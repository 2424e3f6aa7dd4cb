// See traffic.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/traffic.hpp"

#include <algorithm>
#include <utility>

namespace weft::sim {

namespace {

// Appends words, longer runs where they are neighbours.
class Collector {
 public:
  void add(std::int64_t first, std::int64_t step, std::int64_t count) {
    if (step == 1) {
      add(first, count);
      return;
    }
    for (std::int64_t n = 0; n < count; ++n) {
      add(first + n * step, 1);
    }
  }
  [[nodiscard]] std::int64_t words() const { return words_; }
  [[nodiscard]] WordRuns take() { return std::move(runs_); }

  void add(std::int64_t first, std::int64_t count) {
    if (count <= 0) {
      return;
    }
    words_ += count;
    if (!runs_.empty() && runs_.back().first + runs_.back().count == first) {
      runs_.back().count += count;
      return;
    }
    runs_.push_back({first, count});
  }

 private:
  WordRuns runs_;
  std::int64_t words_ = 0;
};

const Region* region(const TileSequence& tiles, std::size_t i) {
  return i < tiles.size() ? &tiles[i].load->tile : nullptr;
}

}  // namespace

Traffic::Traffic(const Program& program, const TileTable& tiles) : tiles_(tiles) {
  for (const Role role : kAllRoles) {
    regions_.emplace_back(program.rank_sets[static_cast<std::size_t>(index_of(role))],
                          program.problem.tensor(role));
    was_read_[static_cast<std::size_t>(index_of(role))].resize(
        static_cast<std::size_t>(words(program.problem.tensor(role))));
  }
}

WordRuns Traffic::runs(Role role, const Region& tile, const Region* other, std::int64_t words) {
  Regions& regions = regions_[static_cast<std::size_t>(index_of(role))];
  Collector runs;
  const auto all = [&](std::int64_t first, std::int64_t step, std::int64_t count) {
    runs.add(first, step, count);
  };
  regions.for_each_run_without(tile, other == nullptr ? Regions::Others{} : Regions::Others{other}, all);
  while (runs.words() < words) {
    const std::int64_t before = runs.words();
    regions.for_each_run_without(tile, {}, [&](std::int64_t first, std::int64_t step, std::int64_t n) {
      runs.add(first, step, std::min(n, std::max<std::int64_t>(0, words - runs.words())));
    });
    if (runs.words() == before) {
      break;  // a tile of padding only
    }
  }
  return runs.take();
}

WordRuns Traffic::loaded(Role role, std::size_t i) {
  const TileSequence& tiles = tiles_.at[static_cast<std::size_t>(index_of(role))][1];
  const Load& load = *tiles[i].load;
  if (role == Role::kOutputs && load.fills == 0) {
    return {};
  }
  const WordRuns all = runs(role, load.tile, i > 0 ? region(tiles, i - 1) : nullptr, load.parent_reads);
  return role == Role::kOutputs ? all : wanted_first(role, all, load.parent_reads);
}

WordRuns Traffic::wanted_first(Role role, const WordRuns& runs, std::int64_t words) {
  std::vector<bool>& was_read = was_read_[static_cast<std::size_t>(index_of(role))];
  std::int64_t total = 0;
  for (const WordRun& run : runs) {
    total += run.count;
  }
  Collector chosen;
  for (const bool again : {false, true}) {
    for (const WordRun& run : runs) {
      for (std::int64_t word = run.first; total > words && word < run.first + run.count; ++word) {
        const bool known = was_read[static_cast<std::size_t>(word)];
        chosen.add(word, known == again && chosen.words() < words ? 1 : 0);
      }
    }
  }
  for (const WordRun& run : runs) {
    std::fill_n(was_read.begin() + run.first, run.count, true);
  }
  return total > words ? chosen.take() : runs;
}

WordRuns Traffic::stored(std::size_t i) {
  const TileSequence& tiles = tiles_.at[static_cast<std::size_t>(index_of(Role::kOutputs))][1];
  return runs(Role::kOutputs, tiles[i].load->tile, region(tiles, i + 1), tiles[i].load->updates);
}

WordRuns Traffic::accumulated(std::size_t i) {
  const TileSequence& tiles = tiles_.at[static_cast<std::size_t>(index_of(Role::kOutputs))][1];
  const Load& load = *tiles[i].load;
  // Words of the tile, as many as are read: none of them anew.
  return load.fills > 0 || load.parent_reads == 0
             ? WordRuns{}
             : runs(Role::kOutputs, load.tile, &load.tile, load.parent_reads);
}

}  // namespace weft::sim
