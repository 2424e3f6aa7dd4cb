// What Python is given in C++: one command, run in a child process, and its answer as JSON. What users see is
// written in weft/__init__.py.
//
// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/child_process.hpp"
#include "cli/call.hpp"
#include "cli/loaded_json.hpp"
#include "cli/version.hpp"

// The SystemC library wants to see this symbol; nothing calls it.
extern "C" __attribute__((visibility("default"))) int sc_main(int /*argc*/, char** /*argv*/) {
  return weft::cli::kExitInternal;
}

namespace {

namespace py = pybind11;
using weft::Say;
using weft::cli::Answer;

// What the child says on its way: "done total note".
std::string progress_text(std::int64_t done, std::int64_t total, const std::string& note) {
  return std::to_string(done) + ' ' + std::to_string(total) + ' ' + note;
}

// Calls the user's function; false: it wants no more.
bool hear(const std::string& message, const py::object& progress) {
  const py::gil_scoped_acquire lock;
  if (PyErr_CheckSignals() != 0) {
    throw py::error_already_set();  // Ctrl-C
  }
  if (message.empty() || progress.is_none()) {
    return true;
  }
  std::int64_t done = 0, total = 0;
  const char* end = message.data() + message.size();
  const char* blank = std::from_chars(message.data(), end, done).ptr;
  const char* note = std::from_chars(blank + 1, end, total).ptr;
  const py::object wish = progress(done, total, std::string(note + 1, end));
  return wish.is_none() || wish.cast<bool>();
}

// One elaboration per process, signals of its own, no environment of ours changed: every command has a child.
std::string answer_in_child(const std::function<Answer(const Say&)>& work, const py::object& progress) {
  const auto listen = [&progress](const std::string& message) { return hear(message, progress); };
  try {
    const py::gil_scoped_release unlocked;
    return weft::in_child(
        [&work](const Say& say) {
          std::signal(SIGINT, SIG_DFL);  // Python's handler only notes the signal
          setenv("SC_COPYRIGHT_MESSAGE", "DISABLE", 1);
          return answer_json(work(say));
        },
        listen);
  } catch (const std::runtime_error&) {
    if (PyErr_CheckSignals() != 0) {
      throw py::error_already_set();
    }
    throw;
  }
}

std::string call(const std::vector<std::string>& words, const py::object& progress) {
  std::vector<const char*> argv = {"weft"};
  for (const std::string& word : words) {
    argv.push_back(word.c_str());
  }
  return answer_in_child(
      [&argv](const Say& say) {
        return weft::cli::call(static_cast<int>(argv.size()), argv.data(),
                               [&say](std::int64_t done, std::int64_t total, const std::string& note) {
                                 say(progress_text(done, total, note));
                               });
      },
      progress);
}

std::string in_answer(const std::function<std::string()>& work) {
  return answer_in_child(
      [&work](const Say& /*say*/) {
        return weft::cli::answer_of([&work] { return weft::cli::Outcome{.results = work()}; });
      },
      py::none());
}

}  // namespace

PYBIND11_MODULE(_core, module) {
  module.doc() = "What weft is made of; use the module weft.";
  module.def("call", &call, py::arg("words"), py::arg("progress") = py::none(),
             "Runs the program with these words in a child process: JSON with exit_code, results, notes and "
             "diagnostics. progress(done, total, note) hears of a study; False ends it.");
  module.def(
      "load_accelerator",
      [](const std::string& name) { return in_answer([&] { return weft::cli::accelerator_json(name); }); },
      py::arg("name_or_file"), "The accelerator as understood, as call() answers.");
  module.def(
      "load_network",
      [](const std::string& name, std::int64_t batch, std::int64_t resolution) {
        return in_answer([&] { return weft::cli::network_json(name, batch, resolution); });
      },
      py::arg("name_or_file"), py::arg("batch") = 1, py::arg("resolution") = 0,
      "The network as understood, as call() answers.");
  module.def("version", &weft::cli::version, "\"0.1.0\"");
  module.def("revision", &weft::cli::revision, "of the sources that this was built from");
}
