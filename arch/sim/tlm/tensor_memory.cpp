// See tensor_memory.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/tlm/tensor_memory.hpp"

namespace weft::sim {

namespace {

std::int64_t word_at(const std::uint8_t* bytes, unsigned count) {
  std::uint64_t word = 0;
  for (unsigned b = 0; b < count; ++b) {
    word |= static_cast<std::uint64_t>(bytes[b]) << (8 * b);
  }
  const unsigned unused = 64 - 8 * count;
  return static_cast<std::int64_t>(word << unused) >> unused;  // extends the sign
}

void put_word(std::uint8_t* bytes, unsigned count, std::int64_t value) {
  for (unsigned b = 0; b < count; ++b) {
    bytes[b] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * b));
  }
}

// Calls f(word of the tensor, its bytes) for each word of the runs in order.
template <class F>
void for_each_word(const WordRuns& runs, std::uint8_t* bytes, unsigned word_bytes, const F& f) {
  for (const WordRun& run : runs) {
    for (std::int64_t n = 0; n < run.count; ++n, bytes += word_bytes) {
      f(run.first + n, bytes);
    }
  }
}

}  // namespace

TensorMemory::TensorMemory(MemoryMaster& master, const Program& program, const TileTable& tiles,
                           Values& values, PerRole<TensorPlace> places)
    : master_(master), values_(values), traffic_(program, tiles), places_(places) {}

TensorMemory::Image TensorMemory::image(Role role, const WordRuns& runs) const {
  const auto [base, width] = place(role);
  Image image;
  std::size_t bytes = 0;
  for (const WordRun& run : runs) {
    bytes += static_cast<std::size_t>(run.count) * width;
  }
  image.bytes.resize(bytes);
  std::uint8_t* data = image.bytes.data();
  for (const WordRun& run : runs) {
    const auto length = static_cast<unsigned>(run.count) * width;
    image.runs.push_back({base + static_cast<std::uint64_t>(run.first) * width, data, length});
    data += length;
  }
  return image;
}

void TensorMemory::load(Role role, std::size_t tile) {
  const WordRuns runs = traffic_.loaded(role, tile);
  Image image = this->image(role, runs);
  master_.move(tlm::TLM_READ_COMMAND, image.runs);
  const unsigned width = place(role).word_bytes;
  for_each_word(runs, image.bytes.data(), width, [&](std::int64_t word, const std::uint8_t* at) {
    values_.set_outermost(role, word, word_at(at, width));
  });
}

void TensorMemory::store(std::size_t tile) {
  const WordRuns runs = traffic_.stored(tile);
  Image image = this->image(Role::kOutputs, runs);
  const unsigned width = place(Role::kOutputs).word_bytes;
  for_each_word(runs, image.bytes.data(), width, [&](std::int64_t word, std::uint8_t* at) {
    put_word(at, width, values_.outermost(Role::kOutputs, word));
  });
  master_.move(tlm::TLM_WRITE_COMMAND, image.runs);
}

void TensorMemory::read_sums(std::size_t tile) {
  Image image = this->image(Role::kOutputs, traffic_.accumulated(tile));
  master_.move(tlm::TLM_READ_COMMAND, image.runs);
}

}  // namespace weft::sim
