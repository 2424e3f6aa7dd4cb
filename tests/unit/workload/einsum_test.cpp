// Does Einstein notation become the problem it describes?
// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workload/problem.hpp"

namespace weft {
namespace {

TEST(Einsum, ReadsLettersAndWords) {
  const std::vector<Dim> sizes = {{"b", 2}, {"q", 3}, {"d", 4}, {"k", 5}};
  const Problem p = make_einsum({.name = "scores", .equation = "bqd,bkd->bqk", .sizes = sizes});
  EXPECT_EQ(macs(p), 2 * 3 * 4 * 5);
  EXPECT_EQ(words(p.tensor(Role::kInputs)), 2 * 3 * 4);
  EXPECT_EQ(words(p.tensor(Role::kWeights)), 2 * 5 * 4);
  EXPECT_EQ(class_of(p, p.dim("b")), DimClass::kGroups);
  EXPECT_EQ(class_of(p, p.dim("d")), DimClass::kReduction);
  const Problem words_too = make_einsum({.equation = "row inner, inner column -> row column",
                                         .sizes = {{"row", 2}, {"inner", 3}, {"column", 4}}});
  EXPECT_EQ(words_too.size(words_too.dim("inner")), 3);
}

TEST(Einsum, AFullReductionHasOneResult) {
  const Problem p = make_einsum({.equation = "i,i->", .sizes = {{"i", 7}}});
  EXPECT_EQ(macs(p), 7);
  EXPECT_EQ(words(p.tensor(Role::kOutputs)), 1);
}

TEST(Einsum, RefusesWhatItCannotMean) {
  const auto refused = [](const std::string& equation) {
    EXPECT_THROW(static_cast<void>(make_einsum({.equation = equation, .sizes = {{"i", 2}, {"j", 2}}})),
                 std::invalid_argument)
        << equation;
  };
  for (const char* equation : {"", "ij", "ij->ij", "ij,ij", "ij,j,i->i", "ii,j->ij", "i,j->ijk", "ik,j->ij",
                               "i,i->i", "i!,j->ij", "...i,j->ij"}) {
    refused(equation);
  }
}

}  // namespace
}  // namespace weft
