// Topologies of SCALE-Sim (Samajdar et al., "A systematic methodology for characterizing scalability of DNN
// accelerators using SCALE-Sim", ISPASS 2020; its documentation, "topology files"): one line per layer, cells
// told apart by their place, as that tool does; a first line of headings. Commas or tabs part them. A heading
// "Batch Size" says that its cells are no strides.
//
//   Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,
//   Layer, M, N, K,
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/parse_number.hpp"
#include "base/text_file.hpp"
#include "workload/import.hpp"

namespace weft {
namespace {

constexpr std::size_t kGemmCells = 4, kConvCells = 8;  // without cells that only some versions have
constexpr std::int64_t kLargestSize = std::int64_t{1} << 40U;

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  const char mark = line.find(',') == std::string::npos ? '\t' : ',';
  std::size_t from = 0;
  while (from <= line.size()) {
    const std::size_t comma = std::min(line.find(mark, from), line.size());
    cells.push_back(trimmed(line.substr(from, comma - from)));
    from = comma + 1;
  }
  while (!cells.empty() && cells.back().empty()) {
    cells.pop_back();
  }
  return cells;
}

bool is_number(const std::string& cell) {
  return parse_number<std::int64_t>(cell).has_value();
}

class Topology {
 public:
  Topology(std::string file, ImportNotes& notes) : file_(std::move(file)), notes_(notes) {}

  Network read(const std::string& text) {
    const std::vector<std::string> lines = lines_of(text);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      line_ = static_cast<int>(i) + 1;
      cells_ = cells_of(lines[i]);
      if (cells_.empty() || cells_.front().rfind('#', 0) == 0) {
        continue;
      }
      if (is_heading(i)) {
        // The first cell is the layer's name, whatever its heading says.
        batch_cell_ = static_cast<std::size_t>(std::find_if(cells_.begin() + 1, cells_.end(), is_batch) -
                                               cells_.begin());
        headings_ = cells_.size();
      } else {
        add_layer();
      }
    }
    if (!problems_.empty()) {
      throw ConfigError(problems_);
    }
    if (network_.layers.empty()) {
      throw ConfigError({file_}, "empty-table", "the topology has no layers");
    }
    return std::move(network_);
  }

 private:
  // The first line, and any whose sizes are words.
  [[nodiscard]] bool is_heading(std::size_t index) const {
    return cells_.size() > 1 && !is_number(cells_[1]) && (index == 0 || cells_[1] == "IFMAP Height");
  }

  static bool is_batch(const std::string& heading) {
    return heading.rfind("Batch", 0) == 0 || heading.rfind("batch", 0) == 0;
  }

  // Takes the cell of the batch out of the line; 1 where there is none.
  std::int64_t take_batch() {
    if (batch_cell_ >= std::min(headings_, cells_.size())) {
      return 1;
    }
    const std::int64_t batch = size(batch_cell_);
    cells_.erase(cells_.begin() + static_cast<std::ptrdiff_t>(batch_cell_));
    return batch;
  }

  void report(const std::string& code, const std::string& message) {
    problems_.push_back({.where = {file_, line_, 1}, .code = code, .message = message, .hint = ""});
  }

  std::int64_t size(std::size_t cell) {
    const auto value = parse_number<std::int64_t>(cells_[cell]);
    if (!value || *value < 1 || *value > kLargestSize) {
      report("bad-table",
             fmt::format("cell {} is no whole number of at least 1: '{}'", cell + 1, cells_[cell]));
      return 1;
    }
    return *value;
  }

  void add_layer() {
    const std::size_t before = problems_.size();
    batch_ = take_batch();
    try {
      Layer layer{.name = cells_[0].empty() ? fmt::format("layer{}", network_.layers.size()) : cells_[0]};
      if (cells_.size() == kGemmCells || cells_.size() == kGemmCells + 1) {
        layer.problem = gemm();
      } else if (cells_.size() >= kConvCells && cells_.size() <= kConvCells + 2) {
        layer.problem = conv();
      } else {
        report("bad-table",
               fmt::format("{} cells; a convolution has 8 (name, ifmap height and width, filter height "
                           "and width, channels, filters, stride), a product 4 (name, M, N, K)",
                           cells_.size()));
        return;
      }
      layer.parameters = words(layer.problem->tensor(Role::kWeights));
      if (!network_.layers.empty()) {
        layer.inputs = {static_cast<int>(network_.layers.size()) - 1};
      }
      network_.layers.push_back(std::move(layer));
    } catch (const std::invalid_argument& error) {
      if (problems_.size() == before) {
        report("bad-shape", error.what());
      }
    }
  }

  Problem gemm() {
    Problem problem =
        make_gemm({.name = cells_[0], .batch = batch_, .m = size(1), .n = size(2), .k = size(3)});
    sparsity(problem, kGemmCells);
    return problem;
  }

  // Input sizes include padding. A last window that does not fit wholly is computed, as that tool does:
  // ceil((height - filter) / stride) + 1 positions.
  Problem conv() {
    ConvShape shape{.name = cells_[0],
                    .batch = batch_,
                    .in_channels = size(5),
                    .out_channels = size(6),
                    .in_h = size(1),
                    .in_w = size(2),
                    .kernel_h = size(3),
                    .kernel_w = size(4),
                    .stride_h = size(7)};
    const bool two_strides = cells_.size() > kConvCells && is_number(cells_[kConvCells]);
    shape.stride_w = two_strides ? size(kConvCells) : shape.stride_h;
    shape.pad_bottom = rest(shape.in_h, shape.kernel_h, shape.stride_h);
    shape.pad_right = rest(shape.in_w, shape.kernel_w, shape.stride_w);
    if (shape.pad_bottom > 0 || shape.pad_right > 0) {
      notes_.push_back(
          fmt::format("{}:{}: the last windows of '{}' reach over the input's edge: zeros there, as padding",
                      file_, line_, cells_[0]));
    }
    Problem problem = make_conv(shape);
    sparsity(problem, kConvCells + (two_strides ? 1 : 0));
    return problem;
  }

  static std::int64_t rest(std::int64_t in, std::int64_t kernel, std::int64_t stride) {
    const std::int64_t over = in >= kernel ? (in - kernel) % stride : 0;
    return over == 0 ? 0 : stride - over;
  }

  // "2:4": so many non-zero weights of so many.
  void sparsity(Problem& problem, std::size_t cell) {
    if (cells_.size() <= cell) {
      return;
    }
    const std::string_view text = cells_[cell];
    const std::size_t colon = std::min(text.find(':'), text.size());
    const auto some = parse_number<std::int64_t>(text.substr(0, colon));
    const auto all = parse_number<std::int64_t>(text.substr(std::min(colon + 1, text.size())));
    if (!some || !all || *some < 1 || *all < *some) {
      report("bad-table", fmt::format("cell {} is no sparsity as 2:4: '{}'", cell + 1, text));
      return;
    }
    problem.tensor(Role::kWeights).density = static_cast<double>(*some) / static_cast<double>(*all);
    if (*some < *all) {
      notes_.push_back(fmt::format(
          "{}:{}: sparsity {} of '{}' is taken as a density of weights; where the zeros stand is not", file_,
          line_, text, cells_[0]));
    }
  }

  std::string file_;
  ImportNotes& notes_;
  Network network_;
  std::vector<Diagnostic> problems_;
  std::vector<std::string> cells_;
  std::size_t headings_ = 0, batch_cell_ = 0;  // of the line of headings
  std::int64_t batch_ = 1;                     // of the line
  int line_ = 0;
};

}  // namespace

Network load_network_scalesim(const std::filesystem::path& file, ImportNotes& notes) {
  Network network = Topology(file.string(), notes).read(read_text_file(file));
  network.name = file.stem().string();
  return network;
}

}  // namespace weft
