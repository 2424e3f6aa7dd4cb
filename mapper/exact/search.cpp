// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>

#include "base/checked.hpp"
#include "mapper/exact/bound.hpp"
#include "mapper/exact/exact.hpp"
#include "mapper/exact/kinds.hpp"
#include "mapper/exact/orders.hpp"
#include "mapper/exact/parts.hpp"
#include "mapper/exact/rows.hpp"
#include "mapper/exact/tables.hpp"
#include "mapper/exact/trie.hpp"
#include "mapper/pricer.hpp"

namespace weft::exact {

namespace {

class BranchAndBound {
 public:
  BranchAndBound(const MapRequest& request, const Options& options, const MapSpace& space,
                 std::vector<Part> parts, MapResult first)
      : request_(request),
        options_(options),
        space_(space),
        layout_(make_layout(space)),
        costs_(make_cost_model(*request.accelerator, *request.table, *request.problem)),
        best_(std::move(first)) {
    best_.evaluated = 0;
    for (const TensorShape& tensor : space.problem().tensors) {
      std::vector<bool>& slides = slides_[static_cast<std::size_t>(&tensor - space.problem().tensors.data())];
      for (const Part& part : parts) {
        slides.push_back(std::any_of(tensor.ranks.begin(), tensor.ranks.end(), [&](const Rank& rank) {
          return std::count_if(rank.terms.begin(), rank.terms.end(), [&](const Term& term) {
                   return std::find(part.dims.begin(), part.dims.end(), term.dim) != part.dims.end();
                 }) > 1;
        }));
      }
    }
    if (options.rules.tables && request.model.counts.slides == Slides::kAny) {
      std::vector<std::vector<int>> dims;
      for (const Part& part : parts) {
        dims.push_back(part.dims);
      }
      tables_.emplace(request_, space_, std::move(dims));
    }
    for (Chain& chain : chains_) {
      chain.time.fill(1);
      chain.x.fill(1);
      chain.y.fill(1);
    }
    for (Part& part : parts) {
      tries_.emplace_back(space_, layout_, std::move(part));
    }
    if (best_.mapping) {
      best_score_ = {best_.cost, best_.energy.total * static_cast<double>(best_.evaluation.timing.cycles)};
    }
  }

  MapResult run() {
    struct Root {
      Kind kind;
      double bound;
    };
    std::vector<Root> roots;
    for (Kind& kind : kinds(space_)) {
      const double bound = root_bound(compile(kind));
      roots.push_back({std::move(kind), bound});
    }
    std::stable_sort(roots.begin(), roots.end(),
                     [](const Root& a, const Root& b) { return a.bound < b.bound; });
    for (const Root& root : roots) {
      if (cut(root.bound)) {
        ++best_.certificate.cut_by_bound;
        continue;
      }
      search(root.kind);
    }
    best_.lower_bound = best_.cost;
    best_.gap = best_.mapping ? 0 : 1;
    return std::move(best_);
  }

 private:
  BoundProgram compile(const Kind& kind) const {
    return {request_, space_, layout_, costs_, kind, static_cast<int>(tries_.size()), slides_};
  }
  [[nodiscard]] double cost(const Bound& bound) const {
    return bound.cost(request_.objective, request_.accelerator->clock);
  }
  [[nodiscard]] bool cut(double bound) const { return options_.rules.bounds && bound >= best_score_.cost; }

  [[nodiscard]] double root_bound(const BoundProgram& program) const {
    std::vector<double> values(program.products().size(), 1.0);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Product& product = program.products()[i];
      for (std::size_t part = 0; part < tries_.size(); ++part) {
        const std::size_t index =
            product.special_part == static_cast<int>(part) ? product.special : product.index;
        values[i] *= (program.from_above(i) ? tries_[part].greatest(0) : tries_[part].least(0))[index];
      }
    }
    return cost(program.bound(values));
  }

  void search(const Kind& kind) {
    kind_ = &kind;
    if (tables_) {
      tables_->keep(kind.keep);
    }
    const BoundProgram program = compile(kind);
    program_ = &program;
    width_ = Rows::width(program);
    rows_.clear();
    for (std::size_t part = 0; part < tries_.size(); ++part) {
      rows_.emplace_back(program, tries_[part], static_cast<int>(part));
    }
    nodes_.assign(tries_.size(), 0);
    const std::size_t parts = tries_.size();
    const auto phases = static_cast<std::size_t>(space_.depth());
    behind_.assign(phases * (parts + 1) * width_, 1.0);
    before_.assign((phases * parts + 1) * width_, 1.0);
    values_.assign(phases * parts * width_, 1.0);
    children_.resize(phases * parts);
    begin_phase(0);
  }

  // Factors of the parts that have not moved in this phase yet, from `part` on.
  [[nodiscard]] double* behind(int phase, std::size_t part) {
    return behind_.data() + (static_cast<std::size_t>(phase) * (tries_.size() + 1) + part) * width_;
  }
  [[nodiscard]] std::size_t slot(int phase, std::size_t part) const {
    return static_cast<std::size_t>(phase) * tries_.size() + part;
  }

  // All parts stand at nodes of the same phase; the parts behind the one that moves contribute what they are
  // known to.
  void begin_phase(int phase) {
    if (phase == space_.depth()) {
      leaf();
      return;
    }
    for (std::size_t part = tries_.size(); part-- > 0;) {
      multiply(behind(phase, part + 1), rows_[part].of(nodes_[part]), ones(phase), behind(phase, part), 0,
               width_);
    }
    std::fill_n(before_.begin() + static_cast<std::ptrdiff_t>(slot(phase, 0) * width_), width_, 1.0);
    descend(phase, 0);
  }
  [[nodiscard]] const double* ones(int phase) { return behind(phase, tries_.size()); }

  struct Child {
    double bound;
    int node;
  };

  void descend(int phase, std::size_t part) {
    if (part == tries_.size()) {
      begin_phase(phase + 1);
      return;
    }
    const Trie& trie = tries_[part];
    const int from = nodes_[part];
    const TrieNode& node = trie.node(from);
    const double* before = before_.data() + slot(phase, part) * width_;
    double* values = values_.data() + slot(phase, part) * width_;
    const double* after = behind(phase, part + 1);
    const std::span<const double> all(values, program_->products().size());
    std::vector<Child>& children = children_[slot(phase, part)];
    children.clear();
    for (int child = node.first_child; child < node.first_child + node.children; ++child) {
      if (!allowed(trie.node(child))) {
        continue;
      }
      const double* row = rows_[part].of(child);
      ++best_.certificate.nodes;
      multiply(before, row, after, values, 0, program_->fitting());
      if (!program_->fits(all)) {
        ++best_.certificate.cut_by_capacity;
        continue;
      }
      multiply(before, row, after, values, program_->fitting(), width_);
      const double bound = cost(program_->bound(all));
      if (cut(bound)) {
        ++best_.certificate.cut_by_bound;
        continue;
      }
      children.push_back({bound, child});
    }
    std::stable_sort(children.begin(), children.end(),
                     [](const Child& a, const Child& b) { return a.bound < b.bound; });
    for (const Child& child : children) {
      if (cut(child.bound)) {
        ++best_.certificate.cut_by_bound;
        continue;
      }
      nodes_[part] = child.node;
      if (part + 1 < tries_.size()) {
        multiply(before, rows_[part].of(child.node), ones(phase),
                 before_.data() + slot(phase, part + 1) * width_, 0, width_);
      }
      descend(phase, part + 1);
    }
    nodes_[part] = from;
  }

  // A kind for which no loop of a level mentions a tensor leaves such loops to other kinds.
  [[nodiscard]] bool allowed(const TrieNode& node) const {
    for (std::size_t level = 0; level < kind_->stationary.size(); ++level) {
      for (const Role role : kAllRoles) {
        const auto r = static_cast<std::size_t>(index_of(role));
        if (kind_->stationary[level].all[r] && ((node.mentioned[level] >> r) & 1U) != 0) {
          return false;
        }
      }
    }
    return true;
  }

  void leaf() {
    std::vector<int> options;
    for (std::size_t part = 0; part < tries_.size(); ++part) {
      const Part& own = tries_[part].part();
      const int option = tries_[part].node(nodes_[part]).option;
      options.push_back(option);
      for (std::size_t d = 0; d < own.dims.size(); ++d) {
        chains_[static_cast<std::size_t>(own.dims[d])] = own.options[static_cast<std::size_t>(option)][d];
      }
    }
    ++best_.certificate.leaves;
    std::vector<std::vector<std::vector<int>>> choices;
    for (int level = 0; level < space_.depth(); ++level) {
      PerRole<bool> roles{};
      for (int below = level + 1; below < space_.depth(); ++below) {
        for (std::size_t r = 0; r < kRoles; ++r) {
          roles[r] = roles[r] || kind_->keep[static_cast<std::size_t>(below)][r];
        }
      }
      choices.push_back(orders(space_, chains_, level, roles, !options_.rules.orders));
      std::erase_if(choices.back(),
                    [&](const std::vector<int>& order) { return !covered(order, level, roles); });
    }
    orders_.resize(choices.size());
    if (tables_) {
      tables_->split(chains_, options);
    }
    price_orders(choices, 0);
  }

  // Does the kind credit all that this order is good for? If not, another kind does.
  [[nodiscard]] bool covered(const std::vector<int>& order, int level, const PerRole<bool>& roles) const {
    const auto l = static_cast<std::size_t>(level);
    if (l >= kind_->stationary.size()) {
      return true;
    }
    const Stationary& credit = kind_->stationary[l];
    for (const Role role : kAllRoles) {
      const auto r = static_cast<std::size_t>(index_of(role));
      const TensorShape& tensor = space_.problem().tensor(role);
      const bool any =
          std::any_of(order.begin(), order.end(), [&](int dim) { return relevant(tensor, dim); });
      if (!roles[r]) {
        continue;
      }
      if (!any && !credit.all[r]) {
        return false;
      }
      if (any && !relevant(tensor, order.back()) && !credit.inner[r] && !credit.all[r]) {
        return false;
      }
    }
    return true;
  }

  // Every choice of one order per level.
  void price_orders(const std::vector<std::vector<std::vector<int>>>& choices, std::size_t level) {
    if (level == choices.size()) {
      price();
      return;
    }
    for (const std::vector<int>& order : choices[level]) {
      orders_[level] = &order;
      price_orders(choices, level + 1);
    }
  }

  [[nodiscard]] Mapping mapping() const {
    Mapping mapping;
    mapping.levels.resize(orders_.size());
    for (std::size_t level = 0; level < orders_.size(); ++level) {
      LevelMapping& here = mapping.levels[level];
      here.keep = kind_->keep[level];
      for (const int dim : *orders_[level]) {
        here.temporal.push_back({dim, chains_[static_cast<std::size_t>(dim)].time[level]});
      }
      for (const Axis axis : {Axis::kX, Axis::kY}) {
        for (int dim = 0; dim < space_.dims(); ++dim) {
          const Chain& chain = chains_[static_cast<std::size_t>(dim)];
          const std::int64_t bound = axis == Axis::kX ? chain.x[level] : chain.y[level];
          if (bound > 1) {
            here.spatial.push_back({dim, bound, axis});
          }
        }
      }
    }
    return mapping;
  }

  void price() {
    ++best_.evaluated;
    try {
      Evaluation evaluation =
          tables_ ? tables_->evaluate(orders_)
                  : evaluate(mapping(), *request_.problem, *request_.accelerator, request_.model);
      const std::int64_t cycles = evaluation.timing.cycles;
      EnergyReport report = energy(evaluation.counts, *request_.accelerator, costs_, cycles);
      const Score score{
          objective_value(request_.objective, report.total, cycles, request_.accelerator->clock),
          report.total * static_cast<double>(cycles)};
      if (score < best_score_) {
        best_score_ = score;
        best_.mapping = mapping();
        best_.cost = score.cost;
        best_.evaluation = std::move(evaluation);
        best_.energy = std::move(report);
      }
    } catch (const OverflowError&) {
      // Too large to count, so worse than any other.
    }
  }

  const MapRequest& request_;
  const Options& options_;
  const MapSpace& space_;
  Layout layout_;
  CostModel costs_;
  MapResult best_;
  Score best_score_;
  std::vector<Trie> tries_;
  const Kind* kind_ = nullptr;
  const BoundProgram* program_ = nullptr;
  PerRole<std::vector<bool>> slides_;  // [part]: the tensor's windows overlap along a rank of the part
  std::vector<Rows> rows_;
  std::size_t width_ = 0;
  std::optional<Tables> tables_;
  Chains chains_{};  // of the leaf being priced
  std::vector<const std::vector<int>*> orders_;
  std::vector<int> nodes_;
  std::vector<double> behind_, before_, values_;  // [phase][part][product]
  std::vector<std::vector<Child>> children_;
};

}  // namespace

MapResult solve(const MapRequest& request, const Options& options) {
  const MapSpace space(*request.problem, *request.accelerator);
  MapResult first;
  std::optional<std::vector<Part>> parts = make_parts(space, options.rules.innermost);
  if (!parts || options.seed_evaluations > 0) {
    MapRequest quick = request;
    if (parts) {
      quick.max_evaluations = options.seed_evaluations;
    }
    first = searches().at("constructive")(quick);
  }
  return parts ? BranchAndBound(request, options, space, std::move(*parts), std::move(first)).run() : first;
}

}  // namespace weft::exact
