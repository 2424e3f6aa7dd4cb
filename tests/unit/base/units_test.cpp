// Are quantities exact as text, and impossible to mix?
// SPDX-License-Identifier: Apache-2.0
#include "base/units.hpp"

#include <cmath>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "base/rng.hpp"

namespace weft {
namespace {

template <class A, class B>
concept Addable = requires(A a, B b) {
  a + b;
};
template <class A, class B>
concept Comparable = requires(A a, B b) {
  a < b;
};
template <class A, class B>
concept Multipliable = requires(A a, B b) {
  a* b;
};

static_assert(Addable<Bits, Bits> && Comparable<Bits, Bits>);
static_assert(!Addable<Bits, Cycles> && !Comparable<Bits, Cycles>);
static_assert(!Addable<Bits, std::int64_t> && !Comparable<Bits, std::int64_t>);
static_assert(!Multipliable<Bits, Bits> && !Multipliable<Picojoules, Volts>);
static_assert(Multipliable<Bits, std::int64_t> && Multipliable<double, Picojoules>);
static_assert(!std::convertible_to<std::int64_t, Bits> && !std::convertible_to<Bits, std::int64_t>);

template <class Q>
class ExactText : public testing::Test {
 public:
  // Any bit pattern that is a finite number, or a number of few digits as files have.
  static Q random(Rng& rng) {
    using Rep = typename Q::Representation;
    if constexpr (std::integral<Rep>) {
      return Q(rng.uniform(std::numeric_limits<Rep>::min(), std::numeric_limits<Rep>::max()) >>
               rng.uniform(0, 62));
    } else {
      if (rng.chance(0.5)) {
        return Q(static_cast<double>(rng.uniform(-9999, 9999)) *
                 std::stod("1e" + std::to_string(rng.uniform(-9, 15))));
      }
      double value = 0;
      do {
        const std::uint64_t bits = rng.next();
        std::memcpy(&value, &bits, sizeof value);
      } while (value - value != 0 || std::abs(value) > 1e290);
      return Q(value);
    }
  }
};

using Quantities =
    testing::Types<Bits, Cycles, Picojoules, SquareMicrons, Hertz, BitsPerCycle, Volts, Nanometres>;
TYPED_TEST_SUITE(ExactText, Quantities);

TYPED_TEST(ExactText, IsReadBackToTheSameValue) {
  Rng rng(1);
  for (int i = 0; i < 20000; ++i) {
    const TypeParam value = this->random(rng);
    const std::string text = to_string(value);
    const auto back = parse_quantity<TypeParam>(text);
    ASSERT_TRUE(back.has_value()) << text;
    ASSERT_EQ(back->count(), value.count()) << text;
  }
}

TYPED_TEST(ExactText, NeedsAUnit) {
  for (const char* text : {"", "1", "16 ", "B", "1 1 B", "0x10 B", "inf B", "nan Hz", "1e B", "010 B",
                           "1,5 V", ". pJ", "1 parsec", "1 b b"}) {
    EXPECT_FALSE(parse_quantity<TypeParam>(text).has_value()) << text;
  }
}

TEST(Units, PrintTheShortestText) {
  EXPECT_EQ(to_string(Bits(108 * 1024 * 8)), "108 KiB");
  EXPECT_EQ(to_string(Bits(7)), "7 b");
  EXPECT_EQ(to_string(Bits(16)), "2 B");
  EXPECT_EQ(to_string(Bits(64'000'000)), "8 MB");
  EXPECT_EQ(to_string(Bits(0)), "0 B");
  EXPECT_EQ(to_string(Cycles(1)), "1 cycle");
  EXPECT_EQ(to_string(Cycles(2)), "2 cycles");
  EXPECT_EQ(to_string(Picojoules(1.2)), "1.2 pJ");
  EXPECT_EQ(to_string(Picojoules(0.025)), "25 fJ");
  EXPECT_EQ(to_string(Hertz(5e8)), "500 MHz");
  EXPECT_EQ(to_string(BitsPerCycle(128)), "16 B/cycle");
  EXPECT_EQ(to_string(Volts(0.85)), "0.85 V");
}

TEST(Units, TellBinaryFromDecimalPrefixes) {
  EXPECT_EQ(parse_quantity<Bits>("1 KiB"), Bits(1024 * 8));
  EXPECT_EQ(parse_quantity<Bits>("1 kB"), Bits(1000 * 8));
  EXPECT_EQ(parse_quantity<Bits>("1 Kib"), Bits(1024));
  EXPECT_EQ(parse_quantity<Bits>("1.5KiB"), Bits(1536 * 8));
  EXPECT_EQ(parse_quantity<Bits>("1 KB"), std::nullopt);
  EXPECT_EQ(parse_quantity<BitsPerCycle>("0.5 KiB/cycle"), BitsPerCycle(4096));
}

TEST(Units, RefuseWhatIsNotAWholeNumberOfBits) {
  EXPECT_EQ(parse_quantity<Bits>("0.5 b"), std::nullopt);
  EXPECT_EQ(parse_quantity<Bits>("0.5 B"), Bits(4));
  EXPECT_EQ(parse_quantity<Bits>("0.1 B"), std::nullopt);
  EXPECT_EQ(parse_quantity<Bits>("8e18 b"), Bits(8'000'000'000'000'000'000));
  EXPECT_EQ(parse_quantity<Bits>("1e19 b"), std::nullopt);
  EXPECT_EQ(parse_quantity<Bits>("2e18 GiB"), std::nullopt);
  EXPECT_EQ(parse_quantity<Picojoules>("1e999 pJ"), std::nullopt);
}

TEST(Units, ReadDecimalsCorrectlyRounded) {
  // 0.3 mJ is 3e8 pJ to the last bit; 0.3 * 1e9 in floating point is 299999999.99999994.
  EXPECT_EQ(parse_quantity<Picojoules>("0.3 mJ")->count(), 3e8);
  EXPECT_EQ(parse_quantity<Hertz>("1.1 GHz")->count(), 1.1e9);
}

TEST(Units, AreReadableForPeople) {
  EXPECT_EQ(human(Picojoules(3.1e9)), "3.100 mJ");
  EXPECT_EQ(human(Picojoules(999.99)), "1.000 nJ");  // rounds up into the next unit
  EXPECT_EQ(human(Cycles(950)), "950 cycles");
  EXPECT_EQ(human(Cycles(1'234'567)), "1.235 Mcycles");
  EXPECT_EQ(human(SquareMicrons(2.5e6)), "2.500 mm2");
  EXPECT_EQ(human_count(4.09e9, "MAC"), "4.090 GMAC");
  EXPECT_EQ(human_count(0, "MAC"), "0 MAC");
}

}  // namespace
}  // namespace weft
