// SQLite's C interface as two classes that throw: a database that is written, and rows put into a table.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <sqlite3.h>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"

namespace weft::sqlite {

[[noreturn]] inline void fail(const std::filesystem::path& file, sqlite3* database) {
  throw ConfigError({file.string()}, "cannot-write", fmt::format("SQLite: {}", sqlite3_errmsg(database)));
}

// Opened for writing, made when absent. Throws ConfigError: cannot-write, as all that follows.
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

}  // namespace weft::sqlite
