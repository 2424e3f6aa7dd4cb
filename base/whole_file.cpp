// Temporary file, fsync, rename.
// SPDX-License-Identifier: Apache-2.0
#include "base/whole_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>

#include "base/descriptor.hpp"
#include "base/error.hpp"

namespace weft {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& file, int error) {
  throw ConfigError({file.string()}, "cannot-write",
                    std::string("the file could not be written: ") + std::strerror(error));
}

// An open file; on the way out it is closed, and removed while it still has a name to remove.
class Output {
 public:
  Output(fs::path path, int flags) : path_(std::move(path)), handle_(open(path_.c_str(), flags, 0666)) {}
  ~Output() {
    close();
    if (remove_) {
      unlink(path_.c_str());
    }
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  [[nodiscard]] bool good() const { return handle_ >= 0; }
  void remove_unless_kept() { remove_ = true; }
  void keep() { remove_ = false; }
  [[nodiscard]] bool write(std::string_view text) const { return write_all(handle_, text); }
  [[nodiscard]] bool store() const { return fsync(handle_) == 0; }
  bool close() {
    const bool closed = handle_ < 0 || ::close(handle_) == 0;
    handle_ = -1;
    return closed;
  }

 private:
  fs::path path_;
  int handle_;
  bool remove_ = false;
};

void write_directly(const fs::path& file, std::string_view text) {
  const Output out(file, O_WRONLY);
  if (!out.good() || !out.write(text)) {
    fail(file, errno);
  }
}

}  // namespace

void write_whole_file(const fs::path& file, std::string_view text) {
  std::error_code ignored;
  if (fs::exists(file, ignored) && !fs::is_regular_file(file, ignored)) {
    write_directly(file, text);
    return;
  }
  if (file.has_parent_path()) {
    fs::create_directories(file.parent_path(), ignored);
  }
  // A symbolic link keeps pointing to where it does.
  const fs::path target = fs::is_symlink(file, ignored) ? fs::canonical(file, ignored) : file;
  const fs::path temporary = target.string() + ".part-" + std::to_string(getpid());
  Output out(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC);
  if (!out.good()) {
    fail(file, errno);
  }
  out.remove_unless_kept();
  if (!out.write(text) || !out.store() || !out.close() ||
      std::rename(temporary.c_str(), target.c_str()) != 0) {
    fail(file, errno);
  }
  out.keep();
}

}  // namespace weft
