// See stays.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "dataflow/stays.hpp"

#include <algorithm>

namespace weft {
namespace {

constexpr std::int64_t kLongestRun = 4096;  // steps that are followed one by one

// The rank that mentions the dim; -1: none.
int rank_of(const TensorShape& tensor, int dim) {
  for (std::size_t k = 0; k < tensor.ranks.size(); ++k) {
    for (const Term& term : tensor.ranks[k].terms) {
      if (term.dim == dim) {
        return static_cast<int>(k);
      }
    }
  }
  return -1;
}

enum class Pass : std::uint8_t { kOutside, kStill, kRun };

// Temporal loops outside the child, from the innermost: what a word lies still for, then the window's run.
class Walk {
 public:
  Walk(const TensorShape& tensor, bool slides) : tensor_(tensor), slides_(slides) {}

  Pass pass(const NestLoop& loop) {
    const int rank = rank_of(tensor_, loop.dim);
    if (!over_ && rank < 0 && rank_ < 0) {
      return Pass::kStill;
    }
    const bool window =
        rank < 0 || (slides_ && tensor_.ranks[static_cast<std::size_t>(rank)].terms.size() > 1 &&
                     (rank_ < 0 || rank == rank_));
    over_ = over_ || !window || steps_ * loop.bound > kLongestRun;
    if (over_) {
      return Pass::kOutside;
    }
    steps_ *= loop.bound;
    rank_ = rank_ < 0 ? rank : rank_;
    return Pass::kRun;
  }
  [[nodiscard]] int rank() const { return rank_; }

 private:
  const TensorShape& tensor_;
  bool slides_;
  bool over_ = false;
  int rank_ = -1;
  std::int64_t steps_ = 1;
};

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

Stays stays(const Nest& nest, const Problem& problem, const Accelerator& accelerator,
            const Boundary& boundary) {
  const Memory& memory =
      *accelerator.levels[static_cast<std::size_t>(boundary.child)].memory_for(boundary.role);
  Walk walk(problem.tensor(boundary.role), boundary.role == Role::kInputs && memory.halo == Halo::kReuse);
  Stays result;
  std::vector<Pass> passes(nest.loops().size(), Pass::kStill);  // spatial loops, and those further in
  for (int i = nest.outside(boundary.child) - 1; i >= 0; --i) {
    const NestLoop& loop = nest.loops()[static_cast<std::size_t>(i)];
    if (!loop.spatial) {
      passes[static_cast<std::size_t>(i)] = walk.pass(loop);
      if (passes[static_cast<std::size_t>(i)] == Pass::kRun) {
        result.run.insert(result.run.begin(), loop);
      }
    }
  }
  result.rank = walk.rank();
  result.dims.resize(static_cast<std::size_t>(nest.rank()));
  for (int dim = 0; dim < nest.rank(); ++dim) {
    DimStays& own = result.dims[static_cast<std::size_t>(dim)];
    own.size = nest.size(dim);
    own.begins = own.offsets = {0};
    for (std::size_t i = 0; i < nest.loops().size(); ++i) {
      if (nest.loops()[i].dim == dim && passes[i] != Pass::kRun) {
        spread(passes[i] == Pass::kStill ? own.offsets : own.begins, nest.loops()[i]);
      }
    }
    std::erase_if(own.begins, [&](std::int64_t begin) { return begin >= own.size; });
    std::sort(own.offsets.begin(), own.offsets.end());
  }
  return result;
}

}  // namespace weft
