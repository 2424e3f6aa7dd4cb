// See platform.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/tlm/platform.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <utility>

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/tlm_quantumkeeper.h>

#include "arch/sim/tlm/registers.hpp"

namespace weft::testing {

namespace {

using namespace sim::registers;

// Talks to the control registers, from its own process.
class Driver final : public sc_core::sc_module {
 public:
  SC_HAS_PROCESS(Driver);
  Driver(const sc_core::sc_module_name& name, std::function<void(Driver&)> work)
      : sc_module(name), socket("socket"), interrupt("interrupt"), work_(std::move(work)) {
    SC_THREAD(live);
  }
  tlm_utils::simple_initiator_socket<Driver> socket;
  sc_core::sc_in<bool> interrupt;

  tlm::tlm_response_status access(tlm::tlm_command command, std::uint64_t at, unsigned length,
                                  std::uint8_t* data, std::uint8_t* enables = nullptr) {
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(at);
    payload.set_data_ptr(data);
    payload.set_data_length(length);
    payload.set_streaming_width(length);
    payload.set_byte_enable_ptr(enables);
    payload.set_byte_enable_length(enables == nullptr ? 0 : length);
    sc_core::sc_time delay;
    socket->b_transport(payload, delay);
    wait(delay);
    return payload.get_response_status();
  }
  void write(std::uint64_t at, std::uint32_t value) {
    std::array<std::uint8_t, 4> data{};
    std::memcpy(data.data(), &value, 4);
    (void)access(tlm::TLM_WRITE_COMMAND, at, 4, data.data());
  }
  void write_long(std::uint64_t at, std::uint64_t value) {
    write(at, static_cast<std::uint32_t>(value));
    write(at + 4, static_cast<std::uint32_t>(value >> 32));
  }
  std::uint32_t read(std::uint64_t at) {
    std::array<std::uint8_t, 4> data{};
    std::uint32_t value = 0;
    (void)access(tlm::TLM_READ_COMMAND, at, 4, data.data());
    std::memcpy(&value, data.data(), 4);
    return value;
  }
  std::uint64_t read_long(std::uint64_t at) {
    return read(at) | static_cast<std::uint64_t>(read(at + 4)) << 32;
  }
  // Starts the program and sleeps until the accelerator calls.
  void start_and_wait(std::uint32_t program) {
    write(kProgram, program);
    write(kControl, kStart | kInterruptEnable);
    while (!interrupt.read()) {
      wait(interrupt.value_changed_event());
    }
    write(kInterrupt, 1);
    wait(interrupt.value_changed_event());
  }

 private:
  void live() { work_(*this); }
  std::function<void(Driver&)> work_;
};

// The rest of a platform, wired up.
struct Platform {
  Platform(const Accelerator& machine, std::vector<std::shared_ptr<const Program>> programs,
           std::size_t bytes, const PlatformOptions& options, std::function<void(Driver&)> work)
      : accelerator("accelerator", machine, std::move(programs), options.config),
        memory("memory", bytes, options.memory),
        driver("driver", std::move(work)),
        line("line") {
    driver.socket.bind(accelerator.control);
    accelerator.memory.bind(memory.socket);
    accelerator.interrupt.bind(line);
    driver.interrupt.bind(line);
    tlm_utils::tlm_quantumkeeper::set_global_quantum(options.quantum);
  }
  sim::AcceleratorModule accelerator;
  SmallMemory memory;
  Driver driver;
  sc_core::sc_signal<bool> line;
};

void put(std::vector<std::uint8_t>& bytes, std::uint64_t base, unsigned width, const Tensor& tensor) {
  for (std::size_t i = 0; i < tensor.values.size(); ++i) {
    for (unsigned b = 0; b < width; ++b) {
      bytes[base + i * width + b] = static_cast<std::uint8_t>(tensor.values[i] >> (8 * std::min(b, 3U)));
    }
  }
}

std::int64_t word_at(const std::vector<std::uint8_t>& bytes, std::uint64_t base, unsigned width) {
  std::uint64_t word = 0;
  for (unsigned b = width; b-- > 0;) {
    word = word << 8 | bytes[base + b];
  }
  return static_cast<std::int64_t>(word << (64 - 8 * width)) >> (64 - 8 * width);
}

// Where a program's tensors lie, one after the other, with a little room between.
struct Layout {
  PerRole<std::uint64_t> base{};
  PerRole<unsigned> width{};
  std::uint64_t end = 0;
};

Layout layout_of(const sim::AcceleratorModule& accelerator, const Program& program, std::uint64_t from) {
  Layout layout;
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    layout.base[r] = from + 3;  // nothing has to be aligned
    layout.width[r] = accelerator.word_bytes(program, role);
    from = layout.base[r] + static_cast<std::uint64_t>(words(program.problem.tensor(role))) * layout.width[r];
  }
  layout.end = from;
  return layout;
}

Seen drive(Driver& driver, Platform& platform, const PlatformJob& job, std::uint32_t number) {
  std::vector<std::uint8_t>& bytes = platform.memory.bytes;
  const Layout layout = layout_of(platform.accelerator, *job.program, 0);
  put(bytes, layout.base[0], layout.width[0], job.weights);
  put(bytes, layout.base[1], layout.width[1], job.inputs);
  driver.write_long(kWeights, layout.base[0]);
  driver.write_long(kInputs, layout.base[1]);
  driver.write_long(kOutputs, layout.base[2]);
  driver.start_and_wait(number);
  Seen seen;
  seen.status = driver.read(kStatus);
  seen.cycles = driver.read_long(kCycles);
  for (std::uint64_t at = layout.base[2]; at < layout.end && at + layout.width[2] <= bytes.size();
       at += layout.width[2]) {
    seen.outputs.push_back(word_at(bytes, at, layout.width[2]));
  }
  seen.result = platform.accelerator.last_result();
  seen.traffic = platform.memory.traffic();
  return seen;
}

}  // namespace

std::vector<Seen> run_platform(const Accelerator& accelerator, const std::vector<PlatformJob>& jobs,
                               const PlatformOptions& options) {
  std::vector<Seen> seen;
  std::vector<std::shared_ptr<const Program>> programs;
  for (const PlatformJob& job : jobs) {
    programs.push_back(job.program);
  }
  Platform* built = nullptr;
  Platform platform(accelerator, programs, 0, options, [&](Driver& driver) {
    for (std::size_t j = 0; j < jobs.size(); ++j) {
      seen.push_back(drive(driver, *built, jobs[j], static_cast<std::uint32_t>(j)));
    }
  });
  built = &platform;
  std::uint64_t bytes = 0;
  for (const PlatformJob& job : jobs) {
    bytes = std::max(bytes, layout_of(platform.accelerator, *job.program, 0).end);
  }
  platform.memory.bytes.assign(bytes - options.bytes_short, 0xa5);  // outputs begin as anything
  sc_core::sc_start();
  return seen;
}

Refusals refusals_of(const Accelerator& accelerator) {
  Refusals seen{};
  Platform platform(accelerator, {}, 0, {}, [&](Driver& driver) {
    std::array<std::uint8_t, 8> data{};
    std::array<std::uint8_t, 4> enables{0xff, 0xff, 0, 0};
    seen.unaligned = driver.access(tlm::TLM_READ_COMMAND, 2, 4, data.data());
    seen.outside = driver.access(tlm::TLM_READ_COMMAND, kBytes, 4, data.data());
    seen.too_long = driver.access(tlm::TLM_READ_COMMAND, kStatus, 8, data.data());
    seen.read_only = driver.access(tlm::TLM_WRITE_COMMAND, kStatus, 4, data.data());
    seen.with_enables = driver.access(tlm::TLM_WRITE_COMMAND, kProgram, 4, data.data(), enables.data());
    seen.identity = driver.read(kIdentity);
    seen.programs = driver.read(kPrograms);
    driver.start_and_wait(5);
    seen.status_of_unknown_program = driver.read(kStatus);
  });
  sc_core::sc_start();
  return seen;
}

}  // namespace weft::testing
