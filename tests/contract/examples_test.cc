// SPDX-License-Identifier: Apache-2.0
// Every example that a page shows is right, and runs; every component and stage has one.

#include "base/format.h"
#include "cli/program.h"
#include "components/loki/process/stage.h"
#include "interpreter/check/check.h"
#include "interpreter/graph/controller.h"
#include "interpreter/syntax/parse.h"
#include "interpreter/syntax/print.h"
#include "tests/support/pages.h"
#include "tests/support/paths.h"
#include "tests/support/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weir {
namespace {

using testing::HasSubstr;

std::vector<test::PageExample> all_examples() {
  std::vector<test::PageExample> all;
  for (const std::string& page : test::written_pages()) {
    for (test::PageExample& example : test::examples_of(page)) all.push_back(std::move(example));
  }
  const std::string demo = "examples/pod-logs.alloy";
  all.push_back(
      {demo, test::with_free_ports(test::read_file(format("{}/{}", WEIR_SOURCE_DIR, demo))), true});
  return all;
}

class Examples : public testing::TestWithParam<test::PageExample> {
 protected:
  const std::string& text_ = GetParam().text;
  catalog::Catalog catalog_ = cli::program_catalog();
  catalog::FunctionTable functions_ = cli::program_functions();
  catalog::CallContext context_{[](const std::string&, void*) { return std::string(); }, nullptr};
};

TEST_P(Examples, AreRight) {
  text::DiagnosticSink found;
  const auto file = syntax::parse_file(text::Source::make(GetParam().name, text_), found);
  ASSERT_EQ(text::render(found.all(), {}), "");
  check::Options options;
  options.minimum_stability = schema::Stability::kExperimental;
  found.append(check::check({file}, catalog_, functions_, options));
  if (found.has_errors()) ADD_FAILURE() << text::render(found.all(), {});
}

TEST_P(Examples, Run) {
  if (!GetParam().runs) GTEST_SKIP() << "needs what a test machine does not have";
  const test::TempDir dir;
  exec::Pool pool(2);
  MetricRegistry metrics;
  LogOutput log(Clock::system());
  std::string said;
  Mutex mutex;
  log.configure(LogLevel::kInfo, LogFormat::kLogfmt);
  log.redirect([&](std::string_view line, LogLevel) {
    MutexLock lock(mutex);
    said += format("{}\n", line);
  });
  const graph::Environment environment{.catalog = catalog_,
                                       .functions = functions_,
                                       .call_context = context_,
                                       .pool = pool,
                                       .metrics = metrics,
                                       .log = log,
                                       .storage_path = dir / "data",
                                       .minimum_stability = schema::Stability::kExperimental};
  graph::Controller controller(environment);
  const auto source = text::Source::make(GetParam().name, text_);
  const graph::LoadResult first = controller.load({source}, dir.path());
  ASSERT_TRUE(first.ok) << text::render(first.diagnostics.all(), {});
  EXPECT_FALSE(controller.picture()->nodes.empty());
  const auto picture = controller.picture();
  for (const graph::NodeView& node : picture->nodes)
    EXPECT_NE(node.health().state, graph::Health::kExited)
        << node.id() << ": " << node.health().message;
  const graph::LoadResult again = controller.load({source}, dir.path());
  EXPECT_EQ(again.untouched, first.added) << again.summary();
  const auto begun = std::chrono::steady_clock::now();
  controller.stop(std::chrono::milliseconds(500));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(10)) << said;
}

std::string example_name(const testing::TestParamInfo<test::PageExample>& info) {
  std::string name = info.param.name;
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) c = '_';
  }
  return name;
}
INSTANTIATE_TEST_SUITE_P(Contract, Examples, testing::ValuesIn(all_examples()), example_name);

TEST(Pages, EveryComponentHasOneWithAnExample) {
  const catalog::Catalog catalog = cli::program_catalog();
  for (const catalog::ComponentDef* def : catalog.all()) {
    const std::string name(def->name);
    const std::string page = test::page_of(name);
    ASSERT_NE(page, "") << name << " has no page";
    EXPECT_TRUE(
        test::read_file(format("{}/{}", WEIR_SOURCE_DIR, page)).starts_with("# " + name + "\n"))
        << page;
    const auto examples = test::examples_of(page);
    EXPECT_TRUE(std::any_of(
        examples.begin(), examples.end(),
        [&](const test::PageExample& example) {
          return example.runs && ("\n" + example.text).find("\n" + name + " ") != std::string::npos;
        }))
        << page << " has no example of " << name << " that runs";
  }
}

TEST(Pages, EveryStageThatIsBuiltIsShown) {
  std::string shown;
  for (const test::PageExample& example : test::examples_of(test::page_of("loki.process")))
    shown += example.text;
  for (const schema::Choice& stage : loki::stage_choices()) {
    if (stage.ops == nullptr) continue;
    EXPECT_THAT(shown, HasSubstr(format("stage.{} {{", stage.name)));
  }
}

}  // namespace
}  // namespace weir
