// SPDX-License-Identifier: Apache-2.0
#include "mapper/batch/tabulate.hpp"

#include <algorithm>
#include <utility>

#include "dataflow/steps.hpp"
#include "dataflow/tile_extents.hpp"
#include "mapper/batch/answers.hpp"
#include "mapper/batch/splits.hpp"

namespace weft::batch {

namespace {

using Kind = Quantity::Kind;

class Tabulator {
 public:
  Tabulator(const Subject& subject, const std::vector<Part>& parts, const std::vector<Quantity>& quantities)
      : s_(subject), parts_(parts), quantities_(quantities), answers_(subject, parts) {
    for (const Quantity& quantity : quantities) {
      const bool counts = quantity.kind <= Kind::kLastTile;
      question_of_.push_back(counts ? answers_.ask(quantity) : 0);
      result_.push_back(empty(quantity));
    }
  }

  std::vector<Columns> run() {
    for (part_ = 0; part_ < parts_.size(); ++part_) {
      for (option_ = 0; option_ < parts_[part_].options.size(); ++option_) {
        add_option();
      }
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool has_window(std::size_t part, const TensorShape& tensor) const {
    return std::any_of(tensor.ranks.begin(), tensor.ranks.end(), [&](const Rank& rank) {
      return std::count_if(rank.terms.begin(), rank.terms.end(),
                           [&](const Term& term) { return contains(parts_[part].dims, term.dim); }) > 1;
    });
  }
  // Parts along which a window of the tensor may slide.
  [[nodiscard]] std::vector<std::size_t> windows(const Quantity& quantity) const {
    std::vector<std::size_t> found;
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      if (has_window(part, s_.problem().tensor(quantity.boundary.role))) {
        found.push_back(part);
      }
    }
    return found;
  }

  [[nodiscard]] Columns empty(const Quantity& quantity) const {
    Columns columns;
    const std::size_t places = places_outside(s_.structure, quantity.boundary.child).size();
    columns.signs = {1};
    if (quantity.kind == Kind::kWords && quantity.boundary.child < s_.accelerator().depth()) {
      // First tiles; then for each loop that may advance: whole tiles, less those that stay, less what
      // slides.
      for (std::size_t place = 0; place < places; ++place) {
        columns.signs.push_back(1);
        columns.signs.insert(columns.signs.end(), 1 + windows(quantity).size(), -1);
      }
    } else if (quantity.kind == Kind::kLastTile) {
      columns.signs.insert(columns.signs.end(), places, 1);  // by the last loop that starts an output tile
    }
    columns.factors.resize(columns.signs.size());
    for (auto& column : columns.factors) {
      for (const Part& part : parts_) {
        column.emplace_back(part.options.size(), 0.0);
      }
    }
    return columns;
  }

  void add_option() {
    const Part& part = parts_[part_];
    Mapping mapping;
    mapping.levels.resize(s_.accelerator().levels.size());
    const exact::Split& split = part.options[option_];
    add_loops(s_.structure, part, {split.data(), split.size()}, mapping);
    if (!is_useful(s_, part.dims, mapping)) {
      for (std::size_t q = 0; q < quantities_.size(); ++q) {
        result_[q].factors[0][part_][option_] = quantities_[q].kind == Kind::kInstances ? 1 : 0;
      }
      return;
    }
    const Nest nest(mapping, s_.problem());
    answers_.forget();
    for (std::size_t q = 0; q < quantities_.size(); ++q) {
      const Quantity& quantity = quantities_[q];
      if (quantity.kind == Kind::kWords) {
        fill_words(quantity, nest, q);
      } else if (quantity.kind == Kind::kLastTile) {
        fill_last(quantity, nest, q);
      } else {
        result_[q].factors[0][part_][option_] = simple(quantity, mapping, nest, q);
      }
    }
  }

  const std::vector<Group>& answer(const Quantity& quantity, const Nest& nest, std::size_t q) {
    return answers_.of(question_of_[q], quantity, nest, parts_[part_].dims);
  }

  // Does the option have that loop?
  [[nodiscard]] bool has(const Place& place) const {
    const Part& part = parts_[part_];
    for (std::size_t d = 0; d < part.dims.size(); ++d) {
      if (part.dims[d] == place.dim) {
        return part.options[option_][d].time[static_cast<std::size_t>(place.level)] > 1;
      }
    }
    return false;
  }

  double simple(const Quantity& quantity, const Mapping& mapping, const Nest& nest, std::size_t q) {
    switch (quantity.kind) {
      case Kind::kInstances:
        return static_cast<double>(nest.instances_used(quantity.level));
      case Kind::kCycles:
        return static_cast<double>(temporal_iterations(nest));
      case Kind::kSpread: {
        double used = 1;
        for (const SpatialLoop& loop : mapping.levels[static_cast<std::size_t>(quantity.level)].spatial) {
          used *= static_cast<int>(loop.axis) == quantity.index ? static_cast<double>(loop.bound) : 1;
        }
        return used;
      }
      case Kind::kTile:
        return tile(quantity, mapping);
      case Kind::kFirstTile: {
        double words = 1;
        for (const Group& group : answer(quantity, nest, q)) {
          words *= static_cast<double>(group.sums.first);
        }
        return words;
      }
      case Kind::kUseful:
      case Kind::kWords:
      case Kind::kLastTile:
        break;
    }
    return 1;
  }

  double tile(const Quantity& quantity, const Mapping& mapping) const {
    TileExtents extents;
    for (int level = s_.accelerator().depth() - 1; level >= quantity.level; --level) {
      extents.enclose(mapping.levels[static_cast<std::size_t>(level)]);
    }
    const TileExtents clipped = extents.clipped(s_.problem());
    double words = 1;
    for (const Rank& rank : s_.problem().tensors[static_cast<std::size_t>(quantity.index)].ranks) {
      const bool own = std::any_of(rank.terms.begin(), rank.terms.end(),
                                   [&](const Term& term) { return contains(parts_[part_].dims, term.dim); });
      words *= own ? static_cast<double>(coordinates_inside(rank, clipped)) : 1;
    }
    return words;
  }

  void fill_words(const Quantity& quantity, const Nest& nest, std::size_t q) {
    const std::vector<Group>& groups = answer(quantity, nest, q);
    std::size_t column = 0;
    const auto put = [&](double value) { result_[q].factors[column++][part_][option_] = value; };
    double first = 1;
    const bool held = quantity.boundary.child < s_.accelerator().depth();
    for (const Group& group : groups) {
      const Moved& all = group.sums.cases[0];
      first *= static_cast<double>(held ? group.sums.first : all.same + all.held + all.fresh);
    }
    put(first);
    if (!held) {
      return;
    }
    const std::vector<std::size_t> sliding = windows(quantity);
    std::vector<std::size_t> passed(groups.size(), 0);
    for (const Place& place : places_outside(s_.structure, quantity.boundary.child)) {
      if (contains(parts_[part_].dims, place.dim) && !has(place)) {
        column += 2 + sliding.size();
        continue;
      }
      const Factors factors = advance(groups, place, passed);
      put(factors.all);
      put(factors.same);
      for (const std::size_t part : sliding) {
        put(part == part_ ? factors.slid : factors.same);
      }
    }
  }

  // What the part contributes when a loop advances: words of all tiles, of those that stay, and what a window
  // held before where it is the part's only rank that changes.
  struct Factors {
    double all = 1, same = 1, slid = 0;
  };
  [[nodiscard]] static Factors advance(const std::vector<Group>& groups, const Place& place,
                                       std::vector<std::size_t>& passed) {
    Factors factors;
    for (std::size_t g = 0; g < groups.size(); ++g) {
      const bool own = contains(groups[g].dims, place.dim);
      const Moved& moved = groups[g].sums.cases[2 * passed[g] + (own ? 1 : 0)];
      passed[g] += own ? 1 : 0;
      const auto stays = static_cast<double>(moved.same);
      factors.slid = factors.slid * stays + factors.same * static_cast<double>(moved.held);
      factors.same *= stays;
      factors.all *= static_cast<double>(moved.same + moved.held + moved.fresh);
    }
    return factors;
  }

  // For each temporal loop outside the child that the option has: is its digit in the last combination not 0?
  [[nodiscard]] std::vector<bool> ends_advanced(const Nest& nest, const std::vector<Place>& places) const {
    std::vector<bool> result(places.size(), false);
    std::array<std::int64_t, kMaxDims> at{};
    for (const NestLoop& loop : nest.loops()) {
      for (std::size_t p = 0; p < places.size() && !loop.spatial; ++p) {
        if (places[p].level == loop.level && places[p].dim == loop.dim) {
          std::int64_t& base = at[static_cast<std::size_t>(loop.dim)];
          const std::int64_t digit = std::min(loop.bound - 1, (nest.size(loop.dim) - 1 - base) / loop.stride);
          base += digit * loop.stride;
          result[p] = digit != 0;
        }
      }
    }
    return result;
  }

  // The last output tile began when the innermost loop with a last digit other than 0 that outputs mention
  // advanced: column 0 if none did, else its place's. Loops inside it are back at zero.
  void fill_last(const Quantity& quantity, const Nest& nest, std::size_t q) {
    const std::vector<Group>& groups = answer(quantity, nest, q);
    const TensorShape& outputs = s_.problem().tensor(quantity.boundary.role);
    const std::vector<Place> places = places_outside(s_.structure, quantity.boundary.child);
    const std::vector<bool> ends = ends_advanced(nest, places);
    for (std::size_t column = 0; column <= places.size(); ++column) {
      const bool none = column == 0;
      bool possible = none || relevant(outputs, places[column - 1].dim);
      if (!none && contains(parts_[part_].dims, places[column - 1].dim)) {
        possible = possible && has(places[column - 1]) && ends[column - 1];
      }
      for (std::size_t inside = column; inside < places.size(); ++inside) {
        possible = possible && !(ends[inside] && relevant(outputs, places[inside].dim));
      }
      double words = possible ? 1 : 0;
      for (const Group& group : groups) {
        std::size_t outside = 0;
        for (std::size_t p = 0; p < column; ++p) {
          outside += contains(group.dims, places[p].dim) && has(places[p]) ? 1 : 0;
        }
        words *= static_cast<double>(group.mentioned() ? group.sums.last.back() : group.sums.last[outside]);
      }
      result_[q].factors[column][part_][option_] = words;
    }
  }

  const Subject& s_;
  const std::vector<Part>& parts_;
  const std::vector<Quantity>& quantities_;
  Answers answers_;
  std::vector<std::size_t> question_of_;  // [quantity]
  std::vector<Columns> result_;
  std::size_t part_ = 0, option_ = 0;
};

}  // namespace

std::vector<Columns> tabulate(const Subject& subject, const std::vector<Part>& parts,
                              const std::vector<Quantity>& quantities) {
  return Tabulator(subject, parts, quantities).run();
}

}  // namespace weft::batch
