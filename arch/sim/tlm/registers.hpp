// The control registers of an accelerator in a platform: 32 bits each, at byte offsets from the socket's
// base, little-endian.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace weft::sim::registers {

inline constexpr std::uint64_t kIdentity = 0x00;   // reads kIdentityValue
inline constexpr std::uint64_t kPrograms = 0x04;   // reads how many programs the accelerator knows
inline constexpr std::uint64_t kStatus = 0x08;     // reads the bits below
inline constexpr std::uint64_t kControl = 0x0c;    // write kStart; kInterruptEnable is kept and reads back
inline constexpr std::uint64_t kInterrupt = 0x10;  // reads 1 while the line is high; writing 1 lowers it
inline constexpr std::uint64_t kProgram = 0x14;    // number of the program to start
// Byte addresses of the tensors in memory, lower half first. Kept, not changed by a run.
inline constexpr std::uint64_t kWeights = 0x18;
inline constexpr std::uint64_t kInputs = 0x20;
inline constexpr std::uint64_t kOutputs = 0x28;
inline constexpr std::uint64_t kCycles = 0x30;  // reads the clock cycles of the last run, lower half first
inline constexpr std::uint64_t kBytes = 0x38;   // of all registers

inline constexpr std::uint32_t kIdentityValue = 0x57454654;  // "WEFT"
// Status.
inline constexpr std::uint32_t kBusy = 1;
inline constexpr std::uint32_t kDone = 2;    // since the last start
inline constexpr std::uint32_t kFailed = 4;  // no such program, or the memory refused an access
// Control.
inline constexpr std::uint32_t kStart = 1;  // ignored while busy
inline constexpr std::uint32_t kInterruptEnable = 2;

}  // namespace weft::sim::registers
