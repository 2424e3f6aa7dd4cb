// See mac_block.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/mac_block.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "arch/sim/core/regions.hpp"
#include "base/error.hpp"

namespace weft::sim {

namespace {

// Words of a matrix: the gathered ones stay in the second cache, the rows of one product in the first.
constexpr std::size_t kMostRows = 64, kMostColumns = 256, kMostSums = 128;

bool neighbours(const std::vector<std::int64_t>& addresses) {
  return std::adjacent_find(addresses.begin(), addresses.end(),
                            [](std::int64_t a, std::int64_t b) { return b != a + 1; }) == addresses.end();
}

}  // namespace

BlockProduct MacBlock::fastest() {
  const BlockProducts products = block_products();
  return products.of[products.count - 1];
}

MacBlock::MacBlock(const Program& program, BlockProduct product) : program_(program), product_(product) {
  for (const Role role : kAllRoles) {
    stride_[at(role)].assign(program.dim_sets.size(), 0);
    const TensorShape& shape = program.problem.tensor(role);
    const std::vector<std::int64_t> strides = strides_of(shape);
    for (std::size_t k = 0; k < shape.ranks.size(); ++k) {
      const Rank& rank = shape.ranks[k];
      PaddedRank padded{rank.offset, rank.extent, std::vector<std::int64_t>(program.dim_sets.size(), 0)};
      std::int64_t last = rank.offset;
      for (const Term& term : rank.terms) {
        const auto d = static_cast<std::size_t>(term.dim);
        stride_[at(role)][d] = term.coeff * strides[k];
        padded.coeff[d] = term.coeff;
        last += term.coeff * (program.problem.size(term.dim) - 1);
      }
      origin_[at(role)] += rank.offset * strides[k];
      if (rank.offset < 0 || last >= rank.extent) {
        WEFT_ENSURE(padded_[at(role)].size() < kMaxDims, "too many padded ranks");
        padded_[at(role)].push_back(std::move(padded));
      }
    }
  }
}

MacBlock::Part MacBlock::part_of(std::size_t dim) const {
  const auto moves = [&](Role role) { return stride_[at(role)][dim] != 0; };
  if (!moves(Role::kOutputs)) {
    return Part::kSums;
  }
  if (moves(Role::kWeights) == moves(Role::kInputs)) {
    return Part::kAround;
  }
  return moves(Role::kWeights) ? Part::kRows : Part::kColumns;
}

// Chooses the loops and how much of each goes into one product; returns the MACs.
std::int64_t MacBlock::arrange(const Step& step) {
  std::int64_t macs = 1;
  axes_.clear();
  for (Side& side : sides_) {
    side.stale = true;
  }
  for (std::size_t d = 0; d < step.iteration.size(); ++d) {
    const IndexSet& set = program_.dim_sets[d][static_cast<std::size_t>(step.iteration[d])];
    macs *= static_cast<std::int64_t>(set.size());
    axes_.push_back({d, part_of(d), &set});
  }
  // Neighbouring results, else neighbouring operands, are neighbours in the matrices.
  const auto key = [&](const Axis& axis) {
    return std::tuple(stride_[2][axis.dim], stride_[1][axis.dim], stride_[0][axis.dim]);
  };
  std::stable_sort(axes_.begin(), axes_.end(), [&](const Axis& a, const Axis& b) { return key(a) > key(b); });
  set_lengths(Part::kRows, kMostRows);
  set_lengths(Part::kColumns, kMostColumns);
  set_lengths(Part::kSums, kMostSums);
  const std::size_t rows = length(Part::kRows), columns = length(Part::kColumns);
  turned_ = columns < kBlockLanes && rows > columns;
  return macs;
}

void MacBlock::set_lengths(Part part, std::size_t limit) {
  for (auto axis = axes_.rbegin(); axis != axes_.rend(); ++axis) {
    if (axis->part == part) {
      axis->length = std::max<std::size_t>(1, std::min(axis->set->size(), limit));
      limit /= axis->length;
    }
  }
}

std::size_t MacBlock::length(Part part) const {
  std::size_t product = 1;
  for (const Axis& axis : axes_) {
    product *= axis.part == part ? axis.length : 1;
  }
  return product;
}

// To the next piece of the block, like an odometer; false after the last one.
bool MacBlock::advance() {
  for (auto axis = axes_.rbegin(); axis != axes_.rend(); ++axis) {
    if (axis->length >= axis->set->size()) {
      continue;
    }
    side(axis->part).stale = true;
    axis->first = axis->end();
    if (axis->first < axis->set->size()) {
      return true;
    }
    axis->first = 0;
  }
  return false;
}

// The sum of index * coefficient for all combinations of this piece's indices.
std::vector<std::int64_t> MacBlock::totals(Part part, const std::vector<std::int64_t>& coeff) const {
  std::vector<std::int64_t> sums = {0};
  for (const Axis& axis : axes_) {
    if (axis.part != part) {
      continue;
    }
    std::vector<std::int64_t> more;
    more.reserve(sums.size() * (axis.end() - axis.first));
    for (const std::int64_t sum : sums) {
      for (std::size_t i = axis.first; i < axis.end(); ++i) {
        more.push_back(sum + (*axis.set)[i] * coeff[axis.dim]);
      }
    }
    sums = std::move(more);
  }
  return sums;
}

void MacBlock::lay_out(Part part) {
  Side& own = side(part);
  for (const Role role : kAllRoles) {
    own.address[at(role)] = totals(part, stride_[at(role)]);
    own.dense[at(role)] = neighbours(own.address[at(role)]);
    own.coordinates[at(role)].clear();
    for (const PaddedRank& padded : padded_[at(role)]) {
      Coordinates coordinates{totals(part, padded.coeff)};
      const auto [least, most] = std::minmax_element(coordinates.at.begin(), coordinates.at.end());
      coordinates.least = *least;
      coordinates.most = *most;
      own.coordinates[at(role)].push_back(std::move(coordinates));
    }
  }
  own.size = own.address.front().size();
  own.stale = false;
}

// A matrix of words: `outer` numbers its rows, `inner` goes along them, zeros follow up to `pitch`.
void MacBlock::gather(const Gather& from, const Side& outer, const Side& inner, std::size_t pitch,
                      std::vector<std::int32_t>& to) const {
  to.assign(outer.size * pitch, 0);
  for (std::size_t i = 0; i < outer.size; ++i) {
    gather_row(from, outer, i, inner, to.data() + i * pitch);
  }
}

// `to` is zero, and stays so where the words are padding.
void MacBlock::gather_row(const Gather& from, const Side& outer, std::size_t i, const Side& inner,
                          std::int32_t* to) const {
  const std::size_t r = at(from.role);
  const Side& around = sides_[static_cast<std::size_t>(Part::kAround)];
  const std::vector<std::int64_t>& address = inner.address[r];
  const std::int64_t base = origin_[r] + around.address[r].front() + outer.address[r][i];
  // Padded ranks that this row leaves, and where it stands along them.
  std::array<std::pair<std::size_t, std::int64_t>, kMaxDims> left;
  std::size_t count = 0;
  for (std::size_t k = 0; k < padded_[r].size(); ++k) {
    const std::int64_t here =
        padded_[r][k].offset + around.coordinates[r][k].at.front() + outer.coordinates[r][k].at[i];
    const Coordinates& along = inner.coordinates[r][k];
    if (here + along.least < 0 || here + along.most >= padded_[r][k].extent) {
      left[count++] = {k, here};
    }
  }
  if (count == 0 && inner.dense[r]) {
    std::copy_n(from.words + (base + address.front()), inner.size, to);
    return;
  }
  for (std::size_t x = 0; x < inner.size; ++x) {
    const bool stored = std::all_of(left.begin(), left.begin() + count, [&](const auto& rank) {
      const std::int64_t coordinate = rank.second + inner.coordinates[r][rank.first].at[x];
      return coordinate >= 0 && coordinate < padded_[r][rank.first].extent;
    });
    if (stored) {
      to[x] = from.words[base + address[x]];
    }
  }
}

// Lays out what has changed since the last piece, and multiplies. Along the rows of the right matrix go
// positions, or filters where hardly any positions are.
void MacBlock::multiply(const std::int32_t* weights, const std::int32_t* inputs, std::int64_t* outputs) {
  const Gather by_rows = {Role::kWeights, weights, &side(Part::kRows)};
  const Gather by_columns = {Role::kInputs, inputs, &side(Part::kColumns)};
  const Gather& left = turned_ ? by_columns : by_rows;
  const Gather& right = turned_ ? by_rows : by_columns;
  const Side& sums = side(Part::kSums);
  const bool all_new = side(Part::kAround).stale || sums.stale;
  const bool new_left = all_new || left.side->stale;
  const bool new_right = all_new || right.side->stale;
  for (const Part part : {Part::kRows, Part::kColumns, Part::kSums, Part::kAround}) {
    if (side(part).stale) {
      lay_out(part);
    }
  }
  const std::size_t lanes = (right.side->size + kBlockLanes - 1) / kBlockLanes * kBlockLanes;
  if (new_left) {
    gather(left, *left.side, sums, sums.size, left_);
  }
  if (new_right) {
    gather(right, sums, *right.side, lanes, right_);
  }
  result_.resize(left.side->size * lanes);
  product_({left.side->size, sums.size, lanes}, left_.data(), right_.data(), result_.data());
  add_results(*left.side, *right.side, lanes, outputs);
}

void MacBlock::add_results(const Side& left, const Side& right, std::size_t lanes,
                           std::int64_t* outputs) const {
  constexpr std::size_t kOut = 2;
  const Side& around = sides_[static_cast<std::size_t>(Part::kAround)];
  for (std::size_t i = 0; i < left.size; ++i) {
    std::int64_t* to = outputs + around.address[kOut].front() + left.address[kOut][i];
    const std::int64_t* from = result_.data() + i * lanes;
    for (std::size_t x = 0; x < right.size; ++x) {
      to[right.address[kOut][x]] += from[x];
    }
  }
}

std::int64_t MacBlock::run(const Step& step, const std::int32_t* weights, const std::int32_t* inputs,
                           std::int64_t* outputs) {
  const std::int64_t macs = arrange(step);
  if (macs > 0) {
    do {
      multiply(weights, inputs, outputs);
    } while (advance());
  }
  return macs;
}

}  // namespace weft::sim
