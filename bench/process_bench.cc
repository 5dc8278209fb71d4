// SPDX-License-Identifier: Apache-2.0
// Lines a second through pipelines of stages, in batches as sources make them.

#include "tests/support/stage_fixture.h"

#include <benchmark/benchmark.h>

#include <string>

namespace weir::loki {
namespace {

constexpr std::size_t kLines = 1024;

/// A batch of CRI lines of one file, some 200 bytes each.
LogBatch cri_batch(const std::vector<std::string_view>& lines) {
  LogBatch batch;
  const std::uint32_t labels = batch.label_index(
      Labels::of({{"namespace", "shop"}, {"pod", "cart-7d9f"}, {"container", "cart"}}));
  for (const std::string_view line : lines) batch.add({1}, line, labels);
  return batch;
}

void run_pipeline(benchmark::State& state, std::string_view config) {
  StageWorld world(config);
  world.output.configure(LogLevel::kInfo, LogFormat::kLogfmt);
  std::string text;
  for (std::size_t i = 0; i < kLines; ++i) {
    static constexpr std::string_view kLevels[] = {"info", "info", "warn", "error"};
    text += format(
        "2026-11-20T08:00:00.{:09}Z stdout F {{\"level\":\"{}\",\"msg\":\"request "
        "served\",\"path\":\"/cart/"
        "{}\",\"status\":200,\"duration\":0.0123,\"trace\":\"4bf92f3577b34da6a3ce929d0e0e4736\"}}"
        "\n",
        i, kLevels[i % 4], i);
  }
  std::vector<std::string_view> lines;
  for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(rest.find('\n') + 1))
    lines.push_back(rest.substr(0, rest.find('\n')));
  for (auto _ : state) {
    LogBatch batch = cri_batch(lines);
    world.pipeline.run(batch);
    benchmark::DoNotOptimize(batch.entries().data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kLines));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void process_cri_static(benchmark::State& state) {
  run_pipeline(state, "stage.cri {}\nstage.static_labels { values = { cluster = \"one\" } }");
}
void process_cri_json_labels(benchmark::State& state) {
  run_pipeline(state,
               "stage.cri {}\nstage.json { expressions = { level = \"\", msg = \"\" } }\n"
               "stage.labels { values = { level = \"\" } }");
}
void process_cri_regex_labels(benchmark::State& state) {
  run_pipeline(
      state,
      "stage.cri {}\nstage.regex { expression = \"\\\"level\\\":\\\"(?P<level>\\\\w+)\\\"\" }\n"
      "stage.labels { values = { level = \"\" } }");
}

BENCHMARK(process_cri_static);
BENCHMARK(process_cri_json_labels);
BENCHMARK(process_cri_regex_labels);

}  // namespace
}  // namespace weir::loki
