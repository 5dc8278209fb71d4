// SPDX-License-Identifier: Apache-2.0
#include "components/core/log_batch.h"

#include "base/format.h"
#include "components/core/sink.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>

namespace weir {
namespace {

struct KeepsBatches final : LogSink {
  void consume(LogBatch batch) override { batches.push_back(std::move(batch)); }
  std::vector<LogBatch> batches;
};

LogReceiver open_receiver(LogSink& sink) {
  auto port = std::make_shared<LogPort>();
  port->open(sink);
  return {std::move(port)};
}

TEST(TextArena, HandsOutTextThatStays) {
  TextArena arena;
  std::vector<std::string_view> texts;
  for (int i = 0; i < 500; ++i)
    texts.push_back(
        arena.copy(std::string(static_cast<std::size_t>(i), static_cast<char>('a' + i % 26))));
  for (int i = 0; i < 500; ++i)
    EXPECT_EQ(texts[static_cast<std::size_t>(i)],
              std::string(static_cast<std::size_t>(i), static_cast<char>('a' + i % 26)));
  const char* large = arena.allocate(1 << 20);
  arena.clear();
  EXPECT_EQ(arena.allocate(10), large) << "the largest block is kept";
  arena.allocate(1);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(arena.allocate(16, 8)) % 8, 0U);
}

TEST(LogBatch, FindsLabelSetsFewAndMany) {
  for (const int sets : {1, 8, 9, 33, 700}) {
    LogBatch batch;
    for (int round = 0; round < 2; ++round) {
      for (int i = 0; i < sets; ++i) {
        const std::string value = format("{}", i);
        EXPECT_EQ(batch.label_index(Labels::of({{"i", value}})), static_cast<std::uint32_t>(i))
            << sets;
      }
    }
    EXPECT_EQ(batch.label_sets().size(), static_cast<std::size_t>(sets));
    EXPECT_EQ(batch.label_index({}), static_cast<std::uint32_t>(sets))
        << "the empty set is one too";
  }
}

TEST(LogBatch, SharesTextButNotItsArena) {
  LogBatch batch;
  batch.add(Time{1}, batch.text("one"), batch.label_index({}),
            batch.metadata(std::vector<Label>{{"k", "v"}}));
  LogBatch copy = batch.share();
  batch.add(Time{2}, batch.text("mine"), 0);
  copy.add(Time{2}, copy.text("yours"), 0);
  EXPECT_NE(&batch.arena(), &copy.arena());
  batch = LogBatch();
  EXPECT_EQ(copy.entries()[0].line, "one");
  EXPECT_EQ(copy.entries()[0].metadata[0], (Label{"k", "v"}));
  EXPECT_EQ(copy.entries()[1].line, "yours");
  EXPECT_EQ(copy.bytes(), 10U);
}

TEST(LogBatch, RewritesEachSetOnce) {
  LogBatch batch;
  const Labels a = Labels::of({{"n", "a"}}), b = Labels::of({{"n", "b"}}),
               c = Labels::of({{"n", "c"}});
  for (int i = 0; i < 9; ++i)
    batch.add(Time{i}, "x", batch.label_index(i % 3 == 0 ? a : i % 3 == 1 ? b : c));
  int calls = 0;
  EXPECT_EQ(batch.rewrite_labels([&](const Labels& labels) -> std::optional<Labels> {
    ++calls;
    if (labels == b) return std::nullopt;
    return a;
  }),
            3U);
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(batch.size(), 6U);
  EXPECT_EQ(batch.label_sets().size(), 1U);
  for (const Entry& entry : batch.entries()) EXPECT_EQ(batch.labels(entry), a);
}

TEST(Port, IsClosedUntilOpenAndAfter) {
  Outcome outcome;
  const auto batch = [&] {
    LogBatch made;
    made.add(Time{1}, "x", made.label_index({}));
    made.receipt = Receipt::make([&](Outcome settled) { outcome = settled; });
    return made;
  };
  KeepsBatches sink;
  LogPort port;
  port.consume(batch());
  EXPECT_EQ(outcome.verdict, Verdict::kAbandoned);
  port.open(sink);
  port.consume(batch());
  ASSERT_EQ(sink.batches.size(), 1U);
  sink.batches[0].receipt.deliver();
  EXPECT_EQ(outcome.verdict, Verdict::kDelivered);
  port.close();
  port.consume(batch());
  EXPECT_EQ(outcome.verdict, Verdict::kAbandoned);
}

TEST(Port, CloseWaitsForCallsInside) {
  struct Counts final : LogSink {
    void consume(LogBatch) override {
      EXPECT_TRUE(alive);
      seen.fetch_add(1);
    }
    std::atomic<bool> alive = true;
    std::atomic<int> seen = 0;
  } sink;
  LogPort port;
  port.open(sink);
  std::atomic<bool> stop = false;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 3; ++t) {
    threads.emplace_back([&] {
      while (!stop) port.consume({});
    });
  }
  while (sink.seen < 1000) std::this_thread::yield();
  port.close();
  sink.alive = false;
  const int seen = sink.seen;
  stop = true;
  threads.clear();
  EXPECT_EQ(sink.seen, seen);
}

TEST(Fanout, DeliveredMeansDeliveredEverywhere) {
  KeepsBatches a, b;
  const Fanout<LogBatch> fanout({open_receiver(a), open_receiver(b)});
  int settled = 0;
  Outcome outcome;
  LogBatch batch;
  batch.add(Time{1}, "x", batch.label_index({}));
  batch.receipt = Receipt::make([&](Outcome o) {
    ++settled;
    outcome = o;
  });
  fanout.consume(std::move(batch));
  ASSERT_EQ(a.batches.size(), 1U);
  ASSERT_EQ(b.batches.size(), 1U);
  EXPECT_EQ(a.batches[0].entries()[0].line.data(), b.batches[0].entries()[0].line.data())
      << "the bytes are shared";
  a.batches[0].receipt.deliver();
  EXPECT_EQ(settled, 0);
  b.batches[0].receipt.reject(400);
  EXPECT_EQ(outcome, (Outcome{Verdict::kRejected, 400}));
}

TEST(Fanout, NothingToSendOrNobodyToSendToIsDelivered) {
  KeepsBatches sink;
  for (const bool empty : {true, false}) {
    Outcome outcome{Verdict::kAbandoned, 0};
    LogBatch batch;
    if (!empty) batch.add(Time{1}, "x", batch.label_index({}));
    batch.receipt = Receipt::make([&](Outcome o) { outcome = o; });
    (empty ? Fanout<LogBatch>({open_receiver(sink)}) : Fanout<LogBatch>())
        .consume(std::move(batch));
    EXPECT_EQ(outcome.verdict, Verdict::kDelivered);
  }
  EXPECT_TRUE(sink.batches.empty());
}

}  // namespace
}  // namespace weir
