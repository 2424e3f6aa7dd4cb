// SPDX-License-Identifier: Apache-2.0
#include "mapper/batch/layout.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace weft::batch {

namespace {

constexpr std::size_t kWhole = 8;  // columns of the widest vector

using Factors = std::vector<double>;
using Ids = std::vector<std::uint32_t>;  // [part]: which factors
using Sum = std::map<Ids, double>;       // what is left of a quantity: sign by column

// What multiplies one column of the swept part in one input.
struct Coefficient {
  std::size_t input = 0;
  std::uint32_t swept = 0;
  std::vector<std::pair<const Ids*, double>> columns;  // with their signs
};

class Arranger {
 public:
  Arranger(std::size_t parts, std::size_t swept) : ids_(parts), factors_(parts) { layout_.swept = swept; }

  std::optional<Layout> run(const std::vector<Columns>& quantities) {
    for (const Columns& quantity : quantities) {
      if (!add(quantity)) {
        return std::nullopt;
      }
    }
    place();
    return std::move(layout_);
  }

 private:
  bool add(const Columns& quantity) {
    Sum sum;
    double most = 0;
    for (std::size_t c = 0; c < quantity.signs.size(); ++c) {
      double product = 1;
      for (const Factors& factors : quantity.factors[c]) {
        product *= *std::max_element(factors.begin(), factors.end());
      }
      most += product;
      if (product > 0) {
        sum[name(quantity.factors[c])] += quantity.signs[c];
      }
    }
    std::erase_if(sum, [](const auto& column) { return column.second == 0; });
    if (!(most < kExactBelow)) {
      return false;
    }
    Layout::Known known = describe(sum);
    if (!known.constant) {
      const auto [found, fresh] = input_of_.emplace(sum, static_cast<std::uint32_t>(sums_.size()));
      known.input = found->second;
      if (fresh) {
        sums_.push_back(std::move(sum));
      }
    }
    layout_.known.push_back(known);
    return true;
  }

  Ids name(const std::vector<Factors>& column) {
    Ids ids;
    for (std::size_t part = 0; part < column.size(); ++part) {
      const auto [found, fresh] =
          ids_[part].emplace(column[part], static_cast<std::uint32_t>(factors_[part].size()));
      if (fresh) {
        factors_[part].push_back(&found->first);
      }
      ids.push_back(found->second);
    }
    return ids;
  }

  [[nodiscard]] Layout::Known describe(const Sum& sum) const {
    double value = 0;
    bool constant = true;
    double least = sum.size() == 1 ? 1 : 0;
    for (const auto& [ids, sign] : sum) {
      double product = sign;
      for (std::size_t part = 0; part < ids.size(); ++part) {
        const Factors& factors = *factors_[part][ids[part]];
        const auto [low, high] = std::minmax_element(factors.begin(), factors.end());
        constant = constant && *low == *high;
        product *= *low;
        least *= *low;
      }
      value += product;
    }
    Layout::Known known;
    known.constant = constant ? std::optional(value) : std::nullopt;
    known.least = constant ? value : least;
    return known;
  }

  void place() {
    layout_.inputs = sums_.size();
    layout_.sums.resize(sums_.size());
    layout_.stride = factors_[layout_.swept].empty() ? 0 : factors_[layout_.swept].front()->size();
    collect();
    // Layers get shorter: the coefficients of most columns come first.
    std::stable_sort(
        coefficients_.begin(), coefficients_.end(),
        [](const Coefficient& a, const Coefficient& b) { return a.columns.size() > b.columns.size(); });
    for (std::size_t c = 0; c < coefficients_.size(); ++c) {
      layout_.sums[coefficients_[c].input].push_back(
          {static_cast<std::uint32_t>(c), swept_column(coefficients_[c].swept)});
    }
    fill_rows(place_columns());
    turn_columns();
  }

  // Columns of one input with the same factors of the swept part share a coefficient.
  void collect() {
    for (std::size_t input = 0; input < sums_.size(); ++input) {
      std::map<std::uint32_t, Coefficient> by_swept;
      for (const auto& [ids, sign] : sums_[input]) {
        const std::uint32_t swept = ids[layout_.swept];
        Coefficient& coefficient = by_swept.try_emplace(swept, Coefficient{input, swept, {}}).first->second;
        coefficient.columns.emplace_back(&ids, sign);
      }
      for (auto& [swept, coefficient] : by_swept) {
        coefficients_.push_back(std::move(coefficient));
      }
    }
  }

  // Which factors each column has; none for those that fill a layer up.
  std::vector<Ids> place_columns() {
    std::vector<Ids> columns;
    for (std::size_t layer = 0;; ++layer) {
      const auto begin = static_cast<std::uint32_t>(columns.size());
      for (const Coefficient& coefficient : coefficients_) {
        if (coefficient.columns.size() > layer) {
          columns.push_back(*coefficient.columns[layer].first);
          layout_.signs.push_back(coefficient.columns[layer].second);
        }
      }
      if (columns.size() == begin) {
        layout_.width = columns.size();
        return columns;
      }
      columns.resize((columns.size() + kWhole - 1) / kWhole * kWhole);
      layout_.signs.resize(columns.size(), 0.0);
      layout_.layers.push_back({begin, static_cast<std::uint32_t>(columns.size()) - begin});
    }
  }

  void turn_columns() {
    layout_.distinct = swept_.size();
    layout_.across.resize(layout_.columns.size());
    for (std::size_t column = 0; column < layout_.distinct; ++column) {
      for (std::size_t option = 0; option < layout_.stride; ++option) {
        layout_.across[option * layout_.distinct + column] =
            layout_.columns[column * layout_.stride + option];
      }
    }
  }

  std::uint32_t swept_column(std::uint32_t id) {
    const auto [found, fresh] = swept_.emplace(id, static_cast<std::uint32_t>(swept_.size()));
    if (fresh) {
      const Factors& factors = *factors_[layout_.swept][id];
      layout_.columns.insert(layout_.columns.end(), factors.begin(), factors.end());
    }
    return found->second;
  }

  void fill_rows(const std::vector<Ids>& columns) {
    layout_.rows.resize(factors_.size());
    for (std::size_t part = 0; part < factors_.size(); ++part) {
      if (part == layout_.swept || factors_[part].empty()) {
        continue;
      }
      std::vector<double>& rows = layout_.rows[part];
      rows.assign(factors_[part].front()->size() * layout_.width, 0.0);
      for (std::size_t c = 0; c < columns.size(); ++c) {
        if (columns[c].empty()) {
          continue;
        }
        const Factors& factors = *factors_[part][columns[c][part]];
        for (std::size_t option = 0; option < factors.size(); ++option) {
          rows[option * layout_.width + c] = factors[option];
        }
      }
    }
  }

  std::vector<std::map<Factors, std::uint32_t>> ids_;  // [part]
  std::vector<std::vector<const Factors*>> factors_;   // [part][id]
  std::map<Sum, std::uint32_t> input_of_;
  std::vector<Sum> sums_;  // [input]
  std::vector<Coefficient> coefficients_;
  std::map<std::uint32_t, std::uint32_t> swept_;
  Layout layout_;
};

}  // namespace

std::optional<Layout> lay_out(const std::vector<Columns>& quantities, std::size_t parts, std::size_t swept) {
  return Arranger(parts, swept).run(quantities);
}

}  // namespace weft::batch
