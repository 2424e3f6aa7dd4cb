// SPDX-License-Identifier: Apache-2.0
#include "mapper/batch/answers.hpp"

#include <algorithm>
#include <set>

#include "mapper/exact/windows.hpp"

namespace weft::batch {

Answers::Answers(const Subject& subject, const std::vector<Part>& parts) : subject_(&subject) {
  std::set<std::pair<int, int>> found;
  for (const Part& part : parts) {
    for (const auto& option : part.options) {
      for (std::size_t d = 0; d < part.dims.size(); ++d) {
        for (std::size_t level = 0; level < subject.accelerator().levels.size(); ++level) {
          if (option[d].x[level] > 1 || option[d].y[level] > 1) {
            found.emplace(static_cast<int>(level), part.dims[d]);
          }
        }
      }
    }
  }
  spread_.assign(found.begin(), found.end());
}

std::size_t Answers::ask(const Quantity& quantity) {
  const Boundary& boundary = quantity.boundary;
  Question question{boundary, quantity.visits, {}};
  for (const auto& [level, dim] : spread_) {
    if (level < boundary.child) {
      question.gathers.push_back(gather_of({dim, 2, 1, level, true},
                                           subject_->problem().tensor(boundary.role), subject_->accelerator(),
                                           boundary, quantity.scope, quantity.visits));
    }
  }
  const auto same = [&](const Question& other) {
    return other.boundary.role == boundary.role && other.boundary.child == boundary.child &&
           other.boundary.parent == boundary.parent && other.visits == question.visits &&
           other.gathers == question.gathers;
  };
  const auto known = std::find_if(questions_.begin(), questions_.end(), same);
  const auto index = static_cast<std::size_t>(known - questions_.begin());
  if (known == questions_.end()) {
    questions_.push_back(std::move(question));
  }
  return index;
}

void Answers::forget() {
  known_.assign(questions_.size(), std::nullopt);
}

const std::vector<Group>& Answers::of(std::size_t question, const Quantity& quantity, const Nest& nest,
                                      const std::vector<int>& dims) {
  std::optional<std::vector<Group>>& known = known_[question];
  if (known) {
    return *known;
  }
  known.emplace();
  const Transfers transfers =
      make_transfers(nest, subject_->problem(), subject_->accelerator(), quantity.boundary, quantity.scope,
                     quantity.visits, subject_->request.model.counts);
  for (GroupSums& sums : transfers.group_sums()) {
    std::vector<int> own;
    for (const int dim : dims) {
      if ((sums.rank != nullptr && exact::mentions(*sums.rank, dim)) || sums.dim == dim) {
        own.push_back(dim);
      }
    }
    if (!own.empty()) {
      known->push_back({std::move(sums), std::move(own)});
    }
  }
  return *known;
}

}  // namespace weft::batch
