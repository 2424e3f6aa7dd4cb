// From bytes to a tree of nodes: refuses what is dangerous or ambiguous in YAML while yaml-cpp's events
// come in, before anything can be expanded.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <sstream>
#include <unordered_set>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "base/yaml_node.hpp"

namespace weft::yaml {
namespace {

constexpr std::size_t kMaxDepth = 64;

int characters(std::string_view text) {
  return static_cast<int>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// yaml-cpp counts columns in bytes. In lines too long to be shown they stay bytes.
Position position_of(const DocumentState& state, const YAML::Mark& mark) {
  Position at{mark.line + 1, mark.column + 1, 1};
  if (state.quotable(at.line)) {
    at.column = characters(state.line(at.line).substr(0, static_cast<std::size_t>(mark.column))) + 1;
  }
  return at;
}

// Length of the quoted scalar at the start of `text`, quotes included; npos when it is never closed.
std::size_t quoted_length(std::string_view text) {
  const char quote = text[0];
  for (std::size_t i = 1; i < text.size(); ++i) {
    const bool escaped = quote == '"' ? text[i] == '\\' : text.substr(i, 2) == "''";
    if (escaped) {
      ++i;
    } else if (text[i] == quote) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(DocumentState& state) : state_(state) {}

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    if (wants_key()) {
      state_.refuse(position(mark), "yaml-syntax", "a key must be a word");
    }
    Node& node = add(mark, Kind::kNothing);
    if (node.parent != nullptr && node.parent->kind == Kind::kSection) {
      node.at = node.parent->key_at.back();  // the mark of nothing is the next token, often lines below
    }
  }
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    state_.refuse(position(mark), "yaml-anchor", "anchors are not accepted: &" + name,
                  "write the value where it is used");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    state_.refuse(position(mark), "yaml-anchor", "aliases are not accepted", "write the value out");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                const std::string& value) override {
    refuse_tag(mark, tag);
    Position at = position(mark);
    at.length = underline(mark, value);
    if (wants_key()) {
      take_key(at, value);
      return;
    }
    Node& node = add(mark, tag == "?" ? Kind::kPlain : Kind::kQuoted);
    node.at = at;
    node.text = value;
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value style) override {
    open(mark, tag, Kind::kList, style);
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value style) override {
    open(mark, tag, Kind::kSection, style);
  }
  void OnMapEnd() override { open_.pop_back(); }

  // Which bracket the parser waits for: yaml-cpp names only the place where it gave up. Its scanner's
  // errors come before the brackets were handed over; for those there is nothing to say.
  [[nodiscard]] std::string open_bracket(const std::string& problem) const {
    const bool waits =
        problem == YAML::ErrorMsg::END_OF_SEQ_FLOW || problem == YAML::ErrorMsg::END_OF_MAP_FLOW;
    if (!waits || open_.empty() || !open_.back().in_brackets) {
      return "";
    }
    const Node& node = *open_.back().node;
    return fmt::format("the '{}' of line {}, column {} wants a comma or its '{}'",
                       node.kind == Kind::kList ? '[' : '{', node.at.line, node.at.column,
                       node.kind == Kind::kList ? ']' : '}');
  }

 private:
  struct Open {
    Node* node;
    bool in_brackets;
    std::unordered_set<std::string> keys{};
    bool dropped = false;  // the value to come belongs to a duplicate key
  };

  [[nodiscard]] Position position(const YAML::Mark& mark) const { return position_of(state_, mark); }

  // A section wants a key when it has as many keys as values.
  [[nodiscard]] bool wants_key() const {
    if (open_.empty() || open_.back().node->kind != Kind::kSection || open_.back().dropped) {
      return false;
    }
    return open_.back().node->keys.size() == open_.back().node->children.size();
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag != "?" && tag != "!" && !tag.empty()) {
      state_.refuse(position(mark), "yaml-syntax", "tags are not accepted: " + tag);
    }
  }

  void take_key(const Position& at, const std::string& key) {
    Open& section = open_.back();
    if (key == "<<") {
      state_.refuse(at, "yaml-anchor", "merge keys are not accepted", "write the keys out");
    }
    if (!section.keys.insert(key).second) {
      const auto& keys = section.node->keys;
      const auto first = static_cast<std::size_t>(std::find(keys.begin(), keys.end(), key) - keys.begin());
      state_.report(at, "duplicate-key", "the key " + in_quotes(key) + " appears twice",
                    fmt::format("the first is in line {}", section.node->key_at[first].line));
      section.dropped = true;
      return;
    }
    section.node->keys.push_back(key);
    section.node->key_at.push_back(at);
  }

  void open(const YAML::Mark& mark, const std::string& tag, Kind kind, YAML::EmitterStyle::value style) {
    refuse_tag(mark, tag);
    if (wants_key()) {
      state_.refuse(position(mark), "yaml-syntax", "a key must be a word, not a list or a section",
                    "is a bracket or quote left open?");
    }
    if (open_.size() >= kMaxDepth) {
      state_.refuse(position(mark), "too-deep", fmt::format("nested deeper than {} levels", kMaxDepth));
    }
    open_.push_back({&add(mark, kind), style == YAML::EmitterStyle::Flow});
  }

  Node& add(const YAML::Mark& mark, Kind kind) {
    Node& node = state_.nodes.emplace_back();
    node.kind = kind;
    node.at = position(mark);
    if (open_.empty()) {
      state_.root = &node;
    } else if (open_.back().dropped) {
      open_.back().dropped = false;  // parsed for its own problems, reachable by nobody
    } else {
      node.parent = open_.back().node;
      node.index = node.parent->children.size();
      open_.back().node->children.push_back(&node);
    }
    return node;
  }

  // How many characters of its line the scalar covers. Refuses a quote without its end: yaml-cpp takes
  // the rest of the file for the text when the last line is complete.
  [[nodiscard]] int underline(const YAML::Mark& mark, const std::string& value) const {
    const auto line = static_cast<std::size_t>(mark.line);
    if (line >= state_.line_starts.size()) {
      return 1;
    }
    const std::size_t start = state_.line_starts[line] + static_cast<std::size_t>(mark.column);
    const std::string_view rest =
        std::string_view(state_.source).substr(std::min(start, state_.source.size()));
    std::size_t length = rest.starts_with(value) ? value.size() : 1;
    if (rest.starts_with('"') || rest.starts_with('\'')) {
      length = quoted_length(rest);
      if (length == std::string_view::npos) {
        state_.refuse(position(mark), "yaml-syntax", "this quote is never closed");
      }
    }
    const std::string_view covered = rest.substr(0, length);
    return state_.quotable(mark.line + 1) ? std::max(1, characters(covered.substr(0, covered.find('\n'))))
                                          : 1;
  }

  DocumentState& state_;
  std::vector<Open> open_;
};

void index_lines(DocumentState& state) {
  state.line_starts.assign(1, 0);
  for (std::size_t i = 0; i < state.source.size(); ++i) {
    if (state.source[i] == '\n') {
      state.line_starts.push_back(i + 1);
    }
  }
}

void parse_all(DocumentState& state, std::istream& stream, TreeBuilder& builder) {
  YAML::Parser parser(stream);
  parser.HandleNextDocument(builder);
  const Node* root = state.root;
  if (root != nullptr && parser.HandleNextDocument(builder)) {
    state.refuse(state.root->at, "yaml-syntax", "a second document in the file",
                 "one file holds one document");
  }
  if (root == nullptr || root->kind == Kind::kNothing) {
    state.refuse({}, "empty-file", "nothing in the file");
  }
}

void build_tree(DocumentState& state) {
  std::istringstream stream(state.source);
  TreeBuilder builder(state);
  try {
    parse_all(state, stream, builder);
  } catch (const YAML::Exception& problem) {
    const Position at = problem.mark.is_null() ? Position{} : position_of(state, problem.mark);
    state.refuse(at, "yaml-syntax", problem.msg, builder.open_bracket(problem.msg));
  }
}

}  // namespace

void parse_source(DocumentState& state) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (state.source.starts_with(kByteOrderMark)) {
    state.source.erase(0, kByteOrderMark.size());
  }
  index_lines(state);
  check_bytes(state);
  build_tree(state);
}

}  // namespace weft::yaml
