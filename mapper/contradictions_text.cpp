// The sentences behind a contradiction.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/checked.hpp"
#include "mapper/contradictions.hpp"

namespace weft {

namespace {

struct Code {
  Conflict conflict;
  std::string_view code;
};
constexpr std::array kCodes = {
    Code{.conflict = Conflict::kOverDim, .code = "bounds-exceed-dim"},
    Code{.conflict = Conflict::kUnderDim, .code = "bounds-miss-dim"},
    Code{.conflict = Conflict::kTile, .code = "tile-contradiction"},
    Code{.conflict = Conflict::kOverFanOut, .code = "bounds-exceed-fanout"},
    Code{.conflict = Conflict::kNotSpread, .code = "spatial-not-allowed"},
    Code{.conflict = Conflict::kCannotKeep, .code = "cannot-keep"},
    Code{.conflict = Conflict::kMustKeep, .code = "cannot-bypass"},
    Code{.conflict = Conflict::kCapacity, .code = "tile-too-large"},
    Code{.conflict = Conflict::kUtilization, .code = "utilization-unreachable"},
    Code{.conflict = Conflict::kNoDivisor, .code = "no-divisor"},
};

std::string level_name(const Contradiction& c, const Accelerator& accelerator) {
  return c.level < 0 ? "mapping" : accelerator.levels[static_cast<std::size_t>(c.level)].name;
}

std::string dim_name(const Contradiction& c, const Problem& problem) {
  return c.index < 0 ? "?" : problem.dims[static_cast<std::size_t>(c.index)].name;
}

char axis_name(const Contradiction& c) {
  return c.axis == Axis::kX ? 'X' : 'Y';
}

std::string percent(std::int64_t millionths) {
  return fmt::format("{:.4g} %", static_cast<double>(millionths) / 1e4);
}

}  // namespace

std::string_view code_of(Conflict conflict) {
  for (const Code& entry : kCodes) {
    if (entry.conflict == conflict) {
      return entry.code;
    }
  }
  return "?";
}

std::string explain(const Contradiction& c, const Problem& problem, const Accelerator& accelerator) {
  const std::string where = level_name(c, accelerator);
  switch (c.conflict) {
    case Conflict::kOverDim:
      return fmt::format(
          "{}: at least {} of {} are asked for, but with the least bounds further in only {} are "
          "left of its {}",
          where, c.needed, dim_name(c, problem), c.available, problem.size(c.index));
    case Conflict::kUnderDim:
      return fmt::format("all bounds and fan-outs that are allowed cover {} of {} {}", c.available, c.needed,
                         dim_name(c, problem));
    case Conflict::kTile:
      return c.needed > c.available ? fmt::format("{}: tiles need {} of {}, but at most {} are possible",
                                                  where, c.needed, dim_name(c, problem), c.available)
                                    : fmt::format("{}: tiles of {} cannot be", where, dim_name(c, problem));
    case Conflict::kOverFanOut:
      return fmt::format("{}: at least {} instances are asked for in {}, the fan-out has {}", where, c.needed,
                         axis_name(c), c.available);
    case Conflict::kNotSpread:
      return fmt::format("{}: {} is to be spread in {}, which the hardware does not do", where,
                         dim_name(c, problem), axis_name(c));
    case Conflict::kCannotKeep:
      return fmt::format("{}: {} are to be kept, but no memory of this level holds them", where,
                         name_of(static_cast<Role>(c.index)));
    case Conflict::kMustKeep:
      return fmt::format("{}: {} are to be bypassed, but the hardware keeps them there", where,
                         name_of(static_cast<Role>(c.index)));
    case Conflict::kCapacity:
      return fmt::format("{}: the smallest tiles that the constraints allow need {} b, {} b can hold tiles",
                         where, c.needed, c.available);
    case Conflict::kUtilization:
      return fmt::format("{} of the compute units are to work, at most {} can", percent(c.needed),
                         percent(c.available));
    case Conflict::kNoDivisor:
      return fmt::format("{}: factors have to divide its {}, bounds of {} do not", dim_name(c, problem),
                         c.available, c.needed);
  }
  return "?";
}

std::string remedy(const Contradiction& c, const Problem& problem, const Accelerator& accelerator) {
  const std::string where = level_name(c, accelerator);
  switch (c.conflict) {
    case Conflict::kOverDim:
      return fmt::format("ask for {} or less there, or for less further in", c.available);
    case Conflict::kUnderDim:
      return fmt::format("allow bounds for {} that are {} times as large in all", dim_name(c, problem),
                         ceil_div(c.needed, c.available));
    case Conflict::kTile:
      return "widen the tile's range or the bounds";
    case Conflict::kOverFanOut:
      return fmt::format("ask for {} in all, or use a machine with {} there", c.available, c.needed);
    case Conflict::kNotSpread:
      return "ask for 1, or extend 'allowed_dims' of the fan-out";
    case Conflict::kCannotKeep:
      return fmt::format("bypass them, or add them to 'holds' of a memory of {}", where);
    case Conflict::kMustKeep:
      return c.level == 0 ? "the outermost level keeps every tensor"
                          : fmt::format("keep them, or add them to 'may_bypass' of {}", where);
    case Conflict::kCapacity:
      return fmt::format("allow smaller tiles, or give {} room for {} b of tiles", where, c.needed);
    case Conflict::kUtilization:
      return fmt::format("ask for {} or less, or allow more dims to be spread", percent(c.available));
    case Conflict::kNoDivisor:
      return "allow a divisor, or 'factors: any'";
  }
  return "";
}

}  // namespace weft
