// SPDX-License-Identifier: Apache-2.0
// Modules from addresses and repositories: real servers, real repositories. covers: L13.2
#include "base/codec/base64.h"
#include "base/exec/subprocess.h"
#include "base/net/http_server.h"
#include "interpreter/graph/git_repository.h"
#include "tests/support/certificates.h"
#include "tests/support/probed_graph.h"
#include "tests/support/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <random>
#include <string>
#include <sys/file.h>
#include <vector>

namespace weir::graph {
namespace {

using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing::UnorderedElementsAre;

std::string module_text(const std::string& value) {
  return "declare \"m\" { probe \"x\" { value = " + value + " } }";
}

/// A repository with work tree, below a test's folder.
class GitRepo {
 public:
  explicit GitRepo(std::string path) : path_(std::move(path)) {
    std::filesystem::create_directories(path_);
    git({"init", "--quiet", "--initial-branch=main"});
  }
  void commit(const std::string& file, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(path_ + "/" + file).parent_path());
    test::write_file(path_ + "/" + file, text);
    commit_all();
  }
  void commit_all() const {
    git({"add", "--all"});
    git({"commit", "--quiet", "--message=change"});
    git({"update-server-info"});
  }
  void git(const std::vector<std::string>& arguments) const {
    exec::Command command{
        .argv = {"git", "-C", path_, "-c", "user.name=test", "-c", "user.email=test@localhost"},
        .env = exec::environment_without("GIT_")};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    const auto finished = exec::run(command);
    ASSERT_TRUE(finished) << finished.error().message;
    ASSERT_EQ(finished->exit_code, 0) << finished->err;
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

std::string import_git(const std::string& repository, const std::string& more) {
  return "import.git \"lib\" { repository = \"" + repository + "\"\n path = \"m.alloy\"\n" + more +
         "\n}\n lib.m \"a\" { }";
}

constexpr const char* kOften = "pull_frequency = \"5ms\"";

TEST(ImportGit, FollowsItsBranchAndOutlivesWhatIsWrong) {
  const test::TempDir folder;
  const GitRepo repo(folder / "repo");
  repo.commit("m.alloy", module_text("1"));
  ProbedGraph graph;
  ASSERT_EQ(graph.error_of(import_git(repo.path(), kOften)), "");
  EXPECT_EQ(graph.value_of("lib.m.a/probe.x"), "1");
  repo.commit("m.alloy", "declare \"m\" {");
  EXPECT_TRUE(test::eventually(
      [&] { return graph.health_of("import.git.lib").state == Health::kUnhealthy; }));
  EXPECT_EQ(graph.value_of("lib.m.a/probe.x"), "1");
  repo.commit("m.alloy", module_text("2"));
  EXPECT_TRUE(graph.comes_to("lib.m.a/probe.x", "2"));
  std::filesystem::rename(repo.path(), folder / "away");
  EXPECT_TRUE(test::eventually(
      [&] { return graph.health_of("import.git.lib").state == Health::kUnhealthy; }));
  EXPECT_EQ(graph.value_of("lib.m.a/probe.x"), "2");
  std::filesystem::rename(folder / "away", repo.path());
  EXPECT_TRUE(test::eventually(
      [&] { return graph.health_of("import.git.lib").state == Health::kHealthy; }));
}

TEST(ImportGit, ReadsFilesBesideTheModuleFromTheSameRevision) {
  const test::TempDir folder;
  const GitRepo repo(folder / "repo");
  repo.commit("deep/n.alloy", "declare \"n\" { export \"v\" { value = 1 } }");
  repo.commit("m.alloy", R"(
    import.file "beside" { filename = module_path + "/deep" }
    declare "m" {
      beside.n "n" { }
      probe "x" { value = beside.n.n.v }
    })");
  ProbedGraph graph;
  ASSERT_EQ(graph.error_of(import_git(repo.path(), kOften)), "");
  EXPECT_EQ(graph.value_of("lib.m.a/probe.x"), "1");
  repo.commit("deep/n.alloy", "declare \"n\" { export \"v\" { value = 2 } }");
  EXPECT_TRUE(graph.comes_to("lib.m.a/probe.x", "2"));
}

TEST(ImportGit, StartsWithWhatItHadWhileTheServerIsAway) {
  const test::TempDir folder;
  const GitRepo repo(folder / "repo");
  repo.commit("m.alloy", module_text("1"));
  const auto run = [&](const std::function<void(ProbedGraph&)>& look) {
    ProbedGraph graph;
    graph.environment->storage_path = folder / "storage";
    graph.controller = std::make_unique<Controller>(*graph.environment, ControllerOptions{});
    ASSERT_EQ(graph.error_of(import_git(repo.path(), "pull_frequency = \"1h\"")), "");
    look(graph);
  };
  run([](ProbedGraph&) {});
  std::filesystem::rename(repo.path(), folder / "away");
  run([](ProbedGraph& graph) {
    EXPECT_EQ(graph.value_of("lib.m.a/probe.x"), "1");
    EXPECT_TRUE(test::eventually(
        [&] { return graph.health_of("import.git.lib").state == Health::kUnhealthy; }));
  });
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "storage"))
    EXPECT_EQ(entry.path().string().find("checkout-"), std::string::npos) << entry.path();
}

TEST(ImportGit, SaysWhatIsWrong) {
  const test::TempDir folder;
  const GitRepo repo(folder / "repo");
  repo.commit("m.alloy", module_text("1"));
  test::write_file(folder / "secret", module_text("13"));
  std::filesystem::create_symlink(folder / "secret", repo.path() + "/link.alloy");
  repo.commit_all();
  const std::string at = "import.git \"lib\" { repository = \"" + repo.path() + "\"\n path = ";
  ProbedGraph graph;
  EXPECT_THAT(graph.error_of(at + "\"none.alloy\" }"), HasSubstr("none.alloy"));
  EXPECT_THAT(graph.error_of(at + "\"m.alloy\"\n revision = \"none\" }"), HasSubstr("\"none\""));
  EXPECT_THAT(graph.error_of(at + "\"m.alloy\"\n revision = \"HEAD\" }"), HasSubstr("HEAD"));
  EXPECT_THAT(graph.error_of(at + "\"m.alloy\"\n revision = \"--all\" }"), HasSubstr("--all"));
  EXPECT_THAT(graph.error_of(at + "\"../m.alloy\" }"), HasSubstr("leaves the repository"));
  EXPECT_NE(graph.error_of(at + "\"link.alloy\" }\nlib.m \"a\" { }"), "");  // it is no link there
  EXPECT_THAT(graph.error_of(import_git("ext::touch " + folder.path() + "/ran", "")),
              HasSubstr("ext"));
  EXPECT_FALSE(std::filesystem::exists(folder / "ran"));
  EXPECT_THAT(graph.error_of(import_git("--upload-pack=touch", "")), HasSubstr("--upload-pack"));
  EXPECT_THAT(graph.error_of(import_git(folder / "none", "")), HasSubstr("git: "));
}

catalog::ImportGitBlock git_block(const std::string& repository) {
  catalog::ImportGitBlock block;
  block.repository = repository;
  block.revision = "main";
  return block;
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    out.push_back(entry.path().filename().string());
  std::sort(out.begin(), out.end());
  return out;
}

TEST(GitRepository, OneDeadlineHoldsForTheLockToo) {
  const test::TempDir folder;
  const GitRepo repo(folder / "repo");
  repo.commit("m.alloy", module_text("1"));
  GitRepository copy(git_block(repo.path()), folder / "copy");
  EXPECT_EQ(copy.fetch({Duration::zero(), {}}).error().message, "git was not done within 0s");
  const GitPatience ample(std::chrono::minutes(1), {});
  ASSERT_TRUE(copy.fetch(ample));
  const Descriptor held(::open((folder / "copy/lock").c_str(), O_RDWR | O_CLOEXEC));
  ASSERT_EQ(::flock(held.get(), LOCK_EX), 0);
  EXPECT_THAT(copy.fetch({std::chrono::milliseconds(20), {}}).error().message,
              AllOf(HasSubstr("held by another program"), HasSubstr("not done within 20ms")));
  std::stop_source stop;
  stop.request_stop();
  const auto stopped = copy.check_out(nullptr, {std::chrono::minutes(1), stop.get_token()});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, Code::kCancelled);
  ::flock(held.get(), LOCK_UN);
  EXPECT_TRUE(copy.check_out(nullptr, ample));
  std::filesystem::remove(folder / "copy/lock");
  std::filesystem::create_directory(folder / "copy/lock");
  EXPECT_THAT(copy.fetch(ample).error().message, HasSubstr("Is a directory"));
}

TEST(GitRepository, RemovesWhatKilledOnesLeft) {
  const test::TempDir folder;
  const GitRepo repo(folder / "repo");
  repo.commit("m.alloy", module_text("1"));
  GitRepository copy(git_block(repo.path()), folder / "copy");
  const GitPatience ample(std::chrono::minutes(1), {});
  ASSERT_TRUE(copy.fetch(ample));
  const auto first = copy.check_out(nullptr, ample);
  ASSERT_TRUE(first);
  EXPECT_EQ(*copy.check_out(*first, ample), *first);  // the same commit, the same files
  for (const char* left :
       {"index", "index.lock", "copy/config.lock", "copy/refs/remotes/origin/main.lock",
        "copy/objects/pack/tmp_pack_xyz", "checkout-abcdef/m.alloy"}) {
    const std::string path = folder / "copy/" + left;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    test::write_file(path, "left");
  }
  repo.commit("m.alloy", module_text("2"));
  ASSERT_TRUE(copy.fetch(ample));
  const auto second = copy.check_out(*first, ample);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(test::read_file((*second)->path() + "/m.alloy"), module_text("2"));
  EXPECT_EQ(test::read_file((*first)->path() + "/m.alloy"), module_text("1"));
  EXPECT_THAT(names_in(folder / "copy"),
              UnorderedElementsAre("answers", "copy", "lock", StartsWith("checkout-"),
                                   StartsWith("checkout-")));
  EXPECT_THAT(names_in(folder / "copy/copy/objects/pack"), Each(Not(StartsWith("tmp_"))));
}

TEST(GitRepository, IsNoLargerThanItMay) {
  constexpr std::uint64_t kMost = 1U << 20;
  const GitPatience ample(std::chrono::minutes(1), {});
  const auto fails = [&](GitRepository& copy) {
    Status done = copy.fetch(ample);
    if (done) {
      const auto out = copy.check_out(nullptr, ample);
      if (!out) done = out.error();
    }
    return done ? std::string() : done.error().message;
  };
  const test::TempDir folder;
  const GitRepo repo(folder / "repo");
  repo.commit("m.alloy", std::string(kMost / 2, 'a'));
  GitRepository copy(git_block(repo.path()), folder / "copy", kMost);
  EXPECT_EQ(fails(copy), "");
  repo.commit("n.alloy", std::string(kMost, 'b'));  // packs into little
  EXPECT_EQ(fails(copy), "the repository is larger than 1 MiB");
  repo.commit("n.alloy", "");
  EXPECT_EQ(fails(copy), "");
  std::string noise(2 * kMost, ' ');
  std::mt19937 random(1);
  for (char& c : noise) c = static_cast<char>(random());
  repo.commit("n.alloy", noise);
  EXPECT_EQ(fails(copy), "the repository is larger than 1 MiB");
}

/// Answers by files of a folder, to who knows the password.
net::Handler files_of(const std::string& folder) {
  return [folder](const net::ServerRequest& request, net::Responder responder) {
    net::ServerResponse answer;
    const std::string path = folder + request.path;
    if (request.header("Authorization") != "Basic " + codec::base64_encode("user:it's \"$x\"")) {
      answer.status = 401;
      answer.headers = {{"WWW-Authenticate", "Basic realm=\"test\""}};
    } else if (!std::filesystem::is_regular_file(path)) {
      answer.status = 404;
    } else {
      answer.body = test::read_file(path);
    }
    responder.send(std::move(answer));
  };
}

TEST(ImportGit, ProvesItselfOverHttp) {
  const test::TempDir folder;
  const GitRepo repo(folder / "repo");
  repo.commit("m.alloy", module_text("1"));
  ProbedGraph graph;
  const auto server = net::HttpServer::listen(graph.pool, {}, files_of(folder.path()));
  ASSERT_TRUE(server);
  const std::string url = "http://127.0.0.1:" + std::to_string((*server)->port()) + "/repo/.git";
  EXPECT_THAT(graph.error_of(import_git(url, "")), HasSubstr("could not read Username"));
  const std::string wrong = "basic_auth { username = \"user\"\n password = \"no\" }";
  EXPECT_THAT(graph.error_of(import_git(url, wrong)), HasSubstr("Authentication failed"));
  const std::string right = "basic_auth { username = \"user\"\n password = \"it's \\\"$x\\\"\" }";
  EXPECT_EQ(graph.error_of(import_git(url, right)), "");
  EXPECT_EQ(graph.value_of("lib.m.a/probe.x"), "1");
  graph.controller->stop(std::chrono::seconds(1));
  (*server)->stop(std::chrono::seconds(1));
}

TEST(ImportGit, APullThatHangsDoesNotHoldUpTheEnd) {
  const test::TempDir folder;
  const GitRepo repo(folder / "repo");
  repo.commit("m.alloy", module_text("1"));
  std::atomic<bool> hangs = false;
  std::atomic<bool> asked = false;
  Mutex mutex;
  std::vector<net::Responder> unanswered;
  exec::Pool pool(1);
  const auto server = net::HttpServer::listen(
      pool, {}, [&](const net::ServerRequest& request, net::Responder responder) {
        if (hangs) {
          MutexLock lock(mutex);
          unanswered.push_back(std::move(responder));
          asked = true;
          return;
        }
        net::ServerResponse answer;
        const std::string path = folder.path() + request.path;
        answer.status = std::filesystem::is_regular_file(path) ? 200 : 404;
        if (answer.status == 200) answer.body = test::read_file(path);
        responder.send(std::move(answer));
      });
  ASSERT_TRUE(server);
  const std::string url = "http://127.0.0.1:" + std::to_string((*server)->port()) + "/repo/.git";
  const auto before = std::chrono::steady_clock::now();
  {
    ProbedGraph graph;
    ASSERT_EQ(graph.error_of(import_git(url, kOften)), "");
    hangs = true;
    EXPECT_TRUE(test::eventually([&] { return asked.load(); }));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(25));
  unanswered.clear();
  (*server)->stop(std::chrono::seconds(1));
}

TEST(ImportGit, AFirstPullThatHangsIsGivenUpAtTheEnd) {
  ProbedGraph graph;
  Mutex mutex;
  std::vector<net::Responder> unanswered;
  const auto server = net::HttpServer::listen(
      graph.pool, {}, [&](const net::ServerRequest&, net::Responder responder) {
        {
          MutexLock lock(mutex);
          unanswered.push_back(std::move(responder));
        }
        graph.controller->give_up();
      });
  ASSERT_TRUE(server);
  const std::string url = "http://127.0.0.1:" + std::to_string((*server)->port()) + "/repo/.git";
  const auto before = std::chrono::steady_clock::now();
  EXPECT_THAT(graph.error_of(import_git(url, "")), HasSubstr("git was stopped"));
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(25));
  graph.controller->stop(std::chrono::seconds(1));
  unanswered.clear();
  (*server)->stop(std::chrono::seconds(1));
}

TEST(ImportHttp, IsAClientLikeAnyOther) {
  const test::TempDir folder;
  const test::Authority authority;
  const auto certificate = authority.issue("localhost");
  test::write_file(folder / "token", "t0ken");
  test::write_file(folder / "ca.pem", authority.cert_pem());
  ProbedGraph graph;
  const auto answer = [](const net::ServerRequest& request, net::Responder responder) {
    net::ServerResponse out;
    if (request.path == "/moved") {
      out.status = 302;
      out.headers = {{"Location", "/m"}};
    }
    out.body = module_text("\"" + std::string(request.header("Authorization")) + "," +
                           std::string(request.header("X-Team")) + "," +
                           std::string(request.header("X-More")) + "\"");
    responder.send(std::move(out));
  };
  const auto plain = net::HttpServer::listen(graph.pool, {}, answer);
  net::ServerTls tls;
  tls.cert_pem = certificate.cert_pem;
  tls.key_pem = certificate.key_pem;
  const auto secure = net::HttpServer::listen(graph.pool, {}, tls, answer);
  ASSERT_TRUE(plain);
  ASSERT_TRUE(secure);
  const std::string http = "http://127.0.0.1:" + std::to_string((*plain)->port());
  const std::string https = "https://127.0.0.1:" + std::to_string((*secure)->port());
  const std::string error = "error";
  const struct {
    std::string url;
    std::string client;
    std::string value;  // what the server was told, or error
  } cases[] = {
      {http + "/m", "", ",,"},
      {http + "/m", R"(client { basic_auth { username = "user"
                                             password = "pass" } })",
       "Basic dXNlcjpwYXNz,,"},
      {http + "/m", R"(client { bearer_token = "abc" })", "Bearer abc,,"},
      {http + "/m", "client { bearer_token_file = \"" + folder / "token" + "\" }",
       "Bearer t0ken,,"},
      {http + "/m", R"(client { authorization { type = "Token"
                                                credentials = "xyz" } })",
       "Token xyz,,"},
      {http + "/m", R"(headers = { "X-Team" = "a" }
                       client { http_headers = { "X-More" = ["b"] } })",
       ",a,b"},
      {http + "/moved", "", ",,"},
      {http + "/moved", "client { follow_redirects = false }", error},
      {http + "/m", "client { bearer_token = \"a\"\n bearer_token_file = \"b\" }", error},
      {https + "/m", "", error},
      {https + "/m", "client { tls_config { ca_file = \"" + folder / "ca.pem" + "\" } }", ",,"},
      {https + "/m", "client { tls_config { insecure_skip_verify = true } }", ",,"},
      {https + "/m",
       "client { tls_config { ca_file = \"" + folder / "ca.pem" +
           "\"\n server_name = \"other.example\" } }",
       error},
  };
  for (const auto& row : cases) {
    const std::string got = graph.error_of("import.http \"lib\" { url = \"" + row.url + "\"\n" +
                                           row.client + " }\n lib.m \"a\" { }");
    if (row.value == error) {
      EXPECT_NE(got, "") << row.url << row.client;
    } else {
      EXPECT_EQ(got, "") << row.url << row.client;
      EXPECT_EQ(graph.value_of("lib.m.a/probe.x"), "\"" + row.value + "\"") << row.client;
    }
  }
  graph.controller->stop(std::chrono::seconds(1));
  (*plain)->stop(std::chrono::seconds(1));
  (*secure)->stop(std::chrono::seconds(1));
}

}  // namespace
}  // namespace weir::graph
