// SPDX-License-Identifier: Apache-2.0
// The program as its operators meet it: readiness, reload, signals, the API, its own log.

#include "base/codec/json.h"
#include "tests/support/corpus.h"
#include "tests/support/fake_loki.h"
#include "tests/support/raw_client.h"
#include "tests/support/running_weir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace weir {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using test::RawClient;
using test::RunningWeir;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// What the process has open, by number: "17 -> /tmp/x/app.log".
std::set<std::string> open_files(pid_t pid, const std::string& part) {
  std::set<std::string> found;
  std::error_code error;
  const std::string folder = format("/proc/{}/fd", pid);
  for (std::filesystem::directory_iterator at(folder, error);
       !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    std::error_code gone;
    const std::string target = std::filesystem::read_symlink(at->path(), gone).string();
    if (target.find(part) != std::string::npos)
      found.insert(format("{} -> {}", at->path().filename().string(), target));
  }
  return found;
}

std::string matcher(const std::string& label, const std::string& pattern) {
  return format("local.file_match \"{}\" {{ path_targets = [{{__path__ = \"{}\"}}] }}\n", label,
                pattern);
}

/// A pipeline from the files of a folder to `url`.
std::string pipeline(const std::string& folder, const std::string& url,
                     const std::string& cluster = "a") {
  return format(R"(
local.file_match "logs" {{
  path_targets = [{{__path__ = "{}/*.log"}}]
  sync_period  = "100ms"
}}
loki.source.file "logs" {{
  targets    = local.file_match.logs.targets
  forward_to = [loki.write.out.receiver]
}}
loki.write "out" {{
  external_labels = {{cluster = "{}"}}
  endpoint {{
    url        = "{}"
    batch_wait = "50ms"
  }}
}}
)",
                folder, cluster, url);
}

TEST(Daemon, ReloadSaysWhatItDid) {
  RunningWeir weir(matcher("a", "/none/a") + matcher("b", "/none/b") + matcher("c", "/none/c"));
  ASSERT_EQ(weir.get("/-/ready").body, "Alloy is ready.\n");
  EXPECT_TRUE(weir.logged("doubt about the configuration")) << "nothing uses what they find";
  EXPECT_TRUE(eventually([&] { return weir.logged("no file matches"); }));
  const auto changed =
      weir.reload(matcher("a", "/none/a") + matcher("b", "/none/other") + matcher("d", "/none/d"));
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(changed.body, "config reloaded\n1 added, 1 updated, 1 removed, 1 untouched\n");
  EXPECT_EQ(weir.get("/-/reload").body,
            "config reloaded\n0 added, 0 updated, 0 removed, 3 untouched\n");
  EXPECT_TRUE(weir.logged("added=1 updated=1 removed=1 untouched=1"));
  EXPECT_EQ(weir.get("/-/healthy").body, "All Alloy components are healthy.\n");
  EXPECT_EQ(weir.get("/healthy").status, 200);

  weir.write_config(matcher("a", "/none/a"));
  weir.process().signal(SIGHUP);
  EXPECT_TRUE(eventually([&] { return weir.logged("removed=2 untouched=1"); }));
  EXPECT_EQ(weir.terminate(), 0);
  EXPECT_TRUE(weir.logged("msg=stopped"));
}

TEST(Daemon, ABadReloadTouchesNothing) {
  test::FakeLoki loki;
  const test::TempDir logs;
  test::write_file(logs / "app.log", "one\n");
  const std::string good = pipeline(logs.path(), loki.url());
  RunningWeir weir(good);
  ASSERT_TRUE(eventually([&] { return loki.lines() == std::vector<std::string>{"one"}; }))
      << weir.log();
  const auto picture = [&] {
    return weir.get("/api/v0/web/components").body +
           weir.get("/api/v0/web/components/loki.write.out").body;
  };
  const auto hash = [&] {
    for (const std::string& line : lines_of(weir.get("/metrics").body)) {
      if (line.starts_with("alloy_config_hash")) return line;
    }
    return std::string();
  };
  const auto files = open_files(weir.process().pid(), "app.log");
  ASSERT_FALSE(files.empty());
  ASSERT_TRUE(eventually([&] { return picture().find("last_success") != std::string::npos; }));
  const std::string before = picture();
  const std::string hash_before = hash();
  ASSERT_THAT(hash_before, HasSubstr("sha256"));

  const struct {
    std::string config;
    std::vector<std::string> says;
  } kCases[] = {
      {good + "loki.writ \"x\" { }\nloki.write \"y\" { endpont { } }\n",
       {":17:1: ", "did you mean \"loki.write\"?", ":18:18: ", "\"endpont\""}},
      {good + "loki.write \"x\" {", {":17:"}},
      {good + "local.file \"x\" { filename = true }", {":17:29: "}},
      {good + "discovery.relabel \"x\" { targets = discovery.relabel.x.output }",
       {"discovery.relabel.x"}},
      {good + "local.file \"x\" { filename = \"/no/such/file\" }", {"/no/such/file"}},
      {"", {}},  // stands for a file that is gone
  };
  double failures = 0;
  for (const auto& c : kCases) {
    if (c.config.empty()) {
      std::filesystem::remove(weir.config_path());
    } else {
      weir.write_config(c.config);
    }
    const auto answer = weir.ask("POST", "/-/reload");
    EXPECT_EQ(answer.status, 400) << c.config;
    for (const std::string& part : c.says) EXPECT_THAT(answer.body, HasSubstr(part));
    EXPECT_EQ(weir.metric("alloy_config_last_load_successful"), 0);
    EXPECT_EQ(weir.metric("alloy_config_load_failures_total"), ++failures);
    EXPECT_EQ(picture(), before) << c.config;
    EXPECT_EQ(hash(), hash_before);
    EXPECT_EQ(open_files(weir.process().pid(), "app.log"), files);
    EXPECT_EQ(weir.get("/-/ready").status, 200);
  }
  EXPECT_TRUE(weir.logged("failed to reload config"));

  // What was changed before the first failure is as it was.
  const auto answer = weir.reload(pipeline(logs.path(), loki.url(), "b") +
                                  "local.file \"x\" { filename = \"/no/such/file\" }");
  EXPECT_EQ(answer.status, 400);
  test::write_file(logs / "app.log", "one\ntwo\n");
  ASSERT_TRUE(eventually([&] { return loki.lines().size() == 2; })) << weir.log();
  EXPECT_EQ(loki.lines(), (std::vector<std::string>{"one", "two"}));
  EXPECT_THAT(loki.pushes().back().streams.at(0).selector, HasSubstr("cluster=\"a\""));

  EXPECT_EQ(weir.reload(good).body,
            "config reloaded\n0 added, 0 updated, 0 removed, 3 untouched\n");
  EXPECT_EQ(weir.metric("alloy_config_last_load_successful"), 1);
  EXPECT_EQ(open_files(weir.process().pid(), "app.log"), files);
}

/// covers: L13.2
TEST(Daemon, AModuleThatBreaksIsShown) {
  const test::TempDir folder;
  const std::string path = folder / "lib.alloy";
  const auto write = [&](const std::string& text) {
    test::write_file(folder / "new", text);
    std::filesystem::rename(folder / "new", path);
  };
  const std::string good = "declare \"m\" {\n" + matcher("in", "/none") + "}\n";
  write(good);
  const std::string config =
      format("import.file \"lib\" {{ filename = \"{}\" }}\nlib.m \"one\" {{ }}\n", path);
  RunningWeir weir(config);
  const auto listed = [&] { return weir.get("/api/v0/web/components/import.file.lib").body; };
  EXPECT_THAT(weir.get("/api/v0/web/components").body,
              HasSubstr("\"localID\":\"import.file.lib\""));
  EXPECT_THAT(listed(), HasSubstr("\"state\":\"healthy\""));

  write("declare \"m\" {\n local.file_match \"in\" { path_target = [] }\n}\n");
  ASSERT_TRUE(eventually([&] { return weir.get("/-/healthy").status == 500; })) << weir.log();
  EXPECT_EQ(weir.get("/-/healthy").body, "unhealthy components: import.file.lib\n");
  EXPECT_THAT(listed(), HasSubstr("\"state\":\"unhealthy\""));
  EXPECT_THAT(listed(), HasSubstr(path + ":2:26: "));
  EXPECT_EQ(
      weir.metric("import_failed_updates_total{config_id=\"import.file.lib\",config_path=\"/\"}"),
      1);
  EXPECT_THAT(weir.get("/api/v0/web/components/lib.m.one/local.file_match.in").body,
              HasSubstr("\"state\":\"healthy\""));

  const auto refused = weir.ask("POST", "/-/reload");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr(path + ":2:26: "));
  const std::string before = weir.log();
  EXPECT_EQ(weir.ask("POST", "/-/reload").body, refused.body);
  const std::string once = weir.log().substr(before.size());
  EXPECT_THAT(once, HasSubstr("E0312"));
  EXPECT_EQ(once.find("E0312"), once.rfind("E0312")) << once;

  write("declare \"m\" {\n");
  const std::string note = format("; note: {}:1:1: imported here\n", weir.config_path());
  EXPECT_TRUE(eventually([&] {
    return weir.ask("POST", "/-/reload").body.find(note) != std::string::npos;
  })) << weir.log();

  write(good);
  EXPECT_TRUE(eventually([&] { return weir.get("/-/healthy").status == 200; }));
  EXPECT_TRUE(weir.logged("evaluation succeeds again"));
}

TEST(Daemon, AFailedFirstLoadEndsTheProgram) {
  RunningWeir weir("loki.write \"a\" { }\nnope \"b\" { }\n");
  const auto ended = weir.process().wait(10s);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->code, 3);
  EXPECT_THAT(weir.log(), HasSubstr("config.alloy:2:1"));
  EXPECT_THAT(weir.log(), HasSubstr("could not perform the initial load successfully"));
}

TEST(Daemon, ShutdownIsBounded) {
  test::FakeLoki loki;
  loki.hold();
  const test::TempDir logs;
  test::write_file(logs / "app.log", "stuck\n");
  RunningWeir weir(pipeline(logs.path(), loki.url()),
                   {.flags = {"--feature.component-shutdown-deadline=1s"}});
  ASSERT_TRUE(eventually([&] { return loki.count() == 1; })) << weir.log();
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(weir.terminate(10s), 0) << weir.log();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
  loki.release();
}

TEST(Daemon, ShutdownDeliversWhatIsUnderWay) {
  test::FakeLoki loki;
  const test::TempDir logs;
  RunningWeir weir(pipeline(logs.path(), loki.url()) + "// batch_wait is not waited for\n");
  test::write_file(logs / "app.log", "last words\n");
  ASSERT_TRUE(eventually([&] {
    return weir.metric(
               "loki_source_file_read_lines_total{component_id=\"loki.source.file."
               "logs\",component_path=\"/\",path=\"" +
               (logs / "app.log") + "\"}") == 1;
  })) << weir.get("/metrics").body;
  EXPECT_EQ(weir.terminate(), 0);
  EXPECT_EQ(loki.lines(), (std::vector<std::string>{"last words"}));
}

TEST(Daemon, ShutdownSendsWhatStagesHoldOnce) {
  test::FakeLoki loki;
  const test::TempDir logs, data;
  test::write_file(logs / "app.log", "A first\n more\nA second\n more\n");
  const std::string config = format(R"(
loki.source.file "logs" {{
	targets    = [{{__path__ = "{}"}}]
	forward_to = [loki.process.blocks.receiver]
}}
loki.process "blocks" {{
	stage.multiline {{
		firstline     = "^A"
		max_wait_time = "1h"
	}}
	forward_to = [loki.write.out.receiver]
}}
loki.write "out" {{
	endpoint {{ url = "{}" }}
}}
)",
                                    logs / "app.log", loki.url());
  const RunningWeir::Options options{.flags = {"--storage.path=" + data.path()}};
  {
    RunningWeir weir(config, options);
    ASSERT_TRUE(eventually([&] { return loki.count() == 1; })) << weir.log();
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_EQ(weir.terminate(), 0);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 4s);
    EXPECT_FALSE(weir.logged("stopped before everything was delivered")) << weir.log();
  }
  const std::vector<std::string> both = {"A first\n more", "A second\n more"};
  EXPECT_EQ(loki.lines(), both);
  RunningWeir again(config, options);
  std::ofstream(logs / "app.log", std::ios::app) << "A third\nA fourth\n";
  EXPECT_TRUE(eventually([&] { return loki.lines().size() > 2; })) << again.log();
  EXPECT_EQ(loki.lines()[2], "A third");
}

TEST(Daemon, InterruptEndsItToo) {
  RunningWeir weir(matcher("a", "/none"));
  weir.process().signal(SIGINT);
  const auto ended = weir.process().wait(10s);
  ASSERT_TRUE(ended);
  EXPECT_EQ(ended->code, 0);
}

codec::JsonValue json_of(const net::HttpResponse& response) {
  EXPECT_EQ(response.status, 200) << response.body;
  auto parsed = codec::parse_json(response.body);
  EXPECT_TRUE(parsed) << response.body;
  return parsed ? *std::move(parsed) : codec::JsonValue();
}

TEST(Daemon, ShowsItsComponents) {
  const std::string kConfig = R"(
declare "pair" {
  argument "pattern" { }
  local.file_match "inner" { path_targets = [{__path__ = argument.pattern.value}] }
  export "targets" { value = local.file_match.inner.targets }
}
pair "one" { pattern = "/none/*.log" }
discovery.relabel "two" { targets = pair.one.targets }
loki.echo "end" { }
loki.relabel "three" { forward_to = [loki.echo.end.receiver] }
)";
  RunningWeir weir(kConfig, {.flags = {"--stability.level=experimental"}});
  const codec::JsonValue list = json_of(weir.get("/api/v0/web/components"));
  std::vector<std::string> names;
  ASSERT_NE(list.as_array(), nullptr);
  for (const auto& row : *list.as_array()) {
    names.push_back(test::text_of(row, "localID"));
    EXPECT_TRUE(row.find("arguments")->as_array()->empty());
    EXPECT_EQ(test::text_of(row, "moduleID"), "");
    EXPECT_EQ(test::text_of(*row.find("health"), "state"), "healthy");
  }
  EXPECT_THAT(names, testing::ElementsAre("pair.one", "discovery.relabel.two", "loki.echo.end",
                                          "loki.relabel.three"));

  const std::string one = weir.get("/api/v0/web/components/pair.one").body;
  EXPECT_THAT(one, HasSubstr(R"("createdModuleIDs":["pair.one"])"));
  EXPECT_THAT(one, HasSubstr(R"("referencedBy":["discovery.relabel.two"])"));
  EXPECT_THAT(
      one,
      HasSubstr(
          R"({"name":"pattern","type":"attr","value":{"type":"string","value":"/none/*.log"}})"));
  EXPECT_THAT(weir.get("/api/v0/web/modules/pair.one/components").body,
              HasSubstr(R"("localID":"local.file_match.inner","moduleID":"pair.one")"));
  EXPECT_THAT(weir.get("/api/v0/web/components/pair.one/local.file_match.inner").body,
              HasSubstr("\"exports\":[{"));
  // Data flows from where receivers are referred to, to where they belong; values flow the other way.
  EXPECT_THAT(weir.get("/api/v0/web/components/loki.relabel.three").body,
              HasSubstr(R"("dataFlowEdgesTo":["loki.echo.end"])"));
  EXPECT_THAT(one, HasSubstr(R"("dataFlowEdgesTo":["discovery.relabel.two"])"));

  const struct {
    std::string path;
    int status;
    std::string says;
  } kCases[] = {
      {"/api/v0/web/components/loki.echo.none", 404, "no component"},
      {"/api/v0/web/components/", 404, "no component"},
      {"/api/v0/web/modules/none/components", 500, "no module"},
      {"/api/v0/web/peers", 200, "[]"},
      {"/api/v0/web/graph", 501, "the stream of live data is not built yet"},
      {"/api/v0/web/graph/pair.one?window=1", 501, "the stream of live data is not built yet"},
      {"/api/v0/web/debug/loki.echo.end", 501, "the stream of live data is not built yet"},
      {"/api/v0/web/remotecfg/components", 501, "remote configuration is not built yet"},
      {"/api/v0/web/else", 404, "not found"},
      {"/api/v0/component/loki.echo.end/x", 404, ""},
      {"/api/v0/component/none", 404, ""},
      {"/-/support", 501, "the support bundle is not built yet"},
      {"/debug/pprof/heap", 501, "profiling of the daemon itself is not built yet"},
      {"/", 404, "the web UI is not built yet"},
      {"/nothing", 404, "not found"},
      {"/%2e%2e/%2e%2e/etc/passwd", 404, "not found"},
  };
  for (const auto& c : kCases) {
    const auto answer = weir.get(c.path);
    EXPECT_EQ(answer.status, c.status) << c.path;
    EXPECT_THAT(answer.body, HasSubstr(c.says)) << c.path;
    EXPECT_THAT(answer.body, Not(HasSubstr("root:"))) << c.path;
  }
}

TEST(Daemon, FlagsOfTheServer) {
  RunningWeir weir(
      "", {.flags = {"--server.http.ui-path-prefix=/weir", "--server.http.enable-pprof=false",
                     "--server.http.disable-support-bundle"}});
  EXPECT_EQ(weir.get("/weir/api/v0/web/components").body, "[]");
  EXPECT_EQ(weir.get("/api/v0/web/components").status, 404);
  EXPECT_EQ(weir.get("/-/ready").status, 200);
  EXPECT_EQ(weir.get("/-/support").status, 403);
  EXPECT_EQ(weir.get("/debug/pprof/heap").status, 404);
}

TEST(Daemon, LogsAsLogfmtAndJson) {
  for (const bool json : {false, true}) {
    RunningWeir weir(format("logging {{ format = \"{}\" }}\n", json ? "json" : "logfmt") +
                     matcher("a", "/none"));
    EXPECT_EQ(weir.reload("nonsense").status, 400);
    weir.terminate();
    const auto lines = lines_of(weir.log());
    EXPECT_GT(lines.size(), 4U);
    for (const std::string& line : lines) {
      if (!json) {
        EXPECT_THAT(line,
                    testing::ContainsRegex("^ts=[-0-9T:.]*Z level=(debug|info|warn|error) msg="))
            << line;
        continue;
      }
      const auto parsed = codec::parse_json(line);
      ASSERT_TRUE(parsed) << line;
      EXPECT_NE(test::text_of(*parsed, "ts"), "");
      EXPECT_NE(test::text_of(*parsed, "level"), "");
      EXPECT_NE(test::text_of(*parsed, "msg"), "");
    }
  }
}

TEST(Daemon, SecretsStayInside) {
  test::FakeLoki loki;
  loki.answer(500);
  const test::TempDir dir;
  test::write_file(dir / "password", "hush-file");
  test::write_file(dir / "app.log", "a line\n");
  const auto config = [&](const std::string& more) {
    return format(R"(
logging {{ level = "debug" }}
http {{ auth {{
  basic {{
    username = "me"
    password = "hush-http"
  }}
  filter {{ paths = ["/private"] }}
}} }}
local.file "password" {{
  filename  = "{0}/password"
  is_secret = true
}}
declare "writer" {{
  argument "token" {{ }}
  loki.write "inner" {{ endpoint {{
    url          = "{1}"
    bearer_token = argument.token.value
  }} }}
  export "receiver" {{ value = loki.write.inner.receiver }}
  export "back" {{ value = argument.token.value }}
}}
writer "one" {{ token = local.file.password.content }}
local.file_match "logs" {{ path_targets = [{{__path__ = "{0}/*.log"}}] }}
loki.source.file "logs" {{
  targets    = local.file_match.logs.targets
  forward_to = [writer.one.receiver, loki.write.two.receiver]
}}
loki.write "two" {{
  endpoint {{ url = "http://user:hush-url@127.0.0.1:1/push" }}
  endpoint {{
    url = "{1}"
    basic_auth {{
      username = "u"
      password = "hush-basic"
    }}
  }}
  endpoint {{
    url     = "{1}"
    oauth2 {{
      client_id     = "id"
      client_secret = "hush-oauth"
      token_url     = "http://127.0.0.1:1/token"
    }}
  }}
}}
{2}
)",
                  dir.path(), loki.url(), more);
  };
  RunningWeir weir(config(""), {.flags = {"--feature.component-shutdown-deadline=1s"}});
  ASSERT_EQ(weir.get("/-/ready").status, 200) << weir.log();
  EXPECT_TRUE(eventually([&] { return loki.count() >= 2 && weir.get("/-/healthy").status == 500; }))
      << weir.log();

  std::string heard;
  for (const char* path :
       {"/metrics", "/-/healthy", "/api/v0/web/components",
        "/api/v0/web/components/local.file.password", "/api/v0/web/components/writer.one",
        "/api/v0/web/components/writer.one/loki.write.inner",
        "/api/v0/web/modules/writer.one/components", "/api/v0/web/components/loki.write.two",
        "/api/v0/web/components/loki.source.file.logs", "/private",
        "/api/v0/component/loki.write.two/"}) {
    const auto answer = weir.get(path);
    heard += answer.body;
    for (const auto& [name, value] : answer.headers) heard += name + ": " + value + "\n";
  }
  ASSERT_THAT(heard, HasSubstr("(secret)"));
  // Mistakes on the very lines that hold secrets, and in what is made of them.
  for (const char* more : {
           "loki.write \"x\" { endpoint { basic_auth { password = [\"hush-literal\"] } } }",
           "local.file_match \"x\" { path_targets = [{__path__ = local.file.password.content}] }",
           "local.file_match \"x\" { path_targets = local.file.password.content }",
           "local.file \"x\" { filename = local.file.password.content }",
           "local.file_match \"x\" { sync_period = string.format(\"%s\", "
           "local.file.password.content) }",
           "local.file \"x\" { filename = encoding.to_json({a = local.file.password.content}) }",
           "writer \"x\" { toke = local.file.password.content }",
       }) {
    const auto answer = weir.reload(config(more));
    EXPECT_EQ(answer.status, 400) << more;
    heard += answer.body;
  }
  net::HttpClientConfig wrong;
  wrong.basic = net::BasicAuth{"me", {"hush-guess", ""}};
  EXPECT_EQ(weir.ask("GET", "/private", wrong).status, 401);
  EXPECT_EQ(weir.terminate(), 0);
  heard += weir.log();
  EXPECT_THAT(heard, HasSubstr("wrong credentials"));
  for (std::size_t at = 0; (at = heard.find("hush", at)) != std::string::npos; ++at) {
    ADD_FAILURE() << "..." << heard.substr(at < 100 ? 0 : at - 100, 200);
  }
}

TEST(Daemon, BadRequestsHarmNobody) {
  RunningWeir weir(matcher("a", "/none"));
  const struct {
    std::string request, status;
  } kCases[] = {
      {"GET /-/ready HTTP/1.1\r\nHost: h\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n", "431"},
      {"GET /" + std::string(100'000, 'x') + " HTTP/1.1\r\nHost: h\r\n\r\n", "431"},
      {"GET /-/ready HTTP/9.9\r\n\r\n", "400"},
      {"\r\n\r\n\x16\x03\x01 not tls", "400"},
      {"BREW /-/ready HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "405"},
      {"DELETE /metrics HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "405"},
      {"DELETE /-/reload HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "405"},
      {"POST /-/reload HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\n\r\n", "413"},
      {"POST /-/reload HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", "400"},
      {"GET /../../etc/passwd HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "404"},
      {"GET /metrics/../-/ready HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "404"},
      {"GET /api/v0/component/local.file_match.a/../../../etc/passwd HTTP/1.1\r\nHost: "
       "h\r\nConnection: close\r\n\r\n",
       "404"},
      {std::string("GET /\0 HTTP/1.1\r\nHost: h\r\n\r\n", 27), "400"},
  };
  for (const auto& c : kCases) {
    const RawClient client(weir.port());
    client.say(c.request);
    EXPECT_EQ(client.hear().substr(9, 3), c.status) << c.request.substr(0, 40);
  }
  EXPECT_EQ(weir.get("/-/ready").status, 200);
  EXPECT_FALSE(weir.logged("config loaded\" added=0"));  // none of these reloaded
}

TEST(Daemon, SlowAndManyClientsAreBounded) {
  RunningWeir weir(matcher("a", "/none"));
  std::vector<std::unique_ptr<RawClient>> slow;
  for (int i = 0; i < 300; ++i) {
    slow.push_back(std::make_unique<RawClient>(weir.port(), 20));
    if (i < 200) slow.back()->say("GET /-/ready HTTP/1.1\r\nX-Slow: ");
  }
  EXPECT_TRUE(eventually([&] { return weir.get("/-/ready").status == 200; }, 15s));
  EXPECT_EQ(slow.front()->hear(), "");
  EXPECT_EQ(slow.back()->hear(), "");
}

}  // namespace
}  // namespace weir
