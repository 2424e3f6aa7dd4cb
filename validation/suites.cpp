// SPDX-License-Identifier: Apache-2.0
#include "validation/suites.hpp"

namespace weft::validation {

const Registry<Suite>& suites() {
  static const Registry<Suite> all = [] {
    Registry<Suite> registry("validation");
    registry.add("eyeriss", "AlexNet on the Eyeriss chip with the published mappings: PEs, traffic, latency",
                 {run_eyeriss, "eyeriss_alexnet.csv"});
    registry.add("gemmini_rtl", "58 layers with mappings on Gemmini's RTL, cycles measured with FireSim",
                 {run_gemmini_rtl, "gemmini_rtl.csv"});
    registry.add("nvdla", "ResNet-50 in NVIDIA's performance model of NVDLA, cycles",
                 {run_nvdla, "nvdla_resnet50.csv"});
    registry.add("bitfusion", "layers of four quantised networks on Bit Fusion: cycles and energy",
                 {run_bitfusion, "bitfusion.csv"});
    registry.add("haq", "MobileNetV2 at many widths on a bit-serial machine: HAQ's latency table",
                 {run_haq, "haq_mobilenet_v2.csv"});
    registry.add("stripes", "what a bit-serial machine gains from narrow activations", {run_stripes, ""});
    registry.add("gemmini_model", "2,000 mappings on Gemmini-like machines, cycles printed by Timeloop",
                 {run_gemmini_model, "gemmini_analytic_sample.csv"});
    registry.add("timeloop", "ten designs with every count, cycle and energy that timeloop-model prints",
                 {run_timeloop, ""});
    registry.add("mapper", "best mappings of three layers of ResNet-50, found by other mappers",
                 {run_mapper, "mapper/best_seen.csv"});
    registry.add("eie", "six fully connected layers on EIE: padding zeros, imbalance of queues",
                 {run_eie, "eie.csv"});
    registry.add("eyeriss_v2_pe", "eight pointwise layers on one PE of Eyeriss v2, cycles",
                 {run_eyeriss_v2_pe, "eyeriss_v2_pe.csv"});
    registry.add("scnn", "SCNN over its dense baseline at three densities", {run_scnn, "scnn.csv"});
    registry.add("cnvlutin", "Cnvlutin over DaDianNao on AlexNet and VGG-16", {run_cnvlutin, "cnvlutin.csv"});
    registry.add("nvidia_stc", "2:4 weights on a sparse tensor core", {run_nvidia_stc, "nvidia_stc.csv"});
    registry.add("spatten", "GPT-2's attention pruned by token, head and value on SpAtten",
                 {run_spatten, "spatten.csv"});
    registry.add("sparch", "squares of sparse matrices on SpArch: what its merge tree saves",
                 {run_sparch, ""});
    return registry;
  }();
  return all;
}

}  // namespace weft::validation
