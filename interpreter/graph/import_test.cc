// SPDX-License-Identifier: Apache-2.0
// Modules that change while they are in use. covers: L13.2
#include "base/net/http_server.h"
#include "tests/support/probed_graph.h"
#include "tests/support/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace weir::graph {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(Import, AnImportThatBreaksLeavesWhatItBroughtBefore) {
  const test::TempDir folder;
  const std::string path = folder / "lib.alloy";
  const auto write = [&](const std::string& text) { test::write_file(path, text); };
  write("declare \"m\" { probe \"x\" { value = 1 } }");
  ProbedGraph graph;
  ASSERT_TRUE(graph
                  .load("import.file \"lib\" {\n filename = \"" + path +
                        "\"\n detector = \"poll\"\n poll_frequency = \"5ms\" }\n lib.m \"a\" { }")
                  .ok);
  EXPECT_EQ(graph.value_of("lib.m.a/probe.x"), "1");
  write("declare \"m\" {");
  EXPECT_TRUE(test::eventually(
      [&] { return graph.health_of("import.file.lib").state == Health::kUnhealthy; }));
  EXPECT_EQ(graph.value_of("lib.m.a/probe.x"), "1");
  write("declare \"m\" { probe \"x\" { value = 3 } }");
  EXPECT_TRUE(graph.comes_to("lib.m.a/probe.x", "3"));
  EXPECT_TRUE(test::eventually(
      [&] { return graph.health_of("import.file.lib").state == Health::kHealthy; }));
}

TEST(Import, AModuleIsRefusedWhenSomethingInUseBreaksByIt) {
  const test::TempDir folder;
  const std::string path = folder / "lib.alloy";
  const auto write = [&](const std::string& text) {  // at once: half a text is another mistake
    test::write_file(folder / "new", text);
    std::filesystem::rename(folder / "new", path);
  };
  const std::string good =
      "declare \"m\" { argument \"a\" { }\n probe \"x\" { value = argument.a.value }\n"
      "probe \"y\" { value = 1 } }\n";
  write(good);
  const std::string config = "import.file \"lib\" {\n filename = \"" + path +
                             "\"\n detector = \"poll\"\n poll_frequency = \"5ms\" }\n"
                             "lib.m \"a\" { a = 7 }";
  ProbedGraph graph;
  ASSERT_EQ(graph.error_of(config), "");
  graph.journal.take();
  const struct {
    std::string text;
    std::vector<std::string> says;
  } kCases[] = {
      {"declare \"m\" {", {path + ":1:14: "}},
      {"probe \"z\" { }", {path + ":1:1: "}},
      {"declare \"m\" {\n argument \"a\" { }\n prob \"x\" { }\n probe \"y\" { valu = 1 } }",
       {path + ":3:2: "}},
      {"declare \"m\" {\n argument \"a\" { }\n probe \"x\" { valu = 1 }\n probe \"y\" { vale = 1 } "
       "}",
       {path + ":3:14: ", "; " + path + ":4:14: "}},
      {"declare \"m\" { probe \"x\" { } }", {"main.alloy:5:13: "}},
      {"declare \"m\" {\n argument \"a\" { }\n argument \"b\" { } }", {"\"b\""}},
      {"declare \"other\" { }", {"main.alloy:5:1: "}},
      {"import.file \"beside\" { filename = \"" + folder / "none" + "\" }\n" + good,
       {path + ":1:1: ", "none"}},
  };
  double failures = 0;
  const auto failed = [&] {
    return graph.metrics.text().find(
               "import_failed_updates_total{config_id=\"import.file.lib\",config_path=\"/\"} " +
               std::to_string(static_cast<int>(failures)) + "\n") != std::string::npos;
  };
  EXPECT_TRUE(failed()) << graph.metrics.text();
  for (const auto& row : kCases) {
    write(row.text);
    ++failures;
    EXPECT_TRUE(test::eventually([&] {
      return failed() &&
             graph.health_of("import.file.lib").message.find(row.says.front()) != std::string::npos;
    })) << row.text
        << graph.metrics.text();
    const HealthReport health = graph.health_of("import.file.lib");
    EXPECT_EQ(health.state, Health::kUnhealthy);
    for (const std::string& part : row.says)
      EXPECT_THAT(health.message, HasSubstr(part)) << row.text;
    EXPECT_TRUE(test::eventually([&] {
      return graph.metrics.text().find(
                 "running_components{controller_id=\"\",controller_path=\"/\",health_type="
                 "\"unhealthy\"} 1") != std::string::npos;
    }));
    EXPECT_THAT(graph.journal.take(), IsEmpty()) << row.text;
    EXPECT_EQ(graph.value_of("lib.m.a/probe.x"), "7");

    // A load that needs it is refused, and says why at the module's own place.
    const LoadResult refused = graph.load(config);
    EXPECT_FALSE(refused.ok);
    EXPECT_THAT(text::one_line(refused.diagnostics.all().front()), HasSubstr(row.says.front()));
    EXPECT_THAT(graph.journal.take(), IsEmpty()) << row.text;
  }
  write(good + "declare \"unused\" { nonsense \"x\" { } }");
  EXPECT_TRUE(test::eventually(
      [&] { return graph.health_of("import.file.lib").state == Health::kHealthy; }));
  EXPECT_THAT(graph.journal.take(), IsEmpty());
  EXPECT_TRUE(failed());
}

TEST(Import, AModuleMayComeFromAnAddress) {
  std::atomic<int> value = 1;
  ProbedGraph graph;
  auto server = net::HttpServer::listen(
      graph.pool, {}, [&](const net::ServerRequest& request, net::Responder responder) {
        net::ServerResponse answer;
        answer.status = request.path == "/lib/m.alloy" ? 200 : 404;
        answer.body = "declare \"m\" { probe \"x\" { value = [module_path, " +
                      std::to_string(value) + "] } }";
        responder.send(std::move(answer));
      });
  ASSERT_TRUE(server);
  const std::string folder = "http://127.0.0.1:" + std::to_string((*server)->port()) + "/lib/";
  const auto import = [&](const std::string& file) {
    return "import.http \"lib\" { url = \"" + folder + file +
           "\"\n poll_frequency = \"10ms\" }\n lib.m \"a\" { }";
  };
  EXPECT_THAT(graph.error_of(import("none.alloy")), HasSubstr("404"));
  ASSERT_EQ(graph.error_of(import("m.alloy")), "");
  EXPECT_EQ(graph.value_of("lib.m.a/probe.x"), "[\"" + folder + "\",1]");
  value = 2;
  EXPECT_TRUE(graph.comes_to("lib.m.a/probe.x", "[\"" + folder + "\",2]"));
  graph.controller->stop(std::chrono::seconds(1));
  (*server)->stop(std::chrono::seconds(1));
}

}  // namespace
}  // namespace weir::graph
