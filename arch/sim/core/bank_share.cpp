// See bank_share.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "arch/sim/core/bank_share.hpp"

#include <algorithm>
#include <cmath>

namespace weft::sim {

namespace {

// Sums of shares are rounded: less than this is nothing, and as little short of everything is everything.
constexpr double kNothing = 1e-9;
constexpr Ticks kNever = ~Ticks{0};

const Leg* leg_at(const Course& course, Ticks at) {
  const auto leg =
      std::find_if(course.legs.begin(), course.legs.end(), [&](const Leg& l) { return l.until > at; });
  return leg == course.legs.end() || course.start > at ? nullptr : &*leg;
}

}  // namespace

double Course::progress(Ticks at) const {
  double done = 0;
  Ticks from = start;
  for (const Leg& leg : legs) {
    const Ticks to = std::min(at, leg.until);
    if (to <= from) {
      break;
    }
    done += static_cast<double>(to - from) * leg.rate;
    from = to;
  }
  return done;
}

bool Course::slowed() const {
  return std::any_of(legs.begin(), legs.end(), [](const Leg& leg) { return leg.rate < 1; });
}

Course course_beside(const std::vector<const Course*>& others, const BankLoad& load, Ticks start,
                     Ticks ticks) {
  Course course{&load, start, {}};
  double left = static_cast<double>(ticks);
  std::vector<double> taken(load.use.size());
  for (Ticks now = start; left > 0;) {
    std::fill(taken.begin(), taken.end(), 0.0);
    Ticks change = kNever;
    for (const Course* other : others) {
      if (const Leg* leg = leg_at(*other, now)) {
        change = std::min(change, leg->until);
        for (std::size_t b = 0; b < taken.size(); ++b) {
          taken[b] += leg->rate * other->load->use[b];
        }
      }
    }
    double rate = 1;
    for (std::size_t b = 0; b < taken.size(); ++b) {
      if (load.use[b] > 0) {
        rate = std::min(rate, (1 - taken[b]) / load.use[b]);
      }
    }
    rate = rate < kNothing ? 0 : rate > 1 - kNothing ? 1 : rate;
    const double needed = rate > 0 ? std::ceil(left / rate) : static_cast<double>(kNever);
    const Ticks until = change == kNever || needed <= static_cast<double>(change - now)
                            ? now + static_cast<Ticks>(needed)
                            : change;
    left -= until == change ? static_cast<double>(until - now) * rate : left;
    course.legs.push_back({until, rate});
    now = until;
  }
  return course;
}

bool collide(const BankLoad& a, const BankLoad& b) {
  for (std::size_t k = 0; k < a.use.size(); ++k) {
    if (a.use[k] > 0 && b.use[k] > 0 && a.use[k] + b.use[k] > 1 + kNothing) {
      return true;
    }
  }
  return false;
}

}  // namespace weft::sim
