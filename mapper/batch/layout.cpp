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
    std::vector<Ids> columns;
    for (std::size_t input = 0; input < sums_.size(); ++input) {
      // Columns with the same factors of the swept part share a coefficient.
      std::map<std::uint32_t, std::vector<std::pair<const Ids*, double>>> by_swept;
      for (const auto& [ids, sign] : sums_[input]) {
        by_swept[ids[layout_.swept]].emplace_back(&ids, sign);
      }
      for (const auto& [id, members] : by_swept) {
        layout_.sums[input].push_back({static_cast<std::uint32_t>(layout_.begins.size()), swept_column(id)});
        layout_.begins.push_back(static_cast<std::uint32_t>(columns.size()));
        for (const auto& [ids, sign] : members) {
          columns.push_back(*ids);
          layout_.signs.push_back(sign);
        }
      }
    }
    layout_.begins.push_back(static_cast<std::uint32_t>(columns.size()));
    layout_.width = (columns.size() + kWhole - 1) / kWhole * kWhole;
    layout_.signs.resize(layout_.width, 0.0);
    fill_rows(columns);
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
  std::map<std::uint32_t, std::uint32_t> swept_;
  Layout layout_;
};

}  // namespace

std::optional<Layout> lay_out(const std::vector<Columns>& quantities, std::size_t parts, std::size_t swept) {
  return Arranger(parts, swept).run(quantities);
}

}  // namespace weft::batch
