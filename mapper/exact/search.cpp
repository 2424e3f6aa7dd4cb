// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>
#include <optional>

#include "mapper/exact/exact.hpp"
#include "mapper/exact/incumbents.hpp"
#include "mapper/exact/kinds.hpp"
#include "mapper/exact/leaves.hpp"
#include "mapper/exact/parts.hpp"
#include "mapper/exact/rows.hpp"
#include "mapper/exact/trie.hpp"

namespace weft::exact {

namespace {

std::vector<std::vector<int>> dims_of(const std::vector<Part>& parts) {
  std::vector<std::vector<int>> dims;
  for (const Part& part : parts) {
    dims.push_back(part.dims);
  }
  return dims;
}

// [role][part]: do the tensor's windows overlap along a rank of the part?
PerRole<std::vector<bool>> slides_of(const Problem& problem, const std::vector<Part>& parts) {
  PerRole<std::vector<bool>> slides;
  for (std::size_t r = 0; r < kRoles; ++r) {
    for (const Part& part : parts) {
      const auto own = [&](const Term& term) {
        return std::find(part.dims.begin(), part.dims.end(), term.dim) != part.dims.end();
      };
      slides[r].push_back(std::any_of(
          problem.tensors[r].ranks.begin(), problem.tensors[r].ranks.end(),
          [&](const Rank& rank) { return std::count_if(rank.terms.begin(), rank.terms.end(), own) > 1; }));
    }
  }
  return slides;
}

class BranchAndBound {
 public:
  BranchAndBound(const MapRequest& request, const Options& options, const MapSpace& space,
                 std::vector<Part> parts, Incumbents& incumbents)
      : request_(request),
        options_(options),
        space_(space),
        layout_(make_layout(space)),
        costs_(make_cost_model(*request.accelerator, *request.table, *request.problem)),
        incumbents_(incumbents),
        slides_(slides_of(space.problem(), parts)),
        leaves_(request, space, costs_, options.rules, dims_of(parts), incumbents) {
    for (Part& part : parts) {
      tries_.emplace_back(space_, layout_, std::move(part));
    }
    for (Chain& chain : chains_) {
      chain.time.fill(1);
      chain.x.fill(1);
      chain.y.fill(1);
    }
  }

  void run() {
    struct Root {
      Kind kind;
      Bound bound;
    };
    std::vector<Root> roots;
    for (Kind& kind : kinds(space_)) {
      const Bound bound = root_bound(compile(kind));
      roots.push_back({std::move(kind), bound});
    }
    std::stable_sort(roots.begin(), roots.end(), [&](const Root& a, const Root& b) {
      return incumbents_.cost(a.bound) < incumbents_.cost(b.bound);
    });
    for (const Root& root : roots) {
      if (!given_up(root.bound)) {
        search(root.kind);
      }
    }
  }

  [[nodiscard]] const MapResult& counts() const { return counts_; }
  // The least cost that a mapping may have which was not looked at; infinite: all were.
  [[nodiscard]] double open() const { return open_; }

 private:
  BoundProgram compile(const Kind& kind) const {
    return {request_, space_, layout_, costs_, kind, static_cast<int>(tries_.size()), slides_};
  }

  // Nothing below a node with this bound needs looking at, or can be looked at any more.
  bool given_up(const Bound& bound) {
    if (options_.rules.bounds && incumbents_.beats(bound)) {
      ++counts_.certificate.cut_by_bound;
      return true;
    }
    if (request_.max_nodes > 0 && counts_.certificate.nodes >= request_.max_nodes) {
      open_ = std::min(open_, incumbents_.cost(bound));
      return true;
    }
    return false;
  }

  [[nodiscard]] Bound root_bound(const BoundProgram& program) const {
    std::vector<double> values(program.products().size(), 1.0);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Product& product = program.products()[i];
      for (std::size_t part = 0; part < tries_.size(); ++part) {
        const std::size_t index =
            product.special_part == static_cast<int>(part) ? product.special : product.index;
        values[i] *= (program.from_above(i) ? tries_[part].greatest(0) : tries_[part].least(0))[index];
      }
    }
    return program.bound(values);
  }

  void search(const Kind& kind) {
    kind_ = &kind;
    leaves_.begin(kind);
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
    Bound bound;
    double cost;
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
      ++counts_.certificate.nodes;
      multiply(before, row, after, values, 0, program_->fitting());
      if (!program_->fits(all)) {
        ++counts_.certificate.cut_by_capacity;
        continue;
      }
      multiply(before, row, after, values, program_->fitting(), width_);
      const Bound bound = program_->bound(all);
      if (!given_up(bound)) {
        children.push_back({bound, incumbents_.cost(bound), child});
      }
    }
    std::stable_sort(children.begin(), children.end(),
                     [](const Child& a, const Child& b) { return a.cost < b.cost; });
    for (const Child& child : children) {
      if (given_up(child.bound)) {
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
    leaves_.price(chains_, options, counts_);
  }

  const MapRequest& request_;
  const Options& options_;
  const MapSpace& space_;
  Layout layout_;
  CostModel costs_;
  Incumbents& incumbents_;
  PerRole<std::vector<bool>> slides_;
  Leaves leaves_;
  std::vector<Trie> tries_;
  MapResult counts_;  // of the search; without a mapping
  double open_ = std::numeric_limits<double>::infinity();
  const Kind* kind_ = nullptr;
  const BoundProgram* program_ = nullptr;
  Chains chains_{};  // of the leaf at hand
  std::vector<Rows> rows_;
  std::size_t width_ = 0;
  std::vector<int> nodes_;
  std::vector<double> behind_, before_, values_;  // [phase][part][product]
  std::vector<std::vector<Child>> children_;
};

constexpr const char* kSpace =
    "even mappings: temporal bounds divide, spatial bounds may leave a last round partly idle; all orders, "
    "axes and "
    "bypasses";

struct Searched {
  MapResult counts;
  double open = 0;
  bool covered = false;
};

Searched search_space(const MapRequest& request, const Options& options, Incumbents& incumbents) {
  const MapSpace space(*request.problem, *request.accelerator, request.constraints);
  std::optional<std::vector<Part>> parts =
      make_parts(space, options.rules.innermost && request.constraints == nullptr);
  if (!parts) {
    return {};
  }
  BranchAndBound search(request, options, space, std::move(*parts), incumbents);
  search.run();
  Searched result{search.counts(), search.open(), true};
  result.counts.certificate.space = kSpace;
  return result;
}

MapResult constructive(const MapRequest& request, std::int64_t evaluations) {
  MapRequest quick = request;
  quick.max_evaluations = std::min(evaluations, request.max_evaluations);
  return searches().at("constructive")(quick);
}

}  // namespace

MapResult solve(const MapRequest& request, const Options& options) {
  Incumbents incumbents(request, false);
  MapResult first;
  if (options.seed_evaluations > 0) {
    first = constructive(request, options.seed_evaluations);
    if (first.mapping) {
      incumbents.offer(Evaluation(first.evaluation), EnergyReport(first.energy),
                       [&] { return *first.mapping; });
    }
  }
  Searched searched = search_space(request, options, incumbents);
  if (!searched.covered) {
    return constructive(request, request.max_evaluations);
  }
  MapResult result = std::move(searched.counts);
  if (incumbents.empty()) {
    return result;
  }
  MapResult& best = incumbents.points().front();
  result.mapping = std::move(best.mapping);
  result.cost = best.cost;
  result.energy = std::move(best.energy);
  result.evaluation = std::move(best.evaluation);
  result.lower_bound = std::min(result.cost, searched.open);
  result.gap = result.cost > 0 ? 1 - result.lower_bound / result.cost : 0;
  return result;
}

Front front(const MapRequest& request, const Options& options) {
  Incumbents incumbents(request, true);
  for (const Objective objective : {Objective::kEnergy, Objective::kEdp, Objective::kLatency}) {
    MapRequest end = request;
    end.objective = objective;
    MapResult best = solve(end, options);
    if (best.mapping) {
      incumbents.offer(std::move(best.evaluation), std::move(best.energy), [&] { return *best.mapping; });
    }
  }
  Searched searched = search_space(request, options, incumbents);
  Front result;
  result.points = std::move(incumbents.points());
  result.certificate = searched.counts.certificate;
  result.proven = searched.covered && searched.open == std::numeric_limits<double>::infinity();
  return result;
}

}  // namespace weft::exact
