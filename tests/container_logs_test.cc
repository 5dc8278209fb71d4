// SPDX-License-Identifier: Apache-2.0
// W1003 and W1004 with the components of the program: what paths pipelines read, told through
// discovery, relabelling, modules and functions.

#include "components/catalog.h"
#include "interpreter/check/check.h"
#include "interpreter/syntax/parse.h"
#include "stdlib/functions.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weir {
namespace {

/// "W1004 3" for each warning of these two kinds and its line.
std::string paths_told(const std::string& text) {
  const auto rows = components();
  const catalog::Catalog catalog(
      std::vector<const catalog::ComponentDef*>(rows.begin(), rows.end()));
  const catalog::FunctionTable functions =
      stdlib::functions(stdlib::Constants::of_this_machine("0"));
  text::DiagnosticSink sink;
  const auto file = syntax::parse_file(text::Source::make("t", text), sink);
  EXPECT_FALSE(sink.has_errors());
  std::string out;
  const auto told = check::check({file}, catalog, functions, {});
  for (const auto& d : told.all()) {
    EXPECT_EQ(d.severity, text::Severity::kWarning) << text::one_line(d);
    if (d.code != text::DiagnosticCode::kNoPath && d.code != text::DiagnosticCode::kContainerFormat)
      continue;
    out +=
        format("{}{} {}", out.empty() ? "" : ", ", text::info(d.code).number, d.span.start().line);
  }
  return out;
}

const std::string kWrite = R"(
loki.write "w" { endpoint { url = "http://127.0.0.1/push" } }
loki.process "cri" {
  forward_to = [loki.write.w.receiver]
  stage.cri { }
}
loki.process "plain" {
  forward_to = [loki.write.w.receiver]
  stage.json { expressions = { a = "" } }
}
)";

const std::string kPodRule = R"(discovery.relabel "pods" {
  targets = [{__meta_kubernetes_pod_uid = "u"}]
  rule {
    source_labels = ["__meta_kubernetes_pod_uid", "__meta_kubernetes_pod_container_name"]
    separator     = "/"
    target_label  = "__path__"
    replacement   = "/var/log/pods/*$1/*.log"
  }
}
)";

std::string source(const std::string& targets, const std::string& to) {
  return "loki.source.file \"s\" {\n targets = " + targets + "\n forward_to = [" + to + "]\n}\n";
}

TEST(ContainerLogs, AreToldWhereNothingUnwrapsThem) {
  const std::string match =
      "local.file_match \"m\" { path_targets = [{__path__ = \"/var/log/pods/*/*/*.log\"}] }\n";
  const std::string through =
      "local.file_match \"m\" { path_targets = discovery.relabel.pods.output }\n";
  const std::string concat =
      "local.file_match \"m\" { path_targets = array.concat(discovery.relabel.pods.output, "
      "[{__path__ = \"/var/log/syslog\"}]) }\n";
  const std::string files = source("local.file_match.m.targets", "loki.process.plain.receiver");
  const std::string unwrapped = source("local.file_match.m.targets", "loki.process.cri.receiver");
  EXPECT_EQ(paths_told(match + files + kWrite), "W1004 1");
  EXPECT_EQ(paths_told(match + unwrapped + kWrite), "");
  EXPECT_EQ(paths_told(kPodRule + through + files + kWrite), "W1004 3");
  EXPECT_EQ(paths_told(kPodRule + through + unwrapped + kWrite), "");
  EXPECT_EQ(paths_told(kPodRule + concat + files + kWrite), "W1004 3");
  EXPECT_EQ(paths_told(kPodRule + concat + unwrapped + kWrite), "");
  EXPECT_EQ(paths_told(kPodRule + through + kWrite), "") << "nobody reads them";
}

TEST(ContainerLogs, AreToldThroughModules) {
  const std::string tail = R"(declare "tail" {
  argument "targets" { }
  argument "forward_to" { }
  local.file_match "m" { path_targets = argument.targets.value }
  loki.source.file "s" {
    targets    = local.file_match.m.targets
    forward_to = argument.forward_to.value
  }
}
declare "unwrap" {
  argument "forward_to" { }
  loki.process "p" {
    forward_to = argument.forward_to.value
    stage.cri { }
  }
  export "receiver" { value = loki.process.p.receiver }
}
unwrap "u" { forward_to = [loki.write.w.receiver] }
)";
  const std::string rest = tail + kPodRule + kWrite;
  const auto use = [](const std::string& name, const std::string& targets, const std::string& to) {
    return "tail \"" + name + "\" {\n targets = " + targets + "\n forward_to = [" + to + "]\n}\n";
  };
  const std::string pods = "discovery.relabel.pods.output";
  EXPECT_EQ(paths_told(rest + use("a", pods, "loki.process.plain.receiver")), "W1004 21");
  EXPECT_EQ(paths_told(rest + use("a", pods, "loki.process.cri.receiver")), "");
  EXPECT_EQ(paths_told(rest + use("a", pods, "unwrap.u.receiver")), "");
  EXPECT_EQ(paths_told(rest + use("a", pods, "unwrap.u.receiver") +
                       use("b", "[{__path__ = \"/var/log/syslog\"}]", "loki.write.w.receiver")),
            "")
      << "each use of a module is one of its own";
}

TEST(FileTargets, WithoutPathsAreTold) {
  const auto relabel = [](const std::string& targets, const std::string& rule) {
    return "discovery.relabel \"r\" {\n targets = " + targets + "\n" + rule + "\n}\n" +
           source("discovery.relabel.r.output", "loki.write.w.receiver") + kWrite;
  };
  EXPECT_EQ(paths_told(source("[{a = \"b\"}]", "loki.write.w.receiver") + kWrite), "W1003 2");
  EXPECT_EQ(paths_told(relabel("[{a = \"b\"}]", "")), "W1003 6");
  EXPECT_EQ(paths_told(relabel("[{__path__ = \"/x\"}]", "")), "");
  EXPECT_EQ(paths_told(relabel("encoding.from_json(sys.env(\"T\"))", "")), "");
  EXPECT_EQ(paths_told(relabel("[{a = \"b\"}]", "rule { target_label = \"__path__\" }")), "");
  EXPECT_EQ(paths_told(relabel("[{a = \"b\"}]", "rule { action = \"labelmap\" }")), "");
  EXPECT_EQ(paths_told(relabel("[{a = \"b\"}]", "rule { target_label = \"host\" }")), "W1003 6");
}

}  // namespace
}  // namespace weir
