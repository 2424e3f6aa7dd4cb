// Reads results.sqlite through SQLite's C interface.
// SPDX-License-Identifier: Apache-2.0
#include "report/study_results.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <sqlite3.h>
#include <system_error>
#include <tuple>

#include <fmt/format.h>

#include "base/error.hpp"

namespace weft::report {
namespace {

struct Close {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& why) {
  throw ConfigError({file.string()}, "no-results", "no results of a finished study: " + why,
                    "'weft explore' writes them when it ends; continue it with --resume");
}

// A read-only database whose errors are no-results.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& file) : file_(file) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(file, ignored)) {
      refuse(file, "there is no such file");
    }
    sqlite3* opened = nullptr;
    const int status = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
    handle_.reset(opened);
    if (status != SQLITE_OK) {
      refuse(file, sqlite3_errmsg(opened));
    }
  }

  // Calls `row` with the statement for every row.
  template <class Row>
  void each(const std::string& sql, Row row) {
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v2(handle_.get(), sql.c_str(), -1, &prepared, nullptr) != SQLITE_OK) {
      refuse(file_, sqlite3_errmsg(handle_.get()));
    }
    const std::unique_ptr<sqlite3_stmt, Close> statement(prepared);
    int status = sqlite3_step(prepared);
    for (; status == SQLITE_ROW; status = sqlite3_step(prepared)) {
      row(prepared);
    }
    if (status != SQLITE_DONE) {
      refuse(file_, sqlite3_errmsg(handle_.get()));
    }
  }

  bool has_table(const std::string& name) {
    bool found = false;
    each("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '" + name + "'",
         [&found](sqlite3_stmt*) { found = true; });
    return found;
  }

 private:
  std::filesystem::path file_;
  std::unique_ptr<sqlite3, Close> handle_;
};

std::string text_of(sqlite3_stmt* row, int column) {
  const unsigned char* text = sqlite3_column_text(row, column);
  return text == nullptr ? "" : reinterpret_cast<const char*>(text);
}

// Numbers as short as they can be told: 224, not 224.0.
std::string label_of(sqlite3_stmt* row, int column) {
  return sqlite3_column_type(row, column) == SQLITE_FLOAT
             ? fmt::format("{:.10g}", sqlite3_column_double(row, column))
             : text_of(row, column);
}

bool is_choice(const std::string& name, int type) {
  return name.rfind("network.", 0) == 0 || name.rfind("knob.", 0) == 0 || type == SQLITE_TEXT;
}

// The columns of the table of designs, filled row by row.
class Designs {
 public:
  explicit Designs(StudyResults& results) : results_(results) {}

  void add(sqlite3_stmt* row) {
    if (results_.ids.empty()) {
      decide_columns(row);
    }
    std::size_t choice = 0, figure = 0;
    for (std::size_t c = 0; c < kinds_.size(); ++c) {
      const int column = static_cast<int>(c);
      switch (kinds_[c]) {
        case Kind::kId:
          results_.ids.push_back(sqlite3_column_int64(row, column));
          break;
        case Kind::kComplete:
          results_.complete.push_back(sqlite3_column_int(row, column) != 0);
          break;
        case Kind::kChoice:
          add_choice(choice++, label_of(row, column));
          break;
        case Kind::kFigure:
          results_.figures[figure++].values.push_back(sqlite3_column_double(row, column));
          break;
      }
    }
  }

 private:
  enum class Kind : unsigned char { kId, kComplete, kChoice, kFigure };

  void decide_columns(sqlite3_stmt* row) {
    for (int column = 0; column < sqlite3_column_count(row); ++column) {
      const std::string name = sqlite3_column_name(row, column);
      if (name == "id" || name == "complete") {
        kinds_.push_back(name == "id" ? Kind::kId : Kind::kComplete);
      } else if (is_choice(name, sqlite3_column_type(row, column))) {
        kinds_.push_back(Kind::kChoice);
        results_.choices.push_back({.name = name});
      } else {
        kinds_.push_back(Kind::kFigure);
        results_.figures.push_back({.name = name});
      }
    }
    places_.resize(results_.choices.size());
  }

  void add_choice(std::size_t index, const std::string& label) {
    Choice& choice = results_.choices[index];
    const auto [place, fresh] = places_[index].try_emplace(label, choice.labels.size());
    if (fresh) {
      choice.labels.push_back(label);
    }
    choice.of.push_back(place->second);
  }

  StudyResults& results_;
  std::vector<Kind> kinds_;
  std::vector<std::map<std::string, std::size_t>> places_;
};

// Where no network has a known accuracy the column holds zeros: no figure of that study.
void leave_out_unknown_accuracy(StudyResults& results) {
  const auto known = [](double value) { return value != 0; };
  std::erase_if(results.figures, [&known](const Figure& figure) {
    return figure.name == "accuracy_percent" &&
           std::none_of(figure.values.begin(), figure.values.end(), known);
  });
}

// "16 KiB" as 16 * 1024; nothing for labels that do not begin with a number.
std::optional<double> leading_number(const std::string& label) {
  std::size_t used = 0;
  double value = 0;
  try {
    value = std::stod(label, &used);
  } catch (const std::exception&) {
    return std::nullopt;
  }
  const std::string unit = label.substr(std::min(label.size(), label.find_first_not_of(' ', used)));
  const char prefix = unit.size() > 1 ? unit.front() : ' ';
  const double step = unit.size() > 1 && unit[1] == 'i' ? 1024 : 1000;
  const std::string prefixes = "kMGT";
  const std::size_t power = prefixes.find(prefix == 'K' ? 'k' : prefix);
  for (std::size_t i = 0; power != std::string::npos && i <= power; ++i) {
    value *= step;
  }
  return value;
}

}  // namespace

const Figure* StudyResults::figure(const std::string& name) const {
  const auto found =
      std::find_if(figures.begin(), figures.end(), [&name](const Figure& f) { return f.name == name; });
  return found == figures.end() ? nullptr : &*found;
}

StudyResults load_results(const std::filesystem::path& sqlite_file) {
  StudyResults results;
  Reader reader(sqlite_file);
  Designs designs(results);
  reader.each("SELECT * FROM designs ORDER BY id", [&designs](sqlite3_stmt* row) { designs.add(row); });
  if (results.ids.empty() || results.complete.size() != results.ids.size()) {
    refuse(sqlite_file, "its table of designs is empty");
  }
  leave_out_unknown_accuracy(results);
  std::map<std::int64_t, std::size_t> place;
  for (std::size_t i = 0; i < results.ids.size(); ++i) {
    place[results.ids[i]] = i;
  }
  reader.each("SELECT design, knee FROM front ORDER BY place", [&](sqlite3_stmt* row) {
    const auto found = place.find(sqlite3_column_int64(row, 0));
    if (found == place.end()) {
      refuse(sqlite_file, "its front names a design that it does not hold");
    }
    results.front.push_back(found->second);
    if (sqlite3_column_int(row, 1) != 0) {
      results.chosen = found->second;
    }
  });
  reader.each("SELECT layer, count, model_cycles, simulated_cycles, values_match FROM simulated",
              [&results](sqlite3_stmt* row) {
                results.simulated.push_back({.layer = text_of(row, 0),
                                             .count = sqlite3_column_int64(row, 1),
                                             .model_cycles = sqlite3_column_int64(row, 2),
                                             .simulated_cycles = sqlite3_column_int64(row, 3),
                                             .values_match = sqlite3_column_int(row, 4) != 0});
              });
  if (reader.has_table("resimulated")) {  // younger than the others
    reader.each(
        "SELECT design, model_cycles, simulated_cycles FROM resimulated", [&results](sqlite3_stmt* row) {
          results.resimulated.push_back(
              {sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1), sqlite3_column_int64(row, 2)});
        });
  }
  return results;
}

void sort_labels(Choice& choice, const std::vector<std::string>& order) {
  const auto key = [&order](const std::string& label) {
    const auto number = leading_number(label);
    const auto place = std::find(order.begin(), order.end(), label) - order.begin();
    return std::make_tuple(number ? 0 : 1, number.value_or(0), place, label);
  };
  std::vector<std::size_t> sorted(choice.labels.size());
  std::iota(sorted.begin(), sorted.end(), 0);
  std::sort(sorted.begin(), sorted.end(),
            [&](std::size_t a, std::size_t b) { return key(choice.labels[a]) < key(choice.labels[b]); });
  std::vector<std::size_t> now(sorted.size());
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    now[sorted[i]] = i;
    labels.push_back(choice.labels[sorted[i]]);
  }
  choice.labels = std::move(labels);
  for (std::size_t& index : choice.of) {
    index = now[index];
  }
}

}  // namespace weft::report
