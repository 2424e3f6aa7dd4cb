// Writes results.sqlite through SQLite's C interface.
// SPDX-License-Identifier: Apache-2.0
#include "dse/sqlite_store.hpp"

#include <memory>
#include <sqlite3.h>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>

namespace weft {

namespace {

[[noreturn]] void fail(const std::filesystem::path& file, sqlite3* database) {
  throw ConfigError({file.string()}, "cannot-write", fmt::format("SQLite: {}", sqlite3_errmsg(database)));
}

class Database {
 public:
  explicit Database(std::filesystem::path file) : file_(std::move(file)) {
    sqlite3* opened = nullptr;
    const int status = sqlite3_open(file_.c_str(), &opened);
    handle_.reset(opened);
    if (status != SQLITE_OK) {
      fail(file_, opened);
    }
  }

  void run(const std::string& sql) {
    if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
      fail(file_, handle_.get());
    }
  }
  [[nodiscard]] sqlite3* get() const { return handle_.get(); }
  [[nodiscard]] const std::filesystem::path& file() const { return file_; }

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
  };
  std::filesystem::path file_;
  std::unique_ptr<sqlite3, Close> handle_;
};

// INSERT INTO table VALUES (?, ...), one row after the other.
class Insert {
 public:
  Insert(Database& database, const std::string& table, std::size_t columns) : database_(database) {
    std::string marks = "?";
    for (std::size_t i = 1; i < columns; ++i) {
      marks += ",?";
    }
    const std::string sql = fmt::format("INSERT INTO {} VALUES ({})", table, marks);
    sqlite3_stmt* prepared = nullptr;
    if (sqlite3_prepare_v2(database_.get(), sql.c_str(), -1, &prepared, nullptr) != SQLITE_OK) {
      fail(database_.file(), database_.get());
    }
    statement_.reset(prepared);
  }

  Insert& add(std::int64_t value) { return checked(sqlite3_bind_int64(statement_.get(), ++column_, value)); }
  Insert& add_nothing() { return checked(sqlite3_bind_null(statement_.get(), ++column_)); }
  Insert& add(double value) { return checked(sqlite3_bind_double(statement_.get(), ++column_, value)); }
  Insert& add(const std::string& value) {
    return checked(sqlite3_bind_text(statement_.get(), ++column_, value.c_str(), -1, SQLITE_TRANSIENT));
  }
  void row() {
    if (sqlite3_step(statement_.get()) != SQLITE_DONE) {
      fail(database_.file(), database_.get());
    }
    sqlite3_reset(statement_.get());
    column_ = 0;
  }

 private:
  Insert& checked(int status) {
    if (status != SQLITE_OK) {
      fail(database_.file(), database_.get());
    }
    return *this;
  }
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  Database& database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int column_ = 0;
};

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

}  // namespace

void write_sqlite(const std::filesystem::path& file, const StudyResult& result) {
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  Database database(file);
  database.run("BEGIN");
  write_designs(database, result);
  write_front(database, result);
  write_simulated(database, result);
  database.run("COMMIT");
}

}  // namespace weft
