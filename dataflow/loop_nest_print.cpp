// Mappings for people: as an indented loop nest, and as one line for tables.
// SPDX-License-Identifier: Apache-2.0
#include <cctype>

#include <fmt/format.h>

#include "dataflow/mapping.hpp"
#include "dataflow/tile_extents.hpp"

namespace weft {
namespace {

const std::string& dim_name(const Problem& problem, int dim) {
  return problem.dims[static_cast<std::size_t>(dim)].name;
}
bool keeps(const LevelMapping& level, Role role) {
  return level.keep[static_cast<std::size_t>(index_of(role))];
}
char letter(Role role) {
  return static_cast<char>(std::toupper(name_of(role).front()));
}
char letter(Axis axis) {
  return axis == Axis::kX ? 'X' : 'Y';
}

// "[WIO] K4 P7 . X:K14": without loops of bound 1, which do nothing.
std::string level_line(const LevelMapping& level, const Problem& problem) {
  std::string text = "[";
  for (const Role role : kAllRoles) {
    text += keeps(level, role) ? std::string(1, letter(role)) : "";
  }
  text += "]";
  for (const Loop& loop : level.temporal) {
    text += loop.bound > 1 ? fmt::format(" {}{}", dim_name(problem, loop.dim), loop.bound) : "";
  }
  std::string spread;
  for (const SpatialLoop& loop : level.spatial) {
    spread += loop.bound > 1
                  ? fmt::format(" {}:{}{}", letter(loop.axis), dim_name(problem, loop.dim), loop.bound)
                  : "";
  }
  return text + (spread.empty() ? "" : " ." + spread);
}

// Lines with the indentation growing by a step at each loop.
class NestText {
 public:
  void line(const std::string& text) { text_ += std::string(2 * depth_, ' ') + text + "\n"; }
  void open(const std::string& loop) {
    line(loop + ":");
    ++depth_;
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
  std::size_t depth_ = 0;
};

TileExtents inside(const Mapping& mapping, std::size_t level, const Problem& problem) {
  TileExtents extents;
  for (std::size_t l = level; l < mapping.levels.size(); ++l) {
    extents.enclose(mapping.levels[l]);
  }
  return extents.clipped(problem);
}

// "outputs[n,g,k,p,q] += inputs[n,g,c,2p+r-1,2q+s-1] * weights[g,k,c,r,s]"
std::string access(const TensorShape& tensor, Role role, const Problem& problem) {
  std::string text;
  for (const Rank& rank : tensor.ranks) {
    text += text.empty() ? "" : ",";
    std::string sum;
    for (const Term& term : rank.terms) {
      const std::string times = term.coeff == 1 ? "" : fmt::format("{}*", term.coeff);
      sum += (sum.empty() ? "" : "+") + times + dim_name(problem, term.dim);
    }
    text += sum + (rank.offset < 0 ? std::to_string(rank.offset) : "");
  }
  return fmt::format("{}[{}]", name_of(role), text);
}

}  // namespace

std::string one_line(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator) {
  std::string text;
  for (std::size_t l = 0; l < mapping.levels.size(); ++l) {
    text += (l == 0 ? "" : " | ") + accelerator.levels[l].name + level_line(mapping.levels[l], problem);
  }
  return text;
}

std::string print_loop_nest(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator) {
  NestText nest;
  for (std::size_t l = 0; l < mapping.levels.size(); ++l) {
    const LevelMapping& level = mapping.levels[l];
    const TileExtents extents = inside(mapping, l, problem);
    for (const Role role : kAllRoles) {
      if (keeps(level, role)) {
        nest.line(fmt::format("{} keeps {} words of {}", accelerator.levels[l].name,
                              words_inside(problem.tensor(role), extents), name_of(role)));
      }
    }
    for (const Loop& loop : level.temporal) {
      if (loop.bound > 1) {
        nest.open(fmt::format("for {} in 0..{}", dim_name(problem, loop.dim), loop.bound - 1));
      }
    }
    for (const SpatialLoop& loop : level.spatial) {
      if (loop.bound > 1) {
        nest.open(fmt::format("parallel {} for {} in 0..{}", letter(loop.axis), dim_name(problem, loop.dim),
                              loop.bound - 1));
      }
    }
  }
  nest.line(fmt::format("{} += {} * {}", access(problem.tensor(Role::kOutputs), Role::kOutputs, problem),
                        access(problem.tensor(Role::kInputs), Role::kInputs, problem),
                        access(problem.tensor(Role::kWeights), Role::kWeights, problem)));
  return nest.take();
}

}  // namespace weft
