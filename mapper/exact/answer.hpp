// What one part contributes to one count, bounded from below (and exactly where nothing depends on orders).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "mapper/exact/sights.hpp"
#include "mapper/exact/window_counts.hpp"

namespace weft::exact {

// One question to one part. What no option changes is worked out once, and what concerns one dim alone once
// per chain (Sights); an option puts them together.
class Answer {
 public:
  // The references outlive the object.
  Answer(const MapSpace& space, const Part& part, const ChainTable& table, Sights& sights,
         WindowCounts& counts, const Asked& asked);

  [[nodiscard]] const Asked& asked() const { return asked_; }
  // Does the other question have the same answer for every option? Counts at other parents or scopes often
  // do, because this part has no loops on which they differ.
  [[nodiscard]] bool same(const Answer& other) const;
  // For every option the first with the same answer.
  [[nodiscard]] std::vector<std::uint32_t> alike() const;
  // Writes the factors of the question (Asked: whole, once, slide, beside, volume; of operands of compute:
  // whole) for one option.
  void write(std::size_t option, double* factors);

 private:
  // Words of sweeps that begin on what the one before left, and what the first of them needs besides.
  struct Sweeps {
    double again = 0, begin = 0;
  };
  struct OwnDim {
    const Sight* sight = nullptr;
    PerRole<bool> limits{};  // mentioned by that tensor, but not by this one
    // Of the option at hand.
    std::size_t seen = 0;
    const Seen* at = nullptr;
  };
  // A rank of the tensor that mentions dims of the part.
  struct OwnRank {
    const Rank* rank = nullptr;
    std::vector<std::size_t> dims;  // numbers in the part
    std::vector<std::int64_t> coeffs;
    bool line = false;  // one dim, no padding: tiles of different index are disjoint
    // [dim][class, united from, only what moves], as they are asked for.
    std::array<std::vector<const WindowSide*>, kPartDims> sides;
    // Of the option at hand.
    LineWords words;
    std::int64_t hull = 0;
    bool coincides = false;  // tiles at different places may be the same
  };

  void look_at_dims(const MapSpace& space, const Part& part, Sights& sights);
  void look_at_ranks(const Problem& problem, const Part& part);
  [[nodiscard]] const Seen& seen(std::size_t dim) const { return *dims_[dim].at; }
  [[nodiscard]] double idle(int free_from) const;
  [[nodiscard]] double repeated_extent(int level, Role limiting) const;
  void study(OwnRank& rank);
  [[nodiscard]] WindowSides sides(OwnRank& rank, int united_from, bool only_moving) const;
  [[nodiscard]] std::int64_t standing_still(const OwnRank& rank) const;
  // What the part contributes while its own window slides, or another part's.
  [[nodiscard]] Sweeps slide(int from);
  [[nodiscard]] bool repeats_at(int level) const;
  [[nodiscard]] bool breaks(int from) const;
  [[nodiscard]] std::optional<Sweeps> sweeps(OwnRank& rank, int from) const;

  const ChainTable& table_;
  WindowCounts* counts_;
  const Asked& asked_;
  bool retains_, halo_ = false;
  std::vector<OwnRank> ranks_;
  std::vector<OwnDim> dims_;
};

}  // namespace weft::exact
