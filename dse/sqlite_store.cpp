// Writes results.sqlite through SQLite's C interface.
// SPDX-License-Identifier: Apache-2.0
#include "dse/sqlite_store.hpp"

#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include "dse/sqlite.hpp"
#include "dse/study_front.hpp"

namespace weft {

namespace {

using sqlite::Database;
using sqlite::Insert;

// A name as an SQL identifier.
std::string quoted(const std::string& name) {
  std::string result = "\"";
  for (const char c : name) {
    result += c == '"' ? "\"\"" : std::string(1, c);
  }
  return result + "\"";
}

void write_designs(Database& database, const StudyResult& result) {
  const DesignSpace& space = result.space;
  const std::vector<std::string> names = space.network->columns();
  std::string columns = "id INTEGER PRIMARY KEY";
  for (const std::string& parameter : names) {
    columns += ", " + quoted("network." + parameter) + " REAL";
  }
  for (const Knob& knob : space.knobs) {
    columns += ", " + quoted("knob." + knob.name) + " TEXT";
  }
  columns +=
      ", accuracy_percent REAL, cycles INTEGER, latency_s REAL, energy_pj REAL, area_um2 REAL, complete "
      "INTEGER";
  database.run("CREATE TABLE designs (" + columns + ")");
  Insert insert(database, "designs", names.size() + space.knobs.size() + 7);
  for (const StudyPoint& point : result.points) {
    insert.add(point.id);
    for (const std::optional<double>& cell : space.network->cells(point.genome)) {
      cell ? insert.add(*cell) : insert.add_nothing();
    }
    for (std::size_t k = 0; k < space.knobs.size(); ++k) {
      insert.add(space.option(point.genome, k).label);
    }
    insert.add(point.accuracy)
        .add(point.cycles)
        .add(point.latency_s)
        .add(point.energy_pj)
        .add(point.area_um2);
    insert.add(std::int64_t{point.complete ? 1 : 0}).row();
  }
}

void write_front(Database& database, const StudyResult& result) {
  database.run("CREATE TABLE front (place INTEGER PRIMARY KEY, design INTEGER, knee INTEGER)");
  Insert insert(database, "front", 3);
  for (std::size_t place = 0; place < result.front.size(); ++place) {
    const std::size_t design = result.front[place];
    insert.add(static_cast<std::int64_t>(place) + 1).add(result.points[design].id);
    insert.add(std::int64_t{result.knee == design ? 1 : 0}).row();
  }
}

void write_simulated(Database& database, const StudyResult& result) {
  database.run(
      "CREATE TABLE simulated (layer TEXT, count INTEGER, model_cycles INTEGER, simulated_cycles INTEGER, "
      "counts_match INTEGER, values_match INTEGER)");
  Insert insert(database, "simulated", 6);
  for (const SimulatedLayer& layer : result.simulated) {
    insert.add(layer.name).add(layer.count).add(layer.model_cycles).add(layer.simulated_cycles);
    insert.add(std::int64_t{layer.counts_match ? 1 : 0});
    insert.add(std::int64_t{layer.values_match ? 1 : 0}).row();
  }
}

void write_resimulated(Database& database, const StudyResult& result) {
  database.run(
      "CREATE TABLE resimulated (design INTEGER, model_cycles INTEGER, simulated_cycles INTEGER, "
      "counts_match INTEGER)");
  Insert insert(database, "resimulated", 4);
  for (const ResimulatedDesign& design : result.resimulated.designs) {
    insert.add(result.points[design.point].id).add(design.model_cycles).add(design.simulated_cycles);
    insert.add(std::int64_t{design.counts_match ? 1 : 0}).row();
  }
}

void write_importance(Database& database, const StudyResult& result) {
  database.run("CREATE TABLE importance (choice TEXT, figure TEXT, share REAL)");
  Insert insert(database, "importance", 3);
  for (const ChoiceShares& entry : result.importance) {
    for (std::size_t i = 0; i < entry.shares.size(); ++i) {
      insert.add(entry.choice).add(figure_name(result.space.objectives[i])).add(entry.shares[i]).row();
    }
  }
}

}  // namespace

void write_sqlite(const std::filesystem::path& file, const StudyResult& result) {
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  Database database(file);
  database.run("BEGIN");
  write_designs(database, result);
  write_front(database, result);
  write_simulated(database, result);
  write_resimulated(database, result);
  write_importance(database, result);
  database.run("COMMIT");
}

}  // namespace weft
