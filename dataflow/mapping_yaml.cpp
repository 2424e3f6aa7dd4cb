// Mapping files: a mapping with the names of its problem's dims and its machine's levels, and the sizes it
// was made for.
//
//   problem: {name: conv2_1, dims: {N: 1, G: 1, K: 64, ...}}
//   accelerator: eyeriss
//   levels:
//     - level: GLB
//       keep: [inputs, outputs]
//       temporal: [K: 4, P: 7]              # outermost first
//       spatial: [x: {K: 14}, y: {R: 3}]    # outermost first
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/yaml.hpp"
#include "dataflow/mapping.hpp"

namespace weft {
namespace {

// Far above any dim, far below where a product of a few could not be told from garbage.
constexpr std::int64_t kLargestBound = std::int64_t{1} << 40U;

// A name as YAML reads it back as text, whatever it contains.
std::string quoted(const std::string& name) {
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
  if (plain && name.front() >= 'A') {
    return name;
  }
  std::string result = "\"";
  for (const char c : name) {
    result += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  }
  return result + "\"";
}

std::string joined(const std::vector<std::string>& parts) {
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string_view axis_name(Axis axis) {
  return axis == Axis::kX ? "x" : "y";
}

std::string print_level(const LevelMapping& level, const std::string& name, const Problem& problem) {
  std::string text = "  - level: " + quoted(name) + "\n";
  const auto dim = [&](int d) { return quoted(problem.dims[static_cast<std::size_t>(d)].name); };
  std::vector<std::string> parts;
  for (const Role role : kAllRoles) {
    if (level.keep[static_cast<std::size_t>(index_of(role))]) {
      parts.emplace_back(name_of(role));
    }
  }
  text += "    keep: [" + joined(parts) + "]\n";
  parts.clear();
  for (const Loop& loop : level.temporal) {
    parts.push_back(fmt::format("{}: {}", dim(loop.dim), loop.bound));
  }
  text += parts.empty() ? "" : "    temporal: [" + joined(parts) + "]\n";
  parts.clear();
  for (const SpatialLoop& loop : level.spatial) {
    parts.push_back(fmt::format("{}: {{{}: {}}}", axis_name(loop.axis), dim(loop.dim), loop.bound));
  }
  return text + (parts.empty() ? "" : "    spatial: [" + joined(parts) + "]\n");
}

class Reader {
 public:
  Reader(const Problem& problem, const Accelerator& accelerator)
      : problem_(problem), accelerator_(accelerator) {
    for (const Dim& dim : problem.dims) {
      dims_.push_back(dim.name);
    }
    for (const StorageLevel& level : accelerator.levels) {
      levels_.push_back(level.name);
    }
    for (const Role role : kAllRoles) {
      tensors_.emplace_back(name_of(role));
    }
  }

  Mapping read(const yaml::Document& document) {
    yaml::Section root = document.root();
    if (const auto problem = root.required("problem")) {
      read_problem(problem->section());
    }
    (void)root.text_or("accelerator", "");  // for people: a mapping may serve a variant under another name
    if (const auto levels = root.required("levels")) {
      read_levels(*levels);
    }
    root.done();
    document.finish();
    return std::move(mapping_);
  }

 private:
  // -1, with a diagnostic, when the name is not one of `known`.
  static int find(const yaml::Value& at, const std::string& name, const std::vector<std::string>& known,
                  const std::string& kind) {
    const auto found = std::find(known.begin(), known.end(), name);
    if (found != known.end()) {
      return static_cast<int>(found - known.begin());
    }
    const std::string close = nearest(name, known);
    at.error("unknown-name", "unknown " + kind + " '" + name + "'; known: " + joined(known),
             close.empty() ? "" : "did you mean '" + close + "'?");
    return -1;
  }

  // The sizes must be the problem's; its name may be another, since equal layers share mappings.
  void read_problem(yaml::Section section) {
    const std::string name = section.text_or("name", "");
    const auto dims = section.required("dims");
    section.done();
    if (!dims || !dims->is_section()) {
      if (dims) {
        (void)dims->section();  // reports
      }
      return;
    }
    std::vector<std::string> differences;
    std::vector<bool> stated(dims_.size(), false);
    yaml::Section sizes = dims->section();
    for (const auto& [dim, value] : sizes.entries()) {
      const std::int64_t size = value.integer(1, kLargestBound);
      const int d = problem_.dim(dim);
      if (d < 0) {
        differences.push_back(fmt::format("{} is not a dim of the problem", dim));
        continue;
      }
      stated[static_cast<std::size_t>(d)] = true;
      if (size != problem_.size(d)) {
        differences.push_back(
            fmt::format("{} is {} here and {} in the problem", dim, size, problem_.size(d)));
      }
    }
    for (std::size_t d = 0; d < stated.size(); ++d) {
      if (!stated[d]) {
        differences.push_back(
            fmt::format("{} ({} in the problem) is not stated", dims_[d], problem_.dims[d].size));
      }
    }
    if (!differences.empty()) {
      dims->error("wrong-problem", fmt::format("this mapping of '{}' does not belong to problem '{}': {}",
                                               name, problem_.name, joined(differences)));
    }
  }

  void read_levels(const yaml::Value& list) {
    mapping_.levels.resize(levels_.size());
    std::vector<bool> seen(levels_.size(), false);
    for (const yaml::Value& entry : list.list()) {
      yaml::Section section = entry.section();
      const auto name = section.required("level");
      const int found = name ? find(*name, name->text(), levels_, "level") : -1;
      LevelMapping level = read_level(section);
      section.done();
      if (found < 0) {
        continue;
      }
      const auto l = static_cast<std::size_t>(found);
      if (seen[l]) {
        name->error("duplicate-level", "level '" + levels_[l] + "' appears a second time");
      }
      seen[l] = true;
      mapping_.levels[l] = std::move(level);
    }
    std::vector<std::string> missing;
    for (std::size_t l = 0; l < seen.size(); ++l) {
      if (!seen[l]) {
        missing.push_back(levels_[l]);
      }
    }
    if (list.is_list() && !missing.empty()) {
      list.error("missing-level", "the mapping of '" + accelerator_.name + "' lacks " + joined(missing));
    }
  }

  LevelMapping read_level(yaml::Section& section) {
    LevelMapping level;
    if (const auto keep = section.required("keep")) {
      for (const yaml::Value& tensor : keep->list()) {
        const int role = find(tensor, tensor.text(), tensors_, "tensor");
        if (role >= 0) {
          level.keep[static_cast<std::size_t>(role)] = true;
        }
      }
    }
    if (const auto temporal = section.optional("temporal")) {
      for (const yaml::Value& entry : temporal->list()) {
        for (const Loop& loop : read_loops(entry)) {
          level.temporal.push_back(loop);
        }
      }
    }
    if (const auto spatial = section.optional("spatial")) {
      read_spatial(*spatial, level);
    }
    return level;
  }

  std::vector<Loop> read_loops(const yaml::Value& entry) {
    std::vector<Loop> loops;
    yaml::Section section = entry.section();
    for (const auto& [name, value] : section.entries()) {
      const int dim = find(value, name, dims_, "dim");
      const std::int64_t bound = value.integer(1, kLargestBound);
      if (dim >= 0) {
        loops.push_back({dim, bound});
      }
    }
    return loops;
  }

  void read_spatial(const yaml::Value& list, LevelMapping& level) {
    for (const yaml::Value& entry : list.list()) {
      yaml::Section section = entry.section();
      for (const auto& [name, value] : section.entries()) {
        const int axis = find(value, name, {"x", "y"}, "axis");
        for (const Loop& loop : read_loops(value)) {
          level.spatial.push_back({loop.dim, loop.bound, axis == 1 ? Axis::kY : Axis::kX});
        }
      }
    }
  }

  const Problem& problem_;
  const Accelerator& accelerator_;
  std::vector<std::string> dims_, levels_, tensors_;
  Mapping mapping_;
};

}  // namespace

std::string print_yaml(const Mapping& mapping, const Problem& problem, const Accelerator& accelerator) {
  std::vector<std::string> dims;
  for (const Dim& dim : problem.dims) {
    dims.push_back(fmt::format("{}: {}", quoted(dim.name), dim.size));
  }
  std::string text = fmt::format("problem: {{name: {}, dims: {{{}}}}}\n", quoted(problem.name), joined(dims));
  text += "accelerator: " + quoted(accelerator.name) + "\nlevels:\n";
  for (std::size_t l = 0; l < mapping.levels.size(); ++l) {
    text += print_level(mapping.levels[l], accelerator.levels[l].name, problem);
  }
  return text;
}

Mapping load_mapping(const std::filesystem::path& file, const Problem& problem,
                     const Accelerator& accelerator) {
  return Reader(problem, accelerator).read(yaml::Document::load(file));
}

Mapping parse_mapping(std::string text, std::string file_name, const Problem& problem,
                      const Accelerator& accelerator) {
  return Reader(problem, accelerator).read(yaml::Document::parse(std::move(text), std::move(file_name)));
}

}  // namespace weft
