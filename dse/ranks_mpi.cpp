// Ranks over MPI. A message to a rank is a genome, empty to send it home; the answer is the points as in a
// journal. SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <mpi.h>
#include <mutex>
#include <thread>

#include <nlohmann/json.hpp>

#include "dse/journal_json.hpp"
#include "dse/ranks.hpp"

namespace weft {

namespace {

constexpr int kTag = 1;
// Waiting in MPI_Recv would keep a core busy that others could use.
constexpr std::chrono::microseconds kShortest{50}, kLongest{1000};

class MpiRanks final : public Ranks {
 public:
  MpiRanks() {
    int level = MPI_THREAD_SINGLE;
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &level);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
    if (level < MPI_THREAD_SERIALIZED && size_ > 1) {
      MPI_Finalize();
      throw ConfigError({}, "bad-usage", "this MPI does not allow calls from several threads",
                        "start several processes with --shard instead");
    }
  }
  MpiRanks(const MpiRanks&) = delete;
  MpiRanks& operator=(const MpiRanks&) = delete;
  ~MpiRanks() override {
    for (int other = 1; rank_ == 0 && other < size_; ++other) {
      send(other, "");
    }
    MPI_Finalize();
  }
  int rank() const override { return rank_; }
  int size() const override { return size_; }

  std::vector<StudyPoint> ask(int rank, const Genome& asked) override {
    send(rank, nlohmann::json(asked).dump());
    return points_of(nlohmann::json::parse(receive(rank)));
  }
  void serve(const std::function<std::vector<StudyPoint>(const Genome&)>& evaluate) override {
    for (std::string text = receive(0); !text.empty(); text = receive(0)) {
      std::vector<StudyPoint> points;
      try {
        points = evaluate(genome_of(nlohmann::json::parse(text)));
      } catch (const std::exception&) {
        points.clear();  // rank 0 evaluates it itself and says what is wrong
      }
      send(0, points_json(points).dump());
    }
  }

 private:
  void send(int to, const std::string& text) {
    const std::scoped_lock lock(mutex_);
    MPI_Send(text.data(), static_cast<int>(text.size()), MPI_CHAR, to, kTag, MPI_COMM_WORLD);
  }
  std::string receive(int from) {
    for (auto pause = kShortest;; pause = std::min(2 * pause, kLongest)) {
      {
        const std::scoped_lock lock(mutex_);
        int there = 0;
        MPI_Status status;
        MPI_Iprobe(from, kTag, MPI_COMM_WORLD, &there, &status);
        if (there != 0) {
          int count = 0;
          MPI_Get_count(&status, MPI_CHAR, &count);
          std::string text(static_cast<std::size_t>(count), ' ');
          MPI_Recv(text.data(), count, MPI_CHAR, from, kTag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
          return text;
        }
      }
      std::this_thread::sleep_for(pause);
    }
  }

  int rank_ = 0, size_ = 1;
  std::mutex mutex_;  // around every call from here on
};

}  // namespace

std::unique_ptr<Ranks> join_ranks() {
  return std::make_unique<MpiRanks>();
}

}  // namespace weft
