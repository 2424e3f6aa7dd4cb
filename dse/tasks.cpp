// Runs batches.
// SPDX-License-Identifier: Apache-2.0
#include "dse/tasks.hpp"

#include <algorithm>
#include <thread>

namespace weft {

std::vector<std::vector<StudyPoint>> Tasks::run(const std::vector<Genome>& batch) {
  done_.assign(batch.size(), std::nullopt);
  begun_.assign(batch.size(), 0);
  std::vector<std::thread> threads;
  const std::size_t workers = setup_.elsewhere.size() + static_cast<std::size_t>(std::max(1, setup_.threads));
  // Other processes first; the last worker is this thread.
  for (std::size_t i = 0; i + 1 < std::min(workers, setup_.elsewhere.size() + batch.size()); ++i) {
    threads.emplace_back([&, i] { work(batch, i); });
  }
  work(batch, workers - 1);
  for (std::thread& thread : threads) {
    thread.join();
  }
  journal_.sync();
  if (error_) {
    std::rethrow_exception(error_);
  }
  std::vector<std::vector<StudyPoint>> results;
  for (auto& points : done_) {
    if (!points) {
      break;
    }
    results.push_back(std::move(*points));
  }
  return results;
}

std::vector<StudyPoint> Tasks::evaluate(const Genome& asked, std::size_t worker) const {
  if (worker < setup_.elsewhere.size()) {
    if (std::vector<StudyPoint> points = setup_.elsewhere[worker](asked); !points.empty()) {
      return points;
    }
  }
  return setup_.evaluate(asked);
}

void Tasks::work(const std::vector<Genome>& batch, std::size_t worker) {
  while (!stopped()) {
    try {
      const std::optional<std::size_t> at = next(batch);
      if (!at) {
        return;
      }
      settle(batch, *at, evaluate(batch[*at], worker));
    } catch (...) {
      const std::scoped_lock lock(mutex_);
      error_ = error_ ? error_ : std::current_exception();
      std::fill(begun_.begin(), begun_.end(), char{1});
      return;
    }
  }
}

std::optional<std::size_t> Tasks::next(const std::vector<Genome>& batch) {
  const std::scoped_lock lock(mutex_);
  const auto count = static_cast<std::size_t>(setup_.shard.count);
  const auto index = static_cast<std::size_t>(setup_.shard.index - 1);
  for (std::size_t round = 0; round < count; ++round) {
    if (round == 1) {
      journal_.refresh();  // the own share is done: what have the others done meanwhile?
    }
    // The shares of the others from the back, where they have not been yet.
    const std::size_t share = (index + round) % count;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const std::size_t at = round == 0 ? i : batch.size() - 1 - i;
      if (at % count != share || begun_[at] != 0) {
        continue;
      }
      begun_[at] = 1;
      if (const std::vector<StudyPoint>* known = journal_.find(batch[at])) {
        done_[at] = *known;
        ++from_journal_;
        if (setup_.finished) {
          setup_.finished(batch[at]);
        }
        continue;
      }
      return at;
    }
  }
  return std::nullopt;
}

void Tasks::settle(const std::vector<Genome>& batch, std::size_t at, std::vector<StudyPoint> points) {
  const std::scoped_lock lock(mutex_);
  journal_.append(batch[at], points);
  done_[at] = std::move(points);
  if (setup_.finished) {
    setup_.finished(batch[at]);
  }
}

}  // namespace weft
