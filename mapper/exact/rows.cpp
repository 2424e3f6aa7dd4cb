// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/rows.hpp"

#include <algorithm>

#include "mapper/exact/vectors.hpp"

namespace weft::exact {

std::size_t Rows::width(const BoundProgram& program) {
  return padded(program.products().size());
}

void Rows::begin(const BoundProgram& program) {
  width_ = width(program);
  sources_.clear();
  greatest_.clear();
  for (std::size_t i = 0; i < program.products().size(); ++i) {
    const Product& product = program.products()[i];
    sources_.push_back(
        {product.special_part == part_ ? product.special : product.index, program.from_above(i)});
    if (program.from_above(i)) {
      greatest_.push_back(i);
    }
  }
  made_.assign(static_cast<std::size_t>(trie_->nodes()), false);
  if (made_.size() * width_ > room_) {
    room_ = made_.size() * width_;
    rows_.reset(new double[room_]);
  }
}

const double* Rows::of(int node) {
  double* row = rows_.get() + static_cast<std::size_t>(node) * width_;
  if (!made_[static_cast<std::size_t>(node)]) {
    made_[static_cast<std::size_t>(node)] = true;
    const double* least = trie_->least(node);
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      const Source& source = sources_[i];
      row[i] = source.greatest ? trie_->greatest(node, source.index) : least[source.index];
    }
    std::fill(row + sources_.size(), row + width_, 1.0);
  }
  return row;
}

void Rows::take(const double* row, double* into) const {
  for (const std::size_t i : greatest_) {
    into[i] = -std::max(row[i], into[i]);
  }
  take_least(row, into, width_);
  for (const std::size_t i : greatest_) {
    into[i] = -into[i];
  }
}

}  // namespace weft::exact
