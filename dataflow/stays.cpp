// See stays.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/stays.hpp"

#include <algorithm>
#include <map>

namespace weft {
namespace {

// {first + digit * stride} for every first.
void spread(std::vector<std::int64_t>& firsts, const NestLoop& loop) {
  std::vector<std::int64_t> all;
  for (const std::int64_t first : firsts) {
    for (std::int64_t digit = 0; digit < loop.bound; ++digit) {
      all.push_back(first + digit * loop.stride);
    }
  }
  firsts = std::move(all);
}

// Coordinates of a rank, from an origin, that all instances of the child hold together.
std::vector<std::int64_t> window(const Nest& nest, const Rank& rank, int child) {
  std::vector<std::int64_t> sums = {0};
  for (const Term& term : rank.terms) {
    for (std::size_t i = 0; i < nest.loops().size(); ++i) {
      NestLoop loop = nest.loops()[i];
      if (loop.dim == term.dim && (loop.spatial || static_cast<int>(i) >= nest.outside(child))) {
        loop.stride *= term.coeff;
        spread(sums, loop);
      }
    }
  }
  std::sort(sums.begin(), sums.end());
  sums.erase(std::unique(sums.begin(), sums.end()), sums.end());
  return sums;
}

// Does a window of the tensor keep words when this loop steps on, each of them for one run of its steps? A
// window with holes lets a word go and takes it again.
bool slides(const Nest& nest, const TensorShape& tensor, int child, const NestLoop& loop) {
  for (const Rank& rank : tensor.ranks) {
    for (const Term& term : rank.terms) {
      if (term.dim != loop.dim) {
        continue;
      }
      const std::int64_t shift = term.coeff * loop.stride;
      std::map<std::int64_t, std::int64_t> last;  // by place between two steps
      bool keeps = false;
      for (const std::int64_t at : window(nest, rank, child)) {
        const auto [before, first] = last.try_emplace(at % shift, at);
        if (!first && at != before->second + shift) {
          return false;
        }
        keeps = keeps || !first;
        before->second = at;
      }
      return keeps;
    }
  }
  return false;
}

// Temporal loops outside the child that a word lies still for: marks them.
std::vector<bool> still_loops(const Nest& nest, const Problem& problem, const Accelerator& accelerator,
                              const Boundary& b) {
  const TensorShape& tensor = problem.tensor(b.role);
  const Memory& memory = *accelerator.levels[static_cast<std::size_t>(b.child)].memory_for(b.role);
  std::vector<bool> still(nest.loops().size(), false);
  int sliding = -1;
  for (int i = nest.outside(b.child) - 1; i >= 0; --i) {
    const NestLoop& loop = nest.loops()[static_cast<std::size_t>(i)];
    if (loop.spatial) {
      continue;
    }
    if (relevant(tensor, loop.dim)) {
      const bool goes_on = sliding >= 0 ? loop.dim == sliding
                                        : memory.halo == Halo::kReuse && slides(nest, tensor, b.child, loop);
      if (!goes_on) {
        break;
      }
      sliding = loop.dim;
    } else if (sliding >= 0) {
      break;  // the window jumps back
    }
    still[static_cast<std::size_t>(i)] = true;
  }
  return still;
}

}  // namespace

std::vector<std::int64_t> DimStays::indices(std::int64_t begin) const {
  std::vector<std::int64_t> result;
  for (const std::int64_t offset : offsets) {
    if (begin + offset < size) {
      result.push_back(begin + offset);
    }
  }
  return result;
}

std::vector<DimStays> stays(const Nest& nest, const Problem& problem, const Accelerator& accelerator,
                            const Boundary& boundary) {
  const std::vector<bool> still = still_loops(nest, problem, accelerator, boundary);
  std::vector<DimStays> result(static_cast<std::size_t>(nest.rank()));
  for (int dim = 0; dim < nest.rank(); ++dim) {
    DimStays& own = result[static_cast<std::size_t>(dim)];
    own.size = nest.size(dim);
    own.begins = own.offsets = {0};
    for (std::size_t i = 0; i < nest.loops().size(); ++i) {
      const NestLoop& loop = nest.loops()[i];
      if (loop.dim == dim) {
        const bool passes = loop.spatial || still[i] || static_cast<int>(i) >= nest.outside(boundary.child);
        spread(passes ? own.offsets : own.begins, loop);
      }
    }
    std::erase_if(own.begins, [&](std::int64_t begin) { return begin >= own.size; });
    std::sort(own.offsets.begin(), own.offsets.end());
  }
  return result;
}

}  // namespace weft
