// Puts an accelerator of an installed Weft into a platform of its own: a memory of one process, a driver that
// writes the registers and waits for the interrupt. Prints the cycles the accelerator took.
// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstring>
#include <iostream>
#include <memory>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include "arch/sim/tlm/accelerator_module.hpp"
#include "arch/sim/tlm/registers.hpp"
#include "dataflow/lower.hpp"
#include "mapper/mapper.hpp"

namespace {

namespace registers = weft::sim::registers;

struct Memory : sc_core::sc_module {
  explicit Memory(const sc_core::sc_module_name& name) : sc_module(name), bytes(1 << 16) {
    socket.register_b_transport(this, &Memory::b_transport);
  }
  void b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
    std::uint8_t* here = bytes.data() + payload.get_address();
    if (payload.is_read()) {
      std::memcpy(payload.get_data_ptr(), here, payload.get_data_length());
    } else {
      std::memcpy(here, payload.get_data_ptr(), payload.get_data_length());
    }
    delay += sc_core::sc_time(10, sc_core::SC_NS);
    payload.set_response_status(tlm::TLM_OK_RESPONSE);
  }
  tlm_utils::simple_target_socket<Memory> socket;
  std::vector<std::uint8_t> bytes;
};

struct Driver : sc_core::sc_module {
  SC_HAS_PROCESS(Driver);
  explicit Driver(const sc_core::sc_module_name& name) : sc_module(name) { SC_THREAD(work); }
  std::uint32_t access(tlm::tlm_command command, std::uint64_t at, std::uint32_t value = 0) {
    tlm::tlm_generic_payload payload;
    payload.set_command(command);
    payload.set_address(at);
    payload.set_data_ptr(reinterpret_cast<unsigned char*>(&value));
    payload.set_data_length(4);
    payload.set_streaming_width(4);
    sc_core::sc_time delay;
    socket->b_transport(payload, delay);
    return value;
  }
  void work() {
    access(tlm::TLM_WRITE_COMMAND, registers::kWeights, 0x1000);
    access(tlm::TLM_WRITE_COMMAND, registers::kInputs, 0x4000);
    access(tlm::TLM_WRITE_COMMAND, registers::kOutputs, 0x8000);
    access(tlm::TLM_WRITE_COMMAND, registers::kControl, registers::kStart | registers::kInterruptEnable);
    wait(interrupt.posedge_event());
    cycles = access(tlm::TLM_READ_COMMAND, registers::kCycles);
    done = access(tlm::TLM_READ_COMMAND, registers::kStatus) == registers::kDone;
  }
  tlm_utils::simple_initiator_socket<Driver> socket;
  sc_core::sc_in<bool> interrupt;
  std::uint32_t cycles = 0;
  bool done = false;
};

}  // namespace

int sc_main(int argc, char** argv) {
  if (argc != 2) {
    return 2;
  }
  const weft::Accelerator machine = weft::load_accelerator(argv[1]);
  const weft::Problem problem = weft::make_gemm({.name = "product", .m = 32, .n = 32, .k = 32});
  const weft::EnergyTable table = weft::EnergyTable::load("default_45nm");
  weft::MapRequest request;
  request.problem = &problem;
  request.accelerator = &machine;
  request.table = &table;
  request.max_evaluations = 200;
  const weft::MapResult result = weft::searches().at("exact")(request);
  auto program = std::make_shared<const weft::Program>(weft::lower(*result.mapping, problem, machine, {}));

  weft::sim::AcceleratorModule accelerator("accelerator", machine, {program}, {});
  Memory memory("memory");
  Driver driver("driver");
  sc_core::sc_signal<bool> line("line");
  driver.socket.bind(accelerator.control);
  accelerator.memory.bind(memory.socket);
  accelerator.interrupt.bind(line);
  driver.interrupt.bind(line);
  for (std::size_t i = 0; i < 32 * 32; ++i) {
    memory.bytes[0x1000 + i] = memory.bytes[0x4000 + i] = 1;
  }
  sc_core::sc_start();
  std::cout << driver.cycles << '\n';
  return driver.done && memory.bytes[0x8000] == 32 ? 0 : 1;  // the sum of 32 products of ones
}
