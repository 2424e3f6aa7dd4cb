// weft doctor: is what weft needs in place, and what follows where it is not?
// SPDX-License-Identifier: Apache-2.0
#include <functional>
#include <unistd.h>

#include <fmt/format.h>

#include "arch/spec/accelerator.hpp"
#include "base/configs.hpp"
#include "base/error.hpp"
#include "base/table.hpp"
#include "base/worker_pool.hpp"
#include "cli/setup.hpp"
#include "cli/verbs.hpp"
#include "cli/version.hpp"
#include "dse/space.hpp"
#include "report/bundle.hpp"

namespace weft::cli {
namespace {

class Findings {
 public:
  void good(const std::string& what, const std::string& state, const std::string& meaning) {
    table_.add_row({"ok", what, state, meaning});
  }
  void note(const std::string& what, const std::string& state, const std::string& meaning) {
    table_.add_row({"note", what, state, meaning});
  }
  // Runs a check; its ConfigError is a fault.
  void check(const std::string& what, const std::string& meaning, const std::function<std::string()>& state) {
    try {
      good(what, state(), meaning);
    } catch (const ConfigError& error) {
      faulty_ = true;
      table_.add_row({"FAULT", what, error.diagnostics().front().message, meaning});
    }
  }
  [[nodiscard]] bool faulty() const { return faulty_; }
  [[nodiscard]] std::string text() const { return table_.text(); }

 private:
  Table table_{
      {{"", Align::kLeft}, {"what", Align::kLeft}, {"found", Align::kLeft}, {"what it means", Align::kLeft}}};
  bool faulty_ = false;
};

void check_presets(Findings& findings) {
  findings.check("presets", "the folder of accelerators, networks, tables; WEFT_CONFIGS names another", [] {
    const auto folder = configs_dir();
    if (preset_names("arch").empty()) {
      throw ConfigError({folder.string()}, "missing-file", "no accelerators in " + folder.string());
    }
    return folder.string();
  });
  findings.check("accelerators", "every one that ships loads", [] {
    const auto names = preset_names("arch");
    for (const std::string& name : names) {
      (void)load_accelerator(name);
    }
    return fmt::format("{} load", names.size());
  });
  findings.check("energy table", "the default one loads", [] { return load_energy("").name(); });
  findings.check("space", "the quickstart's loads, with its template and table",
                 [] { return significant(load_space("quickstart").size()) + " designs"; });
}

void check_machine(Findings& findings) {
  findings.good("cores", std::to_string(all_cores()),
                "searches use all of them unless --jobs says otherwise");
  const bool terminal = isatty(STDERR_FILENO) == 1;
  findings.good("terminal", terminal ? "yes" : "no",
                "progress is drawn on a terminal only; results never have colours");
  if (report::script().empty()) {
    findings.note("charts", "none",
                  "reports have tables and plain drawings; build again with npm for charts");
  } else {
    findings.good("charts", fmt::format("{} KiB", report::script().size() / 1024), "reports are interactive");
  }
}

}  // namespace

Outcome run_doctor() {
  Findings findings;
  findings.good("program", version_line(), "name this when you report a bug");
  check_presets(findings);
  check_machine(findings);
  Outcome outcome{.results = findings.text() + "\nbuilt with " + libraries() + "\n"};
  if (findings.faulty()) {
    outcome.exit_code = kExitFailed;
    outcome.notes = "something is not in place: see FAULT above\n";
  }
  return outcome;
}

}  // namespace weft::cli
