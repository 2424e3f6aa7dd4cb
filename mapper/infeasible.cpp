// Decides whether the smallest tiles fit.
// SPDX-License-Identifier: Apache-2.0
#include "mapper/infeasible.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "dataflow/legality.hpp"
#include "dataflow/tile_extents.hpp"
#include "mapper/contradictions.hpp"

namespace weft {

namespace {

using Extents = std::array<std::int64_t, kMaxDims>;

void find_widths(const Problem& problem, const Compute& compute, std::vector<Obstacle>& found) {
  const PerRole<int> takes = {compute.weight_bits, compute.input_bits, compute.output_bits};
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    const int bits = problem.tensor(role).bits;
    if (bits > takes[r]) {
      found.push_back({.kind = Obstacle::Kind::kWidth,
                       .index = index_of(role),
                       .needed = bits,
                       .available = takes[r],
                       .raise_to = bits});
    }
  }
}

// Fewest tensors, the largest first, that have to go for the rest to fit; none where one must not go.
PerRole<bool> to_bypass(const Obstacle& obstacle, const PerRole<std::int64_t>& bits,
                        const PerRole<bool>& fixed) {
  PerRole<bool> bypass{};
  std::int64_t needed = obstacle.needed;
  while (needed > obstacle.available) {
    std::size_t largest = kRoles;
    for (std::size_t r = 0; r < kRoles; ++r) {
      const bool candidate = obstacle.tensors[r] && !bypass[r] && !fixed[r];
      if (candidate && (largest == kRoles || bits[r] > bits[largest])) {
        largest = r;
      }
    }
    if (largest == kRoles) {
      return {};
    }
    bypass[largest] = true;
    needed = 0;
    for (std::size_t r = 0; r < kRoles; ++r) {
      needed = saturating_add(needed, obstacle.tensors[r] && !bypass[r] ? bits[r] : 0);
    }
  }
  return bypass;
}

void find_capacity(const Problem& problem, const Accelerator& accelerator, int level, const LevelRules* rules,
                   const Extents& extents, std::vector<Obstacle>& found) {
  const StorageLevel& storage = accelerator.levels[static_cast<std::size_t>(level)];
  for (std::size_t m = 0; m < storage.memories.size(); ++m) {
    const Memory& memory = storage.memories[m];
    Obstacle obstacle{.level = level, .index = static_cast<int>(m), .available = usable_bits(memory)};
    PerRole<std::int64_t> bits{};
    PerRole<bool> fixed{};
    for (const Role role : kAllRoles) {
      const auto r = static_cast<std::size_t>(index_of(role));
      const std::optional<bool> rule = rules != nullptr ? rules->keep[r] : std::nullopt;
      const bool kept = level == 0 || rule.value_or(!storage.may_bypass[r]);
      if (storage.memory_index(role) == static_cast<int>(m) && kept) {
        bits[r] = whole_bits(static_cast<double>(words_inside(problem.tensor(role), extents)) *
                             capacity_bits(accelerator, problem, level, role));
        obstacle.tensors[r] = true;
        obstacle.needed = saturating_add(obstacle.needed, bits[r]);
        fixed[r] = level == 0 || rule == true;
      }
    }
    if (obstacle.needed > obstacle.available) {
      obstacle.raise_to = saturating_mul(obstacle.needed, memory.buffering == Buffering::kDouble ? 2 : 1);
      obstacle.bypass = to_bypass(obstacle, bits, fixed);
      found.push_back(obstacle);
    }
  }
}

std::string list(const PerRole<bool>& tensors) {
  std::string text;
  for (const Role role : kAllRoles) {
    if (tensors[static_cast<std::size_t>(index_of(role))]) {
      text += (text.empty() ? "" : ", ") + std::string(name_of(role));
    }
  }
  return text;
}

std::string memory_name(const Obstacle& obstacle, const Accelerator& accelerator) {
  const StorageLevel& level = accelerator.levels[static_cast<std::size_t>(obstacle.level)];
  return level.memories.size() == 1 ? level.name
                                    : level.memories[static_cast<std::size_t>(obstacle.index)].name;
}

}  // namespace

std::vector<Obstacle> obstacles(const Problem& problem, const Accelerator& accelerator,
                                const Constraints* constraints) {
  std::vector<Obstacle> found;
  const Constraints none = no_constraints(accelerator);
  const std::vector<Extents> extents = least_extents(constraints != nullptr ? *constraints : none, problem);
  for (std::size_t l = 0; l < accelerator.levels.size(); ++l) {
    const LevelRules* rules = constraints != nullptr ? &constraints->levels[l] : nullptr;
    find_capacity(problem, accelerator, static_cast<int>(l), rules, extents[l], found);
  }
  find_widths(problem, accelerator.compute, found);
  return found;
}

std::string explain(const Obstacle& o, const Accelerator& accelerator) {
  if (o.kind == Obstacle::Kind::kWidth) {
    return fmt::format("{}: words of {} have {} b, it takes {} b", accelerator.compute.name,
                       name_of(static_cast<Role>(o.index)), o.needed, o.available);
  }
  const StorageLevel& level = accelerator.levels[static_cast<std::size_t>(o.level)];
  const Memory& memory = level.memories[static_cast<std::size_t>(o.index)];
  return fmt::format(
      "{}: the smallest tiles of {} that are possible need {} b, {} b can hold tiles ({}-buffered)",
      memory_name(o, accelerator), list(o.tensors), o.needed, o.available, name_of(memory.buffering));
}

std::string remedy(const Obstacle& o, const Accelerator& accelerator) {
  if (o.kind == Obstacle::Kind::kWidth) {
    constexpr std::array<const char*, kRoles> kKeys = {"weight_width", "input_width", "output_width"};
    return fmt::format("raise '{}' of {} to {} b, or use --bits", kKeys[static_cast<std::size_t>(o.index)],
                       accelerator.compute.name, o.raise_to);
  }
  const std::string level = accelerator.levels[static_cast<std::size_t>(o.level)].name;
  return fmt::format("raise the capacity of {} to {} b", memory_name(o, accelerator), o.raise_to) +
         (o.can_bypass() ? fmt::format(", or let {} bypass {}", list(o.bypass), level) : "");
}

}  // namespace weft
