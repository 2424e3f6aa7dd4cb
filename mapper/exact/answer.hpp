// What one part contributes to one count, bounded from below (and exactly where nothing depends on orders).
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "mapper/exact/factors.hpp"
#include "mapper/exact/views.hpp"
#include "mapper/exact/windows.hpp"

namespace weft::exact {

// One question to one part; what no option changes is worked out once.
class Answer {
 public:
  // The references outlive the object.
  Answer(const MapSpace& space, const Part& part, const Asked& asked);

  // Writes the factors of the question (Asked: whole, once, slide, beside, volume; of operands of compute:
  // whole) for one option.
  void write(const std::vector<Chain>& option, double* factors);

 private:
  static constexpr std::size_t kDims = 2;  // of a part
  struct Words {
    double whole = 1, once = 1;
  };
  // Words of sweeps that begin on what the one before left, and what the first of them needs besides.
  struct Sweeps {
    double again = 0, begin = 0;
  };
  // A rank of the tensor that mentions dims of the part.
  struct OwnRank {
    const Rank* rank = nullptr;
    std::vector<std::size_t> dims;  // numbers in the part
    std::vector<std::int64_t> coeffs;
    bool padded = false;
    // Of the option at hand.
    bool line = false;  // tiles of different index are disjoint
    Words words;
    std::int64_t hull = 0;
    bool coincides = false;  // tiles at different places may be the same
  };
  struct OwnDim {
    std::int64_t size = 1;
    bool mentioned = false;                  // by the tensor
    PerRole<bool> limits{};                  // mentioned by that tensor, but not by this one
    std::array<Gather, kMaxDepth> gather{};  // [level] of spatial loops
  };

  void look(std::size_t dim, const Chain& chain);
  [[nodiscard]] double idle(int free_from) const;
  [[nodiscard]] double repeated_extent(const std::vector<Chain>& option, int level, Role limiting) const;
  void study(OwnRank& rank) const;
  [[nodiscard]] Words line_words(const View& view) const;
  [[nodiscard]] WindowSides sides(const OwnRank& rank, int united_from, bool only_moving) const;
  [[nodiscard]] std::int64_t standing_still(const OwnRank& rank) const;
  // What the part contributes while its own window slides, or another part's.
  [[nodiscard]] Sweeps slide(int from) const;
  [[nodiscard]] bool breaks(int from) const;
  [[nodiscard]] std::optional<Sweeps> sweeps(const OwnRank& rank, int from) const;

  const Asked& asked_;
  int depth_;
  bool retains_, halo_ = false;
  std::vector<OwnRank> ranks_;
  std::vector<OwnDim> dims_;
  std::array<View, kDims> views_;  // of the option at hand
};

}  // namespace weft::exact
