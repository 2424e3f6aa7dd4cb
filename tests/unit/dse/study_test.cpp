// Does a study give the same bytes whatever happens to it on the way?
// SPDX-License-Identifier: Apache-2.0
#include "dse/study.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>
#include <sqlite3.h>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>

#include "base/configs.hpp"
#include "workload/import.hpp"

namespace weft {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  EXPECT_TRUE(stream) << file;
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// In the order of their bytes: threads write journals in any order.
std::vector<std::string> lines(const fs::path& file) {
  std::vector<std::string> result;
  std::stringstream stream(read(file));
  for (std::string line; std::getline(stream, line);) {
    result.push_back(line);
  }
  std::sort(result.begin(), result.end());
  return result;
}

class StudyFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    root_ = fs::path(::testing::TempDir()) / (std::string("weft_study_") + test->name());
    fs::remove_all(root_);
  }
  void TearDown() override { fs::remove_all(root_); }

  // The quickstart, smaller: 24 designs of the small networks.
  StudyRequest request(const std::string& folder) const {
    fs::create_directories(root_);
    std::string text = read(configs_dir() / "space" / "quickstart.yaml");
    const auto swap = [&](const std::string& from, const std::string& to) {
      const std::size_t at = text.find(from);
      ASSERT_NE(at, std::string::npos) << from;
      text.replace(at, from.size(), to);
    };
    swap("evaluations: 60}", "evaluations: 12}");
    swap("evaluations: 400, population: 40", "evaluations: 24, population: 8");
    swap("accuracy: mobilenet_v2 ", "accuracy: small.csv ");
    std::ofstream(root_ / "small.csv") << "width,resolution,top1\n0.35,96,45.5\n0.35,128,50.8\n0.5,96,51.2\n";
    std::ofstream(root_ / "space.yaml") << text;
    StudyRequest result;
    result.space = (root_ / "space.yaml").string();
    result.out = root_ / folder;
    result.simulate = false;
    return result;
  }
  fs::path root_;
};

TEST_F(StudyFolder, ThreadsChangeNothing) {
  StudyRequest one = request("one");
  StudyRequest three = request("three");
  three.threads = 3;
  const StudyResult result = run_study(one);
  (void)run_study(three);
  EXPECT_EQ(result.points.size(), 24U);
  EXPECT_FALSE(result.front.empty());
  for (const char* file : {"front.csv", "trace.csv", "study.yaml", "chosen/accelerator.yaml"}) {
    EXPECT_EQ(read(root_ / "one" / file), read(root_ / "three" / file)) << file;
  }
  const fs::path journal = fs::path("journal") / "evaluations.jsonl";
  EXPECT_EQ(lines(root_ / "one" / journal), lines(root_ / "three" / journal));
}

TEST_F(StudyFolder, AStoppedStudyEndsLikeAnUninterruptedOne) {
  (void)run_study(request("whole"));
  const std::string journal = read(root_ / "whole" / "journal" / "evaluations.jsonl");
  // Stopped after the first line, in the middle of a line, between lines, before the last newline.
  const std::size_t first = journal.find('\n') + 1;
  const std::size_t tenth = journal.find("{\"asked\"", journal.size() / 2);
  for (const std::size_t length : {first, journal.size() / 3, tenth, journal.size() - 1}) {
    fs::remove_all(root_ / "cut");
    fs::copy(root_ / "whole", root_ / "cut", fs::copy_options::recursive);
    fs::remove(root_ / "cut" / "front.csv");
    std::ofstream(root_ / "cut" / "journal" / "evaluations.jsonl", std::ios::binary)
        << journal.substr(0, length);
    StudyRequest resumed = request("cut");
    resumed.resume = true;
    resumed.threads = 2;
    const StudyResult result = run_study(resumed);
    EXPECT_LT(result.resumed, 24);
    EXPECT_EQ(read(root_ / "cut" / "front.csv"), read(root_ / "whole" / "front.csv")) << length;
    EXPECT_EQ(lines(root_ / "cut" / "journal" / "evaluations.jsonl"),
              lines(root_ / "whole" / "journal" / "evaluations.jsonl"))
        << length;
  }
}

TEST_F(StudyFolder, AFinishedStudyCanBeExtended) {
  StudyRequest whole = request("whole");
  StudyRequest part = request("part");
  part.evaluations = 16;
  (void)run_study(whole);
  (void)run_study(part);
  part.evaluations = 24;
  part.resume = true;
  EXPECT_EQ(run_study(part).resumed, 16);
  EXPECT_EQ(read(root_ / "part" / "front.csv"), read(root_ / "whole" / "front.csv"));
}

std::string code_of(const StudyRequest& request) {
  try {
    (void)run_study(request);
  } catch (const ConfigError& error) {
    return error.diagnostics().front().code;
  }
  return "";
}

TEST_F(StudyFolder, RefusesWhatItCannotContinue) {
  StudyRequest study = request("a");
  study.resume = true;
  EXPECT_EQ(code_of(study), "no-journal");
  study.resume = false;
  EXPECT_EQ(code_of(study), "");
  EXPECT_EQ(code_of(study), "study-exists");
  study.resume = true;
  study.seed = 99;
  EXPECT_EQ(code_of(study), "study-mismatch");
  study.seed.reset();
  const fs::path journal = root_ / "a" / "journal" / "evaluations.jsonl";
  const std::string text = read(journal);
  std::ofstream(journal, std::ios::binary) << "{\"schema\":\n" << text;
  EXPECT_EQ(code_of(study), "bad-journal");
}

TEST_F(StudyFolder, ADamagedLineIsReportedAndEvaluatedAgain) {
  (void)run_study(request("a"));
  const std::string front = read(root_ / "a" / "front.csv");
  const fs::path journal = root_ / "a" / "journal" / "evaluations.jsonl";
  std::string text = read(journal);
  const std::size_t digit = text.find("\"cycles\":", text.size() / 2) + 9;
  text[digit] = text[digit] == '9' ? '8' : '9';
  std::ofstream(journal, std::ios::binary) << text;
  StudyRequest again = request("a");
  again.resume = true;
  const StudyResult result = run_study(again);
  EXPECT_EQ(result.resumed, 23);
  ASSERT_EQ(result.notes.size(), 1U);
  EXPECT_NE(result.notes[0].find("damaged line"), std::string::npos);
  EXPECT_EQ(read(root_ / "a" / "front.csv"), front);
}

TEST_F(StudyFolder, ShardsEndInTheSameFront) {
  (void)run_study(request("whole"));
  std::vector<StudyRequest> shards;
  for (int index = 1; index <= 3; ++index) {
    shards.push_back(request("shards"));
    shards.back().shard = {index, 3};
  }
  std::vector<std::thread> threads;
  std::vector<StudyResult> results(3);
  for (std::size_t i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] { results[i] = run_study(shards[i]); });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(read(root_ / "shards" / "front.csv"), read(root_ / "whole" / "front.csv"));
  for (const StudyResult& result : results) {
    EXPECT_EQ(result.points.size(), 24U);
    EXPECT_EQ(result.front, results[0].front);
  }
  // Shared work: no shard did everything itself.
  EXPECT_GT(results[0].resumed + results[1].resumed + results[2].resumed, 0);
  // The journals together are a study that a single process can take up.
  StudyRequest more = request("shards");
  more.resume = true;
  EXPECT_EQ(run_study(more).resumed, 24);
}

TEST_F(StudyFolder, StopsWhenAskedTo) {
  StudyRequest study = request("a");
  std::atomic<bool> stop{false};
  study.stop = &stop;
  study.progress = [&](std::int64_t done, std::int64_t, const std::string&) { stop = done >= 5; };
  const StudyResult result = run_study(study);
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.points.size(), 5U);
  EXPECT_FALSE(result.front.empty());
  StudyRequest rest = request("a");
  rest.resume = true;
  EXPECT_EQ(run_study(rest).resumed, 5);
  (void)run_study(request("whole"));
  EXPECT_EQ(read(root_ / "a" / "front.csv"), read(root_ / "whole" / "front.csv"));
}

// 3 networks x 3 x 2 x 2 accelerators, of which the area limit takes some.
class SmallSpace : public StudyFolder {
 protected:
  StudyRequest small(const std::string& folder, const std::string& search) const {
    StudyRequest result = request(folder);
    std::string text = read(root_ / "space.yaml");
    const auto swap = [&](const std::string& from, const std::string& to) {
      const std::size_t at = text.find(from);
      ASSERT_NE(at, std::string::npos) << from;
      text.replace(at, from.size(), to);
    };
    swap("pe_x: [4, 8, 12, 16, 24, 32]", "pe_x: [4, 8, 32]");
    swap("pe_y: [4, 8, 12, 16, 24, 32]", "pe_y: [4, 32]");
    swap("[8 KiB, 16 KiB, 32 KiB, 64 KiB, 128 KiB, 256 KiB]", "[8 KiB, 64 KiB]");
    swap("[16 B/cycle, 32 B/cycle]", "[32 B/cycle]");
    swap("[4 B/cycle, 8 B/cycle, 16 B/cycle, 32 B/cycle]", "[16 B/cycle]");
    swap("[16 B, 64 B, 256 B]", "[64 B]");
    swap("search: {kind: evolutionary, evaluations: 24", "search: {kind: " + search + ", evaluations: 1000");
    std::ofstream(root_ / (search + ".yaml")) << text;
    result.space = (root_ / (search + ".yaml")).string();
    return result;
  }
  static std::set<Genome> front_of(const StudyResult& result) {
    std::set<Genome> front;
    for (const std::size_t member : result.front) {
      front.insert(result.points[member].genome);
    }
    return front;
  }
};

TEST_F(SmallSpace, AProvenFrontIsTheExhaustiveOne) {
  const StudyResult all = run_study(small("all", "exhaustive"));
  EXPECT_EQ(all.evaluations + all.rejected, 3 * 3 * 2 * 2 * 3);
  StudyRequest request = small("proven", "random");
  request.evaluations = 5;
  request.prove = true;
  const StudyResult proven = run_study(request);
  ASSERT_TRUE(proven.proof.has_value());
  EXPECT_EQ(proven.proof->open, 0);
  EXPECT_GT(proven.proof->dominated, 0);
  EXPECT_EQ(proven.proof->designs,
            proven.proof->evaluated + proven.proof->dominated + proven.proof->infeasible);
  EXPECT_EQ(proven.proof->designs, static_cast<double>(all.evaluations));
  EXPECT_EQ(front_of(proven), front_of(all));
  EXPECT_FALSE(all.front.empty());
}

TEST_F(SmallSpace, NestedSearchOfEverythingFindsTheSameFront) {
  const StudyResult all = run_study(small("all", "exhaustive"));
  const StudyResult nested = run_study(small("nested", "nested"));
  EXPECT_EQ(front_of(nested), front_of(all));
  EXPECT_EQ(nested.evaluations * 3, all.evaluations);
}

TEST_F(StudyFolder, HoldsWhatItSays) {
  const StudyResult result = run_study(request("a"));
  const fs::path out = root_ / "a";
  ASSERT_TRUE(result.knee.has_value());
  // The front is a front: no other point is at least as good in accuracy, latency and energy and better in
  // one.
  for (const std::size_t member : result.front) {
    const StudyPoint& point = result.points[member];
    for (const StudyPoint& other : result.points) {
      const bool as_good = other.complete && other.accuracy >= point.accuracy &&
                           other.latency_s <= point.latency_s && other.energy_pj <= point.energy_pj;
      const bool better = other.accuracy > point.accuracy || other.latency_s < point.latency_s ||
                          other.energy_pj < point.energy_pj;
      EXPECT_FALSE(as_good && better) << point.id << " " << other.id;
    }
    EXPECT_LE(point.area_um2, result.space.max_area->count());
  }
  // The chosen accelerator, network and mappings load again and cost what the front says.
  const Accelerator chosen = load_accelerator_file(out / "chosen" / "accelerator.yaml");
  const Network network = load_network_yaml(out / "chosen" / "network.yaml");
  EXPECT_EQ(print_yaml(network), print_yaml(network_of(result.space, result.points[*result.knee].genome)));
  const EnergyTable table = EnergyTable::load(result.space.energy_table);
  std::int64_t cycles = 0;
  std::size_t mappings = 0;
  for (const auto& entry : fs::directory_iterator(out / "chosen" / "mappings")) {
    const auto layer = static_cast<std::size_t>(std::stoi(entry.path().filename().string().substr(0, 3)));
    const Problem& problem = *network.layers.at(layer).problem;
    MapRequest request;
    request.problem = &problem;
    request.accelerator = &chosen;
    request.table = &table;
    const MapResult priced = price(request, load_mapping(entry.path(), problem, chosen));
    EXPECT_TRUE(priced.mapping.has_value()) << entry.path();
    cycles += priced.evaluation.timing.cycles;
    ++mappings;
  }
  EXPECT_GT(mappings, 20U);
  EXPECT_LE(cycles, result.points[*result.knee].cycles);
}

TEST_F(StudyFolder, TheDatabaseHasEveryDesign) {
  const StudyResult result = run_study(request("a"));
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((root_ / "a" / "results.sqlite").c_str(), &database), SQLITE_OK);
  const auto number = [&](const char* sql) {
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(database, sql, -1, &statement, nullptr), SQLITE_OK)
        << sqlite3_errmsg(database);
    EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
    const double value = sqlite3_column_double(statement, 0);
    sqlite3_finalize(statement);
    return value;
  };
  EXPECT_EQ(number("SELECT count(*) FROM designs"), static_cast<double>(result.points.size()));
  EXPECT_EQ(number("SELECT count(*) FROM front"), static_cast<double>(result.front.size()));
  EXPECT_EQ(number("SELECT design FROM front WHERE knee"),
            static_cast<double>(result.points[*result.knee].id));
  EXPECT_EQ(number("SELECT energy_pj FROM designs WHERE id = 5"), result.points[5].energy_pj);
  sqlite3_close(database);
}

TEST_F(StudyFolder, TheChosenDesignIsSimulatedAndAgrees) {
  StudyRequest study = request("a");
  study.evaluations = 8;
  study.simulate = true;
  const StudyResult result = run_study(study);
  ASSERT_FALSE(result.simulated.empty());
  for (const SimulatedLayer& layer : result.simulated) {
    EXPECT_TRUE(layer.values_match) << layer.name;
    EXPECT_TRUE(layer.counts_match) << layer.name;
    EXPECT_GT(layer.simulated_cycles, 0);
  }
  EXPECT_NEAR(static_cast<double>(result.simulated_cycles) / static_cast<double>(result.model_cycles), 1,
              0.25);
}

}  // namespace
}  // namespace weft
