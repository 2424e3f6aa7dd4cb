// SPDX-License-Identifier: Apache-2.0
#include "mapper/exact/coverage.hpp"

#include <algorithm>

namespace weft::exact {

namespace {

constexpr std::size_t kBits = 64;

std::size_t bits_of(const PerRole<bool>& roles) {
  std::size_t bits = 0;
  for (std::size_t r = 0; r < kRoles; ++r) {
    bits |= roles[r] ? std::size_t{1} << r : 0;
  }
  return bits;
}

}  // namespace

KindSet no_kinds(const Family& family) {
  return KindSet((family.kinds.size() + kBits - 1) / kBits);
}

void add_kind(KindSet& set, std::size_t kind) {
  set[kind / kBits] |= std::uint64_t{1} << (kind % kBits);
}

bool contains(const KindSet& set, std::size_t kind) {
  return ((set[kind / kBits] >> (kind % kBits)) & 1U) != 0;
}

bool meet(const KindSet& a, const KindSet& b) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if ((a[i] & b[i]) != 0) {
      return true;
    }
  }
  return false;
}

Coverage::Coverage(const Family& family) : every_(no_kinds(family)) {
  for (std::size_t kind = 0; kind < family.kinds.size(); ++kind) {
    add_kind(every_, kind);
  }
  for (std::size_t level = 0; level + 1 < family.keep.size(); ++level) {
    kept_below_.push_back(kept_below(family, static_cast<int>(level)));
    std::array<KindSet, kSets* kSets>& sets = credit_.emplace_back();
    for (std::size_t all = 0; all < kSets; ++all) {
      for (std::size_t inner = 0; inner < kSets; ++inner) {
        KindSet& set = sets[all * kSets + inner] = no_kinds(family);
        for (std::size_t kind = 0; kind < family.kinds.size(); ++kind) {
          const std::size_t credit_all = bits_of(family.kinds[kind][level].all);
          const std::size_t credit = credit_all | bits_of(family.kinds[kind][level].inner);
          if ((all & ~credit_all) == 0 && (inner & ~credit) == 0) {
            add_kind(set, kind);
          }
        }
      }
    }
  }
}

const KindSet& Coverage::of(const Order& order, std::size_t level, const Problem& problem) const {
  if (level >= credit_.size()) {
    return every_;
  }
  PerRole<bool> all{};
  PerRole<bool> inner{};
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    const TensorShape& tensor = problem.tensor(role);
    const bool any =
        std::any_of(order.dims.begin(), order.dims.end(), [&](int dim) { return relevant(tensor, dim); });
    all[r] = kept_below_[level][r] && !any;
    inner[r] = kept_below_[level][r] && any && !relevant(tensor, order.dims.back());
  }
  return credit_[level][bits_of(all) * kSets + bits_of(inner)];
}

}  // namespace weft::exact
