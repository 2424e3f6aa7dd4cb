// The processes of one MPI run (mpirun -n 3 weft explore ... --mpi): rank 0 searches and hands out
// evaluations, the others answer. Without MPI at build time there is nothing of the kind.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dse/study.hpp"

namespace weft {

class Ranks {
 public:
  virtual ~Ranks() = default;  // rank 0 sends the others home
  [[nodiscard]] virtual int rank() const = 0;
  [[nodiscard]] virtual int size() const = 0;
  // Rank 0: the points of a genome from another rank, 1..size-1, by one thread for each of them. Empty: that
  // rank cannot say, for instance because it could not read the space.
  [[nodiscard]] virtual std::vector<StudyPoint> ask(int rank, const Genome& asked) = 0;
  // Another rank: answers until it is sent home. An evaluation that throws is no answer.
  virtual void serve(const std::function<std::vector<StudyPoint>(const Genome&)>& evaluate) = 0;
};

// At most once in a process. Throws ConfigError: bad-usage (built without MPI).
[[nodiscard]] std::unique_ptr<Ranks> join_ranks();

}  // namespace weft
