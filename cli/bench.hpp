// The simulations of a solved network, each in a worker process with a machine of its own: every distinct
// layer by itself, and all of them back to back. SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/byte_stream.hpp"
#include "base/worker_pool.hpp"
#include "cli/bench_bytes.hpp"
#include "cli/outcome.hpp"
#include "cli/solve.hpp"
#include "cli/trace_file.hpp"
#include "dse/simulate_layer.hpp"
#include "dse/simulate_network.hpp"

namespace weft::cli {

// What died or took too long; no text: nothing did.
struct Unfinished {
  std::string text{};
  int exit_code = kExitOk;
};

class Bench {
 public:
  // Keeps references.
  Bench(const Setup& setup, const NetworkResult& model, const std::optional<TraceFile>& trace);

  // Fills in what was measured. Throws what a simulation threw, once the others have ended.
  [[nodiscard]] Unfinished run(Report& report);
  // What the user should know about the trace.
  [[nodiscard]] const std::string& notes() const { return notes_; }
  [[nodiscard]] std::int64_t macs_executed() const;

 private:
  struct VectorCycles {
    std::int64_t fused = 0, standalone = 0;
    friend void describe(ByteStream& bytes, VectorCycles& cycles) { bytes(cycles.fused, cycles.standalone); }
  };
  // All layers one after the other, and what is to be said of the trace.
  struct NetworkAnswer {
    BackToBack run;
    std::string notes;
    friend void describe(ByteStream& bytes, NetworkAnswer& answer) { bytes(answer.run, answer.notes); }
  };

  [[nodiscard]] const Layer& layer_of(std::size_t i) const;
  [[nodiscard]] std::size_t first_like(std::size_t i) const;
  [[nodiscard]] PoolOptions pool() const;

  // In a worker.
  [[nodiscard]] std::string answer_of_layer(std::size_t i) const;
  [[nodiscard]] std::vector<VectorCycles> vector_cycles(sim::Simulator& machine) const;
  [[nodiscard]] NetworkAnswer run_network(bool early_tiles) const;

  [[nodiscard]] std::string name_of_job(std::size_t job) const;
  [[nodiscard]] Unfinished unfinished(const std::vector<JobEnd>& ends) const;
  [[nodiscard]] Unfinished back_to_back(const JobEnd& first, Report& report);
  void fill(Report& report) const;
  void fill_array(LayerReport& to, const LayerMeasurement& measured, const LayerResult& model,
                  const Layer& layer, std::int64_t cycles) const;
  // As far as they are known: without the cycles of each layer alone in a worker.
  [[nodiscard]] std::vector<Stage> stages(const std::vector<VectorCycles>& vector) const;
  [[nodiscard]] bool pictured() const;
  [[nodiscard]] std::optional<sim::TraceRequest> trace_request() const;

  const Setup& setup_;
  const NetworkResult& model_;
  const std::optional<TraceFile>& trace_;
  std::string notes_;
  std::vector<std::size_t> jobs_;    // layers that are simulated by themselves, one job each
  std::vector<std::size_t> source_;  // per layer: the one like it that is simulated, or itself
  std::vector<std::optional<LayerMeasurement>> done_;
  std::vector<VectorCycles> vector_;
};

}  // namespace weft::cli
