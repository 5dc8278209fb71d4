// SPDX-License-Identifier: Apache-2.0
#include "interpreter/graph/controller.h"

#include "tests/support/probed_graph.h"
#include "tests/support/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

namespace weir::graph {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Result<std::string> same_text(const std::string& text) {
  return text;
}

constexpr const char* kChain = R"(
probe "last" { value = probe.middle.value }
probe "middle" { value = probe.first.value }
probe "first" { value = 1 }
)";

// covers: L14.1
TEST(Controller, BuildsAndStartsDependenciesFirstAndStopsUsersFirst) {
  ProbedGraph graph;
  const LoadResult result = graph.load(kChain);
  ASSERT_TRUE(result.ok);
  EXPECT_EQ(result.summary(), "3 added, 0 updated, 0 removed, 0 untouched");
  EXPECT_THAT(graph.journal.take(),
              ElementsAre("update desk null", "update probe.first 1", "update probe.middle 1",
                          "update probe.last 1", "start desk", "start probe.first",
                          "start probe.middle", "start probe.last"));
  EXPECT_EQ(graph.health_of("probe.last").state, Health::kHealthy);
  EXPECT_EQ(graph.health_of("probe.last").message, "started component");
  graph.controller->stop(std::chrono::seconds(1));
  EXPECT_THAT(graph.journal.take(),
              ElementsAre("wind down probe.last", "wind down probe.middle", "wind down probe.first",
                          "wind down desk", "stop probe.last", "stop probe.middle",
                          "stop probe.first", "stop desk"))
      << "none stops while another may still send to it";
  EXPECT_FALSE(graph.load(kChain).ok);
}

TEST(Controller, FirstLoadWithAnErrorRunsNothing) {
  ProbedGraph graph;
  EXPECT_THAT(graph.error_of("probe \"a\" { value = 1 }\nprobe \"b\" { valu = 1 }"),
              HasSubstr("main.alloy:2:13"));
  EXPECT_THAT(graph.journal.take(), IsEmpty());
  EXPECT_THAT(graph.error_of("probe \"a\" { value = 1 }\nprobe \"b\" { value = 7\n refuse = 7 }"),
              HasSubstr("it cannot be 7"));
  EXPECT_THAT(graph.journal.take(),
              ElementsAre("update desk null", "update probe.a 1", "refuse probe.b 7"));
  EXPECT_TRUE(graph.controller->picture()->nodes.empty());
}

TEST(Controller, AllErrorsOfAConfigurationAreToldAtOnce) {
  ProbedGraph graph;
  const LoadResult result =
      graph.load("probe \"a\" { valu = 1 }\nprobe \"b\" { refuse_start = [] }\ndesk { x = 1 }");
  EXPECT_EQ(result.diagnostics.error_count(), 3U);
}

// covers: L14.4
TEST(Controller, ReloadTouchesOnlyWhatIsDifferent) {
  ProbedGraph graph;
  ASSERT_TRUE(graph.load(kChain).ok);
  graph.journal.take();
  const auto before = graph.controller->picture()->find("probe.first")->instance;
  EXPECT_EQ(graph.load(kChain).summary(), "0 added, 0 updated, 0 removed, 3 untouched");
  EXPECT_THAT(graph.journal.take(), IsEmpty());
  const LoadResult result = graph.load(R"(
    // moved, and with a comment
    probe "first" { value = 1 }
    probe "middle" { value = 5 }
    probe "new" { value = probe.first.value }
  )");
  EXPECT_EQ(result.summary(), "1 added, 1 updated, 1 removed, 1 untouched");
  EXPECT_THAT(graph.journal.take(),
              ElementsAre("update probe.middle 5", "update probe.new 1", "wind down probe.last",
                          "stop probe.last", "start probe.new"));
  EXPECT_EQ(graph.controller->picture()->find("probe.first")->instance, before);
}

// covers: L14.2, L14.4
TEST(Controller, AReloadThatIsWrongTouchesNothing) {
  ProbedGraph graph;
  ASSERT_TRUE(graph.load(kChain).ok);
  graph.journal.take();
  const auto before = graph.controller->picture();
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"probe \"first\" {", "main.alloy:1"},
      {"probe \"first\" { value = 2 }\nprobe \"x\" { value = probe.y.value }",
       "\"probe.y.value\" does not exist"},
      {"probe \"first\" { value = 2 }\nprobe \"x\" { other = 1 }", "other"},
      {"probe \"first\" { value = probe.x.value }\nprobe \"x\" { value = probe.first.value }",
       "cycle: probe.first, probe.x"},
      {"probe \"first\" { value = 2 }\nprobe \"x\" { value = probe.first.value.deep + {} }",
       "main.alloy:2"},
      {"nothing \"x\" { }", "nothing"},
  };
  for (const auto& [text, part] : wrong) {
    EXPECT_THAT(graph.error_of(text), HasSubstr(part));
    EXPECT_THAT(graph.journal.take(), IsEmpty()) << text;
    EXPECT_EQ(graph.controller->picture(), before);
  }
  graph.journal.publish("probe.first", 9);  // and what runs goes on
  EXPECT_TRUE(graph.comes_to("probe.last", "9"));
}

TEST(Controller, AReloadThatFailsOnTheWayIsUndone) {
  ProbedGraph graph;
  ASSERT_TRUE(graph.load(kChain).ok);
  graph.journal.take();
  const auto before = graph.controller->picture();
  EXPECT_THAT(graph.error_of(R"(
    probe "first" { value = 2 }
    probe "middle" { value = probe.first.value }
    probe "other" { value = probe.middle.value }
    probe "wrong" { value = probe.other.value + 5
                    refuse = 7 }
  )"),
              HasSubstr("it cannot be 7"));
  EXPECT_THAT(graph.journal.take(),
              ElementsAre("update probe.first 2", "update probe.middle 2", "update probe.other 2",
                          "refuse probe.wrong 7", "update probe.middle 1", "update probe.first 1"));
  EXPECT_EQ(graph.controller->picture(), before);
  EXPECT_EQ(graph.value_of("probe.last"), "1");
  EXPECT_EQ(graph.health_of("probe.first").state, Health::kHealthy);
  EXPECT_EQ(graph.load(kChain).summary(), "0 added, 0 updated, 0 removed, 3 untouched");
}

// covers: L14.3
TEST(Controller, ExportsReachAllUsersInOneWave) {
  ProbedGraph graph;
  ASSERT_TRUE(graph
                  .load(R"(
    probe "join" { value = [probe.left.value, probe.right.value, probe.top.value] }
    probe "left" { value = probe.top.value }
    probe "right" { value = probe.left_again.value }
    probe "left_again" { value = probe.left.value }
    probe "top" { value = 0 }
  )")
                  .ok);
  for (int i = 1; i <= 200; ++i) graph.journal.publish("probe.top", i);
  EXPECT_TRUE(graph.comes_to("probe.join", "[200,200,200]"));
  for (const std::string& line : graph.journal.take()) {
    if (line.find("update probe.join") == std::string::npos) continue;
    const std::string first = line.substr(line.find('[') + 1, line.find(',') - line.find('[') - 1);
    EXPECT_EQ(line, "update probe.join [" + first + "," + first + "," + first + "]");
  }
}

TEST(Controller, AnEqualExportChangesNothing) {
  ProbedGraph graph;
  ASSERT_TRUE(graph.load(kChain).ok);
  graph.journal.take();
  graph.journal.publish("probe.first", 1);
  graph.journal.publish("probe.middle", 6);  // comes after the other in the inbox
  EXPECT_TRUE(graph.comes_to("probe.last", "6"));
  EXPECT_THAT(graph.journal.take(), ElementsAre("update probe.last 6"));
}

TEST(Controller, WhatFailsWhileRunningKeepsItsLastGoodArguments) {
  ProbedGraph graph;
  ASSERT_TRUE(graph
                  .load(R"(
    probe "first" { value = 1 }
    probe "middle" { value = probe.first.value
                     refuse = 13 }
    probe "last" { value = probe.middle.value }
    probe "typed" { refuse_start = probe.first.value == 14
                    value = -probe.first.value }
  )")
                  .ok);
  graph.journal.publish("probe.first", 13);
  EXPECT_TRUE(test::eventually(
      [&] { return graph.health_of("probe.middle").state == Health::kUnhealthy; }));
  EXPECT_THAT(graph.health_of("probe.middle").message, HasSubstr("it cannot be 13"));
  EXPECT_TRUE(graph.comes_to("probe.typed", "-13"));
  EXPECT_EQ(graph.value_of("probe.last"), "1");
  EXPECT_EQ(graph.health_of("probe.last").state, Health::kHealthy);
  graph.journal.publish("probe.first", 14);
  EXPECT_TRUE(graph.comes_to("probe.last", "14"));
  EXPECT_TRUE(
      test::eventually([&] { return graph.health_of("probe.middle").state == Health::kHealthy; }));
}

TEST(Controller, WhatFailsAlreadyDoesNotHoldUpALoad) {
  const std::string config = R"(
    probe "first" { value = 1 }
    probe "refuses" { value = probe.first.value
                      refuse = 13 }
    probe "negates" { value = -probe.refuses.value
                      refuse_start = 1 / (probe.first.value - 13) == 7 }
  )";
  ProbedGraph graph;
  ASSERT_TRUE(graph.load(config).ok);
  graph.journal.publish("probe.first", 13);
  EXPECT_TRUE(test::eventually(
      [&] { return graph.health_of("probe.negates").state == Health::kUnhealthy; }));
  EXPECT_EQ(graph.error_of(config + "probe \"new\" { value = probe.refuses.value }"), "");
  EXPECT_EQ(graph.value_of("probe.new"), "1");
  EXPECT_EQ(graph.value_of("probe.negates"), "-1");
  EXPECT_EQ(graph.health_of("probe.refuses").state, Health::kUnhealthy);
  EXPECT_NE(graph.error_of(config + "probe \"new\" { value = 13\n refuse = 13 }"), "");
  graph.journal.publish("probe.first", 2);
  EXPECT_TRUE(graph.comes_to("probe.new", "2"));
}

TEST(Controller, WhatExitedIsMadeAgainByTheNextLoad) {
  ProbedGraph graph;
  ASSERT_TRUE(graph.load(kChain).ok);
  graph.journal.take();
  graph.journal.exit("probe.first");
  EXPECT_EQ(graph.health_of("probe.first").state, Health::kExited);
  EXPECT_EQ(graph.health_of("probe.first").message, "component shut down with error: it gave up");
  EXPECT_TRUE(graph.load(kChain).ok);
  EXPECT_THAT(graph.journal.take(), ElementsAre("update probe.first 1", "wind down probe.first",
                                                "stop probe.first", "start probe.first"));
  EXPECT_EQ(graph.health_of("probe.first").state, Health::kHealthy);
}

TEST(Controller, WhatCannotStartIsExited) {
  ProbedGraph graph;
  ASSERT_TRUE(graph.load("probe \"a\" { refuse_start = true }").ok);
  EXPECT_EQ(graph.health_of("probe.a").state, Health::kExited);
}

// covers: L13.4
TEST(Controller, TurnsOfALoopComeAndGo) {
  ProbedGraph graph;
  ASSERT_TRUE(graph
                  .load(R"(
    probe "list" { value = [1, 2] }
    probe "around" { value = 10 }
    foreach "item" {
      collection = probe.list.value
      var = "n"
      template { probe "x" { value = n + probe.around.value } }
    }
  )")
                  .ok);
  EXPECT_EQ(graph.value_of("foreach.item/foreach_2_1/probe.x"), "12");
  graph.journal.take();
  ASSERT_TRUE(graph
                  .load(R"(
    probe "list" { value = [2, 3] }
    probe "around" { value = 10 }
    foreach "item" {
      collection = probe.list.value
      var = "n"
      template { probe "x" { value = n + probe.around.value } }
    }
  )")
                  .ok);
  EXPECT_THAT(graph.journal.take(),
              ElementsAre("update probe.list [2,3]", "update foreach.item/foreach_3_1/probe.x 13",
                          "wind down foreach.item/foreach_1_1/probe.x",
                          "stop foreach.item/foreach_1_1/probe.x",
                          "start foreach.item/foreach_3_1/probe.x"));
  graph.journal.publish("probe.around", 20);
  EXPECT_TRUE(graph.comes_to("foreach.item/foreach_3_1/probe.x", "23"));
  EXPECT_TRUE(graph.comes_to("foreach.item/foreach_2_1/probe.x", "22"));
}

TEST(Controller, TurnsThatAnExportBringsAreStarted) {
  ProbedGraph graph;
  ASSERT_TRUE(graph
                  .load(R"(
    probe "count" { value = 1 }
    foreach "item" {
      collection = [probe.count.value]
      var = "n"
      template { probe "x" { value = n } }
    }
  )")
                  .ok);
  graph.journal.take();
  graph.journal.publish("probe.count", 2);
  EXPECT_TRUE(graph.comes_to("foreach.item/foreach_2_1/probe.x", "2"));
  EXPECT_TRUE(test::eventually([&] {
    return graph.health_of("foreach.item/foreach_2_1/probe.x").state == Health::kHealthy;
  }));
  EXPECT_THAT(graph.journal.take(), ElementsAre("update foreach.item/foreach_2_1/probe.x 2",
                                                "wind down foreach.item/foreach_1_1/probe.x",
                                                "stop foreach.item/foreach_1_1/probe.x",
                                                "start foreach.item/foreach_2_1/probe.x"));
  EXPECT_EQ(graph.value_of("foreach.item/foreach_1_1/probe.x"), "absent");
}

TEST(Controller, ALoopIsRehearsedBeforeItsItemsAreKnown) {
  ProbedGraph graph;
  const auto loop = [](const std::string& inside) {
    return "probe \"count\" { value = 1 }\nforeach \"item\" { collection = [probe.count.value]\n"
           "var = \"n\"\n template {\n" +
           inside + "\n} }";
  };
  EXPECT_THAT(graph.error_of(loop("probe \"x\" { other = n }")), HasSubstr("main.alloy:5:13"));
  EXPECT_THAT(graph.error_of(loop("probe \"x\" { value = n + m }")),
              HasSubstr("main.alloy:5:25: identifier \"m\""));
  EXPECT_THAT(graph.error_of(loop("nothing \"x\" { }")), HasSubstr("nothing"));
  EXPECT_THAT(graph.journal.take(), IsEmpty());
  EXPECT_EQ(graph.error_of(loop("probe \"x\" { value = n + 1 }")), "");
  EXPECT_EQ(graph.value_of("foreach.item/foreach_1_1/probe.x"), "2");
}

// covers: L13.3
TEST(Controller, ServicesKeepTheirBlocksWhateverANamespaceIsCalled) {
  ProbedGraph graph;
  const std::string import =
      "import.string \"desk\" { content = \"declare \\\"m\\\" { }\" }\n"
      "declare \"probe\" { }\n";
  ASSERT_EQ(graph.error_of(import + "desk { value = 7 }\n desk.m \"x\" { }"), "");
  EXPECT_THAT(graph.journal.take(), ElementsAre("update desk 7", "start desk"));
  EXPECT_THAT(graph.error_of(import + "desk { valu = 7 }"), HasSubstr("main.alloy:3:8"));
}

TEST(Controller, OfAnImportedFolderTheFirstDeclareWinsAndTextsMayBeUtf16) {
  const test::TempDir folder;
  const auto module = [](const std::string& value) {
    return "declare \"m\" { probe \"x\" { value = " + value + " } }\n";
  };
  std::string wide = "\xFF\xFE";
  for (const char c : module("1")) wide += std::string{c, '\0'};
  test::write_file(folder / "1.alloy", wide);
  test::write_file(folder / "2.alloy", module("2"));
  ProbedGraph graph;
  const LoadResult result =
      graph.load("import.file \"lib\" { filename = \"" + folder.path() + "\" }\nlib.m \"a\" { }");
  ASSERT_TRUE(result.ok);
  EXPECT_EQ(graph.value_of("lib.m.a/probe.x"), "1");
  ASSERT_EQ(result.diagnostics.warning_count(), 1U);
  EXPECT_EQ(result.diagnostics.all().front().code, text::DiagnosticCode::kRepeatedDeclare);
}

TEST(Controller, YoungFunctionsHaveToBeAdmitted) {
  static constexpr catalog::Param kText[] = {{"text", "Any."}};
  static constexpr catalog::Example kExamples[] = {{"true", "true"}};
  static constexpr auto kYoung =
      catalog::function<&same_text>("lib.young", "The text.", kText, kExamples)
          .since(schema::Stability::kExperimental);
  static constexpr const catalog::FunctionDef* kRows[] = {&kYoung};
  const catalog::FunctionTable functions{std::span(kRows)};
  ProbedGraph graph;
  for (const auto minimum :
       {schema::Stability::kExperimental, schema::Stability::kGenerallyAvailable}) {
    const Environment environment{.catalog = graph.environment->catalog,
                                  .functions = functions,
                                  .pool = graph.pool,
                                  .services = &graph.services,
                                  .minimum_stability = minimum};
    graph.controller = std::make_unique<Controller>(environment);
    const LoadResult result = graph.load("probe \"a\" { value = lib.young(\"x\") }");
    EXPECT_EQ(result.ok, minimum == schema::Stability::kExperimental);
    if (!result.ok) {
      EXPECT_EQ(result.diagnostics.all().front().code, text::DiagnosticCode::kStability);
    }
  }
}

// covers: L13.3
TEST(Controller, TheNearestDeclareOfANameIsMeant) {
  ProbedGraph graph;
  ASSERT_EQ(graph.error_of(R"(
    declare "m" { probe "x" { value = "outer" } }
    declare "n" {
      declare "m" { probe "x" { value = "inner" } }
      m "a" { }
    }
    m "a" { }
    n "b" { }
  )"),
            "");
  EXPECT_EQ(graph.value_of("m.a/probe.x"), "\"outer\"");
  EXPECT_EQ(graph.value_of("n.b/m.a/probe.x"), "\"inner\"");
}

TEST(Controller, WhatNeedsALabelSaysSoOnce) {
  for (const std::string block : {"probe { }", "declare { }", "import.string { content = \"\" }",
                                  "foreach { collection = []\n var = \"x\"\n template { } }"}) {
    ProbedGraph graph;
    const LoadResult result = graph.load(block);
    EXPECT_EQ(result.diagnostics.error_count(), 1U) << block;
    EXPECT_THAT(text::one_line(result.diagnostics.all().front()), HasSubstr("label")) << block;
  }
  for (const std::string block : {"argument { }", "export { value = 1 }"}) {
    ProbedGraph graph;
    const LoadResult result = graph.load("declare \"m\" { " + block + " }\nm \"a\" { }");
    EXPECT_EQ(result.diagnostics.error_count(), 1U) << block;
  }
}

constexpr const char* kModule = R"(
declare "double" {
  argument "in" { }
  argument "plus" { optional = true
                    default = 0 }
  probe "x" { value = argument.in.value * 2 + argument.plus.value }
  export "out" { value = probe.x.value }
}
probe "first" { value = 1 }
double "a" { in = probe.first.value }
probe "last" { value = double.a.out }
)";

// covers: L13.1
TEST(Controller, ModulesTakeArgumentsAndExport) {
  ProbedGraph graph;
  ASSERT_TRUE(graph.load(kModule).ok);
  EXPECT_EQ(graph.value_of("probe.last"), "2");
  graph.journal.publish("probe.first", 4);
  EXPECT_TRUE(graph.comes_to("probe.last", "8"));
  EXPECT_EQ(graph.value_of("double.a/probe.x"), "8");
  graph.journal.publish("double.a/probe.x", 5);
  EXPECT_TRUE(graph.comes_to("probe.last", "5"));
}

// covers: L13.1
TEST(Controller, WhatIsWrongInAModuleIsToldAtItsPlace) {
  ProbedGraph graph;
  const std::string declare = "declare \"m\" { argument \"in\" { }\n probe \"x\" { value = 1 } }\n";
  EXPECT_THAT(graph.error_of(declare + "m \"a\" { }"), HasSubstr("missing required argument"));
  EXPECT_THAT(graph.error_of(declare + "m \"a\" { in = 1\n out = 2 }"),
              HasSubstr("main.alloy:4:2"));
  EXPECT_THAT(graph.error_of(declare + "m \"a\" { in = 1\n b { } }"), HasSubstr("no blocks"));
  EXPECT_THAT(graph.error_of("declare \"m\" { probe \"x\" { value = probe.y.value } }\n"
                             "probe \"y\" { }\n m \"a\" { }"),
              HasSubstr("main.alloy:1:35"));
  EXPECT_THAT(graph.error_of("declare \"m\" { declare \"n\" { m \"b\" { } }\n n \"c\" { } }\n"
                             "m \"a\" { }"),
              HasSubstr("self reference: declare.m"));
}

TEST(Controller, ANewTextOfAModuleKeepsWhatIsTheSameInIt) {
  ProbedGraph graph;
  ASSERT_TRUE(graph
                  .load("declare \"m\" { probe \"x\" { value = 1 }\n probe \"y\" { value = 2 } }\n"
                        "m \"a\" { }")
                  .ok);
  graph.journal.take();
  ASSERT_TRUE(graph
                  .load("declare \"m\" { probe \"x\" { value = 1 }\n probe \"z\" { value = 2 } }\n"
                        "m \"a\" { }")
                  .ok);
  EXPECT_THAT(graph.journal.take(), ElementsAre("update m.a/probe.z 2", "wind down m.a/probe.y",
                                                "stop m.a/probe.y", "start m.a/probe.z"));
}

TEST(Controller, ShowsHowManyWaitForTheirEvaluation) {
  ProbedGraph graph;
  const auto waiting = [&] {
    const std::string text = "\n" + graph.metrics.text();
    const std::string name = "\nalloy_component_evaluation_queue_size{";
    const std::size_t at = text.find(name);
    if (at == std::string::npos) return std::string("absent");
    const std::size_t value = text.find("} ", at) + 2;
    return text.substr(value, text.find('\n', value) - value);
  };
  std::vector<std::string> seen;
  graph.journal.on_line = [&](const std::string& line) {
    if (line.starts_with("update probe")) seen.push_back(waiting());
  };
  ASSERT_TRUE(graph.load(kChain).ok);
  EXPECT_THAT(seen, ElementsAre("2", "1", "0"));
  EXPECT_FALSE(graph.load("probe \"x\" { value = 1\n other = 2 }").ok);
  EXPECT_EQ(waiting(), "0");
}

TEST(Controller, DoubtsAreToldOnce) {
  static constexpr catalog::Param kText[] = {{"text", "Any."}};
  static constexpr catalog::Example kExamples[] = {{"true", "true"}};
  static constexpr auto kOld =
      catalog::function<&same_text>("new", "The text.", kText, kExamples).alias("old");
  static constexpr const catalog::FunctionDef* kRows[] = {&kOld};
  const catalog::FunctionTable functions{std::span(kRows)};
  ProbedGraph graph;
  const auto& given = *graph.environment;
  LogOutput log(Clock::system());
  Mutex mutex;
  int lines = 0;
  log.redirect([&](std::string_view line, LogLevel) {
    MutexLock lock(mutex);
    lines += line.find("deprecated") != std::string_view::npos ? 1 : 0;
  });
  log.configure(LogLevel::kInfo, LogFormat::kLogfmt);
  const Environment environment{.catalog = given.catalog,
                                .functions = functions,
                                .pool = graph.pool,
                                .log = log,
                                .services = &graph.services,
                                .minimum_stability = schema::Stability::kExperimental};
  graph.controller = std::make_unique<Controller>(environment);
  const LoadResult result = graph.load(R"(
    probe "count" { value = 1 }
    foreach "item" {
      collection = ["a", "b"]
      var = "n"
      template { probe "x" { value = [old(n), probe.count.value] } }
    }
  )");
  ASSERT_TRUE(result.ok);
  EXPECT_EQ(result.diagnostics.warning_count(), 1U);
  graph.journal.publish("probe.count", 2);
  EXPECT_TRUE(graph.comes_to("foreach.item/foreach_a_1/probe.x", "[\"a\",2]"));
  EXPECT_TRUE(graph.comes_to("foreach.item/foreach_b_1/probe.x", "[\"b\",2]"));
  graph.controller.reset();
  MutexLock lock(mutex);
  EXPECT_EQ(lines, 0);  // who loads tells what the load said
}

TEST(Controller, MayBeAskedWhileItWorks) {
  ProbedGraph graph;
  ASSERT_TRUE(graph.load(kModule).ok);
  std::atomic<bool> done = false;
  std::atomic<std::size_t> seen = 0;
  auto looks = graph.pool.spawn("looks", [&](const std::stop_token&) {
    while (!done) {
      const auto picture = graph.controller->picture();
      for (const NodeView& node : picture->nodes) {
        seen += node.arguments_json().size() + node.exports_json().size();
        seen += node.debug_info_json().size() + node.health().message.size();
      }
      seen += graph.controller->handle("probe.first", {}).body.size() + graph.metrics.text().size();
    }
  });
  auto publishes = graph.pool.spawn("publishes", [&](const std::stop_token&) {
    for (int i = 0; !done; ++i) graph.journal.publish("probe.first", i);
  });
  for (int i = 0; i < 20; ++i) {
    const std::string other = "probe \"other\" { value = " + std::to_string(i) + " }";
    EXPECT_TRUE(graph.load(i % 2 == 0 ? kModule : kModule + other).ok);
    EXPECT_FALSE(graph.load("probe \"first\" { value = 13\n refuse = 13 }").ok);
  }
  done = true;
  looks.join();
  publishes.join();
  EXPECT_GT(seen, 0U);
}

}  // namespace
}  // namespace weir::graph
