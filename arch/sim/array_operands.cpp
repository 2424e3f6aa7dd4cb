// The operands of the array's steps: who asks for them, when they are there, what they count (array.hpp).
// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "arch/sim/array.hpp"
#include "arch/sim/moving.hpp"
#include "arch/sim/reasons.hpp"

namespace weft::sim {

bool Array::touches(const Part& part, Role role) const {
  return part.rows == nullptr || part.rows->touches(role, row_);
}

bool Array::asks(const Part& part, int level) const {
  return first_row() || part.rows->own(level);
}

void Array::await_operands(Job& job, const Part& part, const Grants& grants) {
  const Ticks computed = now();
  now_doing(Doing::kOperands);
  std::size_t last = 0;
  const Grant* latest = &grants[0][0];
  for (std::size_t r = 0; r < kRoles; ++r) {
    for (const Grant& grant : grants[r]) {
      arbiter_.await(grant);
      last = grant.end > latest->end ? r : last;
      latest = grant.end > latest->end ? &grant : latest;
    }
  }
  if (!first_row()) {
    return;
  }
  if (now() > computed) {
    job.reasons->late_operands(kAllRoles[last], part.sources[last].level, *latest, computed, now());
  }
  job.operand_bandwidth += now() - computed;
}

// Of the first instance's operands: what the row takes from memories of its own.
double Array::part_of_step(const Part& part, std::size_t s, int level) const {
  return first_row() || !part.rows->own(level)
             ? 1
             : static_cast<double>(part.rows->cycles(s, row_)) / static_cast<double>(part.rows->cycles(s, 0));
}

void Array::request_operands(const Part& part, std::size_t s, Grants& grants) {
  const Step& step = part.program->steps[s];
  for (const Role role : kAllRoles) {
    const auto r = static_cast<std::size_t>(index_of(role));
    const Operand& operand = step.operands[r];
    const Place& source = part.sources_of(row_)[r];
    if ((operand.port_reads == 0 && operand.port_updates == 0) || !asks(part, source.level)) {
      grants[r][0].given = grants[r][1].given = true;
      continue;
    }
    const double bits = source.word_bits * part_of_step(part, s, source.level);
    Transfer transfer(part.first_step + static_cast<std::int64_t>(s), source.level, role);
    transfer.called("operands", part.number, s);
    const OperandBanks banks = part.banks.operands(role, s);
    transfer.read_from(*source.ports, static_cast<double>(operand.port_reads) * bits,
                       banks_of(source, banks.read));
    transfer.write_to(*source.ports, static_cast<double>(operand.port_updates) * bits,
                      banks_of(source, banks.write));
    take_wires(transfer, part, source, static_cast<double>(operand.port_reads) * bits, Way::kDown);
    take_wires(transfer, part, source, static_cast<double>(operand.port_updates) * bits, Way::kUp);
    if (splits()) {
      arbiter_.request(transfer.half(), grants[r][0]);
      arbiter_.request(transfer.half(), grants[r][1]);
    } else {
      grants[r][1].given = true;
      arbiter_.request(std::move(transfer), grants[r][0]);
    }
  }
}

void Array::release_tiles(const Part& part, std::size_t s) {
  for (std::size_t r = 0; r < kRoles; ++r) {
    if (tile_[r] >= 0 && touches(part, kAllRoles[r])) {
      const Tile& tile = part.tiles.at[r].back()[static_cast<std::size_t>(tile_[r])];
      if (tile.last_step == static_cast<std::int64_t>(s)) {
        const Place& source = part.sources_of(row_)[r];
        source.slots->finish_use(source.number(tile_[r]));
      }
    }
  }
}

void Array::count(Job& job, const Step& step) const {
  job.result.macs += step.macs;
  for (std::size_t r = 0; r < kRoles; ++r) {
    const Operand& operand = step.operands[r];
    MeasuredTensor& measured = job.result.levels[static_cast<std::size_t>(operand.level)].tensors[r];
    measured.reads += operand.reads;
    measured.updates += operand.updates;
    measured.delivered += operand.delivered;
    measured.read_back += operand.read_back;
    measured.sent +=
        r == static_cast<std::size_t>(index_of(Role::kOutputs)) ? operand.updates : operand.reads;
  }
}

}  // namespace weft::sim
