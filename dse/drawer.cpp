// Draws and changes genomes.
// SPDX-License-Identifier: Apache-2.0
#include "dse/drawer.hpp"

#include <algorithm>
#include <numeric>

namespace weft {

Genome Drawer::any() {
  Genome genome;
  for (const int choices : setup_.choices) {
    genome.push_back(static_cast<int>(rng_.uniform(0, choices - 1)));
  }
  return genome;
}

bool Drawer::accept(Genome& genome) {
  if (setup_.canonicalise) {
    setup_.canonicalise(genome);
  }
  return seen_.insert(genome).second && setup_.admissible(genome);
}

Genome Drawer::any_new() {
  constexpr int kDraws = 2000;
  for (int i = 0; i < kDraws; ++i) {
    Genome genome = any();
    if (accept(genome)) {
      return genome;
    }
  }
  return {};
}

void Drawer::mutate(Genome& genome) {
  std::vector<std::size_t> open;
  for (std::size_t gene = 0; gene < genome.size(); ++gene) {
    if (setup_.choices[gene] > 1) {
      open.push_back(gene);
    }
  }
  if (open.empty()) {
    return;
  }
  const std::size_t sure = rng_.pick(open);
  for (const std::size_t gene : open) {
    if (gene == sure || rng_.chance(1.0 / static_cast<double>(open.size()))) {
      mutate_gene(genome, gene);
    }
  }
}

void Drawer::mutate_gene(Genome& genome, std::size_t gene) {
  const int choices = setup_.choices[gene];
  const auto arrangement = std::find_if(setup_.arrangements.begin(), setup_.arrangements.end(),
                                        [&](const Arrangement& other) { return other.gene == gene; });
  if (rng_.chance(0.5)) {
    genome[gene] = static_cast<int>(rng_.uniform(0, choices - 1));
  } else if (arrangement != setup_.arrangements.end()) {
    // Swaps a taken item with any other, taken or not.
    std::vector<std::size_t> places = arranged(*arrangement, genome[gene]);
    const auto a = static_cast<std::size_t>(rng_.uniform(0, std::ssize(places) - 1));
    const auto item =
        static_cast<std::size_t>(rng_.uniform(0, static_cast<std::int64_t>(arrangement->items) - 1));
    const auto there = std::find(places.begin(), places.end(), item);
    if (there != places.end()) {
      std::swap(places[a], *there);
    } else {
      places[a] = item;
    }
    genome[gene] = option_of(*arrangement, places);
  } else {
    const int step = rng_.chance(0.5) ? 1 : -1;
    genome[gene] = std::clamp(genome[gene] + step, 0, choices - 1);
  }
}

namespace {

// Arrangements that follow once the first `fixed` items are chosen.
int following(const Arrangement& arrangement, std::size_t fixed) {
  int count = 1;
  for (std::size_t i = fixed; i < arrangement.taken; ++i) {
    count *= static_cast<int>(arrangement.items - i);
  }
  return count;
}

}  // namespace

std::vector<std::size_t> arranged(const Arrangement& arrangement, int option) {
  std::vector<std::size_t> left(arrangement.items);
  std::iota(left.begin(), left.end(), std::size_t{0});
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < arrangement.taken; ++i) {
    const int block = following(arrangement, i + 1);
    const auto at = static_cast<std::ptrdiff_t>(option / block);
    option %= block;
    places.push_back(left[static_cast<std::size_t>(at)]);
    left.erase(left.begin() + at);
  }
  return places;
}

int option_of(const Arrangement& arrangement, const std::vector<std::size_t>& places) {
  int option = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto before = std::count_if(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(i),
                                      [&](std::size_t place) { return place < places[i]; });
    option += (static_cast<int>(places[i]) - static_cast<int>(before)) * following(arrangement, i + 1);
  }
  return option;
}

}  // namespace weft
