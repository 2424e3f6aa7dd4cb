// Takes a nest apart into the groups of one tensor, and puts their words together.
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/transfer_group.hpp"

#include <algorithm>
#include <array>

#include "base/checked.hpp"

namespace weft {

namespace {

// What a nest does with each dim on the two sides of a boundary.
class Sides {
 public:
  Sides(const Nest& nest, int child) : nest_(nest) {
    inside_.fill(1);
    outside_.fill(1);
    const auto outside = static_cast<std::size_t>(nest.outside(child));
    for (std::size_t i = 0; i < nest.loops().size(); ++i) {
      const NestLoop& loop = nest.loops()[i];
      (i < outside ? outside_ : inside_)[static_cast<std::size_t>(loop.dim)] *= loop.bound;
    }
  }

  void add_dim(TransferGroup& group, int dim, std::int64_t coeff) const {
    const auto d = static_cast<std::size_t>(dim);
    TransferGroup::OwnDim& own = group.dims.emplace_back();
    own.dim = dim;
    own.coeff = coeff;
    own.size = nest_.size(dim);
    own.extent = inside_[d];
    own.divides = inside_[d] * outside_[d] == own.size;
  }

 private:
  const Nest& nest_;
  std::array<std::int64_t, kMaxDims> inside_{}, outside_{};
};

void add_rank(const Nest& nest, const Sides& sides, const Rank& rank, TransferGroup& group) {
  group.rank = &rank;
  std::int64_t last = rank.offset;
  Small<Term, 4> terms;
  for (const Term& term : rank.terms) {
    last += term.coeff * (nest.size(term.dim) - 1);
    if (nest.size(term.dim) > 1) {
      terms.push_back(term);
    }
  }
  if (terms.size() > 1) {
    std::sort(terms.begin(), terms.end(), [](const Term& a, const Term& b) { return a.coeff < b.coeff; });
  }
  for (const Term& term : terms) {
    sides.add_dim(group, term.dim, term.coeff);
  }
  const bool padded = rank.offset < 0 || last >= rank.extent;
  group.plain = group.dims.size() == 1 && !padded;
  group.uniform = group.plain && group.dims[0].divides;
}

void add_idle(const Sides& sides, int dim, TransferGroup& group) {
  sides.add_dim(group, dim, 1);
  group.plain = true;
  group.uniform = group.dims[0].divides;
}

// A dim's group and its place there.
struct Home {
  std::size_t group = 0;
  int slot = -1;
};

void hand_out_loops(const Nest& nest, int child, Small<TransferGroup, 8>& groups) {
  std::array<Home, kMaxDims> homes{};
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (std::size_t slot = 0; slot < groups[g].dims.size(); ++slot) {
      homes[static_cast<std::size_t>(groups[g].dims[slot].dim)] = {g, static_cast<int>(slot)};
    }
  }
  int position = 0;
  for (int i = 0; i < nest.outside(child); ++i) {
    const NestLoop& loop = nest.loops()[static_cast<std::size_t>(i)];
    const Home& home = homes[static_cast<std::size_t>(loop.dim)];
    if (loop.spatial && home.slot >= 0) {
      groups[home.group].spatial.push_back({i, home.slot, loop.bound, loop.stride});
    } else if (home.slot >= 0) {
      groups[home.group].loops.push_back({position, home.slot, loop.bound, loop.stride});
    }
    position += loop.spatial ? 0 : 1;
  }
}

}  // namespace

Small<int, 16> temporal_loops(const Nest& nest, int child) {
  Small<int, 16> result;
  for (int i = 0; i < nest.outside(child); ++i) {
    if (!nest.loops()[static_cast<std::size_t>(i)].spatial) {
      result.push_back(i);
    }
  }
  return result;
}

Small<TransferGroup, 8> transfer_groups(const Nest& nest, const TensorShape& tensor, int child) {
  const Sides sides(nest, child);
  std::array<bool, kMaxDims> mentioned{};
  Small<TransferGroup, 8> groups;
  for (const Rank& rank : tensor.ranks) {
    add_rank(nest, sides, rank, groups.emplace_back());
    for (const Term& term : rank.terms) {
      mentioned[static_cast<std::size_t>(term.dim)] = true;
    }
  }
  for (int dim = 0; dim < nest.rank(); ++dim) {
    if (nest.size(dim) > 1 && !mentioned[static_cast<std::size_t>(dim)]) {
      add_idle(sides, dim, groups.emplace_back());
    }
  }
  hand_out_loops(nest, child, groups);
  return groups;
}

void count_instances(TransferGroup& group, std::span<const Gather> how) {
  for (TransferGroup::OwnDim& own : group.dims) {
    own.sums = 1;
    own.unites = 1;
  }
  for (const TransferGroup::SpatialLoop& loop : group.spatial) {
    TransferGroup::OwnDim& own = group.dims[static_cast<std::size_t>(loop.slot)];
    const Gather combined = how[static_cast<std::size_t>(loop.loop)];
    own.sums *= combined == Gather::kSum ? loop.bound : 1;
    own.unites *= combined == Gather::kUnion ? loop.bound : 1;
  }
}

void gather(TransferGroup& group, std::span<const Gather> how) {
  count_instances(group, how);
  for (TransferGroup::OwnDim& own : group.dims) {
    own.summed.assign(1, 0);
    own.united.assign(1, 0);
  }
  for (const TransferGroup::SpatialLoop& loop : group.spatial) {
    const Gather combined = how[static_cast<std::size_t>(loop.loop)];
    if (combined == Gather::kFirst) {
      continue;
    }
    TransferGroup::OwnDim& own = group.dims[static_cast<std::size_t>(loop.slot)];
    auto& offsets = combined == Gather::kSum ? own.summed : own.united;
    const std::size_t before = offsets.size();
    offsets.reserve(before * static_cast<std::size_t>(loop.bound));
    for (std::int64_t digit = 1; digit < loop.bound; ++digit) {
      for (std::size_t k = 0; k < before; ++k) {
        offsets.push_back(offsets[k] + digit * loop.stride);
      }
    }
  }
}

std::int64_t combine(std::span<const Moved> groups, bool retains) {
  std::int64_t all = 1;
  std::int64_t same = 1;
  for (const Moved& moved : groups) {
    all = checked_mul(all, moved.same + moved.held + moved.fresh);
    same = checked_mul(same, moved.same);
  }
  if (!retains) {
    return all;
  }
  // Whole tiles where a rank changed, but where only one did, the words it held before stay.
  std::int64_t words = all - same;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    std::int64_t kept = groups[g].held;
    for (std::size_t other = 0; other < groups.size() && kept != 0; ++other) {
      kept *= other == g ? 1 : groups[other].same;
    }
    words -= kept;
  }
  return words;
}

}  // namespace weft
