// Model files of MAESTRO (Kwon et al., "Understanding reuse, performance, and hardware cost of DNN
// dataflows", MICRO 2019; its documentation, "DNN model description"):
//
//   Network mobile {
//     Layer conv1 {
//       Type: CONV
//       Stride { X: 2, Y: 2 }
//       Dimensions { K: 32, C: 3, R: 3, S: 3, Y: 226, X: 226 }
//       Dataflow { ... }          // not a property of the network: noted
//     }
//   }
//
// Y and X are sizes of the input, padding included. SPDX-License-Identifier: Apache-2.0
#include <cctype>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/parse_number.hpp"
#include "base/text_file.hpp"
#include "workload/import.hpp"

namespace weft {
namespace {

constexpr std::int64_t kLargestSize = std::int64_t{1} << 40U;

struct Token {
  std::string text{};  // a word, or one of { } ( ) : ,
  int line = 0;
};

bool is_mark(char c) {
  return std::string_view("{}():,;").find(c) != std::string_view::npos;
}

// Words and marks; "//" begins a comment.
std::vector<Token> tokens_of(const std::string& text) {
  std::vector<Token> tokens;
  int number = 0;
  for (const std::string& whole : lines_of(text)) {
    ++number;
    const std::string line = whole.substr(0, whole.find("//"));
    std::string word;
    const auto end_word = [&] {
      if (!word.empty()) {
        tokens.push_back({word, number});
        word.clear();
      }
    };
    for (const char c : line) {
      if (std::isspace(static_cast<unsigned char>(c)) != 0) {
        end_word();
      } else if (is_mark(c)) {
        end_word();
        tokens.push_back({std::string(1, c), number});
      } else {
        word += c;
      }
    }
    end_word();
  }
  return tokens;
}

class Reader {
 public:
  Reader(std::string file, std::vector<Token> tokens, ImportNotes& notes)
      : file_(std::move(file)), tokens_(std::move(tokens)), notes_(notes) {}

  Network read() {
    while (at_ < tokens_.size()) {
      if (peek() == "Network") {
        ++at_;
        network_.name = next("the network's name");
        expect("{");
        while (peek() != "}") {
          read_layer();
        }
        expect("}");
      } else {
        skip_statement("at the top of the file");
      }
    }
    if (network_.layers.empty()) {
      throw ConfigError({file_}, "empty-table", "the file has no layers");
    }
    return std::move(network_);
  }

 private:
  using Sizes = std::map<std::string, std::int64_t>;

  [[noreturn]] void fail(const std::string& message) const {
    const int line = at_ < tokens_.size() ? tokens_[at_].line : tokens_.empty() ? 1 : tokens_.back().line;
    throw ConfigError({file_, line, 1}, "maestro-syntax", message);
  }
  [[nodiscard]] std::string peek() const { return at_ < tokens_.size() ? tokens_[at_].text : ""; }
  std::string next(const std::string& what) {
    if (at_ >= tokens_.size()) {
      fail("the file ends where " + what + " is expected");
    }
    return tokens_[at_++].text;
  }
  void expect(const std::string& mark) {
    if (peek() != mark) {
      fail(fmt::format("'{}' is expected here, not '{}'", mark, peek()));
    }
    ++at_;
  }

  // A word with all that belongs to it: "Constant A 3;", "Dataflow { ... }".
  void skip_statement(const std::string& where) {
    const int line = at_ < tokens_.size() ? tokens_[at_].line : 0;
    const std::string word = next("a statement");
    if (peek() == "{") {
      skip_block();
    } else {
      while (at_ < tokens_.size() && tokens_[at_].line == line) {
        ++at_;
      }
    }
    notes_.push_back(fmt::format("{}:{}: '{}' {} is not used", file_, line, word, where));
  }

  void skip_block() {
    int depth = 0;
    do {
      const std::string token = next("'}'");
      depth += token == "{" ? 1 : token == "}" ? -1 : 0;
    } while (depth > 0);
  }

  Sizes read_sizes() {
    Sizes sizes;
    expect("{");
    while (peek() != "}") {
      const std::string name = next("a dimension");
      expect(":");
      const std::string text = next("a size");
      const auto value = parse_number<std::int64_t>(text);
      if (!value || *value < 1 || *value > kLargestSize) {
        --at_;
        fail(fmt::format("'{}' is no whole number of at least 1", text));
      }
      sizes[name] = *value;
      at_ += peek() == "," || peek() == ";" ? 1 : 0;
    }
    expect("}");
    return sizes;
  }

  void read_layer() {
    if (peek() != "Layer") {
      skip_statement("in the network");
      return;
    }
    ++at_;
    const int line = at_ < tokens_.size() ? tokens_[at_].line : 0;
    const std::string name = next("the layer's name");
    std::string type = "CONV";
    Sizes stride, sizes;
    expect("{");
    while (peek() != "}") {
      const std::string key = peek();
      if (key == "Type") {
        ++at_;
        expect(":");
        type = next("a type");
      } else if (key == "Stride" || key == "Dimensions") {
        ++at_;
        (key == "Stride" ? stride : sizes) = read_sizes();
      } else {
        skip_statement(fmt::format("of layer '{}'", name));
      }
    }
    expect("}");
    add_layer(name, type, stride, sizes, line);
  }

  // "Y" or the output's size "Y'", which is turned into an input that gives it.
  static std::int64_t input(const Sizes& sizes, const std::string& dim, std::int64_t kernel,
                            std::int64_t stride) {
    const auto given = sizes.find(dim);
    const auto output = sizes.find(dim + "'");
    if (given != sizes.end()) {
      return given->second;
    }
    return output == sizes.end() ? 1 : (output->second - 1) * stride + kernel;
  }

  void add_layer(const std::string& name, const std::string& type, const Sizes& stride, const Sizes& sizes,
                 int line) {
    const auto size = [](const Sizes& of, const char* dim) {
      const auto found = of.find(dim);
      return found == of.end() ? std::int64_t{1} : found->second;
    };
    const bool depthwise = type == "DSCONV";
    if (!depthwise && type != "CONV" && type != "PWCONV" && type != "FC" && type != "GEMM") {
      network_.unknown.push_back({.op_type = type, .node = name});
      return;
    }
    try {
      Layer layer{.name = name};
      if (type == "GEMM") {
        layer.problem =
            make_gemm({.name = name, .m = size(sizes, "M"), .n = size(sizes, "N"), .k = size(sizes, "K")});
      } else {
        ConvShape shape{.name = name,
                        .batch = size(sizes, "N"),
                        .in_channels = size(sizes, "C"),
                        .kernel_h = size(sizes, "R"),
                        .kernel_w = size(sizes, "S"),
                        .stride_h = size(stride, "Y"),
                        .stride_w = size(stride, "X")};
        shape.in_h = input(sizes, "Y", shape.kernel_h, shape.stride_h);
        shape.in_w = input(sizes, "X", shape.kernel_w, shape.stride_w);
        shape.out_channels = depthwise ? shape.in_channels : size(sizes, "K");
        shape.groups = depthwise ? shape.in_channels : size(sizes, "G");
        layer.problem = make_conv(shape);
      }
      layer.parameters = words(layer.problem->tensor(Role::kWeights));
      if (!network_.layers.empty()) {
        layer.inputs = {static_cast<int>(network_.layers.size()) - 1};
      }
      network_.layers.push_back(std::move(layer));
    } catch (const std::invalid_argument& error) {
      throw ConfigError({file_, line, 1}, "bad-shape", fmt::format("layer '{}': {}", name, error.what()));
    }
  }

  std::string file_;
  std::vector<Token> tokens_;
  ImportNotes& notes_;
  Network network_;
  std::size_t at_ = 0;
};

}  // namespace

Network load_network_maestro(const std::filesystem::path& file, ImportNotes& notes) {
  return Reader(file.string(), tokens_of(read_text_file(file)), notes).read();
}

}  // namespace weft
