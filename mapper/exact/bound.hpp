// A lower bound of what all mappings cost that share part of their decisions: the cost of the model, written
// as sums of products over the parts, with the least factor of each part that the open decisions allow.
//
// One program serves a family of kinds. Every flow of words asks, for each level from which inwards a kind
// may let its idle loops run free, the same few counts; a kind is a choice of one such option per flow. So a
// node of the search works an option out once, however many kinds choose it, and a kind's bound is a sum of
// options. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <boost/container/static_vector.hpp>

#include "mapper/exact/axes.hpp"
#include "mapper/exact/factors.hpp"
#include "mapper/exact/kinds.hpp"
#include "mapper/exact/resources.hpp"
#include "mapper/mapper.hpp"

namespace weft::exact {

// Where each product takes its factors from: by default the same index in every part, for slides one part's
// own.
struct Product {
  std::size_t index = 0;
  int special_part = -1;  // takes `special` instead
  std::size_t special = 0;
};

class BoundProgram {
 public:
  BoundProgram(const MapRequest& request, const MapSpace& space, const Layout& layout, const CostModel& costs,
               const Family& family, int parts, const PerRole<std::vector<bool>>& slides);

  // Those that fits() and compute() read come first.
  [[nodiscard]] std::span<const Product> products() const { return products_; }
  [[nodiscard]] std::size_t fitting() const { return fitting_; }
  // Must the product be bounded from above (the greatest factor of each part)?
  [[nodiscard]] bool from_above(std::size_t product) const { return above_[product]; }

  // Products that must not exceed a limit: tiles of memories (bits, summed), axes of fan-outs.
  [[nodiscard]] bool fits(std::span<const double> values) const;
  // Least cycles of the array alone.
  [[nodiscard]] double compute(std::span<const double> values) const;

  // Kinds in which the idle loops of every flow run equally free have the same profile, and the same bound.
  [[nodiscard]] std::size_t profiles() const { return choices_.size(); }
  [[nodiscard]] std::size_t profile(std::size_t kind) const { return profile_of_[kind]; }
  // On fan-outs with axes that are alike: instances at most, hops at least (the others' are products).
  void pack(const Packed& packed) { packed_ = packed; }
  // Values of all products; they stay in use until the next call.
  void begin(std::span<const double> values);
  // What happens at the edges of the run; bounds need it.
  void begin_edges();
  // The least cycles and energy of kinds with this profile.
  [[nodiscard]] Bound bound(std::size_t profile);
  // How far the idle loops of a flow run free: profiles with the same option ask the same of the flow.
  [[nodiscard]] std::size_t option(std::size_t profile, std::size_t flow) const {
    return choices_[profile][flow];
  }
  // The level from which inwards they do.
  [[nodiscard]] int level_of(std::size_t option) const { return options_[option].free_from; }
  // What the flow costs at least. pJ
  [[nodiscard]] double energy(std::size_t option) {
    return energies_[option] < 0 ? work_out_energy(option) : energies_[option];
  }
  // [resource]: what the flow uses at least.
  [[nodiscard]] const double* used(std::size_t option) {
    return known_[option] != 0 ? used_.data() + option * resources_.width() : work_out(option);
  }
  // Of mappings for which the words of every flow are known: what they use, by Resources::use(), summed.
  [[nodiscard]] Bound bound_of(const double* used) const;
  [[nodiscard]] const Resources& resources() const { return resources_; }

 private:
  struct Amount {
    // By tensor of the level whose tile the repetitions see: volumes over what its memory can hold.
    struct Limit {
      std::size_t rest = 0;
      double per_word = 0;  // one over the words that fit
      bool operator==(const Limit&) const = default;
    };
    boost::container::static_vector<Limit, kRoles> limits;
    // Ways in which windows may slide: the least counts.
    struct Way {
      std::size_t words = 0;
      std::optional<std::size_t> begin{};         // product that comes on top
      std::array<std::size_t, kRoles> volumes{};  // [limit]
      bool operator==(const Way&) const = default;
    };
    std::vector<Way> ways;
    std::size_t once = 0;
    double scale = 1;
    bool exact = false;  // a single product
    bool operator==(const Amount&) const = default;
  };
  // The counts of a flow when its idle loops run free from some level inwards: numbers of amounts.
  struct FlowOption {
    std::size_t flow = 0;
    int free_from = 0;
    std::array<std::size_t, 4> amounts{};  // [scope]
    std::array<std::size_t, 4> seen{};     // [scope]: first visits, as products (outputs)
    double scale = 1;
  };
  struct Ramp {
    bool out = false;
    std::size_t parent = 0, receiver = 0;
    double scale = 1;
    double read = 0, write = 0, read_shared = 0, write_shared = 0;  // cycles per word
    std::size_t port_parent = 0, port_child = 0;                    // first of three: read, write, shared
    bool serial = false;
  };
  struct Room {
    std::vector<std::pair<std::size_t, double>> tiles;  // product, bits per word
    double bits = 0;
  };

  std::size_t product(std::size_t index, bool above = false, int part = -1, std::size_t special = 0);
  std::size_t amount(const Asked& asked, int free_from, const Family& family);
  void add_limits(const Family& family);
  void add_options(const Family& family);
  void add_ramps();
  void ramp();
  [[nodiscard]] double value(const Amount& amount) const;
  [[nodiscard]] double counted(std::size_t amount) {
    double& known = counted_[amount];
    known = known < 0 ? value(amounts_[amount]) : known;
    return known;
  }
  struct Words {
    double all = 0, again = 0;
  };
  [[nodiscard]] Words words(const FlowOption& option, Scope scope);
  [[nodiscard]] FlowCounts words_of_all(const FlowOption& option);
  double work_out_energy(std::size_t option);
  const double* work_out(std::size_t option);

  const MapSpace* space_;
  const Layout* layout_;
  PerRole<std::vector<bool>> slides_;  // [role][part]: has a rank on which windows overlap
  int parts_;
  Resources resources_;
  std::vector<Product> products_;
  std::vector<bool> above_;
  std::vector<Amount> amounts_;
  std::vector<FlowOption> options_;
  std::vector<std::vector<std::size_t>> choices_;  // [profile][flow]: options
  std::vector<std::size_t> profile_of_;            // [kind]
  std::vector<Ramp> ramps_;
  std::size_t fitting_ = 0;
  std::vector<Room> rooms_;
  std::vector<std::pair<std::size_t, double>> axes_;
  Packed packed_;
  std::vector<std::pair<std::size_t, bool>> hops_;  // instances along an axis: into the ramp in (true) or out
  std::size_t iterations_ = 0;
  double fixed_out_ = 0, macs_ = 0;
  bool with_ramps_ = true;

  // Of the values at hand.
  std::span<const double> values_;
  Edges edges_;
  std::vector<double> counted_;   // [amount], negative: not yet
  std::vector<double> energies_;  // [option], negative: not yet
  std::vector<double> used_;      // [option][resource]
  std::vector<char> known_;       // [option]
  std::vector<const double*> rows_;
};

}  // namespace weft::exact
