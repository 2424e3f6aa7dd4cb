// Words of HTML.
// SPDX-License-Identifier: Apache-2.0
#include "report/html.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <fmt/format.h>

#include "base/table.hpp"

namespace weft::report {

std::string escaped(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? "\xEF\xBF\xBD"
                                                                                 : std::string(1, c);
    }
  }
  return result;
}

std::string table(const std::string& caption, const std::vector<Column>& columns,
                  const std::vector<std::vector<std::string>>& rows) {
  std::string text =
      "<div class=\"scroll\"><table>\n<caption><span>" + escaped(caption) + "</span></caption>\n<thead><tr>";
  for (const Column& column : columns) {
    text += fmt::format("<th scope=\"col\"{}>{}</th>", column.number ? " class=\"n\"" : "",
                        escaped(column.header));
  }
  text += "</tr></thead>\n<tbody>\n";
  for (const std::vector<std::string>& row : rows) {
    text += "<tr>";
    for (std::size_t i = 0; i < columns.size(); ++i) {
      text += fmt::format("<td{}>{}</td>", columns[i].number ? " class=\"n\"" : "", escaped(row.at(i)));
    }
    text += "</tr>\n";
  }
  return text + "</tbody></table></div>\n";
}

std::string chart(const std::string& name, const std::string& caption, const std::string& fallback) {
  return fmt::format(
      "<figure class=\"chart\" id=\"chart-{0}\"><figcaption>{1}</figcaption>"
      "<div class=\"plot\" data-chart=\"{0}\">{2}</div></figure>\n",
      escaped(name), escaped(caption), fallback);
}

std::string section(const std::string& id, const std::string& title, const std::string& body) {
  return fmt::format("<section id=\"{}\"><h2>{}</h2>\n{}</section>\n", escaped(id), escaped(title), body);
}

std::string folded(const std::string& summary, const std::string& text) {
  return fmt::format("<details><summary>{}</summary><pre>{}</pre></details>\n", escaped(summary),
                     escaped(text));
}

std::string folded_tables(const std::string& summary, const std::string& tables) {
  return "<details class=\"tables\"><summary>" + escaped(summary) + "</summary>" + tables + "</details>\n";
}

std::string cards(const std::vector<Card>& list) {
  std::string text = "<div class=\"cards\">";
  for (const Card& card : list) {
    text += fmt::format("<div class=\"card\"><b>{}</b><span>{}</span></div>", escaped(card.value),
                        escaped(card.label));
  }
  return text + "</div>\n";
}

std::string si(double value, std::string_view unit) {
  if (!std::isfinite(value)) {
    return "–";
  }
  constexpr std::array<const char*, 9> kPrefixes = {"p", "n", "µ", "m", "", "k", "M", "G", "T"};
  const double magnitude = std::fabs(value);
  const int power = magnitude > 0 ? static_cast<int>(std::floor(std::log10(magnitude) / 3 + 1e-12)) : 0;
  const int place = std::clamp(power, -4, 4);
  return fmt::format("{} {}{}", significant(value / std::pow(1000.0, place)),
                     kPrefixes.at(static_cast<std::size_t>(place + 4)), unit);
}

std::string bytes(double bits) {
  constexpr std::array<const char*, 4> kUnits = {"B", "KiB", "MiB", "GiB"};
  double value = bits / 8;
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < kUnits.size()) {
    value /= 1024;
    ++unit;
  }
  return fmt::format("{:.4g} {}", value, kUnits.at(unit));
}

std::string percent(double share) {
  return std::isfinite(share) ? significant(100 * share, 3) + " %" : "–";
}

std::string figure_label(std::string name) {
  for (const std::string_view prefix : {"knob.", "network."}) {
    name = name.rfind(prefix, 0) == 0 ? name.substr(prefix.size()) : name;
  }
  for (const std::string_view unit : {"_pj", "_js", "_s", "_um2", "_percent"}) {
    if (name.size() > unit.size() && name.compare(name.size() - unit.size(), unit.size(), unit) == 0) {
      name.resize(name.size() - unit.size());
    }
  }
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string figure_text(const std::string& name, double value) {
  if (name == "energy_pj") {
    return si(value * 1e-12, "J");
  }
  if (name == "edp_js") {
    return si(value, "J s");
  }
  if (name == "latency_s") {
    return si(value, "s");
  }
  if (name == "area_um2") {
    return significant(value * 1e-6) + " mm²";
  }
  if (name.find("percent") != std::string::npos) {
    return significant(value) + " %";
  }
  return std::floor(value) == value && std::fabs(value) < 1e15 ? grouped(static_cast<long long>(value))
                                                               : significant(value);
}

}  // namespace weft::report
