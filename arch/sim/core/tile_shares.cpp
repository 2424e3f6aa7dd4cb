// Sizes of tiles as they are written down. See zero_work.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/zero_work.hpp"
#include "arch/spec/format_size.hpp"

namespace weft::sim {

TileShares::TileShares(const Program& program, const Accelerator& accelerator, const Positions& positions,
                       const ZeroWork& whole)
    : program_(program), accelerator_(accelerator), positions_(positions), whole_(whole) {
  formats_.resize(accelerator.levels.size());
  for (int level = 0; level < accelerator.depth(); ++level) {
    for (const Role role : kAllRoles) {
      if (accelerator.levels[static_cast<std::size_t>(level)].memory_for(role) != nullptr) {
        formats_[static_cast<std::size_t>(level)][static_cast<std::size_t>(index_of(role))] =
            chosen_format(accelerator, program.problem, level, role);
      }
    }
  }
}

double TileShares::stored(int level, Role role, const Region& tile) {
  const auto l = static_cast<std::size_t>(level);
  const auto r = static_cast<std::size_t>(index_of(role));
  const double again = level == 0 && role == Role::kWeights ? whole_.fetched : 1;
  if (role == Role::kOutputs) {
    return whole_.levels[l].stored[r];
  }
  if (formats_[l][r].kind == FormatKind::kUncompressed) {
    return again;
  }
  const std::pair key(level * kRoles + index_of(role), tile.sets);
  auto found = known_.find(key);
  if (found == known_.end()) {
    found = known_.emplace(key, counted(level, role, tile)).first;
  }
  return again * found->second;
}

double TileShares::counted(int level, Role role, const Region& tile) const {
  const auto l = static_cast<std::size_t>(level);
  const auto r = static_cast<std::size_t>(index_of(role));
  const TensorShape& tensor = program_.problem.tensor(role);
  const TensorFormat& format = formats_[l][r];
  const std::int64_t fiber = fiber_words(format, program_.problem, role, accelerator_.instances(level));
  OccupancyCounter counter(format, fiber);
  const Bitmap& positions = role == Role::kWeights ? positions_.weights : positions_.inputs;
  std::vector<const IndexSet*> sets;
  for (std::size_t k = 0; k < tensor.ranks.size(); ++k) {
    sets.push_back(&program_.rank_sets[r][k][static_cast<std::size_t>(tile.sets[k])]);
    if (sets.back()->empty()) {
      return 1;
    }
  }
  // Rows of the last rank, in the order in which the tensor is stored.
  std::vector<std::size_t> digit(sets.size(), 0);
  while (true) {
    std::int64_t row = 0;
    for (std::size_t k = 0; k + 1 < sets.size(); ++k) {
      row = (row + (*sets[k])[digit[k]]) * tensor.ranks[k + 1].extent;
    }
    const IndexSet& last = *sets.back();
    for (std::size_t i = 0; i < last.size();) {
      std::size_t end = i + 1;
      while (end < last.size() && last[end] == last[end - 1] + 1) {
        ++end;
      }
      counter.add(positions, row + last[i], static_cast<std::int64_t>(end - i));
      i = end;
    }
    std::size_t k = sets.size() - 1;
    while (k > 0 && ++digit[k - 1] == sets[k - 1]->size()) {
      digit[k - 1] = 0;
      --k;
    }
    if (k == 0) {
      break;
    }
  }
  const Memory& memory = *accelerator_.levels[l].memory_for(role);
  const int bits = stored_bits(memory, program_.problem, role);
  const Occupancy counted = counter.result();
  return encoded_bits(format, bits, fiber, counted) / (counted.words * bits);
}

}  // namespace weft::sim
