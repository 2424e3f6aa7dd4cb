// Do our counts, cycles and energies equal what timeloop-model printed, number for number?
// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "dataflow/legality.hpp"
#include "validation/published_case.hpp"

namespace weft::validation {
namespace {

const std::filesystem::path kCases = WEFT_SOURCE_DIR "/configs/validation/timeloop";

class TimeloopCase : public testing::TestWithParam<std::string> {
 protected:
  const PublishedCase published_ = load_published_case(kCases / GetParam());
};

TEST_P(TimeloopCase, MappingIsLegal) {
  const auto obstacle = check(published_.mapping, published_.problem, published_.accelerator);
  EXPECT_FALSE(obstacle) << explain(*obstacle, published_.problem, published_.accelerator);
}

TEST_P(TimeloopCase, EveryCountAndTheCyclesAreEqual) {
  const auto comparisons = compare_counts(published_, EvaluateOptions::timeloop());
  EXPECT_EQ(disagreements(comparisons, {}), "");
}

TEST_P(TimeloopCase, UtilizationAgreesToTheDigitsPrinted) {
  const Evaluation ours =
      evaluate(published_.mapping, published_.problem, published_.accelerator, EvaluateOptions::timeloop());
  EXPECT_NEAR(ours.utilization, published_.utilization, 5e-5);
}

TEST_P(TimeloopCase, EnergiesAgreeToTheDigitsPrinted) {
  const EnergyComparison comparison = compare_energy(published_, EvaluateOptions::timeloop());
  EXPECT_EQ(disagreements(comparison.parts, {1e-9, published_.printed_to}), "");
  EXPECT_EQ(disagreements({comparison.total}, {1e-9, published_.total_printed_to}), "");
  std::cout << fmt::format("{}: {} energies, total {:.6g} uJ (printed {:.6g} uJ)\n", published_.name,
                           comparison.parts.size(), comparison.total.ours * 1e-6,
                           comparison.total.reference * 1e-6);
}

std::vector<std::string> names() {
  std::vector<std::string> result;
  for (const std::filesystem::path& folder : published_cases(kCases)) {
    result.push_back(folder.filename().string());
  }
  return result;
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name) {
    c = c == '-' ? '_' : c;
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Published, TimeloopCase, testing::ValuesIn(names()), test_name);

// The one place where an example design is described for the tool rather than for the machine: rows s = 2 of
// column q and s = 0 of column q + 1 want the same input column (stride 2). Timeloop compares whole columns
// and sends it twice; a network that multicasts along diagonals, as Eyeriss' does, sends 29 distinct columns
// instead of 42.
TEST(TimeloopCases, DiagonalMulticastWouldSaveInputReadsOfTheEyerissLikeDesign) {
  PublishedCase published = load_published_case(kCases / "ex-eyeriss-like");
  constexpr std::size_t kColumns = 2;
  const auto inputs = static_cast<std::size_t>(index_of(Role::kInputs));
  const auto buffer_reads = [&] {
    return evaluate(published.mapping, published.problem, published.accelerator, EvaluateOptions::timeloop())
        .counts.levels[1]
        .tensors[inputs]
        .reads;
  };
  constexpr std::int64_t kFillsOfOnePe = 10752;
  EXPECT_EQ(buffer_reads(), kFillsOfOnePe * 3 * 42);
  published.accelerator.levels[kColumns].fanout.network[inputs] = NetworkKind::kMulticast;
  EXPECT_EQ(buffer_reads(), kFillsOfOnePe * 3 * 29);
}

TEST(TimeloopCases, AllTenAreThere) {
  EXPECT_EQ(names().size(), 10U);
}

}  // namespace
}  // namespace weft::validation
