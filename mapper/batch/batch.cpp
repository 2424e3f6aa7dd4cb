// SPDX-License-Identifier: Apache-2.0
#include "mapper/batch/batch.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <optional>
#include <utility>

#include "base/checked.hpp"
#include "base/error.hpp"
#include "mapper/batch/cost.hpp"
#include "mapper/batch/splits.hpp"
#include "mapper/batch/stage_run.hpp"

namespace weft::batch {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kMostEntries = 64e6;  // numbers in the tables while they are made: half a GiB

std::vector<Boundary> boundaries_of(const Structure& structure, const Accelerator& accelerator) {
  Mapping mapping;
  for (const PerRole<bool>& keep : structure.keep) {
    mapping.levels.push_back({{}, {}, keep});
  }
  return boundaries(mapping, accelerator);
}

std::size_t most_options(const std::vector<Part>& parts) {
  const auto fewer = [](const Part& a, const Part& b) { return a.options.size() < b.options.size(); };
  return static_cast<std::size_t>(std::max_element(parts.begin(), parts.end(), fewer) - parts.begin());
}

}  // namespace

class Batch::Implementation {
 public:
  Implementation(const MapRequest& request, std::vector<Part> parts, Structure structure)
      : request_(request),
        costs_(make_cost_model(*request.accelerator, *request.table, *request.problem)),
        structure_(std::move(structure)),
        boundaries_(boundaries_of(structure_, *request.accelerator)),
        subject_{request_, costs_, structure_, boundaries_},
        parts_(std::move(parts)) {
    WEFT_ENSURE(malformed(subject_, parts_).empty(), malformed(subject_, parts_).c_str());
    may_be_legal_ = may_be_legal(subject_);
    because_ = obstacle();
    if (because_.empty() && may_be_legal_) {
      compiled_ = compile(subject_, parts_, most_options(parts_));
      because_ = compiled_ ? "" : "counts could pass 2^51";
    }
  }

  [[nodiscard]] const std::vector<Part>& parts() const { return parts_; }
  [[nodiscard]] std::size_t swept() const { return parts_.empty() ? 0 : most_options(parts_); }
  [[nodiscard]] const std::string& because() const { return because_; }
  [[nodiscard]] Mapping mapping(std::span<const std::size_t> options) const {
    return mapping_of(structure_, parts_, {options.begin(), options.end()});
  }

  [[nodiscard]] Prices price(Options options, Target target) const;

 private:
  class Run;

  [[nodiscard]] std::string obstacle() const {
    if (parts_.empty()) {
      return "nothing to split";
    }
    if (request_.model.counts.slides != Slides::kAny) {
      return "whether a window slides depends on all splits together";
    }
    if (states_sieves(*request_.accelerator)) {
      return "what a memory leaves out depends on all splits together";
    }
    const auto& tensors = request_.problem->tensors;
    if (std::any_of(tensors.begin(), tensors.end(), [](const TensorShape& t) { return t.ranks.empty(); })) {
      return "a tensor of one word";
    }
    if (!counts_blocks()) {
      return "counts could pass 2^51";
    }
    std::size_t options = 0;
    std::size_t dims = 0;
    for (const Part& part : parts_) {
      options += part.options.size();
      dims += part.dims.size();
    }
    const std::size_t columns = 12 * boundaries_.size() * dims * structure_.orders.size();
    const bool large = static_cast<double>(options) * static_cast<double>(columns) > kMostEntries;
    return large ? "too many options to tabulate" : "";
  }

  // Words of one access over all instances of a level are counted exactly.
  [[nodiscard]] bool counts_blocks() const {
    for (int level = 0; level < request_.accelerator->depth(); ++level) {
      for (const MemoryCosts& memory : costs_.memories[static_cast<std::size_t>(level)]) {
        const auto instances = static_cast<double>(request_.accelerator->instances(level));
        for (const std::int64_t block : memory.block_words) {
          if (!(static_cast<double>(block) * instances < kExactBelow)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  void price_plainly(Options options, std::size_t index, Prices& prices) const {
    std::vector<std::size_t> chosen;
    for (const auto& part : options) {
      chosen.push_back(part[index]);
    }
    const Mapping candidate = mapping(chosen);
    const Accelerator& accelerator = *request_.accelerator;
    prices.energy_pj[index] = kInfinity;
    prices.cycles[index] = Prices::kNoCycles;
    prices.legal[index] = check(candidate, *request_.problem, accelerator) ? 0 : 1;
    if (prices.legal[index] == 0) {
      return;
    }
    try {
      const Evaluation evaluation = evaluate(candidate, *request_.problem, accelerator, request_.model);
      prices.cycles[index] = evaluation.timing.cycles;
      prices.energy_pj[index] =
          energy(evaluation.counts, accelerator, costs_, evaluation.timing.cycles).total;
    } catch (const OverflowError&) {
      prices.cycles[index] = Prices::kNoCycles;
    }
  }

  MapRequest request_;
  CostModel costs_;
  Structure structure_;
  std::vector<Boundary> boundaries_;
  Subject subject_;
  std::vector<Part> parts_;
  bool may_be_legal_ = true;
  std::string because_;
  std::optional<Compiled> compiled_;
};

// One call of price().
class Batch::Implementation::Run {
 public:
  Run(const Implementation& owner, Options options, Target target, Prices& prices)
      : owner_(owner),
        options_(options),
        prices_(prices),
        legal_(owner.compiled_->legal, kernels_for(target), options),
        cost_(owner.compiled_->cost, kernels_for(target), options) {}

  void all() {
    for (std::size_t begin = 0; begin < prices_.legal.size(); begin += kLanes) {
      block(begin, std::min(kLanes, prices_.legal.size() - begin));
    }
    price_waiting();
  }

 private:
  // A block in long stretches is priced at once, unless nearly nothing in it is legal; of others, the legal
  // mappings wait until they fill a block.
  void block(std::size_t begin, std::size_t lanes) {
    constexpr std::size_t kLong = 8;
    std::array<std::size_t, kLanes> all{};
    std::iota(all.begin(), all.end(), begin);
    const std::span<const std::size_t> mappings(all.data(), lanes);
    legal_.run(mappings);
    std::size_t legal = 0;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      prices_.legal[begin + lane] = legal_.output(0)[lane] > 0 ? 1 : 0;
      legal += prices_.legal[begin + lane];
    }
    if (legal * kLong >= lanes && legal_.stretches() * kLong <= lanes) {
      price(mappings);
      return;
    }
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      if (prices_.legal[begin + lane] != 0) {
        waiting_[waits_++] = begin + lane;
        if (waits_ == kLanes) {
          price_waiting();
        }
      }
    }
  }

  void price_waiting() {
    price({waiting_.data(), waits_});
    waits_ = 0;
  }

  void price(std::span<const std::size_t> mappings) {
    cost_.run(mappings);
    const double* energy = cost_.output(0);
    const double* cycles = cost_.output(1);
    for (std::size_t lane = 0; lane < mappings.size(); ++lane) {
      const std::size_t index = mappings[lane];
      if (prices_.legal[index] == 0) {
        continue;
      }
      if (cycles[lane] < kExactBelow) {
        prices_.energy_pj[index] = energy[lane];
        prices_.cycles[index] = static_cast<std::int64_t>(cycles[lane]);
      } else {
        owner_.price_plainly(options_, index, prices_);
      }
    }
  }

  const Implementation& owner_;
  Options options_;
  Prices& prices_;
  StageRun legal_, cost_;
  std::array<std::size_t, kLanes> waiting_{};  // legal mappings yet to be priced
  std::size_t waits_ = 0;
};

Prices Batch::Implementation::price(Options options, Target target) const {
  WEFT_ENSURE(options.size() == parts_.size(), "a batch needs the options of every part");
  const std::size_t count = options.empty() ? 0 : options.front().size();
  for (std::size_t part = 0; part < options.size(); ++part) {
    WEFT_ENSURE(options[part].size() == count, "a batch needs as many options of each part");
    for (const std::uint32_t option : options[part]) {
      WEFT_ENSURE(option < parts_[part].options.size(), "no such option");
    }
  }
  Prices prices;
  prices.energy_pj.assign(count, kInfinity);
  prices.cycles.assign(count, Prices::kNoCycles);
  prices.legal.assign(count, 0);
  if (compiled_) {
    Run(*this, options, target, prices).all();
  } else if (may_be_legal_) {
    for (std::size_t index = 0; index < count; ++index) {
      price_plainly(options, index, prices);
    }
  }
  return prices;
}

Batch::Batch(const MapRequest& request, std::vector<Part> parts, Structure structure)
    : own_(std::make_unique<const Implementation>(request, std::move(parts), std::move(structure))) {}
Batch::~Batch() = default;
Batch::Batch(Batch&&) noexcept = default;
Batch& Batch::operator=(Batch&&) noexcept = default;

const std::vector<Part>& Batch::parts() const {
  return own_->parts();
}
std::size_t Batch::swept() const {
  return own_->swept();
}
const std::string& Batch::plain_because() const {
  return own_->because();
}
Mapping Batch::mapping(std::span<const std::size_t> options) const {
  return own_->mapping(options);
}
Prices Batch::price(std::span<const std::span<const std::uint32_t>> options) const {
  return own_->price(options, targets().back());
}
Prices Batch::price(std::span<const std::span<const std::uint32_t>> options, Target target) const {
  return own_->price(options, target);
}

}  // namespace weft::batch
