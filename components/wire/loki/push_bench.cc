// SPDX-License-Identifier: Apache-2.0
// What a line costs between its batch and the compressed push.

#include "base/codec/snappy.h"
#include "base/format.h"
#include "components/wire/loki/push_encode.h"

#include <benchmark/benchmark.h>

#include <string>

namespace weir::wire {
namespace {

constexpr std::size_t kLines = 7000;  // about a push of 1 MiB

LogBatch bench_batch(bool stream_per_line) {
  LogBatch batch;
  for (std::size_t i = 0; i < kLines; ++i) {
    const std::string seq = stream_per_line ? format("{}", i) : "one";
    const Labels labels = Labels::of({{"app", "a"}, {"namespace", "prod"}, {"seq", seq}});
    const std::string line = format(
        "level=info ts=2026-11-21T10:{:02}:{:02}Z method=GET path=/api/v1/items/{} status=200 "
        "duration={}ms trace={:016x}",
        i % 60, i % 59, i * 7919 % 10000, i % 300, i * 2654435761U);
    batch.add(Time{static_cast<std::int64_t>(i)}, batch.text(line), batch.label_index(labels));
  }
  return batch;
}

void bench_encode(benchmark::State& state) {
  const LogBatch batch = bench_batch(state.range(0) != 0);
  LokiPushEncoder encoder;
  std::string compressed;
  for (auto _ : state) {
    encoder.clear();
    for (const Entry& entry : batch.entries()) encoder.add(batch.labels(entry), entry);
    std::string_view push = encoder.encode();
    if (state.range(1) != 0) push = codec::snappy_encode(push, compressed);
    benchmark::DoNotOptimize(push.data());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kLines));
}
BENCHMARK(bench_encode)->ArgNames({"stream_per_line", "snappy"})->ArgsProduct({{0, 1}, {0, 1}});

void bench_intern(benchmark::State& state) {
  std::size_t i = 0;
  for (auto _ : state) {
    const std::string seq = format("{}", state.range(0) != 0 ? ++i : 1);
    benchmark::DoNotOptimize(Labels::of({{"app", "a"}, {"namespace", "prod"}, {"seq", seq}}));
  }
}
BENCHMARK(bench_intern)->ArgName("new_each_time")->Arg(0)->Arg(1);

}  // namespace
}  // namespace weir::wire
