// See sparse_check.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/spec/sparse_check.hpp"

#include <fmt/format.h>

namespace weft {
namespace {

constexpr std::int64_t kMostMetadata = 32;  // bits of a run, a coordinate, a pointer
constexpr std::int64_t kMost = std::int64_t{1} << 31;

void check_bits(const std::string& path, Bits bits, const char* what, std::vector<Finding>& findings) {
  if (bits.count() < 1 || bits.count() > kMostMetadata) {
    findings.push_back(
        {path, "bad-width",
         fmt::format("{} of {}; 1 b to {} b are possible", what, to_string(bits), kMostMetadata)});
  }
}

void check_format(const TensorFormat& format, const std::string& at, std::vector<Finding>& findings) {
  check_bits(at + ".run", format.run, "a run", findings);
  check_bits(at + ".pointer", format.pointer, "a pointer", findings);
  if (format.coordinate) {
    check_bits(at + ".coordinate", *format.coordinate, "a coordinate", findings);
  }
  if (format.packet && format.packet->count() <= format.run.count()) {
    findings.push_back({at + ".packet", "out-of-range", "a packet holds at least one token"});
  }
  const bool runs = has_runs(format.kind);
  if (format.packet && !runs) {
    findings.push_back({at + ".packet", "bad-format", fmt::format("{} has no packets", name_of(format.kind)),
                        "packets are of formats with runs"});
  }
  if (format.interleaved && format.along.empty()) {
    findings.push_back({at + ".fiber", "bad-format", "what is interleaved must be named",
                        "fiber: filters, or another class of dims"});
  }
}

bool any(const PerRole<bool>& by) {
  return by[0] || by[1];
}

void check_merge(const Skip& skip, std::vector<Finding>& findings) {
  const Merge& merge = *skip.merge;
  const std::string at = "compute.skip.merge";
  if (merge.ways < 2 || merge.ways > kMost) {
    findings.push_back({at + ".ways", "out-of-range", "a merge tree takes two matrices at least"});
  }
  if (merge.elements < 1 || merge.elements > kMost) {
    findings.push_back(
        {at + ".elements", "not-positive", "a merge tree passes at least one element a cycle"});
  }
  if (merge.buffer && merge.buffer->count() < 1) {
    findings.push_back({at + ".buffer", "not-positive", "a buffer must be above zero"});
  }
  if (!(skip.by[0] && skip.by[1]) || skip.vectors[0] != 0) {
    findings.push_back({at, "bad-skip", "outer products skip zeros of both operands, one product at a time",
                        "by: [weights, inputs], and no 'vectors'"});
  }
}

void check_banks(const Skip& skip, std::vector<Finding>& findings) {
  if (skip.banks < 0 || skip.banks > kMost || skip.queue < 0 || skip.queue > kMost) {
    findings.push_back({skip.queue < 0 || skip.queue > kMost ? "compute.skip.queue" : "compute.skip.banks",
                        "out-of-range", "banks and places before them are none or more"});
  }
  if (skip.banks != 0 && skip.vectors[0] == 0) {
    findings.push_back({"compute.skip.banks", "bad-skip", "banks are those of a Cartesian product's sums",
                        "vectors: {weights: 4, inputs: 4}, for instance"});
  }
}

void check_skip(const Skip& skip, const Accelerator& accelerator, std::vector<Finding>& findings) {
  if (skip.window < 1 || skip.window > kMost) {
    findings.push_back({"compute.skip.window", "not-positive", "a window must be above zero"});
  }
  const auto [weights, inputs] = std::pair(skip.vectors[0], skip.vectors[1]);
  const bool none = weights == 0 && inputs == 0;
  if (!none && (weights < 1 || inputs < 1 || weights > kMost || inputs > kMost)) {
    findings.push_back({"compute.skip.vectors", "not-positive", "vectors take at least one word each"});
  }
  if (!none && !(skip.by[0] && skip.by[1])) {
    findings.push_back({"compute.skip.vectors", "bad-skip",
                        "a Cartesian product skips zeros of both operands", "by: [weights, inputs]"});
  }
  check_banks(skip, findings);
  if (skip.merge) {
    check_merge(skip, findings);
  }
  if (accelerator.controller.commands) {
    findings.push_back({"compute.skip", "bad-skip", "the length of commands is fixed: nothing can be skipped",
                        "gate instead, or leave 'controller.commands' out"});
  }
}

bool kept_inside(const Accelerator& accelerator, std::size_t level, Role role) {
  for (std::size_t inner = level + 1; inner < accelerator.levels.size(); ++inner) {
    if (accelerator.levels[inner].memory_for(role) != nullptr) {
      return true;
    }
  }
  return false;
}

// What is not brought in must not be multiplied either, so the compute units have to know the same zeros.
void check_leader(const Accelerator& accelerator, std::size_t level, const Memory& memory, Role leader,
                  const std::string& path, std::vector<Finding>& findings) {
  const Role follower = leader_of(leader);
  const ZeroHandling& zeros = accelerator.compute.zeros;
  const bool known = (zeros.gate && zeros.gate->by[at(leader)]) || (zeros.skip && zeros.skip->by[at(leader)]);
  if (!memory.holds[at(follower)]) {
    findings.push_back({path, "bad-skip",
                        fmt::format("zeros of {} spare words of {}, and {} does not hold these",
                                    name_of(leader), name_of(follower), memory.name)});
  } else if (!kept_inside(accelerator, level, follower)) {
    findings.push_back({path, "bad-skip",
                        fmt::format("no memory further in takes {} from {}", name_of(follower), memory.name),
                        "what is read for the compute units is spared by compute.gate and compute.skip"});
  }
  if (!known) {
    findings.push_back(
        {path, "bad-skip",
         fmt::format("the compute units would multiply {} that {} left out", name_of(follower), memory.name),
         fmt::format("let them gate or skip zeros of {}, too", name_of(leader))});
  }
}

void check_sieve(const Accelerator& accelerator, std::size_t level, const Memory& memory,
                 const std::string& at_memory, std::vector<Finding>& findings) {
  for (const bool skip : {false, true}) {
    const PerRole<bool>& by = skip ? memory.sieve.skip : memory.sieve.gate;
    const std::string path = at_memory + (skip ? ".skip" : ".gate");
    for (const Role leader : {Role::kWeights, Role::kInputs}) {
      if (by[at(leader)]) {
        check_leader(accelerator, level, memory, leader, path, findings);
      }
    }
    if (any(by) && accelerator.instances(static_cast<int>(level)) > 1) {
      findings.push_back({path, "bad-skip",
                          fmt::format("there are {} of {}, and only a memory that feeds the whole array can "
                                      "leave words out for all of it",
                                      accelerator.instances(static_cast<int>(level)), memory.name)});
    }
  }
}

void check_sieves(const Accelerator& accelerator, std::vector<Finding>& findings) {
  for (std::size_t level = 0; level < accelerator.levels.size(); ++level) {
    const StorageLevel& storage = accelerator.levels[level];
    for (std::size_t m = 0; m < storage.memories.size(); ++m) {
      check_sieve(accelerator, level, storage.memories[m], fmt::format("levels[{}].memories[{}]", level, m),
                  findings);
    }
  }
}

}  // namespace

void check_formats(const Memory& memory, const std::string& at, std::vector<Finding>& findings) {
  for (const Role role : kAllRoles) {
    const TensorFormat& format = memory.formats[static_cast<std::size_t>(index_of(role))];
    const std::string path = fmt::format("{}.formats.{}", at, name_of(role));
    if (format == TensorFormat{}) {
      continue;
    }
    if (!memory.holds[static_cast<std::size_t>(index_of(role))]) {
      findings.push_back(
          {path, "bad-format", fmt::format("{} does not hold {}", memory.name, name_of(role))});
    }
    check_format(format, path, findings);
  }
}

void check_zeros(const Accelerator& accelerator, std::vector<Finding>& findings) {
  const ZeroHandling& zeros = accelerator.compute.zeros;
  if (zeros.gate && !any(zeros.gate->by)) {
    findings.push_back(
        {"compute.gate", "bad-skip", "zeros of no operand gate anything", "gate: [inputs], for instance"});
  }
  if (zeros.skip && !any(zeros.skip->by)) {
    findings.push_back({"compute.skip", "bad-skip", "zeros of no operand let anything be skipped",
                        "skip: [inputs], for instance"});
  }
  if (zeros.skip) {
    check_skip(*zeros.skip, accelerator, findings);
  }
  check_sieves(accelerator, findings);
}

}  // namespace weft
