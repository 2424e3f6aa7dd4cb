// A lower bound of what all mappings cost that share part of their decisions: the cost of the model, written
// as sums of products over the parts, with the least factor of each part that the open decisions allow.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "mapper/exact/factors.hpp"
#include "mapper/mapper.hpp"

namespace weft::exact {

// What the order of a level's temporal loops is good for.
struct Stationary {
  // Tensors that the innermost loop leaves in place: the loops inside the last one they mention are free.
  PerRole<bool> inner{};
  // Tensors that no loop of the level mentions; what they hold stays across the level's iterations.
  PerRole<bool> all{};
};

// A kind of mapping: what is kept where, and what each level's order favours.
struct Kind {
  std::vector<PerRole<bool>> keep;     // [level]
  std::vector<Stationary> stationary;  // [level]
};

// Where each product takes its factors from: by default the same index in every part, for slides one part's
// own.
struct Product {
  std::size_t index = 0;
  int special_part = -1;  // takes `special` instead
  std::size_t special = 0;
};

// The bound as a program over products: compiled once per kind, evaluated at every node of the search.
class BoundProgram {
 public:
  BoundProgram(const MapRequest& request, const MapSpace& space, const Layout& layout, const CostModel& costs,
               const Kind& kind, int parts, const PerRole<std::vector<bool>>& slides);

  // Those that fits() reads come first.
  [[nodiscard]] std::span<const Product> products() const { return products_; }
  [[nodiscard]] std::size_t fitting() const { return fitting_; }
  // Must the product be bounded from above (the greatest factor of each part)?
  [[nodiscard]] bool from_above(std::size_t product) const { return above_[product]; }

  // Values of all products -> the least cycles and energy.
  [[nodiscard]] Bound bound(std::span<const double> values) const;
  // Products that must not exceed a limit: tiles of memories (bits, summed), axes of fan-outs.
  [[nodiscard]] bool fits(std::span<const double> values) const;

 private:
  struct Amount {
    std::array<std::size_t, 4> whole{};  // alternatives: the least counts
    std::size_t alternatives = 0;
    // By tensor of the level whose tile the repetitions see: volumes over what its memory can hold.
    struct Limit {
      std::array<std::size_t, 4> volume{};  // [alternative]
      std::size_t rest = 0;
      double per_word = 0;  // one over the words that fit
    };
    std::array<Limit, 3> limits{};
    std::size_t limited = 0;
    std::size_t once = 0;
    double scale = 1;
    bool exact = false;  // a single product
  };
  struct Flow {
    Boundary boundary;
    Amount par, rec, first_par, first_rec;
    std::size_t seen_par = 0, seen_rec = 0, seen_first_par = 0, seen_first_rec = 0;  // first visits
    double scale = 1;
    // pJ per word
    double parent_out = 0, parent_in = 0, child_in = 0, child_out = 0, network_word = 0, network_send = 0;
    // cycles per word, and the ports they pass
    double time_parent_read = 0, time_parent_write = 0, time_child_read = 0, time_child_write = 0;
    double shared_parent = 0, shared_child = 0;
    std::size_t port_parent = 0, port_child = 0;  // first of three: read, write, shared
    bool to_compute = false, serial = false;
  };
  struct Ramp {
    bool out = false;
    std::size_t parent = 0, receiver = 0;
    double scale = 1;
    double read = 0, write = 0, read_shared = 0, write_shared = 0;  // cycles per word
    std::size_t port_parent = 0, port_child = 0;
    bool serial = false;
  };
  // Single-buffered memories of a level that take turns on one port above them.
  struct Turns {
    std::size_t port = 0;  // first of the memory above
    bool shared = false;
    bool first_loads = false;  // their first loads take no longer than that port needs for them
  };
  struct Room {
    std::vector<std::pair<std::size_t, double>> tiles;  // product, bits per word
    double bits = 0;
  };

  PerRole<std::vector<bool>> slides_;  // [role][part]: has a rank on which windows overlap
  std::size_t product(std::size_t index, bool above = false, int part = -1, std::size_t special = 0);
  [[nodiscard]] Amount amount(const Asked& asked, const Kind& kind, int parts);
  [[nodiscard]] int free_from(Role role, int child, const Kind& kind) const;
  [[nodiscard]] std::size_t port(int level, Role role) const;
  void add_flow(const Boundary& boundary, const Kind& kind, const CostModel& costs, int parts);
  void add_limits(const Kind& kind);
  void add_ramps();
  void add_turns();
  [[nodiscard]] double value(const Amount& amount, std::span<const double> values) const;

  const MapRequest* request_;
  const MapSpace* space_;
  const Layout* layout_;
  std::vector<Product> products_;
  std::vector<bool> above_;
  std::vector<Flow> flows_;
  std::vector<Ramp> ramps_;
  std::vector<Turns> turns_;
  std::size_t fitting_ = 0;
  std::vector<Room> rooms_;
  std::vector<std::pair<std::size_t, double>> axes_;
  std::vector<std::pair<std::size_t, bool>> hops_;  // instances along an axis: into the ramp in (true) or out
  std::vector<std::size_t> first_port_;             // [level]
  std::size_t ports_ = 0;
  std::size_t iterations_ = 0;
  double constant_energy_ = 0, leak_ = 0, fixed_out_ = 0, macs_ = 0;
  bool with_ramps_ = true;
};

}  // namespace weft::exact
