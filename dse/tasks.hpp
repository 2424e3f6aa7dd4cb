// Evaluates batches of genomes on threads, in front of the journal. Several processes (shards) may work on
// one study: each takes its own share of a batch first, then what the others have not finished, so that none
// waits for one that is slow or dead. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "dse/journal.hpp"

namespace weft {

struct TaskSetup {
  int threads = 1;
  Shard shard;
  const std::atomic<bool>* stop = nullptr;                               // no new evaluation begins once set
  std::function<std::vector<StudyPoint>(const Genome& asked)> evaluate;  // called from several threads
  // Further workers, each asked from one thread: other processes. No points: evaluate it here.
  std::vector<std::function<std::vector<StudyPoint>(const Genome& asked)>> elsewhere{};
  std::function<void(const Genome& asked)> finished;  // called from one thread at a time
};

class Tasks {
 public:
  Tasks(Journal& journal, TaskSetup setup) : journal_(journal), setup_(std::move(setup)) {}

  // The points of each genome, in order; those of a stopped batch end with the first that is missing.
  [[nodiscard]] std::vector<std::vector<StudyPoint>> run(const std::vector<Genome>& batch);
  [[nodiscard]] bool stopped() const { return setup_.stop != nullptr && *setup_.stop; }
  [[nodiscard]] std::int64_t from_journal() const { return from_journal_; }

 private:
  void work(const std::vector<Genome>& batch, std::size_t worker);
  [[nodiscard]] std::vector<StudyPoint> evaluate(const Genome& asked, std::size_t worker) const;
  // The next that nobody has begun here and, as far as is known, elsewhere.
  [[nodiscard]] std::optional<std::size_t> next(const std::vector<Genome>& batch);
  void settle(const std::vector<Genome>& batch, std::size_t at, std::vector<StudyPoint> points);

  Journal& journal_;
  TaskSetup setup_;
  std::mutex mutex_;
  std::vector<std::optional<std::vector<StudyPoint>>> done_;
  std::vector<char> begun_;
  std::exception_ptr error_;
  std::int64_t from_journal_ = 0;
};

}  // namespace weft
