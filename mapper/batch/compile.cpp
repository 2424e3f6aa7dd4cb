// SPDX-License-Identifier: Apache-2.0
#include "mapper/batch/compile.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "mapper/batch/cost.hpp"

namespace weft::batch {

namespace {

// Writes formulas into a graph and returns the results.
using Formulas = std::function<std::vector<Value>(Graph&, const Ask&)>;

std::size_t index_of(const std::vector<Quantity>& quantities, const Quantity& quantity) {
  return static_cast<std::size_t>(std::find(quantities.begin(), quantities.end(), quantity) -
                                  quantities.begin());
}

// The quantities that the formulas' results depend on.
std::vector<Quantity> needed_by(const Formulas& formulas) {
  std::vector<Quantity> asked;
  Graph graph;
  const std::vector<Value> outputs = formulas(graph, [&](const Quantity& quantity) {
    const std::size_t index = index_of(asked, quantity);
    if (index == asked.size()) {
      asked.push_back(quantity);
    }
    return Asked{graph.input(static_cast<std::uint32_t>(index)), 0};
  });
  std::vector<Quantity> needed;
  for (const auto& [input, slot] : graph.compile(outputs).inputs) {
    needed.push_back(asked[input]);
  }
  return needed;
}

// The formulas are written twice: first to see what they need, then knowing what that can be.
std::optional<Stage> make_stage(const Subject& subject, const std::vector<Part>& parts, std::size_t swept,
                                const Formulas& formulas) {
  const std::vector<Quantity> quantities = needed_by(formulas);
  std::optional<Layout> layout = lay_out(tabulate(subject, parts, quantities), parts.size(), swept);
  if (!layout) {
    return std::nullopt;
  }
  Graph graph;
  const std::vector<Value> outputs = formulas(graph, [&](const Quantity& quantity) {
    const std::size_t index = index_of(quantities, quantity);
    if (index == quantities.size()) {
      return Asked{graph.constant(0), 0};  // nobody looks at it
    }
    const Layout::Known& known = layout->known[index];
    return Asked{known.constant ? graph.constant(*known.constant) : graph.input(known.input), known.least};
  });
  Program program = graph.compile(outputs);
  return Stage{std::move(*layout), std::move(program)};
}

}  // namespace

std::optional<Compiled> compile(const Subject& subject, const std::vector<Part>& parts, std::size_t swept) {
  std::optional<Stage> legal = make_stage(
      subject, parts, swept,
      [&](Graph& graph, const Ask& ask) -> std::vector<Value> { return {legal_of(graph, subject, ask)}; });
  std::optional<Stage> cost =
      make_stage(subject, parts, swept, [&](Graph& graph, const Ask& ask) -> std::vector<Value> {
        const Value cycles = cycles_of(graph, subject, ask);
        return {energy_of(graph, subject, ask, cycles), cycles};
      });
  return legal && cost ? std::optional(Compiled{std::move(*legal), std::move(*cost)}) : std::nullopt;
}

}  // namespace weft::batch
