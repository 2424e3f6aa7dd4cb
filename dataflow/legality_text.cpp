// The sentences behind a rejection, with the numbers and names of the machine at hand.
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/units.hpp"
#include "dataflow/legality.hpp"

namespace weft {
namespace {

struct Sentence {
  const Rejection& r;
  const Problem& problem;
  const Accelerator& accelerator;

  [[nodiscard]] bool on_machine() const { return r.level >= 0 && r.level < accelerator.depth(); }
  [[nodiscard]] const StorageLevel& level() const {
    return accelerator.levels[static_cast<std::size_t>(r.level)];
  }
  [[nodiscard]] std::string where() const { return on_machine() ? level().name : "mapping"; }
  [[nodiscard]] std::string dim() const {
    const bool known = r.index >= 0 && r.index < problem.rank();
    return known ? problem.dims[static_cast<std::size_t>(r.index)].name : fmt::format("number {}", r.index);
  }
  [[nodiscard]] std::string_view tensor() const { return name_of(static_cast<Role>(r.index)); }
};

std::string shape(const Sentence& s) {
  if (s.r.level < 0) {
    return fmt::format("mapping: {} levels for a machine of {}", s.r.available, s.r.needed);
  }
  if (s.r.index < 0 || s.r.index >= s.problem.rank()) {
    return fmt::format("{}: a loop over dim {}, the problem has {} dims", s.where(), s.dim(),
                       s.problem.rank());
  }
  return fmt::format("{}: a loop over {} with bound {}; bounds are at least 1", s.where(), s.dim(),
                     s.r.needed);
}

// "GLB: tiles of weights, inputs need 131072 b but 65536 b can hold a tile (double-buffered)".
std::string capacity(const Sentence& s) {
  const Memory& memory = s.level().memories[static_cast<std::size_t>(s.r.index)];
  std::string tensors;
  for (const Role role : kAllRoles) {
    if (s.r.tensors[static_cast<std::size_t>(index_of(role))]) {
      tensors += (tensors.empty() ? "" : ", ") + std::string(name_of(role));
    }
  }
  const std::string name = s.level().memories.size() == 1 ? s.level().name : memory.name;
  return fmt::format("{}: tiles of {} need {} b but {} b can hold a tile ({}-buffered)", name, tensors,
                     s.r.needed, s.r.available, name_of(memory.buffering));
}

std::string keeping(const Sentence& s) {
  switch (s.r.reason) {
    case Reason::kCannotHold:
      return fmt::format("{}: keeps {}, but no memory of this level holds them", s.where(), s.tensor());
    case Reason::kCannotBypass:
      return fmt::format("{}: bypasses {}, which this level must keep", s.where(), s.tensor());
    default:
      return fmt::format("{}: bypasses {}; the outermost level keeps every tensor", s.where(), s.tensor());
  }
}

}  // namespace

std::string_view name_of(Reason reason) {
  switch (reason) {
    case Reason::kShape:
      return "shape";
    case Reason::kCoverage:
      return "coverage";
    case Reason::kEmptyIterations:
      return "empty-iterations";
    case Reason::kFanOut:
      return "fan-out";
    case Reason::kAxisDims:
      return "axis-dims";
    case Reason::kCapacity:
      return "capacity";
    case Reason::kCannotHold:
      return "cannot-hold";
    case Reason::kCannotBypass:
      return "cannot-bypass";
    case Reason::kOutermostBypass:
      return "outermost-bypass";
    case Reason::kWidth:
      return "width";
  }
  return "?";
}

std::string explain(const Rejection& rejection, const Problem& problem, const Accelerator& accelerator) {
  const Sentence s{rejection, problem, accelerator};
  const Rejection& r = rejection;
  switch (r.reason) {
    case Reason::kShape:
      return shape(s);
    case Reason::kCoverage:
      return fmt::format("mapping: the loops over {} cover {} of {}", s.dim(), r.available, r.needed);
    case Reason::kEmptyIterations:
      return fmt::format("{}: a loop over {} has bound {}, but only {} iterations have work", s.where(),
                         s.dim(), r.needed, r.available);
    case Reason::kFanOut:
      return fmt::format("{}: spatial loops take {} instances in {}, the fan-out has {}", s.where(), r.needed,
                         r.index == 0 ? 'X' : 'Y', r.available);
    case Reason::kAxisDims:
      return fmt::format("{}: {} cannot be spread over the axis it is mapped to", s.where(), s.dim());
    case Reason::kCapacity:
      return capacity(s);
    case Reason::kCannotHold:
    case Reason::kCannotBypass:
    case Reason::kOutermostBypass:
      return keeping(s);
    case Reason::kWidth:
      return fmt::format("{}: {} of {} bits, but {} takes {}", s.accelerator.compute.name, s.tensor(),
                         r.needed, s.accelerator.compute.name, r.available);
  }
  return "?";
}

}  // namespace weft
