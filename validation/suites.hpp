// The suites, one source file each: suite_<name>.cpp. Private to the folder.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "validation/suite.hpp"

namespace weft::validation {

[[nodiscard]] SuiteResult run_eyeriss(const SuiteOptions& options);
[[nodiscard]] SuiteResult run_bitfusion(const SuiteOptions& options);
[[nodiscard]] SuiteResult run_haq(const SuiteOptions& options);
[[nodiscard]] SuiteResult run_stripes(const SuiteOptions& options);
[[nodiscard]] SuiteResult run_gemmini_rtl(const SuiteOptions& options);
[[nodiscard]] SuiteResult run_gemmini_model(const SuiteOptions& options);
[[nodiscard]] SuiteResult run_timeloop(const SuiteOptions& options);
[[nodiscard]] SuiteResult run_nvdla(const SuiteOptions& options);
[[nodiscard]] SuiteResult run_mapper(const SuiteOptions& options);
[[nodiscard]] SuiteResult run_eie(const SuiteOptions& options);
[[nodiscard]] SuiteResult run_eyeriss_v2_pe(const SuiteOptions& options);
[[nodiscard]] SuiteResult run_scnn(const SuiteOptions& options);
[[nodiscard]] SuiteResult run_cnvlutin(const SuiteOptions& options);
[[nodiscard]] SuiteResult run_nvidia_stc(const SuiteOptions& options);
[[nodiscard]] SuiteResult run_spatten(const SuiteOptions& options);
[[nodiscard]] SuiteResult run_sparch(const SuiteOptions& options);

}  // namespace weft::validation
