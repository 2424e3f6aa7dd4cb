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

// One pass over the formulas collects the quantities, the second knows what they can be.
std::optional<Stage> make_stage(const Subject& subject, const std::vector<Part>& parts, std::size_t swept,
                                const Formulas& formulas) {
  std::vector<Quantity> quantities;
  const auto index = [&](const Quantity& quantity) {
    const auto known = std::find(quantities.begin(), quantities.end(), quantity);
    const auto place = known - quantities.begin();
    if (known == quantities.end()) {
      quantities.push_back(quantity);
    }
    return static_cast<std::uint32_t>(place);
  };
  Graph first;
  (void)formulas(first, [&](const Quantity& quantity) { return Asked{first.input(index(quantity)), 0}; });

  std::optional<Layout> layout = lay_out(tabulate(subject, parts, quantities), parts.size(), swept);
  if (!layout) {
    return std::nullopt;
  }
  Graph second;
  const std::vector<Value> outputs = formulas(second, [&](const Quantity& quantity) {
    const Layout::Known& one = layout->known[index(quantity)];
    return Asked{one.constant ? second.constant(*one.constant) : second.input(one.input), one.least};
  });
  return Stage{std::move(*layout), second.compile(outputs)};
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
