// See row_work.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/row_work.hpp"

#include <algorithm>
#include <numeric>

namespace weft::sim {

namespace {

constexpr auto kOut = static_cast<std::size_t>(index_of(Role::kOutputs));

}  // namespace

void Meeting::await_over() {
  const std::int64_t round = round_;
  while (round_ == round) {
    sc_core::wait(changed_);
  }
}

void Meeting::over() {
  here_ = 0;
  ++round_;
  changed_.notify(sc_core::SC_ZERO_TIME);
}

RowWork::RowWork(const Program& program, const FanOut& fanout)
    : program_(program), program_rows_(*program.rows), network_(fanout.network), group_(program_rows_.group) {
  std::vector<std::int32_t> alone(rows());
  std::iota(alone.begin(), alone.end(), 0);
  bool streams = false;
  bool hops = false;
  for (std::size_t r = 0; r < kRoles; ++r) {
    group_[r] = apart(network_[r]) ? alone : group_[r];
    loading_[r] = meetings(r == kOut ? alone : group_[r]);
    const bool past_rows = !own(program.keepers[r].back());
    streams = streams || past_rows;
    hops = hops || (past_rows && network_[r] == NetworkKind::kSystolic);
  }
  storing_ = meetings(group_[kOut]);
  pace_ = !streams ? Pace::kOwn : hops ? Pace::kChained : Pace::kTogether;
  std::vector<std::size_t> everyone(alone.begin(), alone.end());
  starting_ = std::make_unique<Meeting>(std::move(everyone));
  begun_.resize(rows());
  ended_.assign(program.steps.size(), 0);
  std::int64_t started = 0;
  for (std::size_t s = 0; s < program.steps.size(); ++s) {
    started_.push_back(started);
    started += program.steps[s].cycles;
  }
}

RowWork::Meetings RowWork::meetings(const std::vector<std::int32_t>& groups) const {
  std::vector<std::vector<std::size_t>> members;
  for (std::size_t row = 0; row < groups.size(); ++row) {
    const auto group = static_cast<std::size_t>(groups[row]);
    members.resize(std::max(members.size(), group + 1));
    members[group].push_back(row);
  }
  Meetings result;
  for (auto& rows : members) {
    result.push_back(std::make_unique<Meeting>(std::move(rows)));
  }
  return result;
}

Meeting& RowWork::loading(Role role, std::size_t row) const {
  const auto r = static_cast<std::size_t>(index_of(role));
  return *loading_[r][r == kOut ? row : static_cast<std::size_t>(group_[r][row])];
}

Meeting& RowWork::storing(std::size_t row) const {
  return *storing_[static_cast<std::size_t>(group_[kOut][row])];
}

std::int64_t RowWork::words(Role role, std::size_t position, std::size_t i, std::size_t row) const {
  return program_rows_.words[static_cast<std::size_t>(index_of(role))][position][i * rows() + row];
}

// Rows of a meeting take their words at once, so the one with most of them stands for all; meetings share in
// proportion.
double RowWork::share(const Meetings& all, const Meeting& one, Role role, std::size_t position,
                      std::size_t i) const {
  const auto most = [&](const Meeting& meeting) {
    std::int64_t result = 0;
    for (const std::size_t row : meeting.rows()) {
      result = std::max(result, words(role, position, i, row));
    }
    return result;
  };
  std::int64_t sum = 0;
  for (const auto& meeting : all) {
    sum += most(*meeting);
  }
  // Words that the rows' tiles do not show (steps made of several tiles) are spread evenly.
  return sum > 0 ? static_cast<double>(most(one)) / static_cast<double>(sum)
                 : 1 / static_cast<double>(all.size());
}

double RowWork::load_share(Role role, std::size_t position, std::size_t i, std::size_t row) const {
  return share(loading_[static_cast<std::size_t>(index_of(role))], loading(role, row), role, position, i);
}

double RowWork::store_share(std::size_t position, std::size_t i, std::size_t row) const {
  return share(storing_, *storing_[static_cast<std::size_t>(group_[kOut][row])], Role::kOutputs, position, i);
}

double RowWork::multiple(Role role, std::size_t position, std::size_t i, std::size_t row) const {
  const std::int64_t first = words(role, position, i, 0);
  const std::int64_t own = words(role, position, i, row);
  return row == 0 || (first == 0 && own > 0) ? 1
         : first > 0                         ? static_cast<double>(own) / static_cast<double>(first)
                                             : 0;
}

Ticks RowWork::cycles(std::size_t step, std::size_t row) const {
  return ticks_of(program_rows_.cycles[step * rows() + row]);
}

Ticks RowWork::hops(Role role, std::size_t place) const {
  const bool systolic = network_[static_cast<std::size_t>(index_of(role))] == NetworkKind::kSystolic;
  return systolic && role != Role::kOutputs ? ticks_of(static_cast<std::int64_t>(place)) : 0;
}

void RowWork::begin(std::size_t /*step*/, std::size_t row) {
  begun_[row].push_back(now());
  changed_.notify(sc_core::SC_ZERO_TIME);
}

void RowWork::end(std::size_t /*step*/, std::size_t row) {
  if (row == 0) {
    first_ended_.push_back(now());
    changed_.notify(sc_core::SC_ZERO_TIME);
  }
}

Ticks RowWork::await_begin(std::size_t step, std::size_t row) {
  while (begun_[row].size() <= step) {
    sc_core::wait(changed_);
  }
  return begun_[row][step];
}

Ticks RowWork::await_end_of_first(std::size_t step) {
  while (first_ended_.size() <= step) {
    sc_core::wait(changed_);
  }
  return first_ended_[step];
}

bool RowWork::touches(Role role, std::size_t row) const {
  if (pace_ != Pace::kChained || own(program_.keepers[static_cast<std::size_t>(index_of(role))].back())) {
    return true;
  }
  return role == Role::kOutputs ? row + 1 == rows() : row == 0;
}

std::optional<std::size_t> RowWork::wave_ahead(std::size_t step) const {
  const std::int64_t until = started_[step] - (program_rows_.count - 1);
  const auto after =
      std::upper_bound(started_.begin(), started_.begin() + static_cast<std::ptrdiff_t>(step), until);
  return after == started_.begin() ? std::nullopt
                                   : std::optional(static_cast<std::size_t>(after - started_.begin() - 1));
}

bool RowWork::all_stored(std::size_t tile) {
  stored_.resize(std::max(stored_.size(), tile + 1));
  return ++stored_[tile] == rows();
}

void share_among_rows(TileTable& tiles, const Program& program, const RowWork& work) {
  for (std::size_t r = 0; r < kRoles; ++r) {
    const std::vector<int>& keepers = program.keepers[r];
    for (std::size_t k = 1; k < keepers.size(); ++k) {
      const bool innermost = k + 1 == keepers.size();
      const bool used_by_rows = !work.own(keepers[k]) && (innermost || work.own(keepers[k + 1]));
      const bool by_one = innermost && work.rows() > 1 &&
                          !(work.touches(kAllRoles[r], 0) && work.touches(kAllRoles[r], work.rows() - 1));
      if (!used_by_rows || by_one) {
        continue;
      }
      for (Tile& tile : tiles.at[r][k]) {
        tile.users *= static_cast<int>(work.rows());
      }
    }
  }
}

}  // namespace weft::sim
