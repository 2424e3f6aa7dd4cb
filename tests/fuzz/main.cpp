// weft_fuzz TARGET [--runs N] [--seconds S] [--seed N] [--root TREE] [--keep FOLDER]: feeds a reader with
// changed files. A crash, a hang or an exception that is no answer to a bad file ends the run with 1, and the
// file is kept. weft_fuzz TARGET --replay FILE feeds one file; --corpus FOLDER writes the target's good files
// there, for other fuzzers; weft_fuzz --list names the targets.
//
// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <unistd.h>
#include <vector>

#include "tests/fuzz/feed.hpp"
#include "tests/fuzz/mutate.hpp"
#include "tests/fuzz/targets.hpp"

// The SystemC library, where it is linked, wants this symbol.
extern "C" int sc_main(int /*argc*/, char** /*argv*/) {
  return 1;
}

namespace {

namespace fs = std::filesystem;
using namespace weft::fuzz;

constexpr unsigned kSecondsPerFile = 20;

std::string kept_name;               // where a handler writes the input
const std::string* input = nullptr;  // what is being read

// Only calls that are safe in a handler.
void keep_input() {
  const int file = open(kept_name.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file >= 0 && input != nullptr) {
    const ssize_t ignored = write(file, input->data(), input->size());
    (void)ignored;
    close(file);
  }
}

void on_signal(int signal) {
  keep_input();
  constexpr char kText[] = "weft_fuzz: crashed or hung; the input is kept\n";
  const ssize_t ignored = write(STDERR_FILENO, kText, sizeof kText - 1);
  (void)ignored;
  std::signal(signal, SIG_DFL);
  std::raise(signal == SIGALRM ? SIGABRT : signal);
}

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Empty: the answer was good.
std::string feed(const Target& target, const fs::path& file, const std::string& text, std::int64_t& refused) {
  input = &text;
  {
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out << text;
  }
  alarm(kSecondsPerFile);
  const Fed fed = weft::fuzz::feed(target, file);
  alarm(0);
  refused += fed.refused ? 1 : 0;
  return fed.problem;
}

// Files that are good are met where a reader ends, not where it begins: a corpus that is refused finds
// nothing.
std::string feed_unchanged(const Target& target, const fs::path& file,
                           const std::vector<std::string>& corpus) {
  std::int64_t refused = 0;
  for (const std::string& text : corpus) {
    if (std::string problem = feed(target, file, text, refused); !problem.empty()) {
      return problem;
    }
  }
  return refused == static_cast<std::int64_t>(corpus.size()) ? "every file of the corpus is refused" : "";
}

int write_corpus(const Target& target, const fs::path& root, const fs::path& folder) {
  fs::create_directories(folder);
  int number = 0;
  for (const std::string& text : corpus_of(target, root)) {
    std::ofstream(folder / (std::to_string(number++) + "-" + target.file), std::ios::binary) << text;
  }
  return 0;
}

int run(const Target& target, std::map<std::string, std::string>& options) {
  const fs::path root = options.count("--root") > 0 ? options["--root"] : ".";
  if (options.count("--corpus") > 0) {
    return write_corpus(target, root, options["--corpus"]);
  }
  const fs::path folder =
      fs::temp_directory_path() / ("weft_fuzz_" + target.name + "_" + std::to_string(getpid()));
  fs::create_directories(folder);
  kept_name =
      (fs::path(options.count("--keep") > 0 ? options["--keep"] : ".") / ("fuzz-" + target.name)).string();
  std::int64_t refused = 0, done = 0;
  std::string problem;
  if (options.count("--replay") > 0) {
    const std::string text = text_of(options["--replay"]);
    problem = feed(target, folder / target.file, text, refused);
  } else {
    const auto number = [&options](const char* key, std::int64_t fallback) {
      return options.count(key) > 0 ? std::stoll(options[key]) : fallback;
    };
    const std::int64_t runs = number("--runs", INT64_MAX),
                       seconds = number("--seconds", INT64_MAX / 2000000000);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
    std::vector<std::string> corpus = corpus_of(target, root);
    if (corpus.empty()) {
      std::cerr << "weft_fuzz: no corpus for " << target.name << " below " << root << '\n';
      return 2;
    }
    problem = feed_unchanged(target, folder / target.file, corpus);
    Mutator mutator(std::move(corpus), static_cast<std::uint64_t>(number("--seed", 1)));
    for (; done < runs && problem.empty() && std::chrono::steady_clock::now() < end; ++done) {
      const std::string text = mutator.next();
      problem = feed(target, folder / target.file, text, refused);
      if (!problem.empty()) {
        keep_input();
      }
    }
  }
  fs::remove_all(folder);
  std::cout << target.name << ": " << done << " files, " << refused << " refused\n";
  if (!problem.empty()) {
    std::cerr << "weft_fuzz: " << target.name << ": not an answer to a bad file: " << problem << "\nkept as "
              << kept_name << '\n';
  }
  return problem.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> options;
  for (int i = 2; i + 1 < argc; i += 2) {
    options[argv[i]] = argv[i + 1];
  }
  for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL, SIGALRM}) {
    std::signal(signal, on_signal);
  }
  for (const Target& target : targets()) {
    if (argc > 1 && target.name == argv[1]) {
      return run(target, options);
    }
    if (argc == 2 && std::string(argv[1]) == "--list") {
      std::cout << target.name << '\n';
    }
  }
  if (argc == 2 && std::string(argv[1]) == "--list") {
    return 0;
  }
  std::cerr << "usage: weft_fuzz TARGET [--runs N] [--seconds S] [--seed N] [--root TREE] [--keep FOLDER] "
               "[--replay FILE] [--corpus FOLDER]\ntargets:";
  for (const Target& target : targets()) {
    std::cerr << ' ' << target.name;
  }
  std::cerr << '\n';
  return 2;
}
