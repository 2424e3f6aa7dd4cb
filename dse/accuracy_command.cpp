// Asks a user's program for accuracies: JSON lines through a socket that is its standard input and output.
// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "dse/accuracy.hpp"

namespace weft {

namespace {

// The program while it runs; in a process group of its own, so that what it starts ends with it.
class Process {
 public:
  explicit Process(const std::string& command) {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
      return;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    std::string shell = "/bin/sh";
    std::string option = "-c";
    std::string text = command;
    std::array<char*, 4> words = {shell.data(), option.data(), text.data(), nullptr};
    const int failed = posix_spawn(&child_, shell.c_str(), &actions, &attributes, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(ends[1]);
    socket_ = ends[0];
    child_ = failed == 0 ? child_ : -1;
  }
  ~Process() {
    if (socket_ >= 0) {
      close(socket_);
    }
    if (child_ > 0) {
      kill(-child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Sends a line and returns the line that comes back; none, with the reason: it ended or took too long.
  std::optional<std::string> ask(const std::string& line, double timeout_s, std::string& reason) {
    if (child_ <= 0 || send(socket_, line.data(), line.size(), MSG_NOSIGNAL) != std::ssize(line)) {
      reason = "it ended, or could not be started";
      return std::nullopt;
    }
    const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(timeout_s);
    for (;;) {
      if (const std::size_t end = received_.find('\n'); end != std::string::npos) {
        std::string answer = received_.substr(0, end);
        received_.erase(0, end + 1);
        return answer;
      }
      const std::chrono::duration<double, std::milli> left = until - std::chrono::steady_clock::now();
      pollfd waiting{socket_, POLLIN, 0};
      const int ready = left.count() > 0 ? poll(&waiting, 1, static_cast<int>(left.count()) + 1) : 0;
      if (ready == 0) {
        reason = fmt::format("no answer within {} s", timeout_s);
        return std::nullopt;
      }
      std::array<char, 4096> part{};
      const ssize_t count = ready > 0 ? recv(socket_, part.data(), part.size(), 0) : -1;
      if (count == 0 || (count < 0 && errno != EINTR)) {
        reason = "it ended";
        return std::nullopt;
      }
      received_.append(part.data(), static_cast<std::size_t>(std::max<ssize_t>(0, count)));
      if (received_.size() > kLongest) {
        reason = "it printed a line without end";
        return std::nullopt;
      }
    }
  }

 private:
  static constexpr std::size_t kLongest = 1U << 20;
  pid_t child_ = -1;
  int socket_ = -1;
  std::string received_;
};

class CommandAccuracy final : public AccuracyModel {
 public:
  explicit CommandAccuracy(CommandSpec spec)
      : spec_(std::move(spec)), idle_(static_cast<std::size_t>(spec_.workers)) {}

  double percent(const NetworkSpace& space, const Genome& genome) const override {
    nlohmann::ordered_json genes = nlohmann::ordered_json::object();
    for (std::size_t gene = 0; gene < space.genes().size(); ++gene) {
      if (space.active(genome, gene)) {
        genes[space.genes()[gene].name] = space.value(genome, gene);
      }
    }
    const std::string line = nlohmann::ordered_json{{"genes", genes}}.dump() + "\n";
    {
      const std::scoped_lock lock(mutex_);
      if (const auto known = known_.find(line); known != known_.end()) {
        return known->second;
      }
    }
    const double accuracy = ask(line);
    const std::scoped_lock lock(mutex_);
    known_.emplace(line, accuracy);
    return accuracy;
  }
  std::string what() const override {
    return fmt::format("command '{}': whatever it answers", spec_.command);
  }

 private:
  double ask(const std::string& line) const {
    std::unique_ptr<Process> process = take();
    std::string reason;
    std::optional<double> accuracy;
    for (int attempt = 0; attempt <= spec_.retries && !accuracy; ++attempt) {
      if (process == nullptr) {
        process = std::make_unique<Process>(spec_.command);
      }
      const auto answer = process->ask(line, spec_.timeout_s, reason);
      accuracy = answer ? parse(*answer, reason) : std::nullopt;
      if (!accuracy) {
        process.reset();
      }
    }
    give_back(std::move(process));
    if (!accuracy) {
      throw ConfigError({}, "predictor-failed",
                        fmt::format("the command '{}' gave no accuracy in {} attempts: {}", spec_.command,
                                    spec_.retries + 1, reason),
                        "it gets a line {\"genes\": {...}} and answers with a line {\"accuracy\": PER CENT}");
    }
    return *accuracy;
  }

  static std::optional<double> parse(const std::string& answer, std::string& reason) {
    const auto json = nlohmann::json::parse(answer, nullptr, false);
    if (json.is_object() && json.contains("accuracy") && json["accuracy"].is_number()) {
      const auto accuracy = json["accuracy"].get<double>();
      if (accuracy >= 0 && accuracy <= 100) {
        return accuracy;
      }
    }
    reason = fmt::format("it answered '{}'", answer.substr(0, 60));
    return std::nullopt;
  }

  // An empty place is a program that has to be started.
  std::unique_ptr<Process> take() const {
    std::unique_lock lock(mutex_);
    free_.wait(lock, [&] { return !idle_.empty(); });
    std::unique_ptr<Process> process = std::move(idle_.back());
    idle_.pop_back();
    return process;
  }
  void give_back(std::unique_ptr<Process> process) const {
    {
      const std::scoped_lock lock(mutex_);
      idle_.push_back(std::move(process));
    }
    free_.notify_one();
  }

  CommandSpec spec_;
  mutable std::mutex mutex_;
  mutable std::condition_variable free_;
  mutable std::vector<std::unique_ptr<Process>> idle_;
  mutable std::map<std::string, double> known_;
};

}  // namespace

std::shared_ptr<const AccuracyModel> command_accuracy(CommandSpec spec) {
  return std::make_shared<CommandAccuracy>(std::move(spec));
}

}  // namespace weft
