// See drive.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/golden/drive.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace weft::testing {

namespace {

constexpr std::int64_t kMuchTooLong = 10'000'000;
constexpr std::int64_t kJunk = -1;  // at pins whose value must not matter

std::vector<Span> spans(std::int64_t size, std::int64_t extent) {
  std::vector<Span> result;
  for (std::int64_t first = 0; first < size; first += extent) {
    result.push_back({first, std::min(extent, size - first)});
  }
  return result;
}

bool hesitates(Rng& rng, double probability) {
  return probability > 0 && rng.chance(probability);
}

// Sums of the columns, tile by tile, into the product.
class Collector {
 public:
  Collector(const Product& product, const std::vector<ArrayTile>& tiles, const ArrayShape& shape)
      : product_(product), tiles_(tiles), shape_(shape), at_(static_cast<std::size_t>(shape.cols)) {
    c_.assign(static_cast<std::size_t>(product.m * product.n), 0);
    for (const ArrayTile& tile : tiles) {
      missing_ += tile.m.size * tile.n.size;
    }
  }

  // `bottom_first`: a tile's rows leave in the reverse order.
  void take(const Sums& sums, bool bottom_first) {
    for (std::size_t c = 0; c < at_.size(); ++c) {
      if (sums.valid[c] == 0) {
        continue;
      }
      Position& at = at_[c];
      if (at.tile == tiles_.size()) {
        throw std::runtime_error("a sum that belongs to no tile");
      }
      const ArrayTile& tile = tiles_[at.tile];
      const std::int64_t row = tile.m.first + (bottom_first ? tile.m.size - 1 - at.row : at.row);
      if (static_cast<std::int64_t>(c) < tile.n.size) {
        std::int64_t& sum = c_[static_cast<std::size_t>(row * product_.n + tile.n.first) + c];
        sum = wrapped(sum + sums.words[c], shape_.sum_bits);
        --missing_;
      }
      if (++at.row == tile.m.size) {
        at = {at.tile + 1, 0};
      }
    }
  }

  [[nodiscard]] bool complete() const { return missing_ == 0; }
  [[nodiscard]] Words result() { return std::move(c_); }

 private:
  struct Position {
    std::size_t tile = 0;
    std::int64_t row = 0;
  };
  const Product& product_;
  const std::vector<ArrayTile>& tiles_;
  ArrayShape shape_;
  std::vector<Position> at_;
  Words c_;
  std::int64_t missing_ = 0;
};

// The next item of a stream of tiles.
struct Cursor {
  std::size_t tile = 0;
  std::int64_t item = 0;
  void advance(std::int64_t items) {
    if (++item == items) {
      *this = {tile + 1, 0};
    }
  }
};

void offer_weights(const Product& product, const ArrayTile& tile, std::int64_t item,
                   WeightStationary::Pins& pins) {
  const std::int64_t row = tile.k.size - 1 - item;  // last row first
  pins.w_valid = true;
  pins.w_last = row == 0;
  for (std::int64_t c = 0; c < tile.n.size; ++c) {
    pins.w[static_cast<std::size_t>(c)] = product.b_at(tile.k.first + row, tile.n.first + c);
  }
}

void offer_inputs(const Product& product, const ArrayTile& tile, std::int64_t item,
                  WeightStationary::Pins& pins) {
  pins.x_valid = true;
  pins.x_first = item == 0;
  pins.x_last = item + 1 == tile.m.size;
  for (std::size_t r = 0; r < pins.x.size(); ++r) {
    const auto k = static_cast<std::int64_t>(r);
    pins.x[r] = k < tile.k.size ? product.a_at(tile.m.first + item, tile.k.first + k) : 0;
  }
}

void offer_slice(const Product& product, const ArrayTile& tile, std::int64_t item,
                 OutputStationary::Pins& pins) {
  pins.valid = true;
  pins.first = item == 0;
  pins.last = item + 1 == tile.k.size;
  pins.rows = static_cast<int>(tile.m.size);
  const auto unused = static_cast<std::int64_t>(pins.x.size()) - tile.m.size;
  for (std::int64_t r = 0; r < tile.m.size; ++r) {
    pins.x[static_cast<std::size_t>(unused + r)] = product.a_at(tile.m.first + r, tile.k.first + item);
  }
  for (std::int64_t c = 0; c < tile.n.size; ++c) {
    pins.w[static_cast<std::size_t>(c)] = product.b_at(tile.k.first + item, tile.n.first + c);
  }
}

}  // namespace

Product random_product(std::int64_t m, std::int64_t n, std::int64_t k, int bits, Rng& rng) {
  Product product{m, n, k, {}, {}};
  const std::int64_t largest = (std::int64_t{1} << (bits - 1)) - 1;
  for (std::int64_t i = 0; i < m * k; ++i) {
    product.a.push_back(rng.uniform(-largest - 1, largest));
  }
  for (std::int64_t i = 0; i < k * n; ++i) {
    product.b.push_back(rng.uniform(-largest - 1, largest));
  }
  return product;
}

Words product_of(const Product& product, int bits) {
  Words c;
  for (std::int64_t m = 0; m < product.m; ++m) {
    for (std::int64_t n = 0; n < product.n; ++n) {
      std::int64_t sum = 0;
      for (std::int64_t k = 0; k < product.k; ++k) {
        sum += product.a_at(m, k) * product.b_at(k, n);
      }
      c.push_back(wrapped(sum, bits));
    }
  }
  return c;
}

std::vector<ArrayTile> weight_stationary_tiles(const Product& product, const TileExtents& extents) {
  std::vector<ArrayTile> tiles;
  for (const Span& n : spans(product.n, extents.n)) {
    for (const Span& m : spans(product.m, extents.m)) {
      for (const Span& k : spans(product.k, extents.k)) {
        tiles.push_back({m, n, k});
      }
    }
  }
  return tiles;
}

std::vector<ArrayTile> output_stationary_tiles(const Product& product, const TileExtents& extents) {
  std::vector<ArrayTile> tiles;
  for (const Span& m : spans(product.m, extents.m)) {
    for (const Span& n : spans(product.n, extents.n)) {
      tiles.push_back({m, n, {0, product.k}});
    }
  }
  return tiles;
}

ArrayRun run(WeightStationary& array, const Product& product, const std::vector<ArrayTile>& tiles,
             const Hesitation& hesitation) {
  const ArrayShape shape = array.shape();
  Collector collector(product, tiles, shape);
  Rng rng(hesitation.seed);
  Cursor weights;
  Cursor inputs;
  std::int64_t row_arrives = hesitation.cycles_per_row - 1;
  for (std::int64_t cycle = 0; cycle < kMuchTooLong; ++cycle) {
    WeightStationary::Pins pins;
    pins.w.assign(static_cast<std::size_t>(shape.cols), kJunk);
    pins.x.assign(static_cast<std::size_t>(shape.rows), kJunk);
    if (weights.tile < tiles.size() && cycle >= row_arrives && !hesitates(rng, hesitation.operands)) {
      offer_weights(product, tiles[weights.tile], weights.item, pins);
    }
    if (inputs.tile < tiles.size() && !hesitates(rng, hesitation.operands)) {
      offer_inputs(product, tiles[inputs.tile], inputs.item, pins);
    }
    pins.sum_ready = !hesitates(rng, hesitation.sums);
    const WeightStationary::Answer answer = array.at(pins);
    if (pins.w_valid && answer.w_ready) {
      weights.advance(tiles[weights.tile].k.size);
    }
    if (pins.w_valid || !answer.w_ready) {
      row_arrives = cycle + hesitation.cycles_per_row;
    }
    if (pins.x_valid && answer.x_ready) {
      inputs.advance(tiles[inputs.tile].m.size);
    }
    if (pins.sum_ready) {
      collector.take(answer.sums, false);
    }
    array.clock();
    if (collector.complete()) {
      return {cycle + 1, collector.result()};
    }
  }
  throw std::runtime_error("the array does not finish");
}

ArrayRun run(OutputStationary& array, const Product& product, const std::vector<ArrayTile>& tiles,
             const Hesitation& hesitation) {
  const ArrayShape shape = array.shape();
  Collector collector(product, tiles, shape);
  Rng rng(hesitation.seed);
  Cursor slices;
  for (std::int64_t cycle = 0; cycle < kMuchTooLong; ++cycle) {
    OutputStationary::Pins pins;
    pins.x.assign(static_cast<std::size_t>(shape.rows), kJunk);
    pins.w.assign(static_cast<std::size_t>(shape.cols), kJunk);
    if (slices.tile < tiles.size() && !hesitates(rng, hesitation.operands)) {
      offer_slice(product, tiles[slices.tile], slices.item, pins);
    }
    pins.sum_ready = !hesitates(rng, hesitation.sums);
    const OutputStationary::Answer answer = array.at(pins);
    if (pins.valid && answer.ready) {
      slices.advance(tiles[slices.tile].k.size);
    }
    if (pins.sum_ready) {
      collector.take(answer.sums, true);
    }
    array.clock();
    if (collector.complete()) {
      return {cycle + 1, collector.result()};
    }
  }
  throw std::runtime_error("the array does not finish");
}

}  // namespace weft::testing
