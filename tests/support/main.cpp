// The main of every test program. SystemC's library has a main of its own that would run nothing and
// succeed, so each program links this object, and an empty run is an error.
// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>
#include <stdlib.h>
#include <string>
#include <system_error>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Needed by programs that link SystemC; harmless elsewhere.
extern "C" int sc_main(int /*argc*/, char** /*argv*/) {
  return 0;
}

// Stacks of SystemC's coroutines and this option do not go together.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() {
  return "detect_stack_use_after_return=0";
}

namespace {

// Where the program's tests put their files: tests of two builds at the same time must not meet.
class Folder {
 public:
  Folder() : path_((std::filesystem::temp_directory_path() / "weft_test_XXXXXX").string()) {
    if (mkdtemp(path_.data()) != nullptr) {
      setenv("TEST_TMPDIR", path_.c_str(), 1);
      setenv("TMPDIR", path_.c_str(), 1);
    }
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

 private:
  std::string path_;
};

}  // namespace

int main(int argc, char** argv) {
  const Folder folder;
  setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
  setenv("SC_COPYRIGHT_MESSAGE", "DISABLE", 1);
  testing::InitGoogleMock(&argc, argv);
  const int result = RUN_ALL_TESTS();
  if (result == 0 && !GTEST_FLAG_GET(list_tests) &&
      testing::UnitTest::GetInstance()->test_to_run_count() == 0) {
    std::fprintf(stderr, "no test was run\n");
    return 1;
  }
  return result;
}
