// Words of a tile on their way through the banks of a memory: which accesses of a cycle meet in a bank, and
// what a walk asks of every bank. No time line, no SystemC.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace weft::sim {

// A line is one access; `interleave` bits, whole lines, lie in a bank before the next one's turn comes.
struct BankShape {
  std::int64_t banks = 1;
  std::int64_t interleave = 64, width = 64;  // bits
};

// What a walk asks of the banks.
struct BankLoad {
  double stretch = 1;       // its time, over the port's without banks
  std::vector<double> use;  // [bank]: accesses in a cycle of that time, 0 to 1
};

// Takes the words of a walk in order, as many in a cycle as the port moves. A line is accessed once for all
// words of a cycle that lie in it, and not again for those of the next cycle: the port keeps it. A bank
// serves one line a cycle, and the next words wait for the last of this cycle's.
class BankWalk {
 public:
  BankWalk(BankShape shape, double bits_per_cycle, int word_bits);
  // The next word begins at this bit of the memory.
  void word(std::int64_t address);
  // The next word shares no cycle with those before.
  void new_cycle();
  // Of all words so far; nothing walked: no stretch, no use. Who sets the pace, the port or the array? An
  // array does not come back to a bank before its next cycle, so that only what meets in a cycle counts.
  enum class Pace : std::uint8_t { kPort, kArray };
  [[nodiscard]] BankLoad load(Pace pace = Pace::kPort);

 private:
  BankShape shape_;
  double bits_per_cycle_;
  std::int64_t word_bits_;
  std::int64_t words_ = 0;  // since new_cycle()
  std::int64_t cycle_ = 0;  // of the words in `lines_`
  std::int64_t moved_ = 0;  // of them, bits
  std::vector<std::int64_t> lines_, kept_, hits_;
  std::vector<std::int64_t> served_;  // [bank]
  double plain_ = 0, time_ = 0;       // cycles
};

}  // namespace weft::sim
