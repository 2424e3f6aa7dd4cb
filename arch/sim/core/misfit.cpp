// Checks of a program against the machine it is to run on. See tiles.hpp.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "arch/sim/core/tiles.hpp"
#include "arch/spec/layer_machine.hpp"

namespace weft::sim {

namespace {

std::string misfit_keepers(const std::vector<int>& keepers, Role role, const Accelerator& accelerator) {
  if (keepers.empty() || keepers.front() != 0) {
    return fmt::format("the outermost level does not keep {}", name_of(role));
  }
  for (std::size_t k = 0; k < keepers.size(); ++k) {
    if (keepers[k] >= accelerator.depth() || (k > 0 && keepers[k] <= keepers[k - 1])) {
      return fmt::format("level {} is no place for {}: {} levels, outermost first", keepers[k], name_of(role),
                         accelerator.depth());
    }
    const StorageLevel& level = accelerator.levels[static_cast<std::size_t>(keepers[k])];
    if (level.memory_for(role) == nullptr) {
      return fmt::format("level '{}' has no memory for {}", level.name, name_of(role));
    }
  }
  return {};
}

std::string misfit_sets(const Program& program, Role role) {
  const auto r = static_cast<std::size_t>(index_of(role));
  const TensorShape& tensor = program.problem.tensor(role);
  if (program.rank_sets[r].size() != tensor.ranks.size()) {
    return fmt::format("{} have {} ranks but {} tables of coordinates", name_of(role), tensor.ranks.size(),
                       program.rank_sets[r].size());
  }
  for (std::size_t k = 0; k < tensor.ranks.size(); ++k) {
    for (const IndexSet& set : program.rank_sets[r][k]) {
      const bool ascending = std::adjacent_find(set.begin(), set.end(), std::greater_equal<>()) == set.end();
      if (!ascending || (!set.empty() && (set.front() < 0 || set.back() >= tensor.ranks[k].extent))) {
        return fmt::format("a coordinate set of {}, rank {}, is not ascending within its extent {}",
                           name_of(role), k, tensor.ranks[k].extent);
      }
    }
  }
  return {};
}

std::string misfit_load(const Program& program, const Load& load) {
  const auto r = static_cast<std::size_t>(index_of(load.role));
  const std::vector<int>& keepers = program.keepers[r];
  const auto at = std::find(keepers.begin(), keepers.end(), load.level);
  if (at == keepers.end() || at == keepers.begin() || *(at - 1) != load.parent) {
    return fmt::format("a load of {} from level {} to level {}, which are not neighbouring keepers",
                       name_of(load.role), load.parent, load.level);
  }
  if (load.tile.sets.size() != program.rank_sets[r].size()) {
    return fmt::format("a tile of {} has {} ranks", name_of(load.role), load.tile.sets.size());
  }
  for (std::size_t k = 0; k < load.tile.sets.size(); ++k) {
    const auto set = load.tile.sets[k];
    if (set < 0 || static_cast<std::size_t>(set) >= program.rank_sets[r][k].size()) {
      return fmt::format("a tile of {} names coordinate set {} of rank {}, which does not exist",
                         name_of(load.role), set, k);
    }
  }
  if (std::min({load.parent_reads, load.fills, load.drains, load.updates, load.port_reads, load.port_fills,
                load.port_drains, load.port_updates}) < 0) {
    return fmt::format("a load of {} has a negative count", name_of(load.role));
  }
  return {};
}

std::string misfit_step(const Program& program, const Step& step) {
  for (const Load& load : step.loads) {
    if (auto reason = misfit_load(program, load); !reason.empty()) {
      return reason;
    }
  }
  if (step.cycles < 1) {
    return "a block of MACs takes no cycle";
  }
  if (step.run < 0 || step.run > step.cycles) {
    return fmt::format("a block of {} cycles has runs of {}", step.cycles, step.run);
  }
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    if (step.operands[r].level != program.keepers[r].back()) {
      return fmt::format("the operands of {} do not come from their innermost keeper", name_of(role));
    }
  }
  if (step.iteration.size() != program.dim_sets.size()) {
    return "a block does not name one index set per dim";
  }
  for (std::size_t d = 0; d < step.iteration.size(); ++d) {
    if (step.iteration[d] < 0 || static_cast<std::size_t>(step.iteration[d]) >= program.dim_sets[d].size()) {
      return fmt::format("a block names index set {} of dim {}, which does not exist", step.iteration[d], d);
    }
  }
  return {};
}

std::string misfit_instances(const Program& program, const Accelerator& accelerator) {
  const auto& used = program.instances_used;
  if (used.size() != accelerator.levels.size() + 1) {
    return fmt::format("it uses instances of {} levels, not of {}", used.size(),
                       accelerator.levels.size() + 1);
  }
  for (int level = 0; level <= accelerator.depth(); ++level) {
    const std::int64_t lanes = level == accelerator.depth() ? most_lanes(accelerator.compute) : 1;
    const std::int64_t there = accelerator.instances(level) * lanes;
    if (used[static_cast<std::size_t>(level)] > there) {
      return fmt::format("it uses {} instances of level {}, which has {}",
                         used[static_cast<std::size_t>(level)], level, there);
    }
  }
  return {};
}

std::string misfit_start(const Program& program, Role role) {
  for (const int level : program.keepers[static_cast<std::size_t>(index_of(role))]) {
    const auto& loads = program.steps.front().loads;
    const auto begins = [&](const Load& load) { return load.role == role && load.level == level; };
    if (level != 0 && std::none_of(loads.begin(), loads.end(), begins)) {
      return fmt::format("the first step does not load {} into level {}", name_of(role), level);
    }
  }
  return {};
}

bool good_starts(const Program& program) {
  const auto& starts = program.tile_starts;
  return !starts.empty() && starts.front() == 0 &&
         starts.back() < static_cast<std::int64_t>(program.steps.size()) &&
         std::adjacent_find(starts.begin(), starts.end(), std::greater_equal<>()) == starts.end();
}

}  // namespace

std::string misfit(const Program& program, const Accelerator& accelerator) {
  if (program.steps.empty()) {
    return "it has no steps";
  }
  if (program.dim_sets.size() != program.problem.dims.size()) {
    return "it does not have one table of index sets per dim";
  }
  if (auto reason = misfit_instances(program, accelerator); !reason.empty()) {
    return reason;
  }
  for (const Role role : kAllRoles) {
    const auto& keepers = program.keepers[static_cast<std::size_t>(index_of(role))];
    for (auto reason : {misfit_keepers(keepers, role, accelerator), misfit_sets(program, role),
                        misfit_start(program, role)}) {
      if (!reason.empty()) {
        return reason;
      }
    }
  }
  if (accelerator.controller.tiles_in_flight && !good_starts(program)) {
    return "its outer iterations do not begin at rising steps from 0 on";
  }
  for (std::size_t s = 0; s < program.steps.size(); ++s) {
    if (auto reason = misfit_step(program, program.steps[s]); !reason.empty()) {
      return fmt::format("step {}: {}", s, reason);
    }
  }
  return {};
}

}  // namespace weft::sim
