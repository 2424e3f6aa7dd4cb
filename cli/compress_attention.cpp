// See compress_attention.hpp.
// SPDX-License-Identifier: Apache-2.0
#include "cli/compress_attention.hpp"

#include <iterator>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/parse_number.hpp"

namespace weft::cli {
namespace {

constexpr const char* kShareHint = "0.3, or 0.3:0.15 to leave the first 15 % of the attentions whole";
constexpr const char* kPartsHint = "8+4:0.1, bits first, the rest, and the share of heads that needs it";

[[noreturn]] void refuse(const char* option, const std::string& text, const char* hint) {
  throw ConfigError({}, "bad-density", fmt::format("{}: '{}' does not say what stays", option, text), hint);
}

// SHARE or SHARE:FROM.
std::pair<double, double> share(const char* option, const std::string& text) {
  if (text.empty()) {
    return {1, 0};
  }
  const std::size_t colon = text.find(':');
  const std::string_view whole(text);
  const auto stays = parse_number<double>(whole.substr(0, colon));
  const auto from =
      colon == std::string::npos ? std::optional(0.0) : parse_number<double>(whole.substr(colon + 1));
  if (!stays || !from || !(*stays > 0 && *stays <= 1 && *from >= 0 && *from <= 1)) {
    refuse(option, text, kShareHint);
  }
  return {*stays, *from};
}

// FIRST+REST:SHARE.
KeyParts key_parts(const std::string& text) {
  const std::string_view whole(text);
  const std::size_t plus = whole.find('+'), colon = whole.find(':');
  if (plus == std::string::npos || colon == std::string::npos || colon < plus) {
    refuse("--key-parts", text, kPartsHint);
  }
  const auto first = parse_number<int>(whole.substr(0, plus));
  const auto rest = parse_number<int>(whole.substr(plus + 1, colon - plus - 1));
  const auto again = parse_number<double>(whole.substr(colon + 1));
  if (!first || !rest || !again || *first < 1 || *rest < 1 || *first > 63 || *rest > 64 - *first ||
      !(*again >= 0 && *again <= 1)) {
    refuse("--key-parts", text, kPartsHint);
  }
  return {*first, *rest, *again};
}

}  // namespace

bool asks_for_attention(const CompressArguments& arguments) {
  return !arguments.tokens.empty() || !arguments.heads.empty() || !arguments.values.empty() ||
         !arguments.key_parts.empty();
}

std::vector<Compressed> compress_attention(TrainedNetwork& trained, const CompressArguments& arguments) {
  const auto [tokens, tokens_from] = share("--tokens", arguments.tokens);
  const auto [heads, heads_from] = share("--heads", arguments.heads);
  const auto [values, values_from] = share("--values", arguments.values);
  if (values_from != 0) {
    refuse("--values", arguments.values, "0.3: every attention takes that share of its own values");
  }
  const std::vector<AttentionShares> shares = cascade(trained.network, {.tokens = tokens,
                                                                        .heads = heads,
                                                                        .values = values,
                                                                        .tokens_from = tokens_from,
                                                                        .heads_from = heads_from});
  if (shares.empty()) {
    throw ConfigError({}, "no-attention", "network '" + trained.network.name + "' has no attention",
                      "an attention is a product of two activations with a softmax, and one that reads it");
  }
  std::vector<Compressed> done;
  if (tokens < 1 || heads < 1 || values < 1) {
    done = prune_attention(trained, shares);
  }
  if (!arguments.key_parts.empty()) {
    std::vector<Compressed> parts = fetch_in_parts(trained, key_parts(arguments.key_parts));
    std::move(parts.begin(), parts.end(), std::back_inserter(done));
  }
  return done;
}

}  // namespace weft::cli
